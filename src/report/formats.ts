import type { Language } from './model/indicator.ts';
import type { PageSize } from './model/rendition.ts';

/** The files that a report is written as. To add a format, add an entry here; the compiler then asks for its maker. */

type Format = {
  /** Its name on links. */
  label: string;
  /** Of the file's name, without the first dot. */
  extension: string;
  contentType: string;
  /** Whether a browser shows the file or saves it. */
  disposition: 'inline' | 'attachment';
};

/** In this order, stored ids and lists name the formats: a new one comes last, so that ids of earlier versions stay valid. */
export const FORMATS = {
  html: {
    label: 'HTML',
    extension: 'html',
    contentType: 'text/html; charset=utf-8',
    disposition: 'inline',
  },
  pdf: { label: 'PDF', extension: 'pdf', contentType: 'application/pdf', disposition: 'inline' },
  json: {
    label: 'JSON',
    extension: 'json',
    contentType: 'application/json; charset=utf-8',
    disposition: 'attachment',
  },
  csv: {
    label: 'CSV',
    extension: 'csv',
    contentType: 'text/csv; charset=utf-8; header=present',
    disposition: 'attachment',
  },
  /** GitLab reads files *.xml only. */
  junit: {
    label: 'JUnit',
    extension: 'junit.xml',
    contentType: 'application/xml; charset=utf-8',
    disposition: 'attachment',
  },
  /** The textfile collector of node_exporter reads the files *.prom. */
  openmetrics: {
    label: 'OpenMetrics',
    extension: 'prom',
    contentType: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
    disposition: 'attachment',
  },
} satisfies Readonly<Record<string, Format>>;

export type OutputFormat = keyof typeof FORMATS;
export const OUTPUT_FORMATS = Object.keys(FORMATS) as OutputFormat[];

/** The formats made when nobody chooses any. */
export const DEFAULT_FORMATS: readonly OutputFormat[] = ['html', 'pdf', 'json'];

/** In which language, as which files, and on which paper a report is written. */
export type Rendition = { language: Language; formats: readonly OutputFormat[]; pageSize: PageSize };

export const fileName = (format: OutputFormat): string => `report.${FORMATS[format].extension}`;
