import { mean } from 'd3-array';
import { type Grid, isKnown, type Series } from '../../model/series.ts';
import type { PointRange } from '../chart.ts';
import { medianOf } from '../medians.ts';

/**
 * Estimates how many scrapes a step should contain from how many were attempted, because the scrape interval that was
 * configured at a time is unknown.
 */

/** A mean this close to a whole number is that number; the difference results from scrapes that failed. */
const NEARLY_WHOLE = 0.1;

/** A number of scrapes that lasts this long results from a configured interval, not from a restart of Prometheus. */
const STEADY_SECONDS = 2 * 3600;

/** Minimum share of attempts that equal one of two neighbouring numbers; an overloaded Prometheus skips more. */
const STEADY_SHARE = 0.9;

/**
 * Returns the least number of scrapes in a complete step, for each point and by job. Jobs may have different scrape
 * intervals, and an interval may change within the period.
 */
export function expectedScrapes(
  attempts: readonly Series[],
  { count, stepSeconds }: Grid,
): Map<string, number[]> {
  const byJob = Map.groupBy(attempts, ({ labels }) => labels['job'] ?? '');
  return new Map(
    [...byJob].map(([job, series]) => {
      const all = { first: 0, last: count - 1 };
      const expected = new Array<number>(count).fill(leastOf(countsIn(series, all)));
      for (const { first, last, points } of findLevels(series, count)) {
        if (points * stepSeconds < STEADY_SECONDS) continue;
        const own = countsIn(series, { first, last });
        if (isSteady(own)) expected.fill(leastOf(own), first, last + 1);
      }
      return [job, expected];
    }),
  );
}

/** Returns all numbers of attempts at some points. */
function countsIn(series: readonly Series[], { first, last }: PointRange): Float64Array {
  const counts = new Float64Array(series.length * (last - first + 1));
  let length = 0;
  for (const { values } of series)
    for (let index = first; index <= last; index += 1) {
      const value = values[index];
      if (isKnown(value)) counts[length++] = value;
    }
  return counts.subarray(0, length);
}

type CountLevel = PointRange & {
  /** The number of points at which any target was scraped. */
  points: number;
};

/** Returns the ranges in which the median of the targets differs by at most one scrape from where it began. */
function findLevels(series: readonly Series[], count: number): CountLevel[] {
  const levels: (CountLevel & { median: number })[] = [];
  for (let index = 0; index < count; index += 1) {
    const median = medianOf(countsIn(series, { first: index, last: index }));
    if (median === null) continue;
    const level = levels.at(-1);
    if (level && Math.abs(median - level.median) <= 1) {
      level.last = index;
      level.points += 1;
    } else levels.push({ first: index, last: index, points: 1, median });
  }
  return levels;
}

function isSteady(counts: Float64Array): boolean {
  const average = mean(counts) ?? Number.NaN;
  let steady = 0;
  for (const count of counts) if (Math.abs(count - average) < 1) steady += 1;
  return steady >= STEADY_SHARE * counts.length;
}

/** If the interval does not divide the step, steps of two and three scrapes alternate, and two are enough. */
function leastOf(counts: Float64Array): number {
  const median = medianOf(counts) ?? Number.NaN;
  const average = mean(counts, (count) => (Math.abs(count - median) <= 1 ? count : Number.NaN));
  if (average === undefined) return 1;
  const whole = Math.round(average);
  return Math.max(1, Math.abs(average - whole) < NEARLY_WHOLE ? whole : Math.floor(average));
}
