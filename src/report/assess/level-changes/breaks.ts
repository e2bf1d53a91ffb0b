import { copyKnown } from '../../model/series.ts';
import {
  medianBefore,
  medianFrom,
  medianWithout,
  reusableBuffer,
  runningMedians,
  scatterOf,
  sortBetween,
} from '../medians.ts';
import { type LevelSeries, removeDailyRhythm } from './rhythm.ts';

/** A jump is the difference of the medians of this many days before and after it. Short bursts move neither. */
const WINDOW_DAYS = 0.5;

/** A candidate is this many times the usual scatter of jumps; findings have to pass more than that. */
const LEAST_DEVIATIONS = 3.5;

/** A candidate changes the level by at least this share. */
const LEAST_SHARE = 0.15;

/** The median of at least this many other weeks is not moved by a jump in one of them. */
const LEAST_WEEKS = 3;

/**
 * A jump is not unusual if the same hours of other weeks differ by at most this factor: the greatest one of the hours
 * before it times the greatest one of the hours from it on. Its logarithm is just less than `LEAST_SHARE`. Medians of
 * such hours differ at most as much as their values, the daily rhythm is the same in all weeks, and a jump is the
 * difference of two medians.
 */
const MOST_WEEKLY_FACTOR = 1.16;

/** Upper bound on candidates: a leak with a restart every second day has 15 in a month, and more is noise. */
const MOST_BREAKS = 15;

const buffers = {
  factors: reusableBuffer(),
  greatest: reusableBuffer(),
  logarithms: reusableBuffer(),
  levels: reusableBuffer(),
  known: reusableBuffer(),
  medians: reusableBuffer(),
  jumps: reusableBuffer(),
  before: reusableBuffer(),
  unusual: reusableBuffer(),
  sameHour: reusableBuffer(),
};

/**
 * Finds the points at which a level may have jumped: the first points after each jump, in order. Only the neighbourhood
 * of a point counts, so that neither a slope nor another jump interferes. What happens every week at the same hour is
 * not a jump.
 * @param range the lowest and the highest of the values
 * @param isScreened whether quick tests may reject the level, as they do most levels; the result is the same
 */
export function findBreaks(
  { values, perDay }: LevelSeries,
  { low, high }: { low: number; high: number },
  isScreened = true,
): number[] {
  // The rhythm and noise of most levels grow with the level. In logarithms they do not, and a jump is a share.
  const isLogarithm = low > 0;
  const week = 7 * perDay;
  const width = Math.max(3, Math.round(perDay * WINDOW_DAYS));
  if (isScreened && (low === high || (isLogarithm && isSimilarEachWeek(values, week, width)))) return [];
  const levels = buffers.levels(values.length);
  removeDailyRhythm({ values: isLogarithm ? logarithmsOf(values) : values, perDay }, levels);
  const jumps = jumpsIn(levels, width, isLogarithm);
  if (isScreened && !hasUnusualJump(jumps, week)) return [];
  return pickLargest(sizesOfUnusual(jumps, week), 2 * width)
    .filter((point) => isJumpForADay(levels, point, perDay, isLogarithm))
    .sort((a, b) => a - b);
}

/** Whether each hour of the week has such similar values in all weeks that no jump of medians can be unusual. */
function isSimilarEachWeek(values: Float64Array, week: number, width: number): boolean {
  // In a shorter history, some hours have one jump only and nothing that it could be compared with.
  if (values.length < 2 * (week + width)) return false;
  const factors = buffers.factors(week);
  let largest = 1;
  for (let hour = 0; hour < week; hour += 1) {
    let [low, high] = [Number.POSITIVE_INFINITY, 0];
    for (let index = hour; index < values.length; index += week) {
      const value = values[index] as number;
      // Around a gap, medians are of different hours.
      if (Number.isNaN(value)) return false;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    const factor = high / low;
    if (factor > MOST_WEEKLY_FACTOR) return false;
    if (factor > largest) largest = factor;
    factors[hour] = factor;
  }
  return largest ** 2 <= MOST_WEEKLY_FACTOR || areSmallNearby(factors, width);
}

/** Whether the factors of the hours before and after each hour are small enough together. */
function areSmallNearby(factors: Float64Array, width: number): boolean {
  const week = factors.length;
  const greatest = buffers.greatest(week).fill(1);
  for (let hour = 0; hour < week; hour += 1)
    for (let place = hour; place < hour + width; place += 1)
      greatest[hour] = Math.max(greatest[hour] as number, factors[place % week] as number);
  return greatest.every(
    (factor, hour) => factor * (greatest[(hour + width) % week] as number) <= MOST_WEEKLY_FACTOR,
  );
}

function logarithmsOf(values: Float64Array): Float64Array {
  const logarithms = buffers.logarithms(values.length);
  for (let index = 0; index < values.length; index += 1)
    logarithms[index] = Math.log(values[index] as number);
  return logarithms;
}

/** For each point; NaN for unknown points and close to the ends. */
type Jumps = {
  /** The difference of the medians of the known points before it and from it on. */
  sizes: Float64Array;
  /** The minimum size of a jump: a share of the level before it, which is an amount for logarithms. */
  least: Float64Array;
};

function jumpsIn(levels: Float64Array, width: number, isLogarithm: boolean): Jumps {
  const known = buffers.known(levels.length);
  const count = copyKnown(levels, 0, levels.length, known);
  const medians = buffers.medians(count);
  runningMedians(known.subarray(0, count), width, medians);
  const sizes = buffers.jumps(levels.length).fill(Number.NaN);
  const least = buffers.before(levels.length).fill(Number.NaN);
  let after = 0;
  for (let index = 0; index < levels.length && after + width <= count; index += 1) {
    if (Number.isNaN(levels[index])) continue;
    if (after >= width) {
      const before = medians[after - width] as number;
      sizes[index] = (medians[after] as number) - before;
      least[index] = LEAST_SHARE * (isLogarithm ? 1 : Math.abs(before));
    }
    after += 1;
  }
  return { sizes, least };
}

/**
 * Whether an unusual jump may be large enough, which is false for most levels and decided in little time: a jump differs
 * from the median of those at the same hour of other weeks by at most the range of all of them.
 */
function hasUnusualJump({ sizes, least }: Jumps, week: number): boolean {
  for (let hour = 0; hour < week; hour += 1) {
    let [low, high, bound] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    for (let index = hour; index < sizes.length; index += week) {
      const size = sizes[index] as number;
      if (size < low) low = size;
      if (size > high) high = size;
      if ((least[index] as number) < bound) bound = least[index] as number;
    }
    // The only jump of its hour is compared with none.
    if ((low === high ? Math.abs(low) : high - low) > bound) return true;
  }
  return false;
}

/** Returns the size of each jump that is unusual and large enough, and 0 for other points. */
function sizesOfUnusual(jumps: Jumps, week: number): Float64Array {
  const unusual = unusualJumps(jumps.sizes, week);
  const least = LEAST_DEVIATIONS * scatterOf(unusual);
  for (let index = 0; index < unusual.length; index += 1) {
    const size = Math.abs(unusual[index] as number);
    unusual[index] = size > Math.max(least, jumps.least[index] as number) ? size : 0;
  }
  return unusual;
}

/** Subtracts from each jump the median of those at the same hour of the other weeks. */
function unusualJumps(jumps: Float64Array, week: number): Float64Array {
  const unusual = buffers.unusual(jumps.length);
  const sameHour = buffers.sameHour(Math.ceil(jumps.length / week));
  for (let hour = 0; hour < week; hour += 1) {
    let known = 0;
    for (let index = hour; index < jumps.length; index += week)
      if (!Number.isNaN(jumps[index])) sameHour[known++] = jumps[index] as number;
    sortBetween(sameHour, 0, known);
    for (let index = hour; index < jumps.length; index += week) {
      const jump = jumps[index] as number;
      const others = Number.isNaN(jump) ? known : known - 1;
      unusual[index] =
        others === 0 ? jump : unusualPartOf(jump, medianWithout(sameHour, known, jump), others);
    }
  }
  return unusual;
}

/** @param weeks the number of other weeks with this usual jump */
function unusualPartOf(jump: number, usual: number, weeks: number): number {
  const difference = jump - usual;
  if (weeks >= LEAST_WEEKS) return difference;
  // With one or two other weeks, a single jump would make the same hour of the others unusual.
  return jump * difference > 0 ? Math.sign(jump) * Math.min(Math.abs(jump), Math.abs(difference)) : 0;
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
