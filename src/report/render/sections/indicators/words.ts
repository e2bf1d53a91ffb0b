import type { Language } from '../../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type IndicatorSectionWords = typeof en;

export const INDICATOR_WORDS: Readonly<Record<Language, IndicatorSectionWords>> = { en, 'zh-CN': zhCN };
