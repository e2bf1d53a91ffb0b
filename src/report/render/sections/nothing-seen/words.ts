import type { Language } from '../../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type NothingSeenWords = typeof en;

export const NOTHING_SEEN_WORDS: Readonly<Record<Language, NothingSeenWords>> = { en, 'zh-CN': zhCN };
