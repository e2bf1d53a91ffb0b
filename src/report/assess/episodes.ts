import type { Threshold } from '../model/indicator.ts';
import type { Finding } from '../model/report.ts';
import { watchUsual } from './usual-level.ts';

/** A stretch in which a threshold was breached, in points of the grid, both ends included. */
export type Run = {
  first: number;
  last: number;
  /** The worst value within it, and how far that is beyond the bound. */
  worst: number;
  beyond: number;
  /** The bound that `worst` is beyond, in the unit of the values. */
  bound: number;
  condition: Finding['condition'];
  /** What the subject usually had before, where the threshold compares with that. */
  usual: number | null;
  /** Whether it still holds at the end: nothing after it says otherwise, and the end is at most a step away. */
  ongoing: boolean;
};

/** How points stand for time. */
export type Sampling = {
  stepSeconds: number;
  /** So many missing points do not end a run. */
  bridge: number;
  /** So many neighbouring points may all show one and the same moment, because their look-backs overlap. */
  spread: number;
};

type Breach = Pick<Run, 'beyond' | 'bound' | 'condition' | 'usual'>;

function isRelative({ change, rise }: Threshold): boolean {
  return change !== undefined || rise !== undefined;
}

/**
 * How far a value is beyond the bound that it breaches; `null` for a value that breaches none.
 * @param usual the subject's usual level, for thresholds relative to it
 */
function breachOf(value: number, threshold: Threshold, usual: number | null): Breach | null {
  const { above, atLeast, below, change, rise } = threshold;
  const share = change ?? rise;
  // Without a level to compare with there is no change; a level of 0 would make any value one, if no bound went with it.
  if (share !== undefined && (usual === null || (usual === 0 && above === undefined))) return null;
  const level = usual ?? 0;
  const most = share === undefined ? (above ?? Infinity) : Math.max(above ?? -Infinity, level * (1 + share));
  const least = change === undefined ? (below ?? -Infinity) : level * (1 - change);
  if (value < least) return { beyond: least - value, bound: least, condition: 'below', usual };
  if (atLeast !== undefined && value >= atLeast)
    return { beyond: value - atLeast, bound: atLeast, condition: 'at-least', usual };
  return value > most ? { beyond: value - most, bound: most, condition: 'above', usual } : null;
}

/**
 * Where values breach a threshold for as long as it demands. Missing points neither breach nor heal: a run goes on
 * over as many of them as `bridge` allows. A run that is too short is no breach, nor are all runs together when they
 * show the condition at fewer separate moments than `times`.
 * @param before what the line had in the period before, for thresholds relative to the usual level
 */
export function findRuns(
  values: readonly (number | null)[],
  threshold: Threshold,
  { stepSeconds, bridge, spread }: Sampling,
  before?: readonly (number | null)[],
): Run[] {
  const usual = isRelative(threshold) ? watchUsual(values.length, stepSeconds, before) : null;
  const runs: Run[] = [];
  let open: Run | null = null;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? null;
    if (value === null) continue;
    const breach = breachOf(value, threshold, usual?.level() ?? null);
    if (!breach) {
      usual?.learn(value);
      open = null;
      continue;
    }
    if (!open || index - open.last - 1 > bridge) {
      open = { first: index, last: index, worst: value, ...breach, ongoing: false };
      runs.push(open);
    }
    open.last = index;
    if (breach.beyond > open.beyond) Object.assign(open, breach, { worst: value });
  }
  if (open && open.last >= values.length - 2) open.ongoing = true;

  // What a single moment makes, however many points show it, has not lasted.
  const leastPoints = threshold.forSeconds > stepSeconds ? spread + 1 : 1;
  const long = runs.filter(({ first, last }) => {
    const points = last - first + 1;
    return points >= leastPoints && points * stepSeconds >= threshold.forSeconds;
  });
  return countMoments(values, long, spread) < (threshold.times ?? 1) ? [] : long;
}

/** At how many moments the values in some runs breach at the very least: points so near each other may show the same. */
function countMoments(values: readonly (number | null)[], runs: readonly Run[], spread: number): number {
  let count = 0;
  let counted = -Infinity;
  for (const { first, last } of runs)
    for (let index = first; index <= last; index += 1)
      if (values[index] !== null && index - counted >= spread) {
        counted = index;
        count += 1;
      }
  return count;
}

/** The run that is furthest beyond its bound. */
export function worstOf(runs: readonly Run[]): Run | undefined {
  return runs.reduce<Run | undefined>(
    (worst, run) => (worst && worst.beyond >= run.beyond ? worst : run),
    undefined,
  );
}

/** Runs of several lines on one time axis: overlapping and adjacent ones become one. */
export function mergeRuns(runs: readonly Run[]): Run[] {
  const merged: Run[] = [];
  for (const run of [...runs].sort((a, b) => a.first - b.first)) {
    const open = merged.at(-1);
    if (!open || run.first > open.last + 1) {
      merged.push({ ...run });
      continue;
    }
    const { worst, beyond, bound, condition, usual } = run.beyond > open.beyond ? run : open;
    Object.assign(open, { worst, beyond, bound, condition, usual });
    open.last = Math.max(open.last, run.last);
    open.ongoing ||= run.ongoing;
  }
  return merged;
}
