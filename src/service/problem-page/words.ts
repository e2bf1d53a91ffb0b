import type { Language } from '../../report/model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

/** The problems of the API, in a sentence for people. */
export const PROBLEM_PAGE_WORDS: Readonly<Record<Language, typeof en>> = { en, 'zh-CN': zhCN };
