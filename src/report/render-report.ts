import { FORMATS, fileName, OUTPUT_FORMATS, type OutputFormat, type Rendition } from './formats.ts';
import type { Language } from './model/indicator.ts';
import type { Report } from './model/report.ts';
import type { Stage } from './model/stage.ts';
import { renderCsv } from './render/csv/render.ts';
import { pageHeader, type RenderedPage, renderPage } from './render/html.ts';
import { renderJunit } from './render/junit/render.ts';
import { renderOpenMetrics } from './render/openmetrics/render.ts';
import type { Printer } from './render/print/pdf.ts';

/** What a format is made from. */
type FormatSources = {
  report: Report;
  language: Language;
  /** The report's page; rendered once, however many formats need it. */
  page: () => Promise<RenderedPage>;
  /** Prints a page of HTML as PDF. `headerText` stands at the top of every page but the first. */
  print: (html: string, headerText: string) => Promise<Uint8Array>;
};

const MAKERS: Readonly<Record<OutputFormat, (sources: FormatSources) => Promise<string | Uint8Array>>> = {
  html: async ({ page }) => (await page()).html,
  pdf: async ({ report, language, page, print }) =>
    print((await page()).printable, pageHeader(report, language)),
  json: async ({ report }) => `${JSON.stringify(report)}\n`,
  csv: async ({ report, language }) => renderCsv(report, language),
  junit: async ({ report, language }) => renderJunit(report, language),
  openmetrics: async ({ report }) => renderOpenMetrics(report),
};

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
  const { formats, signal } = options;
  const files: RenderedFile[] = [];
  const failures: Rendering['failures'] = [];
  const sources = sourcesOf(report, options);
  for (const format of OUTPUT_FORMATS.filter((one) => formats.includes(one))) {
    const { contentType, disposition } = FORMATS[format];
    try {
      const content = await MAKERS[format](sources);
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

function sourcesOf(report: Report, options: RenderOptions): FormatSources {
  const { language, pageSize, openPrinter, onStage, signal } = options;
  let rendered: Promise<RenderedPage> | undefined;
  return {
    report,
    language,
    page: () => {
      rendered ??= (async () => {
        onStage?.('render');
        return renderPage(report, { language });
      })();
      return rendered;
    },
    print: async (html, headerText) => {
      onStage?.('print');
      const printer = await openPrinter();
      return printer.print(html, { pageSize, headerText, signal });
    },
  };
}
