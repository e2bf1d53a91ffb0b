import { SEVERITIES } from '../../model/indicator.ts';
import type {
  Coverage,
  Finding,
  Reading,
  ReportIndicator,
  ResolvedFinding,
  Target,
} from '../../model/report.ts';
import type { Comparison } from '../../model/report-analysis.ts';
import { isJudged } from '../../model/report-values.ts';
import type { EarlierData } from '../../model/series.ts';
import { toIso } from '../../model/time.ts';
import type { IndicatorAssessment } from '../indicator.ts';
import { keyOf } from '../subjects.ts';

/** An earlier period, judged by the same rules. */
export type EarlierAssessment = {
  kind: EarlierData['kind'];
  comparison: Comparison;
  indicators: ReadonlyMap<string, IndicatorAssessment>;
  findings: readonly Finding[];
  targets: readonly Seen[];
};

/** What matters here of a target: how much of the time it was seen. */
type Seen = Pick<Target, 'subject' | 'component' | 'seenRatio'>;

/** From so many deviations on a value is an outlier (Iglewicz & Hoaglin 1993, "How to Detect and Handle Outliers"). */
const OUTLIER_DEVIATIONS = 3.5;

/** A tenth more of the same is the same. */
const LEAST_SHARE = 0.1;

/** How many times its own scatter a count must have grown: of independent events the variance is the count (Poisson). */
const COUNT_DEVIATIONS = 3;

/** At the same level, what lasts twice as long is worse … */
const LONGER = 2;

/** … where that is half an hour more at least: as long as the slowest thresholds ask for. Both are ours. */
const LEAST_LONGER_SECONDS = 1800;

/** A period that was seen for less than half of its time is no measure for another, nor is such a target. */
const LEAST_SEEN_SHARE = 0.5;

type Found = Pick<Finding, 'indicator' | 'subject' | 'component'>;

function keyOfFound({ indicator, subject, component }: Found): string {
  return JSON.stringify([indicator, subject, component]);
}

/** The worst of what was found of each subject by each indicator. */
function worstOf(findings: readonly Finding[]): ReadonlyMap<string, Finding> {
  const worst = new Map<string, Finding>();
  for (const finding of findings) {
    const known = worst.get(keyOfFound(finding));
    if (!known || severityOf(finding) > severityOf(known)) worst.set(keyOfFound(finding), finding);
  }
  return worst;
}

function severityOf({ severity }: Finding): number {
  return SEVERITIES.indexOf(severity);
}

/** Whether it is known of a subject, where nothing was found of it, that there was nothing. */
function wasJudged(finding: Found, { indicators, targets }: EarlierAssessment): boolean {
  const indicator = indicators.get(finding.indicator)?.indicator;
  // A coverage check has no indicator: it is judged wherever scrapes are known.
  if (indicator && !isJudged(indicator.status)) return false;
  if (finding.component === null) return true;
  if (indicator?.missing.some((one) => isSubject(one, finding))) return false;
  const target = targets.find((one) => isSubject(one, finding));
  // Whatever a node has that was not there before is new.
  return target === undefined || isWellSeen(target);
}

function isWellSeen({ seenRatio }: Seen): boolean {
  return (seenRatio ?? 0) >= LEAST_SEEN_SHARE;
}

/**
 * The findings with what there was of them in the period before and a week before. A subject's critical stretches and
 * the warnings beside them are one trouble, which is worse or better as a whole.
 */
export function compared(
  findings: readonly Finding[],
  present: ReadonlyMap<string, IndicatorAssessment>,
  earlier: readonly EarlierAssessment[],
): Finding[] {
  const [before, week] = (['before', 'week-before'] as const).map((kind) => {
    const known = earlier.find((one) => one.kind === kind && one.comparison.known);
    return known && { ...known, worst: worstOf(known.findings) };
  });
  const worst = worstOf(findings);
  return findings.map((finding) => {
    const whole = worst.get(keyOfFound(finding)) ?? finding;
    return {
      ...finding,
      compared: before ? comparedWith(whole, present, before) : null,
      weekBefore: week
        ? week.worst.has(keyOfFound(finding)) || (wasJudged(finding, week) ? false : null)
        : null,
    };
  });
}

function comparedWith(
  finding: Finding,
  present: ReadonlyMap<string, IndicatorAssessment>,
  before: EarlierAssessment & { worst: ReturnType<typeof worstOf> },
): Finding['compared'] {
  const same = before.worst.get(keyOfFound(finding));
  if (!same) return wasJudged(finding, before) ? 'new' : null;
  const isBelow = finding.condition === 'below';
  // Too many after too few are another trouble, or the end of the one.
  if (isBelow !== (same.condition === 'below')) return 'new';
  const direction =
    severityOf(finding) - severityOf(same) ||
    (isBelow ? -1 : 1) * shiftOf(finding, same, present, before) ||
    longerOf(finding, same, present);
  return direction > 0 ? 'worse' : direction < 0 ? 'better' : 'unchanged';
}

/** 1 or -1 where the values themselves moved by more than they scatter; 0 where they did not. */
function shiftOf(
  finding: Finding,
  same: Finding,
  present: ReadonlyMap<string, IndicatorAssessment>,
  before: EarlierAssessment,
): number {
  const now = present.get(finding.indicator);
  if (now === undefined || now.indicator.aggregation === 'total') {
    // Of how long nobody was seen, what would be no gap by itself does not matter.
    const chance =
      finding.unit === 'seconds' ? same.threshold : COUNT_DEVIATIONS * Math.sqrt(finding.value + same.value);
    return signOf(finding.value - same.value, Math.max(chance, LEAST_SHARE * same.value));
  }
  const key = keyOf(finding, finding.labels);
  const [later, earlier] = [now, before.indicators.get(finding.indicator)].map((one) => one?.levels.get(key));
  if (typeof later?.median !== 'number' || typeof earlier?.median !== 'number' || earlier.scatter === null)
    return 0;
  const least = Math.max(OUTLIER_DEVIATIONS * earlier.scatter, LEAST_SHARE * Math.abs(earlier.median));
  return signOf(later.median - earlier.median, least);
}

function signOf(difference: number, least: number): number {
  return Math.abs(difference) > least ? Math.sign(difference) : 0;
}

/** The same for how long a level was beyond its threshold. */
function longerOf(
  finding: Finding,
  same: Finding,
  present: ReadonlyMap<string, IndicatorAssessment>,
): number {
  const indicator = present.get(finding.indicator)?.indicator;
  if (indicator === undefined || indicator.aggregation === 'total') return 0;
  const [now, then] = [finding.durationSeconds, same.durationSeconds];
  return signOf(now - then, Math.max(LEAST_LONGER_SECONDS, (1 - 1 / LONGER) * Math.max(now, then)) - 1);
}

/** What was found in the period before and is over: where it is known that it is not there any more. */
export function resolvedOf(
  findings: readonly Finding[],
  present: ReadonlyMap<string, IndicatorAssessment>,
  coverage: Pick<Coverage, 'known'> & { targets: readonly Seen[] },
  earlier: readonly EarlierAssessment[],
): ResolvedFinding[] {
  const before = earlier.find(({ kind, comparison }) => kind === 'before' && comparison.known);
  if (!before) return [];
  const still = worstOf(findings);
  return [...worstOf(before.findings)]
    .filter(([key, finding]) => !still.has(key) && isKnownToBeOver(finding, present, coverage))
    .map(([, { indicator, subject, component, severity, value, unit, labels, start, end }]) => ({
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

function isKnownToBeOver(
  finding: Finding,
  present: ReadonlyMap<string, IndicatorAssessment>,
  coverage: Parameters<typeof resolvedOf>[2],
): boolean {
  // A restart is over the moment it has happened.
  if (finding.indicator === 'process-restarts') return false;
  const indicator = present.get(finding.indicator)?.indicator;
  // What a user's own indicator reads may come from somewhere else.
  const isSeen =
    finding.component === null ||
    (indicator?.own ?? null) !== null ||
    coverage.targets.some((one) => isSubject(one, finding) && isWellSeen(one));
  if (!isSeen) return false;
  if (indicator === undefined) return coverage.known;
  if (!isJudged(indicator.status)) return false;
  if (indicator.missing.some((one) => isSubject(one, finding))) return false;
  // Without an event there is no trouble; without activity nobody knows how long it would have taken. Of an indicator of
  // one's own, its author says which of the two an empty answer is.
  if (indicator.aggregation === 'total' || (indicator.idle && indicator.own !== null)) return true;
  return indicator.readings.some((reading) => isSubject(reading, finding) && reading.value !== null);
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
      ?.levels.get(keyOf(reading, reading.labels))?.value ?? null;
  return {
    ...indicator,
    readings: indicator.readings.map((reading) => ({
      ...reading,
      before: readingIn('before', reading),
      weekBefore: readingIn('week-before', reading),
    })),
  };
}

/** Whether enough is known of an earlier period to compare with it. */
export function comparisonOf({ kind, period, grid, targets }: EarlierData): Comparison {
  const base = { kind, start: toIso(period.start), end: toIso(period.end) };
  if (!targets.ok) return { ...base, known: false, reason: targets.reason };
  const seen = Array.from({ length: grid.count }, (_, index) =>
    targets.value.successes.some(({ values }) => (values[index] ?? 0) > 0),
  );
  const share = seen.filter((one) => one).length / grid.count;
  if (share >= LEAST_SEEN_SHARE) return { ...base, known: true, reason: null };
  const reason = share > 0 ? `targets were scraped in only ${Math.ceil(100 * share)} % of it` : null;
  return { ...base, known: false, reason };
}
