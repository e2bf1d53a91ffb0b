import { mean } from 'd3-array';
import type { Series } from '../../model/series.ts';
import { medianOf } from '../subjects.ts';

/** How many scrapes a step should hold, told by how many were tried: nobody says what interval was configured when. */

/** Nearer than this a mean of whole numbers is one, but for scrapes that failed. */
const NEARLY_WHOLE = 0.1;

/** A number of scrapes that holds for so long is an interval that was set, and no restart of Prometheus. */
const STEADY_SECONDS = 2 * 3600;

/** Fewer at random, as an overloaded Prometheus skips them, are not all one of two neighbouring numbers. */
const STEADY_SHARE = 0.9;

/**
 * How many scrapes a step holds at the least when none is missing, at each of `count` points, by job: jobs may be
 * scraped at different intervals, and from some time on at another one.
 */
export function expectedScrapes(
  attempts: readonly Series[],
  { count, stepSeconds }: { count: number; stepSeconds: number },
): Map<string, number[]> {
  const byJob = Map.groupBy(attempts, ({ labels }) => labels['job'] ?? '');
  return new Map(
    [...byJob].map(([job, series]) => {
      const tried = Array.from({ length: count }, (_, index) =>
        series.flatMap(({ values }) => values[index] ?? []),
      );
      const expected = new Array<number>(count).fill(leastOf(tried.flat()));
      for (const { first, last } of levelRuns(tried)) {
        const own = tried.slice(first, last + 1);
        const points = own.filter((values) => values.length > 0).length;
        if (points * stepSeconds >= STEADY_SECONDS && isSteady(own.flat()))
          expected.fill(leastOf(own.flat()), first, last + 1);
      }
      return [job, expected];
    }),
  );
}

/** Where the middle of the targets stays within one scrape of where it began. */
function levelRuns(tried: readonly (readonly number[])[]): { first: number; last: number }[] {
  const runs: { first: number; last: number; level: number }[] = [];
  for (const [index, values] of tried.entries()) {
    const middle = medianOf(values);
    if (middle === null) continue;
    const run = runs.at(-1);
    if (run && Math.abs(middle - run.level) <= 1) run.last = index;
    else runs.push({ first: index, last: index, level: middle });
  }
  return runs;
}

function isSteady(counts: readonly number[]): boolean {
  const middle = mean(counts) ?? Number.NaN;
  return counts.filter((count) => Math.abs(count - middle) < 1).length >= STEADY_SHARE * counts.length;
}

/** Where the interval does not divide the step, steps of two and of three scrapes alternate, and two are enough. */
function leastOf(counts: readonly number[]): number {
  const middle = medianOf(counts) ?? Number.NaN;
  const usual = mean(counts.filter((count) => Math.abs(count - middle) <= 1));
  if (usual === undefined) return 1;
  const whole = Math.round(usual);
  return Math.max(1, Math.abs(usual - whole) < NEARLY_WHOLE ? whole : Math.floor(usual));
}
