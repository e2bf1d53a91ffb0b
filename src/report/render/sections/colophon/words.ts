import type { Language } from '../../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type ColophonWords = typeof en;

export const COLOPHON_WORDS: Readonly<Record<Language, ColophonWords>> = { en, 'zh-CN': zhCN };
