import type { Language } from '../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

/** The words of the difference of two reports. */
export const DIFFERENCE_WORDS: Readonly<Record<Language, typeof en>> = { en, 'zh-CN': zhCN };
