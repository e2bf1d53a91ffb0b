import type { Language } from '../../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type OverviewWords = typeof en;

export const OVERVIEW_WORDS: Readonly<Record<Language, OverviewWords>> = { en, 'zh-CN': zhCN };
