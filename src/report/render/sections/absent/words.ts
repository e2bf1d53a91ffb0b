import type { Language } from '../../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type AbsentWords = typeof en;

export const ABSENT_WORDS: Readonly<Record<Language, AbsentWords>> = { en, 'zh-CN': zhCN };
