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
      const attempted = Array.from({ length: count }, (_, index) =>
        series.map(({ values }) => values[index]).filter(isKnown),
      );
      const expected = new Array<number>(count).fill(leastOf(attempted.flat()));
      for (const { first, last } of findLevels(attempted)) {
        const own = attempted.slice(first, last + 1);
        const points = own.filter((counts) => counts.length > 0).length;
        if (points * stepSeconds >= STEADY_SECONDS && isSteady(own.flat()))
          expected.fill(leastOf(own.flat()), first, last + 1);
      }
      return [job, expected];
    }),
  );
}

/** Returns the ranges in which the median of the targets differs by at most one scrape from where it began. */
function findLevels(attempted: readonly (readonly number[])[]): PointRange[] {
  const levels: (PointRange & { median: number })[] = [];
  for (const [index, counts] of attempted.entries()) {
    const median = medianOf(counts);
    if (median === null) continue;
    const level = levels.at(-1);
    if (level && Math.abs(median - level.median) <= 1) level.last = index;
    else levels.push({ first: index, last: index, median });
  }
  return levels;
}

function isSteady(counts: readonly number[]): boolean {
  const average = mean(counts) ?? Number.NaN;
  return counts.filter((count) => Math.abs(count - average) < 1).length >= STEADY_SHARE * counts.length;
}

/** If the interval does not divide the step, steps of two and three scrapes alternate, and two are enough. */
function leastOf(counts: readonly number[]): number {
  const median = medianOf(counts) ?? Number.NaN;
  const average = mean(counts.filter((count) => Math.abs(count - median) <= 1));
  if (average === undefined) return 1;
  const whole = Math.round(average);
  return Math.max(1, Math.abs(average - whole) < NEARLY_WHOLE ? whole : Math.floor(average));
}
