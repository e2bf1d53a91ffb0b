import type { PeriodGrid } from '../model/gathered.ts';
import type { Indicator } from '../model/indicator.ts';
import type { Finding, Reading, ReportIndicator, Status } from '../model/report.ts';
import { type Answer, type Grid, isKnown, type Series } from '../model/series.ts';
import { toInstant } from '../model/time.ts';
import { type EvaluatedSeries, evaluateSeries, type IndicatorContext } from './evaluate-series.ts';
import { findingsOf } from './findings.ts';
import { medianOf } from './medians.ts';
import { worstSeverity } from './severity.ts';
import { mergeBySubject, type SubjectSeries, subjectKey } from './subjects.ts';

export type IndicatorAssessment = {
  indicator: ReportIndicator;
  findings: Finding[];
  /** For each point, whether any subject had a value. */
  seen: boolean[];
  /** Its series, worst first. */
  series: readonly EvaluatedSeries[];
  /** The reading of each series, by `seriesKey`. */
  values: ReadonlyMap<string, number | null>;
};

/** The answer to an indicator's query about one period. */
export type IndicatorAnswer = {
  /** The PromQL with all placeholders filled in. */
  query: string;
  answer: Answer<readonly SubjectSeries[]>;
  /** The series of the period before, if they are known. */
  before: readonly SubjectSeries[];
};

/** Returns an answer with its series merged by subject. */
export function mergeAnswer(
  indicator: Indicator,
  answer: Answer<readonly Series[]>,
): Answer<readonly SubjectSeries[]> {
  return answer.ok ? { ok: true, value: mergeBySubject(indicator, answer.value) } : answer;
}

/** Assesses one indicator over one period: its status, readings and findings, without a chart. */
export function assessIndicator(
  indicator: Indicator,
  { query, answer, before }: IndicatorAnswer,
  facts: PeriodGrid,
  context: IndicatorContext,
): IndicatorAssessment {
  const unknown = unknownIndicator(indicator, query);
  if (!answer.ok) {
    const { reason, notCaptured } = answer;
    return withoutSeries({ ...unknown, status: notCaptured ? 'not-captured' : 'failed', reason });
  }
  const series = answer.value;
  if (series.length === 0) {
    const status = statusWithoutSeries(indicator, context);
    return withoutSeries({ ...unknown, status, idle: status === 'healthy' });
  }

  const { grid } = facts;
  const worstFirst = evaluateSeries(indicator, { all: series, before }, facts, context);
  const bySubject = [...Map.groupBy(worstFirst, subjectKey).values()];
  const findings = bySubject.flatMap((own) => findingsOf(indicator, own, facts));
  const readings = bySubject.flatMap((own) => own.slice(0, 1).map((worst) => readingOf(worst, grid.count)));
  // All points may have been removed after process starts; then there is nothing to judge.
  const isEmpty = readings.every(({ value }) => value === null);
  const isIdle = isEmpty && indicator.whenEmpty === 'idle';
  return {
    indicator: {
      ...unknown,
      status: worstSeverity(findings) ?? (isEmpty && !isIdle ? 'no-data' : 'healthy'),
      idle: isIdle,
      value: readings[0]?.value ?? null,
      subject: readings[0]?.subject ?? null,
      readings,
      missing: findMissing(indicator, worstFirst, context),
    },
    findings,
    seen: seenPoints(series, grid),
    series: worstFirst,
    values: new Map(worstFirst.map(({ key, value }) => [key, value])),
  };
}

/** Returns everything of an indicator that does not depend on the answer to its query. */
function unknownIndicator(indicator: Indicator, query: string): Omit<ReportIndicator, 'status'> {
  const { title, explanation, impact, nextSteps } = indicator;
  return {
    id: indicator.id,
    section: indicator.section,
    components: [...indicator.components],
    judged: Object.keys(indicator.thresholds).length > 0,
    idle: false,
    reason: null,
    unit: indicator.unit,
    value: null,
    subject: null,
    aggregation: indicator.reading,
    thresholds: indicator.thresholds,
    own: indicator.isOwn ? { title, explanation, impact, nextSteps: [...nextSteps] } : null,
    ...(indicator.runbook === undefined ? {} : { runbook: indicator.runbook }),
    settleSeconds: indicator.settleSeconds ?? 0,
    readings: [],
    otherReadings: [],
    missing: [],
    otherMissing: [],
    series: [],
    envelope: null,
    query,
  };
}

/** Returns for each point whether any series has a value. */
function seenPoints(all: readonly SubjectSeries[], { count }: Grid): boolean[] {
  return Array.from({ length: count }, (_, index) => all.some(({ values }) => isKnown(values[index])));
}

function withoutSeries(indicator: ReportIndicator): IndicatorAssessment {
  return { indicator, findings: [], seen: [], series: [], values: new Map() };
}

/** Returns the status of an indicator with an empty answer to its query. */
function statusWithoutSeries(indicator: Indicator, { scraped, presentMetrics }: IndicatorContext): Status {
  const { components, exporter, metrics, featureMetrics, versionMetric, whenAbsent, whenEmpty } = indicator;
  // Whether metrics are present is known only for those of Antrea and of the other exporters in the catalog.
  if (metrics.length > 0) {
    const isScraped =
      exporter !== undefined || scraped.some(({ component }) => components.includes(component));
    if (!isScraped || presentMetrics === null) return 'no-data';
    const isPresent = (name: string) => presentMetrics.has(name);
    if (!metrics.some(isPresent)) return featureMetrics?.some(isPresent) ? 'no-data' : whenAbsent;
    if (versionMetric !== undefined && !isPresent(versionMetric)) return 'not-exposed';
  }
  return whenEmpty === 'idle' ? 'healthy' : whenEmpty;
}

/** Returns the subjects that were scraped but have no series, if each of them should have one. */
function findMissing(
  { whenEmpty, scope, components }: Indicator,
  all: readonly EvaluatedSeries[],
  { scraped }: IndicatorContext,
): ReportIndicator['missing'] {
  if (whenEmpty !== 'no-data' || scope !== undefined) return [];
  const answered = new Set(all.map(subjectKey));
  return scraped
    .filter((target) => components.includes(target.component) && !answered.has(subjectKey(target)))
    .map(({ subject, component }) => ({ subject, component }));
}

/** Returns the reading of a series on a grid of `count` points. */
function readingOf(series: EvaluatedSeries, count: number): Reading {
  const { subject, component, severity, value, at, labels, values, judged } = series;
  const last = values.findLastIndex(isKnown);
  return {
    subject,
    component,
    status: severity ?? 'healthy',
    value,
    at: at === null ? null : toInstant(at),
    last: last < count - 2 ? null : (values[last] ?? null),
    median: medianOf(judged),
    before: null,
    weekBefore: null,
    labels,
  };
}
