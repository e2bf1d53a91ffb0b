import type { CauseRule } from '../model/cause.ts';
import type { Period } from '../model/period.ts';
import { type Coverage, REPORT_SCHEMA_VERSION, type Report, type ReportIndicator } from '../model/report.ts';
import { explainedFindings } from '../model/report-analysis.ts';
import type { EarlierData, Gathered, Series } from '../model/series.ts';
import { toInstant } from '../model/time.ts';
import { antreaVersionOf, type Evidence } from './antrea-version.ts';
import { assessCapacity } from './capacity.ts';
import { findChanges } from './changes.ts';
import { chartStepOf } from './chart.ts';
import { compactReport } from './compact/compact-report.ts';
import { compareFindings } from './comparison/compare-findings.ts';
import { addEarlierReadings, checkComparison, type EarlierPeriod } from './comparison/earlier-period.ts';
import { findResolved } from './comparison/resolved.ts';
import { assessDays } from './days.ts';
import { historyCompletenessOf } from './history-completeness.ts';
import { findIncidents } from './incidents/incidents.ts';
import { assessPeriod, type PeriodAssessment, type PeriodContext, type PeriodRules } from './period.ts';
import { isUnknown, scoreOf, verdictOf } from './score.ts';
import { compareWorst } from './severity.ts';

export type AssessOptions = PeriodRules & {
  id: string;
  generatedAt: Date;
  generator: { name: string; version: string };
  /** Ids of the coverage checks, for the days. */
  checks: readonly string[];
  /** Which findings usually cause which, in order of precedence. */
  causes: readonly CauseRule[];
  /** What the presence of metrics means for the version. */
  evidence: readonly Evidence[];
  /** The days of the period; null if it is too short for an overview of days. */
  days: readonly Period[] | null;
};

/** Makes a report of what was gathered. Pure: the same data and options make the same report. */
export function assess(gathered: Gathered, options: AssessOptions): Report {
  const { period, grid, windows } = gathered;
  const metrics = gathered.metrics.ok ? gathered.metrics.value : null;
  const earlier = gathered.earlier.map((data) => assessEarlier(data, gathered, options));
  const present = assessPresent(gathered, options);
  const { coverage } = present;
  const indicators = [...present.indicators.values()].map(({ indicator }) =>
    addEarlierReadings(indicator, earlier),
  );
  const findings = compareFindings(present, earlier);
  const incidents = findIncidents(findings, {
    rules: options.causes,
    stepSeconds: grid.stepSeconds,
    lookBackSeconds: windows.rateSeconds,
    periodStart: period.start,
  });
  const explained = explainedFindings(incidents);
  const alarms = findings.filter((_, index) => !explained.has(index));
  const scraped = coverage.targets.filter(({ firstSeen }) => firstSeen !== null);
  const complete = isComplete(gathered, coverage, indicators);

  return compactReport({
    schemaVersion: REPORT_SCHEMA_VERSION,
    id: options.id,
    cluster: gathered.cluster,
    period: {
      start: toInstant(period.start),
      end: toInstant(period.end),
      stepSeconds: grid.stepSeconds,
      chartStepSeconds: chartStepOf(grid),
      timeZone: gathered.timeZone,
    },
    generatedAt: toInstant(options.generatedAt.getTime() / 1000),
    generator: options.generator,
    source: { kind: gathered.source.kind, recordedAt: gathered.source.recordedAt ?? null },
    verdict: verdictOf(alarms, complete),
    score: scoreOf(indicators, alarms, complete),
    complete,
    rateWindowSeconds: windows.rateSeconds,
    subjects: [],
    indicators,
    findings,
    otherFindings: [],
    incidents,
    comparisons: earlier.map(({ comparison }) => comparison),
    resolved: findResolved(present, earlier),
    otherResolved: [],
    changes: findChanges(options.indicators, gathered, restartsIn(present, earlier)),
    capacity: assessCapacity(options.indicators, gathered),
    history: historyCompletenessOf(gathered),
    calendar: options.days && assessDays(options.days, present, findings, { ...options, grid }),
    antrea: antreaVersionOf(metrics, scraped, options.evidence),
    survey: gathered.survey,
    coverage,
    metrics: metrics && [...metrics],
    metricsReason: gathered.metrics.ok ? null : gathered.metrics.reason,
    warnings: gathered.warnings.map(({ text, query }) => ({ text, query })),
  });
}

/** Assesses the period of the report. Its findings are worst first; equally bad ones keep the order of the rules. */
function assessPresent(gathered: Gathered, rules: PeriodRules): PeriodAssessment {
  const before = gathered.earlier.find(({ kind }) => kind === 'before');
  const isBeforeKnown = before !== undefined && checkComparison(before).known;
  const present = assessPeriod(gathered, rules, {
    ...contextOf(gathered),
    // A server that started in the period has no gap before that.
    hasEarlierData: !before?.targets.ok || before.targets.value.successes.length > 0,
    before: isBeforeKnown ? seriesOf(before) : {},
  });
  return { ...present, findings: present.findings.sort(compareWorst) };
}

function assessEarlier(data: EarlierData, gathered: Gathered, rules: PeriodRules): EarlierPeriod {
  const comparison = checkComparison(data);
  return { comparison, assessment: comparison.known ? assessPeriod(data, rules, contextOf(gathered)) : null };
}

function contextOf({ pods, metrics }: Gathered): PeriodContext {
  const presentMetrics = metrics.ok ? new Set(metrics.value.map(({ name }) => name)) : null;
  return { pods, presentMetrics, hasEarlierData: true, before: {} };
}

/** Returns the series of each indicator that was answered. */
function seriesOf({ indicators }: EarlierData): Record<string, readonly Series[]> {
  return Object.fromEntries(
    Object.entries(indicators).map(([id, { answer }]) => [id, answer.ok ? answer.value : []]),
  );
}

/** Whether everything of the period is known. Missing data of earlier periods and of the history does not matter. */
function isComplete(
  { metrics, warnings }: Gathered,
  coverage: Coverage,
  indicators: readonly ReportIndicator[],
): boolean {
  return (
    coverage.known &&
    coverage.scrapeIntervalKnown &&
    coverage.dataFrom === null &&
    metrics.ok &&
    warnings.length === 0 &&
    !indicators.some((indicator) => isUnknown(indicator) || indicator.missing.length > 0) &&
    (coverage.agentsDesired === null || coverage.agentsAtEnd >= coverage.agentsDesired)
  );
}

/** Returns the process starts of all periods in Unix seconds, by `subjectKey`. */
function restartsIn(present: PeriodAssessment, earlier: readonly EarlierPeriod[]): Map<string, number[]> {
  const periods = [present, ...earlier.flatMap(({ assessment }) => assessment ?? [])];
  const bySubject = Map.groupBy(
    periods.flatMap(({ starts }) => [...starts]),
    ([key]) => key,
  );
  return new Map([...bySubject].map(([key, entries]) => [key, entries.flatMap(([, starts]) => starts)]));
}
