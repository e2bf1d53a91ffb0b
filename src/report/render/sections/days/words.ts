import type { Language } from '../../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type DaysWords = typeof en;

export const DAYS_WORDS: Readonly<Record<Language, DaysWords>> = { en, 'zh-CN': zhCN };
