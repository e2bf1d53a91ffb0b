import type { Language } from '../../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type SilencedWords = typeof en;

export const SILENCED_WORDS: Readonly<Record<Language, SilencedWords>> = { en, 'zh-CN': zhCN };
