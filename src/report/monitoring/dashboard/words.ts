import type { Language } from '../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export const DASHBOARD_WORDS: Readonly<Record<Language, typeof en>> = { en, 'zh-CN': zhCN };
