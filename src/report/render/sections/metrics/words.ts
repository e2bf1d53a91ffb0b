import type { Language } from '../../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type MetricsWords = typeof en;

export const METRICS_WORDS: Readonly<Record<Language, MetricsWords>> = { en, 'zh-CN': zhCN };
