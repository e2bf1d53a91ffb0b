import type { CauseRule } from '../model/cause.ts';
import type { Indicator } from '../model/indicator.ts';
import { type Finding, REPORT_SCHEMA_VERSION, type Report } from '../model/report.ts';
import type { EarlierData, Gathered, PeriodData } from '../model/series.ts';
import { toIso } from '../model/time.ts';
import { antreaVersionOf, type Evidence } from './antrea-version.ts';
import { capacityOf } from './capacity.ts';
import { changesOf } from './changes.ts';
import { chartStepOf } from './chart.ts';
import {
  compared,
  comparisonOf,
  type EarlierAssessment,
  resolvedOf,
  withEarlier,
} from './comparison/comparison.ts';
import { assessCoverage, type CoverageAssessment, type Surroundings } from './coverage/coverage.ts';
import type { CoverageThresholds } from './coverage/findings.ts';
import { calendarOf } from './days.ts';
import { historyAsked } from './history-completeness.ts';
import { explainedFindings, incidentsOf } from './incidents/incidents.ts';
import { assessIndicator, type IndicatorAssessment } from './indicator.ts';
import { isUnknown, scoreOf, verdictOf } from './score.ts';

export type AssessOptions = {
  id: string;
  generatedAt: Date;
  generator: { name: string; version: string };
  /** With the cluster's own thresholds, if it has any. */
  indicators: readonly Indicator[];
  coverage: CoverageThresholds;
  /** Ids of the coverage checks, for the calendar. */
  checks: readonly string[];
  /** What usually causes what. */
  causes: readonly CauseRule[];
  /** What metrics tell of the version. */
  evidence: readonly Evidence[];
  /** The period's days, for periods that are worth a calendar. */
  days: readonly { start: number; end: number }[] | null;
};

/** Judges what was gathered. Pure: the same data and options make the same report. */
export function assess(gathered: Gathered, options: AssessOptions): Report {
  const metrics = gathered.metrics.ok ? gathered.metrics.value : null;
  const earlier = gathered.earlier.map((data) => assessEarlier(data, gathered, options));
  const period = assessPeriod(gathered, gathered, options);
  const { coverage } = period;
  const byId = new Map(period.assessments.map((one) => [one.indicator.id, one]));
  const findings = compared(period.findings.toSorted(compareFindings), byId, earlier);
  const incidents = incidentsOf(findings, {
    rules: options.causes,
    stepSeconds: gathered.grid.stepSeconds,
    lookBackSeconds: gathered.windows.rateSeconds,
    periodStart: gathered.period.start,
  });
  const indicators = period.assessments.map(({ indicator }) => withEarlier(indicator, earlier));
  const explained = explainedFindings(incidents);
  const alarms = findings.filter((_, index) => !explained.has(index));
  const scraped = coverage.targets.filter(({ firstSeen }) => firstSeen !== null);
  const complete =
    coverage.known &&
    coverage.scrapeIntervalKnown &&
    coverage.dataFrom === null &&
    gathered.metrics.ok &&
    gathered.warnings.length === 0 &&
    !indicators.some((indicator) => isUnknown(indicator) || indicator.missing.length > 0) &&
    (coverage.agentsDesired === null || coverage.agentsAtEnd >= coverage.agentsDesired);

  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    id: options.id,
    cluster: gathered.cluster,
    period: {
      start: toIso(gathered.period.start),
      end: toIso(gathered.period.end),
      stepSeconds: gathered.grid.stepSeconds,
      chartStepSeconds: chartStepOf(gathered.grid),
      timeZone: gathered.timeZone,
    },
    generatedAt: toIso(options.generatedAt.getTime() / 1000),
    generator: options.generator,
    source: { kind: gathered.source.kind, recordedAt: gathered.source.recordedAt ?? null },
    verdict: verdictOf(alarms, complete),
    score: scoreOf(indicators, alarms, complete),
    complete,
    rateWindowSeconds: gathered.windows.rateSeconds,
    indicators,
    findings,
    incidents,
    comparisons: earlier.map(({ comparison }) => comparison),
    resolved: resolvedOf(findings, byId, coverage, earlier),
    changes: changesOf(options.indicators, gathered, restartsOf(period, earlier)),
    capacity: capacityOf(options.indicators, gathered),
    // Nothing of the period itself is missing where some of it is, so that does not make it incomplete.
    history: historyAsked(gathered),
    calendar:
      options.days &&
      calendarOf(options.days, period.assessments, findings, {
        checks: options.checks,
        absences: new Map(options.indicators.map((indicator) => [indicator.id, indicator])),
        scraped: period.scraped,
        grid: gathered.grid,
      }),
    antrea: antreaVersionOf(metrics, scraped, options.evidence),
    survey: gathered.survey,
    coverage,
    metrics: metrics && [...metrics],
    metricsReason: gathered.metrics.ok ? null : gathered.metrics.reason,
    warnings: gathered.warnings.map(({ text, query }) => ({ text, query })),
  };
}

type PeriodAssessment = CoverageAssessment & { assessments: IndicatorAssessment[] };

/** Indicators and coverage of one period by themselves. */
function assessPeriod(data: PeriodData, gathered: Gathered, options: AssessOptions): PeriodAssessment {
  const coverage = assessCoverage(data, options.coverage, surroundingsOf(data, gathered));
  const assessments = options.indicators.map((indicator) =>
    assessIndicator(indicator, data, {
      starts: coverage.starts,
      presentMetrics: gathered.metrics.ok ? new Set(gathered.metrics.value.map(({ name }) => name)) : null,
      scraped: coverage.coverage.targets.filter(({ firstSeen }) => firstSeen !== null),
      before: data === gathered ? seriesBefore(gathered) : {},
    }),
  );
  const findings = [...assessments.flatMap((one) => one.findings), ...coverage.findings];
  return { ...coverage, findings, assessments };
}

/** A server that was started within the period has no gap before that. */
function surroundingsOf(data: PeriodData, { earlier, pods, period }: Gathered): Surroundings {
  const before = earlier.find(({ kind }) => kind === 'before')?.targets;
  const isKnown = data.period.start === period.start && before?.ok;
  return { pods, hasEarlierData: !isKnown || before.value.successes.length > 0 };
}

/** What the indicators said in the period before, where enough of it is known. */
function seriesBefore({ earlier }: Gathered): Parameters<typeof assessIndicator>[2]['before'] {
  const before = earlier.find((data) => data.kind === 'before' && comparisonOf(data).known);
  return Object.fromEntries(
    Object.entries(before?.indicators ?? {}).map(([id, { answer }]) => [id, answer.ok ? answer.value : []]),
  );
}

function assessEarlier(
  data: EarlierData,
  gathered: Gathered,
  options: AssessOptions,
): EarlierAssessment & Pick<CoverageAssessment, 'starts'> {
  const comparison = comparisonOf(data);
  const base = { kind: data.kind, comparison };
  if (!comparison.known)
    return { ...base, indicators: new Map(), findings: [], targets: [], starts: new Map() };
  const { assessments, findings, starts, coverage } = assessPeriod(data, gathered, options);
  return {
    ...base,
    targets: coverage.targets,
    indicators: new Map(assessments.map((one) => [one.indicator.id, one])),
    findings,
    starts,
  };
}

/** When processes were started in all the periods that were looked at, by `keyOf` of the subject. */
function restartsOf(
  present: Pick<CoverageAssessment, 'starts'>,
  earlier: readonly Pick<CoverageAssessment, 'starts'>[],
): Map<string, number[]> {
  const all = [present, ...earlier].flatMap(({ starts }) => [...starts]);
  const bySubject = Map.groupBy(all, ([key]) => key);
  return new Map([...bySubject].map(([key, entries]) => [key, entries.flatMap(([, starts]) => starts)]));
}

/**
 * Worst first: critical before warning, what is going on before what is over, then the longest. The rest stays as it
 * comes: indicator by indicator, each with the worst value first.
 */
function compareFindings(a: Finding, b: Finding): number {
  const rank = (finding: Finding) => (finding.severity === 'critical' ? 2 : 0) + (finding.ongoing ? 1 : 0);
  return rank(b) - rank(a) || b.durationSeconds - a.durationSeconds;
}
