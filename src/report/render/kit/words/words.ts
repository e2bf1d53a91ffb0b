import type { Language } from '../../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type Words = typeof en;

/** The words that several sections share. Each section has its own words in its folder. */
export const WORDS: Readonly<Record<Language, Words>> = { en, 'zh-CN': zhCN };
