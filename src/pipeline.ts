import { createHash } from 'node:crypto';
import { TZDate } from '@date-fns/tz';
// The package's index loads some three hundred files, which takes longer than making a report.
import { format } from 'date-fns/format';
import { assess } from './assess/assess.ts';
import { DEFAULT_COVERAGE_THRESHOLDS } from './assess/coverage-findings.ts';
import { METRICS } from './catalog/metrics/index.ts';
import type { Period } from './config/period.ts';
import type { Format, PageSize } from './config/schema.ts';
import type { Settings } from './config/settings.ts';
import { gather } from './gather/gather.ts';
import type { Source } from './gather/source.ts';
import { GENERATOR } from './generator.ts';
import type { Language } from './model/indicator.ts';
import type { Report } from './model/report.ts';
import { pageHeader, renderHtml } from './render/html.ts';
import type { Printer } from './render/pdf.ts';

/** The stages, one after the other: gather → assess → render. Delivery is the caller's. */

export type ReportRequest = {
  cluster: string;
  period: Period;
  settings: Pick<
    Settings,
    'timeZone' | 'selection' | 'stepSeconds' | 'scrapeIntervalSeconds' | 'indicators' | 'coverage'
  >;
  generatedAt: Date;
  /** When the source is a capture: when it was recorded. */
  recordedAt?: string;
  onProgress?: (done: number, total: number) => void;
};

/** Asks the source and judges what it says. Errors of single queries end up in the report. */
export async function makeReport(source: Source, request: ReportRequest): Promise<Report> {
  const { cluster, period, settings } = request;
  const gathered = await gather(source, {
    cluster,
    period,
    timeZone: settings.timeZone,
    selection: settings.selection,
    stepSeconds: settings.stepSeconds,
    scrapeIntervalSeconds: settings.scrapeIntervalSeconds,
    indicators: settings.indicators,
    metrics: METRICS,
    ...(request.recordedAt ? { recordedAt: request.recordedAt } : {}),
    ...(request.onProgress ? { onProgress: request.onProgress } : {}),
  });
  const { gapSeconds, restarts } = settings.coverage;
  return assess(gathered, {
    id: reportId(request),
    generatedAt: request.generatedAt,
    generator: GENERATOR,
    indicators: settings.indicators,
    coverage: {
      gapSeconds: gapSeconds ?? DEFAULT_COVERAGE_THRESHOLDS.gapSeconds,
      restarts: {
        warning: restarts.warning ?? DEFAULT_COVERAGE_THRESHOLDS.restarts.warning,
        critical: restarts.critical ?? DEFAULT_COVERAGE_THRESHOLDS.restarts.critical,
      },
    },
  });
}

/**
 * A report's name, which follows from what it is about: the same cluster, period and settings always make the same
 * id, so that asking twice leaves one report. Letters, digits and hyphens only.
 */
export function reportId({
  cluster,
  period,
  settings,
}: Pick<ReportRequest, 'cluster' | 'period' | 'settings'>): string {
  const end = format(TZDate.tz('UTC', period.end * 1000), "yyyyMMdd't'HHmmss'z'");
  const slug = cluster
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40);
  const { timeZone, selection, stepSeconds, scrapeIntervalSeconds, indicators, coverage } = settings;
  const identity = JSON.stringify([
    GENERATOR.version,
    cluster,
    period.start,
    period.end,
    { timeZone, selection, stepSeconds, scrapeIntervalSeconds, coverage },
    indicators.map(({ id, query, thresholds }) => [id, query, thresholds]),
  ]);
  const hash = createHash('sha256').update(identity).digest('hex').slice(0, 8);
  return `${slug || 'cluster'}-${end}-${hash}`;
}

export type RenderedFile = { name: string; contentType: string; bytes: Uint8Array };

export type RenderOptions = {
  language: Language;
  formats: readonly Format[];
  pageSize: PageSize;
  /** Opens Chromium when a PDF is wanted; the caller closes it. */
  openPrinter: () => Promise<Printer>;
  onStage?: (stage: 'html' | 'pdf') => void;
  signal?: AbortSignal;
};

/** The files, and why one that was wanted is not among them. */
export type Rendering = { files: RenderedFile[]; failure: Error | null };

/**
 * A report as the files that people and programs read. When the PDF cannot be printed the others are still made: what
 * was gathered and judged is not lost to a Chromium that does not start.
 */
export async function renderReport(report: Report, options: RenderOptions): Promise<Rendering> {
  const { language, formats, pageSize, signal } = options;
  const files: RenderedFile[] = [];
  const addText = (name: string, contentType: string, content: string) =>
    files.push({ name, contentType: `${contentType}; charset=utf-8`, bytes: Buffer.from(content, 'utf8') });

  if (formats.includes('json')) addText('report.json', 'application/json', `${JSON.stringify(report)}\n`);
  if (!formats.includes('html') && !formats.includes('pdf')) return { files, failure: null };
  options.onStage?.('html');
  const html = await renderHtml(report, { language });
  if (formats.includes('html')) addText('report.html', 'text/html', html);
  if (!formats.includes('pdf')) return { files, failure: null };
  options.onStage?.('pdf');
  try {
    const printer = await options.openPrinter();
    const headerText = pageHeader(report, language);
    const bytes = await printer.print(html, { pageSize, headerText, ...(signal ? { signal } : {}) });
    files.push({ name: 'report.pdf', contentType: 'application/pdf', bytes });
    return { files, failure: null };
  } catch (error) {
    if (files.length === 0 || signal?.aborted || !(error instanceof Error)) throw error;
    return { files, failure: error };
  }
}
