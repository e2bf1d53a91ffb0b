import { type AssessOptions, assess } from './assess/assess.ts';
import { coverageThresholds } from './assess/coverage/findings.ts';
import { CAUSE_RULES } from './catalog/causes/index.ts';
import { COVERAGE_CHECKS } from './catalog/coverage/index.ts';
import { KNOWN_DEFECTS } from './catalog/defects/index.ts';
import { EXPORTERS } from './catalog/exporters.ts';
import { METRICS } from './catalog/metrics/index.ts';
import { VERSION_EVIDENCE } from './catalog/version-evidence.ts';
import type { Capture } from './gather/capture/format.ts';
import { gather } from './gather/gather.ts';
import type { Source } from './gather/source.ts';
import { GENERATOR } from './generator.ts';
import { daysOf } from './model/period.ts';
import type { Report } from './model/report.ts';
import type { Stage } from './model/stage.ts';
import { type ReportSubject, reportId } from './report-id.ts';

/** Makes a report: gathers, then assesses. Rendering follows in formats.ts. */

export type MakeReportOptions = ReportSubject & {
  /** The id that was announced for it; derived from the other options when absent. */
  id?: string | undefined;
  generatedAt: Date;
  /** When the capture was recorded; absent for a live source. */
  recordedAt?: string | undefined;
  /** The cluster's name in a server of several clusters, when it differs; empty when the user named none. */
  nameInServer?: string | undefined;
  onProgress?: ((done: number, total: number) => void) | undefined;
  /** Called when a stage begins. */
  onStage?: ((stage: Stage) => void) | undefined;
};

/** Periods of up to two days have no calendar of days; with a day of 25 hours these are 49 hours. */
const LONGEST_WITHOUT_DAYS_SECONDS = 49 * 3600;

/** Queries the source and judges the answers. Errors of single queries become part of the report. */
export async function makeReport(source: Source, request: MakeReportOptions): Promise<Report> {
  const { cluster, period, settings } = request;
  request.onStage?.('gather');
  const gathering = await gather(source, {
    cluster,
    period,
    ...settings,
    metrics: METRICS,
    exporters: EXPORTERS,
    recordedAt: request.recordedAt,
    nameInServer: request.nameInServer,
    onProgress: request.onProgress,
  });
  return assess(gathering, assessOptions(request));
}

/** Combines the cluster's settings and the catalog into what a report is judged by. */
export function assessOptions(
  request: ReportSubject & Pick<MakeReportOptions, 'id' | 'generatedAt'>,
): AssessOptions {
  const { period, settings } = request;
  return {
    id: request.id ?? reportId(request),
    generatedAt: request.generatedAt,
    generator: GENERATOR,
    indicators: settings.indicators,
    coverage: coverageThresholds(settings.coverage),
    checks: COVERAGE_CHECKS.map(({ id }) => id),
    causes: CAUSE_RULES,
    evidence: VERSION_EVIDENCE,
    defects: KNOWN_DEFECTS,
    silences: settings.silences,
    runbook: settings.runbook,
    links: [...settings.links],
    leaveOut: [...settings.leaveOut],
    days: period.end - period.start > LONGEST_WITHOUT_DAYS_SECONDS ? daysOf(period, settings.timeZone) : null,
  };
}

/** Makes a report from a capture. The queries are fixed by the recording; thresholds are the present ones. */
export function makeReportFromCapture(
  { source, settings: recorded, recordedAt }: Capture,
  request: Omit<MakeReportOptions, 'period' | 'recordedAt'>,
): Promise<Report> {
  return makeReport(source, {
    ...request,
    period: recorded.period,
    recordedAt,
    nameInServer: recorded.cluster,
    settings: {
      ...request.settings,
      targetSettings: recorded.targetSettings,
      stepSeconds: recorded.stepSeconds ?? undefined,
      scrapeIntervalSeconds: recorded.scrapeIntervalSeconds ?? undefined,
    },
  });
}
