import {
  knownBetween,
  medianBefore,
  medianFrom,
  medianInPlace,
  runningMedians,
  scatterOf,
} from '../medians.ts';
import { dailyLevels, type LevelSeries, rhythmOf, withoutRhythm } from './rhythm.ts';

/** A jump is the difference of the medians of this many days before and after it. Short bursts move neither. */
const WINDOW_DAYS = 0.5;

/** A candidate is this many times the usual scatter of jumps; findings have to pass more than that. */
const LEAST_DEVIATIONS = 3.5;

/** A candidate changes the level by at least this share. */
const LEAST_SHARE = 0.15;

/** The median of at least this many other weeks is not moved by a jump in one of them. */
const LEAST_WEEKS = 3;

/** Upper bound on candidates: a leak with a restart every second day has 15 in a month, and more is noise. */
const MOST_BREAKS = 15;

/**
 * Finds the points at which a level may have jumped: the first points after each jump, in order. Only the neighbourhood
 * of a point counts, so that neither a slope nor another jump interferes. What happens every week at the same hour is
 * not a jump.
 */
export function findBreaks({ values: given, perDay }: LevelSeries): number[] {
  // The rhythm and noise of most levels grow with the level. In logarithms they do not, and a jump is a share.
  const isPositive = given.every((value) => !(value <= 0));
  const values = isPositive ? given.map(Math.log) : given;
  const series = { values, perDay };
  const withoutDays = withoutRhythm(values, rhythmOf(series, dailyLevels(series), perDay, 'deviation'));
  const width = Math.max(3, Math.round(perDay * WINDOW_DAYS));
  const { jumps, before } = jumpsIn(withoutDays, width);
  const unusual = unusualJumps(jumps, 7 * perDay);
  const scatter = scatterOf(unusual);
  const sizes = unusual.map((jump, index) => {
    const level = isPositive ? 1 : Math.abs(before[index] as number);
    const size = Math.abs(jump);
    return size > Math.max(LEAST_DEVIATIONS * scatter, LEAST_SHARE * level) ? size : 0;
  });
  return pickLargest(sizes, 2 * width)
    .filter((point) => isJumpForADay(withoutDays, point, perDay, isPositive))
    .sort((a, b) => a - b);
}

/**
 * Returns, for each point, the difference of the medians of the `width` known points before it and from it on, and the
 * former median; NaN for unknown points and close to the ends.
 */
function jumpsIn(values: Float64Array, width: number): { jumps: Float64Array; before: Float64Array } {
  const known: number[] = [];
  for (let index = 0; index < values.length; index += 1) if (!Number.isNaN(values[index])) known.push(index);
  const medians = runningMedians(knownBetween(values, 0, values.length), width);
  const jumps = new Float64Array(values.length).fill(Number.NaN);
  const before = jumps.slice();
  for (let after = width; after < medians.length; after += 1) {
    const index = known[after] as number;
    before[index] = medians[after - width] as number;
    jumps[index] = (medians[after] as number) - (before[index] as number);
  }
  return { jumps, before };
}

/** Subtracts from each jump the median of those at the same hour of the other weeks. */
function unusualJumps(jumps: Float64Array, week: number): Float64Array {
  const others = new Float64Array(Math.ceil(jumps.length / week));
  return jumps.map((jump, index) => {
    let known = 0;
    for (let other = index % week; other < jumps.length; other += week)
      if (other !== index && !Number.isNaN(jumps[other])) others[known++] = jumps[other] as number;
    if (known === 0) return jump;
    const difference = jump - medianInPlace(others, known);
    if (known >= LEAST_WEEKS) return difference;
    // With one or two other weeks, a single jump would make the same hour of the others unusual.
    return jump * difference > 0 ? Math.sign(jump) * Math.min(Math.abs(jump), Math.abs(difference)) : 0;
  });
}

/** Returns the points with the largest sizes above 0, at most one within `reach` points. */
function pickLargest(sizes: Float64Array, reach: number): number[] {
  const remaining = sizes.slice();
  const picked: number[] = [];
  while (picked.length < MOST_BREAKS) {
    let largest = 0;
    for (let index = 1; index < remaining.length; index += 1)
      if ((remaining[index] as number) > (remaining[largest] as number)) largest = index;
    if (!remaining[largest]) break;
    picked.push(largest);
    remaining.fill(0, Math.max(0, largest - reach), largest + reach + 1);
  }
  return picked;
}

/** Whether a jump still shows when whole days are compared; most bursts do not. */
export function isJumpForADay(
  levels: Float64Array,
  point: number,
  perDay: number,
  isLogarithm = false,
): boolean {
  const before = medianBefore(levels, point, perDay);
  // Where the level rises steadily, whole days show less of a jump than half days.
  const least = (LEAST_SHARE / 2) * (isLogarithm ? 1 : Math.abs(before));
  return Math.abs(medianFrom(levels, point, perDay) - before) >= least;
}

/**
 * Returns the point at which a jump between two levels fits best: where the absolute deviations from the old level
 * before it and from the new level after it have the smallest sum. The levels are the medians of a day on either side.
 */
export function refineBreak({ values, perDay }: LevelSeries, candidate: number): number {
  let found = candidate;
  const reach = Math.round(perDay * WINDOW_DAYS);
  const margin = Math.max(2, Math.round(perDay / 4));
  for (let round = 0; round < 2; round += 1) {
    const before = medianBefore(values, found - 1, perDay);
    const after = medianFrom(values, found + 1, perDay);
    const first = Math.max(1, found - reach);
    const end = Math.min(values.length - margin, found + reach + 1);
    let sum = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let index = first; index < end; index += 1) {
      const value = values[index] as number;
      // The new level begins with a known point.
      if (Number.isNaN(value)) continue;
      if (sum < least) {
        least = sum;
        found = index;
      }
      sum += Math.abs(value - before) - Math.abs(value - after);
    }
  }
  return found;
}
