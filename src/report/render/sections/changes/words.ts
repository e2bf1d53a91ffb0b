import type { Language } from '../../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type ChangeWords = typeof en;

export const CHANGE_WORDS: Readonly<Record<Language, ChangeWords>> = { en, 'zh-CN': zhCN };
