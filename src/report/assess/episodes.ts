import type { Threshold } from '../model/indicator.ts';
import type { Finding } from '../model/report.ts';
import { isKnown } from '../model/series.ts';
import { watchUsualLevel } from './usual-level.ts';

/** A time beyond a threshold, in points of the grid. `Episode` of the report is the same in times. */
export type GridEpisode = {
  /** Indices of its first and last point. */
  first: number;
  last: number;
  /** The worst value, in the unit of the series. */
  worst: number;
  /** How far `worst` is beyond `bound`, in the same unit. */
  beyond: number;
  bound: number;
  condition: Finding['condition'];
  /** The usual level of the subject, for thresholds relative to it. */
  usual: number | null;
  /** Whether it still holds at the end: its last point is the last known one, at most a step before the end. */
  ongoing: boolean;
};

/** What the points of a series stand for. */
export type Sampling = {
  stepSeconds: number;
  /** How many missing points in a row do not end an episode. */
  bridgedPoints: number;
  /** How many neighbouring points may show the same moment, because their look-backs overlap. */
  sharingPoints: number;
};

type Breach = Pick<GridEpisode, 'beyond' | 'bound' | 'condition' | 'usual'>;

/** Whether a threshold compares with the usual level of the subject. */
export function isRelative({ change, rise }: Threshold): boolean {
  return change !== undefined || rise !== undefined;
}

/**
 * Finds the times for which values are beyond a threshold for as long as it requires. Missing points neither begin nor
 * end an episode. There are no episodes if all of them together show fewer separate moments than `times`.
 * @param before the values of the period before, for thresholds relative to the usual level
 */
export function findEpisodes(
  values: Float64Array,
  threshold: Threshold,
  { stepSeconds, bridgedPoints, sharingPoints }: Sampling,
  before?: Float64Array,
): GridEpisode[] {
  if (!mayBreach(values, threshold)) return [];
  const usual = isRelative(threshold) ? watchUsualLevel(values.length, stepSeconds, before) : null;
  const episodes: GridEpisode[] = [];
  let open: GridEpisode | null = null;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index];
    if (!isKnown(value)) continue;
    const breach = breachOf(value, threshold, usual?.level() ?? null);
    if (!breach) {
      usual?.learn(value);
      open = null;
      continue;
    }
    if (!open || index - open.last - 1 > bridgedPoints) {
      open = { first: index, last: index, worst: value, ...breach, ongoing: false };
      episodes.push(open);
    }
    open.last = index;
    if (breach.beyond > open.beyond) Object.assign(open, breach, { worst: value });
  }
  if (open && open.last >= values.length - 2) open.ongoing = true;

  // A single moment has not lasted, however many points show it.
  const leastPoints = threshold.forSeconds > stepSeconds ? sharingPoints + 1 : 1;
  const lasting = episodes.filter(({ first, last }) => {
    const points = last - first + 1;
    return points >= leastPoints && points * stepSeconds >= threshold.forSeconds;
  });
  return countMoments(values, lasting, sharingPoints) < (threshold.times ?? 1) ? [] : lasting;
}

/** Whether any value is beyond the fixed bounds of a threshold. Most series are not, and need no closer look. */
function mayBreach(values: Float64Array, { above, atLeast, below, change, rise }: Threshold): boolean {
  if (change !== undefined || (rise !== undefined && above === undefined)) return true;
  const most = Math.min(above ?? Infinity, atLeast ?? Infinity);
  const least = below ?? -Infinity;
  return values.some((value) => value >= most || value < least);
}

/** Returns how far a value is beyond the bound that it breaches, or `null` if it breaches none. */
function breachOf(value: number, threshold: Threshold, usual: number | null): Breach | null {
  const { above, atLeast, below, change, rise } = threshold;
  const share = change ?? rise;
  // Any value would be a change from a usual level of 0, unless there is a bound as well.
  if (share !== undefined && (usual === null || (usual === 0 && above === undefined))) return null;
  const level = usual ?? 0;
  const most = share === undefined ? (above ?? Infinity) : Math.max(above ?? -Infinity, level * (1 + share));
  const least = change === undefined ? (below ?? -Infinity) : level * (1 - change);
  if (value < least) return { beyond: least - value, bound: least, condition: 'below', usual };
  if (atLeast !== undefined && value >= atLeast)
    return { beyond: value - atLeast, bound: atLeast, condition: 'at-least', usual };
  return value > most ? { beyond: value - most, bound: most, condition: 'above', usual } : null;
}

/** Returns the least number of separate moments that the known values within some episodes show. */
function countMoments(values: Float64Array, episodes: readonly GridEpisode[], sharingPoints: number): number {
  let count = 0;
  let counted = -Infinity;
  for (const { first, last } of episodes)
    for (let index = first; index <= last; index += 1)
      if (isKnown(values[index]) && index - counted >= sharingPoints) {
        counted = index;
        count += 1;
      }
  return count;
}

/** Returns the episode that is furthest beyond its bound. */
export function worstEpisode(episodes: readonly GridEpisode[]): GridEpisode | undefined {
  return episodes.reduce<GridEpisode | undefined>(
    (worst, episode) => (worst && worst.beyond >= episode.beyond ? worst : episode),
    undefined,
  );
}

/** Merges the episodes of several series on one time axis: overlapping and adjacent ones become one. */
export function mergeEpisodes(episodes: readonly GridEpisode[]): GridEpisode[] {
  const merged: GridEpisode[] = [];
  for (const episode of episodes.toSorted((a, b) => a.first - b.first)) {
    const open = merged.at(-1);
    if (!open || episode.first > open.last + 1) {
      merged.push({ ...episode });
      continue;
    }
    const last = Math.max(open.last, episode.last);
    const ongoing = open.ongoing || episode.ongoing;
    Object.assign(open, episode.beyond > open.beyond ? episode : open, { first: open.first, last, ongoing });
  }
  return merged;
}
