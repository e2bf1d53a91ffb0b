import { medianAbsoluteDeviation } from 'simple-statistics';
import type { Finding, Reading, ReportIndicator, ResolvedFinding } from '../model/report.ts';
import type { Comparison } from '../model/report-depth.ts';
import type { EarlierData } from '../model/series.ts';
import type { IndicatorAssessment } from './indicator.ts';
import { medianOf } from './subjects.ts';
import { toIso } from './time.ts';

/** An earlier period, judged by the same rules. */
export type EarlierAssessment = {
  kind: EarlierData['kind'];
  comparison: Comparison;
  indicators: ReadonlyMap<string, IndicatorAssessment>;
  findings: readonly Finding[];
};

/** Median absolute deviation to standard deviation for what is normally distributed (Hampel 1974). */
const MAD_TO_DEVIATION = 1.4826;

/** From so many deviations on a value is an outlier (Iglewicz & Hoaglin 1993, "How to Detect and Handle Outliers"). */
const OUTLIER_DEVIATIONS = 3.5;

/** A tenth more of the same is the same. */
const LEAST_SHARE = 0.1;

/** How many times its own scatter a count must have grown: of independent events the variance is the count (Poisson). */
const COUNT_DEVIATIONS = 3;

type Found = Pick<Finding, 'indicator' | 'subject' | 'component'>;

function isSame(a: Found, b: Found): boolean {
  return a.indicator === b.indicator && a.subject === b.subject && a.component === b.component;
}

/** What was found of the same subject, the worst of it. */
function sameOf(finding: Found, findings: readonly Finding[]): Finding | undefined {
  const own = findings.filter((other) => isSame(finding, other));
  return own.find(({ severity }) => severity === 'critical') ?? own[0];
}

/** Whether an indicator was judged in a period at all, so that finding nothing means something. */
function wasJudged(indicator: string, { indicators }: EarlierAssessment): boolean {
  const status = indicators.get(indicator)?.indicator.status;
  // A coverage check has no indicator: it is judged wherever scrapes are known.
  return status === undefined || !['failed', 'no-data'].includes(status);
}

/** The findings of a period with what there was of them in the period before and a week before. */
export function compared(
  findings: readonly Finding[],
  present: ReadonlyMap<string, IndicatorAssessment>,
  earlier: readonly EarlierAssessment[],
): Finding[] {
  const [before, week] = (['before', 'week-before'] as const).map((kind) =>
    earlier.find((one) => one.kind === kind && one.comparison.known),
  );
  return findings.map((finding) => ({
    ...finding,
    compared: before && wasJudged(finding.indicator, before) ? comparedWith(finding, present, before) : null,
    weekBefore:
      week && wasJudged(finding.indicator, week) ? sameOf(finding, week.findings) !== undefined : null,
  }));
}

const SEVERITIES = ['warning', 'critical'];

function comparedWith(
  finding: Finding,
  present: ReadonlyMap<string, IndicatorAssessment>,
  before: EarlierAssessment,
): Finding['compared'] {
  const same = sameOf(finding, before.findings);
  if (!same) return 'new';
  const step = SEVERITIES.indexOf(finding.severity) - SEVERITIES.indexOf(same.severity);
  const sign = finding.condition === 'below' ? -1 : 1;
  const direction = step !== 0 ? step : sign * shiftOf(finding, same, present, before);
  return direction > 0 ? 'worse' : direction < 0 ? 'better' : 'unchanged';
}

/** 1 or -1 where the values themselves moved by more than they scatter; 0 where they did not. */
function shiftOf(
  finding: Finding,
  same: Finding,
  present: ReadonlyMap<string, IndicatorAssessment>,
  before: EarlierAssessment,
): number {
  const now = present.get(finding.indicator)?.indicator;
  if (now === undefined || now.aggregation === 'total')
    return signOf(finding.value - same.value, COUNT_DEVIATIONS * Math.sqrt(finding.value + same.value));
  const [later, earlier] = [now, before.indicators.get(finding.indicator)?.indicator].map((indicator) =>
    valuesOf(indicator, finding),
  );
  const [level, usual] = [medianOf(later ?? []), medianOf(earlier ?? [])];
  if (level === null || usual === null || !earlier) return 0;
  const scatter = MAD_TO_DEVIATION * medianAbsoluteDeviation(earlier);
  return signOf(level - usual, Math.max(OUTLIER_DEVIATIONS * scatter, LEAST_SHARE * Math.abs(usual)));
}

function signOf(difference: number, least: number): number {
  return Math.abs(difference) > least ? Math.sign(difference) : 0;
}

/** Those that the chart shows; of a subject that it does not name there are none. */
function valuesOf(indicator: ReportIndicator | undefined, { subject, labels }: Finding): number[] {
  const key = JSON.stringify(labels);
  const line = indicator?.series.find((one) => one.subject === subject && JSON.stringify(one.labels) === key);
  return (line?.values ?? []).filter((value) => value !== null);
}

/** What was found in the period before and is over: where it is known that it is not there any more. */
export function resolvedOf(
  findings: readonly Finding[],
  present: ReadonlyMap<string, IndicatorAssessment>,
  scraped: readonly Pick<Finding, 'subject' | 'component'>[],
  earlier: readonly EarlierAssessment[],
): ResolvedFinding[] {
  const before = earlier.find(({ kind, comparison }) => kind === 'before' && comparison.known);
  if (!before) return [];
  const gone = before.findings.filter((finding) => {
    // A restart is over the moment it has happened.
    if (finding.indicator === 'process-restarts' || sameOf(finding, findings)) return false;
    const status = present.get(finding.indicator)?.indicator.status;
    const isJudged = status === undefined || ['healthy', 'warning', 'critical'].includes(status);
    return isJudged && (finding.component === null || scraped.some((one) => isSubject(one, finding)));
  });
  return gone
    .filter((finding, index) => gone.findIndex((other) => isSame(finding, other)) === index)
    .map(({ indicator, subject, component, severity, value, unit, labels, start, end }) => ({
      indicator,
      subject,
      component,
      severity,
      value,
      unit,
      labels,
      start,
      end,
    }));
}

function isSubject(
  a: Pick<Finding, 'subject' | 'component'>,
  b: Pick<Finding, 'subject' | 'component'>,
): boolean {
  return a.subject === b.subject && a.component === b.component;
}

/** An indicator's readings with the same numbers of the earlier periods. */
export function withEarlier(
  indicator: ReportIndicator,
  earlier: readonly EarlierAssessment[],
): ReportIndicator {
  const readingIn = (kind: EarlierData['kind'], reading: Reading) =>
    earlier
      .find((one) => one.kind === kind)
      ?.indicators.get(indicator.id)
      ?.indicator.readings.find((one) => isSubject(one, reading))?.value ?? null;
  return {
    ...indicator,
    readings: indicator.readings.map((reading) => ({
      ...reading,
      before: readingIn('before', reading),
      weekBefore: readingIn('week-before', reading),
    })),
  };
}

/** A period that was seen for less than half of its time is no measure for another. */
const LEAST_SEEN_SHARE = 0.5;

/** Whether enough is known of an earlier period to compare with it. */
export function comparisonOf({ kind, period, grid, targets }: EarlierData): Comparison {
  const base = { kind, start: toIso(period.start), end: toIso(period.end) };
  if (!targets.ok) return { ...base, known: false, reason: targets.reason };
  const seen = Array.from({ length: grid.count }, (_, index) =>
    targets.value.successes.some(({ values }) => (values[index] ?? 0) > 0),
  );
  const share = seen.filter((one) => one).length / grid.count;
  return { ...base, known: share >= LEAST_SEEN_SHARE, reason: null };
}
