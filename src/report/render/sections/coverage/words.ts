import type { Language } from '../../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type CoverageWords = typeof en;

export const COVERAGE_WORDS: Readonly<Record<Language, CoverageWords>> = { en, 'zh-CN': zhCN };
