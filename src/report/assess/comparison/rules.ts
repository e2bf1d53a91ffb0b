import type { Finding } from '../../model/report.ts';
import { severityRank } from '../severity.ts';

/** When something is worse or better than before. Each rule returns 1 for more, -1 for less, and 0 for unchanged. */

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

/** The median of a level, and its usual scatter (`scatterOf`). */
export type Level = { median: number; scatter: number };

/** Compares counts of events: they must change by more than chance. */
export function compareCounts(now: number, then: number): number {
  return compareTotals(now, then, COUNT_DEVIATIONS * Math.sqrt(now + then));
}

/** Compares levels: the median must change by more than the level scattered before. */
export function compareLevels({ median }: Pick<Level, 'median'>, then: Level): number {
  const least = Math.max(OUTLIER_DEVIATIONS * then.scatter, LEAST_SHARE * Math.abs(then.median));
  return signOf(median - then.median, least);
}

/** Compares the counts of two findings, or their time without scrapes. */
export function compareTotalsOf(finding: Finding, same: Finding): number {
  // The time without scrapes must change by at least the length of a gap that is a finding.
  return finding.unit === 'seconds'
    ? compareTotals(finding.value, same.value, same.threshold)
    : compareCounts(finding.value, same.value);
}

/** Compares for how long a level was beyond its threshold. */
export function compareDurations(finding: Finding, same: Finding): number {
  const [now, then] = [finding.durationSeconds, same.durationSeconds];
  const difference = now - then;
  const isMuch =
    Math.abs(difference) >= LEAST_LONGER_SECONDS &&
    Math.max(now, then) >= LONGER_FACTOR * Math.min(now, then);
  return isMuch ? Math.sign(difference) : 0;
}

export const isBelow = ({ condition }: Pick<Finding, 'condition'>): boolean => condition === 'below';

/**
 * Returns how a finding compares with the same one of another period.
 * @param change of its values: 1 if they rose, -1 if they fell, 0 if neither is clear
 * @param duration the same of its duration; 0 for counts
 */
export function directionOf(
  finding: Finding,
  same: Finding,
  { change, duration }: { change: number; duration: number },
): 'worse' | 'unchanged' | 'better' {
  const direction =
    severityRank(finding.severity) - severityRank(same.severity) ||
    (isBelow(finding) ? -change : change) ||
    duration;
  return direction > 0 ? 'worse' : direction < 0 ? 'better' : 'unchanged';
}

function compareTotals(now: number, then: number, chance: number): number {
  return signOf(now - then, Math.max(chance, LEAST_SHARE * then));
}

function signOf(difference: number, least: number): number {
  return Math.abs(difference) > least ? Math.sign(difference) : 0;
}
