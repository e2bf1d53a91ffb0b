import type { Language } from '../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

/** The words of the script, which the page contains as JSON. */
export type ScriptWords = typeof en;

export const SCRIPT_WORDS: Readonly<Record<Language, ScriptWords>> = { en, 'zh-CN': zhCN };
