import type { Language } from '../../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type AlertWords = typeof en;

export const ALERT_WORDS: Readonly<Record<Language, AlertWords>> = { en, 'zh-CN': zhCN };
