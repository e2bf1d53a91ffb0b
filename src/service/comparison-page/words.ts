import type { Language } from '../../report/model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

/** The words of the comparison that only its page has; it shares the others with `antrea-health diff`. */
export const COMPARISON_PAGE_WORDS: Readonly<Record<Language, typeof en>> = { en, 'zh-CN': zhCN };
