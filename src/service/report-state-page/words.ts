import type { Language } from '../../report/model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

/** The words of the page about one report. */
export const REPORT_STATE_WORDS: Readonly<Record<Language, typeof en>> = { en, 'zh-CN': zhCN };
