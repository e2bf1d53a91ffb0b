import type { Language } from '../../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type AttentionWords = typeof en;

export const ATTENTION_WORDS: Readonly<Record<Language, AttentionWords>> = { en, 'zh-CN': zhCN };
