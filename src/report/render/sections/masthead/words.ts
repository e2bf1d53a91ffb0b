import type { Language } from '../../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type MastheadWords = typeof en;

export const MASTHEAD_WORDS: Readonly<Record<Language, MastheadWords>> = { en, 'zh-CN': zhCN };
