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

export function countEvents(events: readonly (number | null)[]): Counted {
  // Counters hold whole numbers; subtracting them as floating-point numbers may be off by a little.
  const whole = events.map((one) => one && Math.round(one));
  return { total: whole.reduce<number>((sum, one) => sum + (one ?? 0), 0), events: whole };
}

/** The runs of events, where the total breaches the threshold; their `worst` is how many events each one holds. */
export function findEventRuns({ total, events }: Counted, threshold: Threshold, sampling: Sampling): Run[] {
  const [crossed] = findRuns([total], { ...threshold, forSeconds: 0, times: 1 }, sampling);
  if (!crossed) return [];
  const { bound, condition } = crossed;
  const { forSeconds, times = 1 } = threshold;
  return findRuns(events, { above: 0, forSeconds, times }, sampling).map((run) => {
    const worst = events.slice(run.first, run.last + 1).reduce<number>((sum, count) => sum + (count ?? 0), 0);
    return { ...run, worst, beyond: worst, bound, condition };
  });
}
