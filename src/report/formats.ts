import type { Language } from './model/indicator.ts';
import type { PageSize } from './model/rendition.ts';

/** The files that a report is written as. To add a format, add an entry here; the compiler then asks for its maker. */

type Format = {
  /** Of the file's name, without the dot. */
  extension: string;
  contentType: string;
  /** Whether a browser shows the file or saves it. */
  disposition: 'inline' | 'attachment';
};

export const FORMATS = {
  html: { extension: 'html', contentType: 'text/html; charset=utf-8', disposition: 'inline' },
  pdf: { extension: 'pdf', contentType: 'application/pdf', disposition: 'inline' },
  json: { extension: 'json', contentType: 'application/json; charset=utf-8', disposition: 'attachment' },
} satisfies Readonly<Record<string, Format>>;

export type OutputFormat = keyof typeof FORMATS;
export const OUTPUT_FORMATS = Object.keys(FORMATS) as OutputFormat[];

/** The formats made when nobody chooses any. */
export const DEFAULT_FORMATS: readonly OutputFormat[] = ['html', 'pdf', 'json'];

/** In which language, as which files, and on which paper a report is written. */
export type Rendition = { language: Language; formats: readonly OutputFormat[]; pageSize: PageSize };

export const fileName = (format: OutputFormat): string => `report.${FORMATS[format].extension}`;
