import type { Language } from '../../../model/indicator.ts';
import { en } from './en.ts';
import type { Words } from './words.ts';
import { zhCN } from './zh-CN.ts';

export const WORDS: Readonly<Record<Language, Words>> = { en, 'zh-CN': zhCN };
