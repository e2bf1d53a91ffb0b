import type { Language } from './indicator.ts';

/** What a report is written as. The same report can be had in several renditions. */
export const FORMATS = ['html', 'pdf', 'json'] as const;
export type OutputFormat = (typeof FORMATS)[number];

export const PAGE_SIZES = ['A4', 'Letter'] as const;
export type PageSize = (typeof PAGE_SIZES)[number];

export type Rendition = { language: Language; formats: readonly OutputFormat[]; pageSize: PageSize };
