import type { Scrapes, Target } from './targets.ts';

/** How much of a look-back of the probe each target was scraped for. */

/** 1: as often as any target of the same job ever was; 0: not at all. */
export type Share = (target: Target, index: number) => number;

/** How many look-backs the probe has. */
export function pointsOf(targets: readonly Target[], scrapes: Scrapes): number {
  return Math.max(0, ...targets.map((target) => scrapes.get(target)?.length ?? 0));
}

/**
 * Counts of scrapes as shares of a whole look-back. Jobs have scrape intervals of their own, and of two targets of
 * which one follows the other within a look-back neither has a whole one.
 */
export function sharesOf(targets: readonly Target[], scrapes: Scrapes): Share {
  const whole = new Map<string | undefined, number>();
  for (const target of targets) {
    const { job } = target.labels;
    for (const count of scrapes.get(target) ?? []) whole.set(job, Math.max(whole.get(job) ?? 0, count ?? 0));
  }
  return (target, index) => {
    const most = whole.get(target.labels['job']) ?? 0;
    // Of a single scrape it is not known how much of a look-back it stands for.
    return most > 1 ? (scrapes.get(target)?.[index] ?? 0) / most : 0;
  };
}
