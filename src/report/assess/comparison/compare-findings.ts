import type { Finding } from '../../model/report.ts';
import { isJudged } from '../../model/report-values.ts';
import { medianOf, scatterOf } from '../medians.ts';
import { severityRank } from '../severity.ts';
import { isSameSubject, seriesKey } from '../subjects.ts';
import { findingKey, isSeenEnough, worstByKey } from './earlier-period.ts';
import type { Earlier, Outcome } from './outcome.ts';

/**
 * A value this many deviations from the median is an outlier (Iglewicz and Hoaglin 1993, How to Detect and Handle
 * Outliers).
 */
const OUTLIER_DEVIATIONS = 3.5;

/** A change by less than this share counts as unchanged. Our choice. */
const LEAST_SHARE = 0.1;

/** A count must change by this many deviations. The variance of a count of independent events is the count. */
const COUNT_DEVIATIONS = 3;

/** At the same level, a finding is worse if it lasts at least this many times as long … */
const LONGER_FACTOR = 2;

/** … and at least this much longer: as long as the slowest thresholds require. Both are our choice. */
const LEAST_LONGER_SECONDS = 1800;

/**
 * Compares the findings of this period with the period before and with a week before. All findings of one subject and
 * indicator, critical or not, are compared as a whole by the worst of them.
 */
export function compareFindings(
  present: Outcome,
  { before, 'week-before': weekBefore }: Earlier<Outcome>,
): Finding[] {
  const worst = worstByKey(present.findings);
  const worstBefore = worstByKey(before?.findings ?? []);
  const worstWeekBefore = worstByKey(weekBefore?.findings ?? []);
  return present.findings.map((finding) => {
    const key = findingKey(finding);
    return {
      ...finding,
      compared: before && compare(worst.get(key) ?? finding, worstBefore.get(key), present, before),
      weekBefore: weekBefore && (worstWeekBefore.has(key) || (wasJudged(finding, weekBefore) ? false : null)),
    };
  });
}

function compare(
  finding: Finding,
  same: Finding | undefined,
  present: Outcome,
  before: Outcome,
): Finding['compared'] {
  if (!same) return wasJudged(finding, before) ? 'new' : null;
  const isBelow = finding.condition === 'below';
  // Too many after too few is another problem, or the end of the first one.
  if (isBelow !== (same.condition === 'below')) return 'new';
  const aggregation = present.assessment?.indicator.aggregation ?? 'total';
  const isTotal = aggregation === 'total';
  const change = isTotal ? compareTotals(finding, same) : compareLevels(finding, present, before);
  const direction =
    severityRank(finding.severity) - severityRank(same.severity) ||
    (isBelow ? -change : change) ||
    (isTotal ? 0 : compareDurations(finding, same));
  return direction > 0 ? 'worse' : direction < 0 ? 'better' : 'unchanged';
}

/** Whether a subject without a finding was judged in an earlier period, so that there was no problem. */
function wasJudged(finding: Finding, { assessment, coverage }: Outcome): boolean {
  const indicator = assessment?.indicator;
  // A coverage check is not an indicator. It is judged whenever the scrapes are known.
  if (indicator && !isJudged(indicator.status)) return false;
  if (finding.component === null) return true;
  if (indicator?.missing.some((missing) => isSameSubject(missing, finding))) return false;
  const target = coverage.targets.find((candidate) => isSameSubject(candidate, finding));
  // All findings of a node that did not exist are new.
  return target === undefined || isSeenEnough(target);
}

/** Returns 1 or -1 if a count of events or a time without scrapes changed by more than chance, otherwise 0. */
function compareTotals(finding: Finding, same: Finding): number {
  // The time without scrapes must change by at least the length of a gap that is a finding.
  const chance =
    finding.unit === 'seconds' ? same.threshold : COUNT_DEVIATIONS * Math.sqrt(finding.value + same.value);
  return signOf(finding.value - same.value, Math.max(chance, LEAST_SHARE * same.value));
}

/** Returns 1 or -1 if the level rose or fell by more than it scattered before, otherwise 0. */
function compareLevels(finding: Finding, present: Outcome, before: Outcome): number {
  const key = seriesKey(finding);
  const [now, then] = [present, before].map(({ assessment }) =>
    assessment?.series.find((series) => series.key === key),
  );
  const [medianNow, medianThen] = [now && medianOf(now.judged), then && medianOf(then.judged)];
  if (!then || medianNow == null || medianThen == null) return 0;
  const least = Math.max(OUTLIER_DEVIATIONS * scatterOf(then.values), LEAST_SHARE * Math.abs(medianThen));
  return signOf(medianNow - medianThen, least);
}

/** Returns 1 or -1 if a level was beyond its threshold for much longer or shorter than before, otherwise 0. */
function compareDurations(finding: Finding, same: Finding): number {
  const [now, then] = [finding.durationSeconds, same.durationSeconds];
  const difference = now - then;
  const isMuch =
    Math.abs(difference) >= LEAST_LONGER_SECONDS &&
    Math.max(now, then) >= LONGER_FACTOR * Math.min(now, then);
  return isMuch ? Math.sign(difference) : 0;
}

function signOf(difference: number, least: number): number {
  return Math.abs(difference) > least ? Math.sign(difference) : 0;
}
