import type { Language } from '../../report/model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

/** The words that only the digest has; it shares the others with the report and with the page of reports. */
export type DigestWords = typeof en;

export const DIGEST_WORDS: Readonly<Record<Language, DigestWords>> = { en, 'zh-CN': zhCN };
