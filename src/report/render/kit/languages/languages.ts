import type { Language } from '../../../model/indicator.ts';
import { chinese } from './chinese.ts';
import { english } from './english.ts';

/** How each language writes numbers, units, durations and dates. */
export const LANGUAGE_RULES: Readonly<Record<Language, typeof english>> = { en: english, 'zh-CN': chinese };
