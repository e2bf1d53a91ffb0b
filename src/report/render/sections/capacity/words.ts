import type { Language } from '../../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type CapacityWords = typeof en;

export const CAPACITY_WORDS: Readonly<Record<Language, CapacityWords>> = { en, 'zh-CN': zhCN };
