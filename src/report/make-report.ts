import { type AssessOptions, assess } from './assess/assess.ts';
import { DEFAULT_COVERAGE_THRESHOLDS } from './assess/coverage-findings.ts';
import { CAUSE_RULES } from './catalog/causes/index.ts';
import { COVERAGE_CHECKS } from './catalog/coverage/index.ts';
import { METRICS } from './catalog/metrics/index.ts';
import { VERSION_EVIDENCE } from './catalog/version-evidence.ts';
import type { Capture } from './gather/capture.ts';
import { gather } from './gather/gather.ts';
import type { Source } from './gather/source.ts';
import { GENERATOR } from './generator.ts';
import { daysOf } from './model/period.ts';
import type { Report } from './model/report.ts';
import type { Stage } from './model/stage.ts';
import { type ReportSubject, reportId } from './report-id.ts';

/** The stages, one after the other: gather → assess → render. Delivery is the caller's. */

export type MakeReportOptions = ReportSubject & {
  /** The id that was promised for it; follows from the subject when absent. */
  id?: string | undefined;
  generatedAt: Date;
  /** When the source is a capture: when it was recorded. */
  recordedAt?: string | undefined;
  /** What the cluster is called in a server of several, where that is another name; empty: the user named none. */
  nameInServer?: string | undefined;
  onProgress?: ((done: number, total: number) => void) | undefined;
  /** Called when a stage begins. */
  onStage?: ((stage: Stage) => void) | undefined;
};

/** Of two days the report itself is read faster than a calendar of them; a day of 25 hours and another make 49. */
const MOST_WITHOUT_CALENDAR_SECONDS = 49 * 3600;

/** Asks the source and judges what it says. Errors of single queries end up in the report. */
export async function makeReport(source: Source, request: MakeReportOptions): Promise<Report> {
  const { cluster, period, settings } = request;
  request.onStage?.('gather');
  const gathered = await gather(source, {
    ...settings,
    cluster,
    period,
    metrics: METRICS,
    recordedAt: request.recordedAt,
    nameInServer: request.nameInServer,
    onProgress: request.onProgress,
  });
  request.onStage?.('assess');
  return assess(gathered, assessOptions(request));
}

/** What a report is judged by: the cluster's settings, and what the catalog knows. */
export function assessOptions(
  request: Pick<MakeReportOptions, 'id' | 'cluster' | 'period' | 'settings' | 'generatedAt'>,
): AssessOptions {
  const { period, settings } = request;
  const { gapSeconds, restarts } = settings.coverage;
  return {
    id: request.id ?? reportId(request),
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
    checks: COVERAGE_CHECKS.map(({ id }) => id),
    causes: CAUSE_RULES,
    evidence: VERSION_EVIDENCE,
    days:
      period.end - period.start > MOST_WITHOUT_CALENDAR_SECONDS ? daysOf(period, settings.timeZone) : null,
  };
}

/** A report of what was recorded. What was asked cannot be changed any more; how it is judged can. */
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
