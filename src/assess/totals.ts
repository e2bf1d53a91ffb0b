import type { Threshold } from '../model/indicator.ts';
import { findRuns, type Run, type Sampling } from './episodes.ts';

/**
 * Judging what is counted over the whole period. The bound of a threshold applies to the total; when it happened, and
 * at how many separate moments, is seen in the points, each of which holds the events of its own step.
 */

export type Counted = {
  /** Events of the period. */
  total: number;
  /** Events within each step. */
  events: (number | null)[];
};

/** @param said the total that the query of totals gave for the line, if any */
export function countEvents(rises: readonly (number | null)[], said: number | undefined): Counted {
  const sum = rises.reduce<number>((found, one) => found + (one ?? 0), 0);
  return {
    total: said || Math.round(sum),
    // Counters hold whole numbers; subtracting them as floating-point numbers may be off by a little.
    events: rises.map((one) => one && Math.round(one)),
  };
}

/** The runs of events, where the total breaches the threshold; their `worst` is how many events each one holds. */
export function findEventRuns({ total, events }: Counted, threshold: Threshold, sampling: Sampling): Run[] {
  const [crossed] = findRuns([total], { ...threshold, forSeconds: 0, times: 1 }, sampling);
  if (!crossed) return [];
  const { bound, condition } = crossed;
  const { forSeconds, times = 1 } = threshold;
  if (!events.some((count) => count !== null && count > 0)) {
    if (times > 1) return [];
    // They happened where no scrape shows them: among missing points, or, where none is missing, at any time.
    const { first, last } = missingWithin(events);
    return [{ first, last, worst: total, beyond: total, bound, condition, usual: null, ongoing: false }];
  }
  return findRuns(events, { above: 0, forSeconds, times }, sampling).map((run) => {
    const worst = events.slice(run.first, run.last + 1).reduce<number>((sum, count) => sum + (count ?? 0), 0);
    return { ...run, worst, beyond: worst, bound, condition };
  });
}

/** From the first to the last missing point between others; all of them when none is missing. */
function missingWithin(values: readonly (number | null)[]): { first: number; last: number } {
  const first = values.findIndex((value) => value !== null);
  const last = values.findLastIndex((value) => value !== null);
  const missing = values
    .slice(first, last + 1)
    .flatMap((value, index) => (value === null ? [first + index] : []));
  return { first: missing[0] ?? first, last: missing.at(-1) ?? last };
}
