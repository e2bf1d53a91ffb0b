import type { Severity, Threshold } from '../model/indicator.ts';
import type { Grid } from '../model/series.ts';

/** A stretch in which a threshold was breached, in points of the grid, both ends included. */
export type Run = { first: number; last: number; worst: number };

export type Breach = {
  severity: Severity;
  runs: Run[];
  /** The worst value of all runs. */
  worst: number;
  /** The bound that `worst` is beyond, in the unit of the values. */
  bound: number;
  condition: 'above' | 'at-least' | 'below';
};

/** The condition of a threshold for one subject, with everything relative to its median worked out. */
type Bounds = { above: number; atLeast: number; below: number };

function boundsOf(threshold: Threshold, median: number | null): Bounds | null {
  const { above, atLeast, below, change, rise } = threshold;
  if (change !== undefined || rise !== undefined) {
    // Without a level to compare with there is no change; a median of 0 would make any value one.
    if (median === null || median === 0) return null;
    const highest = change ?? rise ?? 0;
    return {
      above: Math.max(above ?? -Infinity, median * (1 + highest)),
      atLeast: atLeast ?? Infinity,
      below: change === undefined ? -Infinity : median * (1 - change),
    };
  }
  return { above: above ?? Infinity, atLeast: atLeast ?? Infinity, below: below ?? -Infinity };
}

/**
 * Where values breach a threshold for as long as it demands. Missing points neither breach nor heal: a run goes on
 * over as many of them as `bridge` allows. A run that is too short is no breach, nor are runs with fewer breached
 * points in all than `times`.
 */
export function findBreach(
  values: readonly (number | null)[],
  median: number | null,
  threshold: Threshold,
  severity: Severity,
  grid: Pick<Grid, 'stepSeconds'>,
  bridge: number,
): Breach | null {
  const bounds = boundsOf(threshold, median);
  if (!bounds) return null;
  const isBreached = (value: number) =>
    value > bounds.above || value >= bounds.atLeast || value < bounds.below;
  // How bad a value is: how far beyond the bound that it breaches.
  const badness = (value: number) =>
    value < bounds.below ? bounds.below - value : value - Math.min(bounds.above, bounds.atLeast);

  const runs: Run[] = [];
  let breachedPoints = 0;
  for (let index = 0, open: Run | null = null; index < values.length; index += 1) {
    const value = values[index] ?? null;
    if (value === null) continue;
    if (!isBreached(value)) {
      open = null;
      continue;
    }
    breachedPoints += 1;
    if (open && index - open.last - 1 <= bridge) {
      open.last = index;
      if (badness(value) > badness(open.worst)) open.worst = value;
    } else {
      open = { first: index, last: index, worst: value };
      runs.push(open);
    }
  }

  const long = runs.filter((run) => (run.last - run.first + 1) * grid.stepSeconds >= threshold.forSeconds);
  const [first] = long;
  if (!first || breachedPoints < (threshold.times ?? 1)) return null;
  const worst = long.reduce(
    (found, run) => (badness(run.worst) > badness(found) ? run.worst : found),
    first.worst,
  );
  if (worst < bounds.below) return { severity, runs: long, worst, bound: bounds.below, condition: 'below' };
  return bounds.atLeast <= bounds.above
    ? { severity, runs: long, worst, bound: bounds.atLeast, condition: 'at-least' }
    : { severity, runs: long, worst, bound: bounds.above, condition: 'above' };
}

/** Whether a run still holds at the period's end: nothing after it says otherwise, and the end is at most a step away. */
export function isOngoing(run: Run, values: readonly (number | null)[]): boolean {
  return run.last >= values.length - 2 && values.slice(run.last + 1).every((value) => value === null);
}
