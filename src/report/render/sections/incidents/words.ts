import type { Language } from '../../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type IncidentWords = typeof en;

export const INCIDENT_WORDS: Readonly<Record<Language, IncidentWords>> = { en, 'zh-CN': zhCN };
