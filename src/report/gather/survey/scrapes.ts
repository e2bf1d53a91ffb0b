import { max } from 'd3-array';
import { isKnown, type Series } from '../../model/series.ts';
import type { Target } from './targets.ts';

/** How often each target was scraped in each look-back of the probe. */
export type Scrapes = ReadonlyMap<Target, Series>;

/** Returns the number of scrapes of a target in one look-back. */
export function scrapeCount(target: Target, lookBack: number, scrapes: Scrapes): number {
  const count = scrapes.get(target)?.values[lookBack];
  return isKnown(count) ? count : 0;
}

/** Whether a condition is true for the index of any look-back. */
export function inAnyLookBack(
  targets: readonly Target[],
  scrapes: Scrapes,
  condition: (lookBack: number) => boolean,
): boolean {
  const length = Math.max(0, ...targets.map((target) => scrapes.get(target)?.values.length ?? 0));
  return Array.from({ length }).some((_, lookBack) => condition(lookBack));
}

/**
 * Returns the fraction of a look-back for which a target was scraped: 1 for as many scrapes as any target of its job ever
 * has, 0 for none.
 */
export type ScrapeShare = (target: Target, lookBack: number) => number;

/**
 * Counts of scrapes are compared as shares since jobs have different intervals, and since neither of two targets has a
 * full look-back in which one succeeded the other.
 */
export function scrapeShares(targets: readonly Target[], scrapes: Scrapes): ScrapeShare {
  const mostByJob = new Map<string | undefined, number>();
  for (const target of targets) {
    const { job } = target.labels;
    const most = max(scrapes.get(target)?.values ?? []) ?? 0;
    mostByJob.set(job, Math.max(mostByJob.get(job) ?? 0, most));
  }
  return (target, lookBack) => {
    const most = mostByJob.get(target.labels['job']) ?? 0;
    // If there is never more than one scrape, it is unknown for how much of a look-back it stands.
    return most > 1 ? scrapeCount(target, lookBack, scrapes) / most : 0;
  };
}
