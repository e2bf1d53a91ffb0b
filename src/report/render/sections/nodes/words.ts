import type { Language } from '../../../model/indicator.ts';
import { en } from './en.ts';
import { zhCN } from './zh-CN.ts';

export type NodesWords = typeof en;

export const NODES_WORDS: Readonly<Record<Language, NodesWords>> = { en, 'zh-CN': zhCN };
