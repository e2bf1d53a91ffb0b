import type { Threshold } from '../model/indicator.ts';
import type { Windows } from '../model/series.ts';
import { findRuns, type Run, type Sampling } from './episodes.ts';

/**
 * Judging what is counted over the whole period. The bound of a threshold applies to the total; when it happened, and
 * at how many separate moments, is seen in the points, each of which holds the increase within its look-back.
 */

export type Counted = {
  /** Events of the period. */
  total: number;
  /** Events within each point's look-back, in whole numbers. */
  events: (number | null)[];
  /** What of them falls to each point's own step, since look-backs may overlap; not whole. */
  shares: number[];
};

/** @param said what the query of totals said of the line, if anything */
export function countEvents(
  increases: readonly (number | null)[],
  said: number | undefined,
  { stepSeconds, spread }: Sampling,
  { rateSeconds, scrapeIntervalSeconds }: Windows,
): Counted {
  const sum = increases.reduce<number>((found, increase) => found + (increase ?? 0), 0);
  const shown = (sum * stepSeconds) / rateSeconds;
  // What happened between the last scrape before the period and its first is in no total, but in the first point. Where
  // look-backs overlap, the first points also show what is older.
  const total = said || (said === undefined || spread === 1 ? Math.round(shown) : 0);
  // increase() extrapolates what it sees between samples, which lie an interval less than the window apart, to all of
  // the window; but hardly where a counter rises from 0. The total tells which.
  const seen = (rateSeconds - scrapeIntervalSeconds) / rateSeconds;
  const correction = shown > 0 ? Math.min(Math.max(total / shown, 1), 1 / seen) : 1;
  return {
    total,
    events: increases.map((increase) => increase && Math.round(increase * seen * correction)),
    shares: increases.map((increase) => ((increase ?? 0) * stepSeconds * correction) / rateSeconds),
  };
}

/** The runs of events, where the total breaches the threshold; their `worst` is how many events each one holds. */
export function findEventRuns(
  { total, events, shares }: Counted,
  threshold: Threshold,
  sampling: Sampling,
): Run[] {
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
    const held = shares.slice(run.first, run.last + 1).reduce((sum, share) => sum + share, 0);
    const worst = Math.max(1, Math.round(held));
    // The points after the last event show it until it leaves their look-back.
    const last = Math.max(run.first, run.last - (sampling.spread - 1));
    const ongoing = run.ongoing && last >= events.length - 2;
    return { ...run, last, worst, beyond: worst, bound, condition, ongoing };
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
