import type { Language } from '../../report/model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

/** The words that all pages of the service share. */
export const FRAME_WORDS: Readonly<Record<Language, typeof en>> = { en, 'zh-CN': zhCN };
