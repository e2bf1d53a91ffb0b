import { medianBefore, medianBetween, medianFrom } from '../medians.ts';
import {
  type Explained,
  type LevelHistory,
  leastScatter,
  shortHistoryFactor,
  slowScatterOf,
} from './history.ts';

/** A level that is another one since a point and still is at the end. */
export type Step = {
  kind: 'step';
  /** The first point of the new level. */
  index: number;
  /** Medians without the rhythm, in the unit of the values. */
  before: number;
  after: number;
  /** How many times the usual scatter the step is, with its sign. */
  deviations: number;
};

/** A step is at least this share of the level before; anything less is no news to an operator. */
const LEAST_SHARE = 0.2;

/** The modified z-score beyond which Iglewicz and Hoaglin (1993) call a value an outlier. */
const LEAST_DEVIATIONS = 3.5;

/**
 * Nor may slow noise explain a step: it is this many times the scatter of the medians of a day. More than 3.5, since
 * the best of all points of hundreds of lines is looked at.
 */
const LEAST_SLOW_DEVIATIONS = 5;

/** A step needs so many days before it, so that there is a level, … */
const LEAST_DAYS_BEFORE = 3;
/** … and so many after it, so that it has lasted. */
const LEAST_DAYS_AFTER = 0.5;

/** At the step itself the level jumps by most of what it changes by; a slope that adds up does not. */
const LEAST_AT_ONCE = 0.6;

/**
 * A level at which the history stayed before for a third as long as it does now is not new: that is how bursts and
 * incidents that are over go unreported, and how a level returns after them.
 */
const KNOWN_LEVEL = 1 / 3;

/** Nor is one that is left again for a quarter of the time there for good. */
const LEFT_AGAIN = 1 / 4;

/** Of the points on either side at most so many are nearer to the other level, or there are no two levels. */
const MOST_MIXED = 0.25;

/**
 * The last change of a level for good, or none.
 * @param breaks where it may be
 */
export function findStep(
  history: LevelHistory,
  breaks: readonly number[],
  explained: Explained,
): Step | null {
  const { levels, scatter } = explained;
  const { perDay } = history.line;
  const count = levels.length;
  const factor = shortHistoryFactor(history.days);
  for (let position = breaks.length - 1; position >= 0; position -= 1) {
    const index = breaks[position] as number;
    const daysAfter = (count - index) / perDay;
    if (index < LEAST_DAYS_BEFORE * perDay || daysAfter < LEAST_DAYS_AFTER * factor) continue;
    // The level between two steps counts, unless it was too short to be one.
    const first = Math.min(breaks[position - 1] ?? 0, index - LEAST_DAYS_BEFORE * perDay);
    const before = medianBetween(levels, first, index);
    const after = Math.max(history.least, medianBetween(levels, index, count));
    const size = after - before;
    if (size === 0 || Math.abs(size) < LEAST_SHARE * factor * Math.abs(before)) continue;
    const usual = Math.max(scatter, leastScatter(history, Math.max(Math.abs(before), Math.abs(after))));
    const slow =
      slowScatterOf(explained, Math.round(perDay * Math.min(1, daysAfter))) *
      shortHistoryFactor(history.days);
    if (Math.abs(size) < Math.max(LEAST_DEVIATIONS * usual, LEAST_SLOW_DEVIATIONS * slow)) continue;
    const atOnce = medianFrom(levels, index, perDay) - medianBefore(levels, index, perDay);
    if (atOnce / size < LEAST_AT_ONCE) continue;
    if (!isForGood(levels, index, { before, after, hours: Math.max(1, Math.round(perDay / 8)) })) continue;
    return { kind: 'step', index: index + history.offset, before, after, deviations: size / usual };
  }
  return null;
}

/**
 * Whether the level after a point is new and still there at the end.
 * @param hours three of them, in points: what is shorter is no stay
 */
function isForGood(
  levels: Float64Array,
  index: number,
  { before, after, hours }: { before: number; after: number; hours: number },
): boolean {
  const middle = (before + after) / 2;
  const isNew = (value: number) => (value > middle ? after > before : value < middle && after < before);
  const isOld = (value: number) => !isNew(value);
  const [old, recent] = [levels.subarray(0, index), levels.subarray(index)];
  return (
    isNew(medianBetween(recent, recent.length - 2 * hours, recent.length)) &&
    longestStay(old, hours, isNew) <= KNOWN_LEVEL * recent.length &&
    longestStay(recent, hours, isOld) <= LEFT_AGAIN * recent.length &&
    shareOf(old, isNew) <= MOST_MIXED &&
    shareOf(recent, isOld) <= MOST_MIXED
  );
}

/** The share of the known values that are somewhere. */
function shareOf(levels: Float64Array, isThere: (value: number) => boolean): number {
  const known = levels.filter((value) => !Number.isNaN(value));
  return known.filter(isThere).length / known.length;
}

/** The longest time, in points, for which the medians of some hours were somewhere. */
function longestStay(levels: Float64Array, width: number, isThere: (value: number) => boolean): number {
  let [longest, length] = [0, 0];
  for (let end = levels.length; end > 0; end -= width) {
    const middle = medianBetween(levels, end - width, end);
    if (Number.isNaN(middle)) continue;
    length = isThere(middle) ? length + width : 0;
    longest = Math.max(longest, length);
  }
  return longest;
}
