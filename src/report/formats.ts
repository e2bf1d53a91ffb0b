import type { Language } from './model/indicator.ts';
import type { PageSize } from './model/rendition.ts';
import type { Report } from './model/report.ts';
import type { Stage } from './model/stage.ts';
import type { Printer } from './render/print/pdf.ts';

/** The files that a report is written as. To add a format, add an entry; everything else reads this record. */

type Format = {
  /** Of the file's name, without the dot. */
  extension: string;
  contentType: string;
  /** Whether a browser shows the file or saves it. */
  disposition: 'inline' | 'attachment';
  make: (sources: FormatSources) => Promise<string | Uint8Array>;
};

/** What a format is made from. */
type FormatSources = {
  report: Report;
  language: Language;
  /** The report's page; rendered once, however many formats need it. */
  html: () => Promise<string>;
  /** Prints a page of HTML as PDF. `headerText` stands at the top of every page but the first. */
  print: (html: string, headerText: string) => Promise<Uint8Array>;
};

const FORMATS = {
  html: {
    extension: 'html',
    contentType: 'text/html; charset=utf-8',
    disposition: 'inline',
    make: ({ html }) => html(),
  },
  pdf: {
    extension: 'pdf',
    contentType: 'application/pdf',
    disposition: 'inline',
    make: async ({ report, language, html, print }) => {
      const { pageHeader } = await import('./render/html.ts');
      return print(await html(), pageHeader(report, language));
    },
  },
  json: {
    extension: 'json',
    contentType: 'application/json; charset=utf-8',
    disposition: 'attachment',
    make: async ({ report }) => `${JSON.stringify(report)}\n`,
  },
} satisfies Readonly<Record<string, Format>>;

export type OutputFormat = keyof typeof FORMATS;
export const OUTPUT_FORMATS = Object.keys(FORMATS) as OutputFormat[];

/** The formats made when nobody chooses any. */
export const DEFAULT_FORMATS: readonly OutputFormat[] = ['html', 'pdf', 'json'];

/** In which language, as which files, and on which paper a report is written. */
export type Rendition = { language: Language; formats: readonly OutputFormat[]; pageSize: PageSize };

export const fileName = (format: OutputFormat): string => `report.${FORMATS[format].extension}`;

export type RenderedFile = {
  format: OutputFormat;
  name: string;
  contentType: string;
  disposition: 'inline' | 'attachment';
  bytes: Uint8Array;
};

export type RenderOptions = Rendition & {
  /** Opens Chromium when something must be printed; the caller closes it. */
  openPrinter: () => Promise<Printer>;
  onStage?: ((stage: Stage) => void) | undefined;
  signal?: AbortSignal | undefined;
};

/** The files, and the formats that could not be made. */
export type Rendering = { files: RenderedFile[]; failures: { format: OutputFormat; error: Error }[] };

/**
 * Writes a report as files. A format that fails does not cost the others: a Chromium that does not start must not lose
 * what was gathered and judged.
 * @throws the first error when no file could be made, or when the signal is aborted
 */
export async function renderReport(report: Report, options: RenderOptions): Promise<Rendering> {
  const { language, formats, signal } = options;
  const files: RenderedFile[] = [];
  const failures: Rendering['failures'] = [];
  const sources = sourcesOf(report, options);
  for (const format of OUTPUT_FORMATS.filter((one) => formats.includes(one))) {
    const { contentType, disposition, make } = FORMATS[format];
    try {
      const content = await make({ ...sources, language });
      const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
      files.push({ format, name: fileName(format), contentType, disposition, bytes });
    } catch (error) {
      if (signal?.aborted || !(error instanceof Error)) throw error;
      failures.push({ format, error });
    }
  }
  if (files.length === 0 && failures[0]) throw failures[0].error;
  return { files, failures };
}

function sourcesOf(report: Report, options: RenderOptions): Omit<FormatSources, 'language'> {
  const { language, pageSize, openPrinter, onStage, signal } = options;
  let page: Promise<string> | undefined;
  return {
    report,
    html: () => {
      page ??= (async () => {
        onStage?.('render');
        const { renderHtml } = await import('./render/html.ts');
        return renderHtml(report, { language });
      })();
      return page;
    },
    print: async (html, headerText) => {
      onStage?.('print');
      const printer = await openPrinter();
      return printer.print(html, { pageSize, headerText, signal });
    },
  };
}
