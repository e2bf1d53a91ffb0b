import type { Language } from '../../report/model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

/** The words of the page that only this page has; it shares the others with the report. */
export type ReportsPageWords = typeof en;

export const REPORTS_PAGE_WORDS: Readonly<Record<Language, ReportsPageWords>> = { en, 'zh-CN': zhCN };
