import { medianBefore, medianBetween, medianFrom } from '../medians.ts';
import { type Decomposition, scatterAround, slowScatterOf } from './decompose.ts';
import { type LevelHistory, leastScatter, shortHistoryFactor } from './history.ts';

/** A level that differs since a point in time, still at the end. */
export type LevelStep = {
  kind: 'step';
  /** The first point of the new level. */
  index: number;
  /** Medians without the rhythm, in the unit of the values. */
  before: number;
  after: number;
  /** The step as a multiple of the usual scatter; its sign is the direction. */
  deviations: number;
};

/** A step is at least this share of the level before. Our choice: operators do not need to know of less. */
const LEAST_SHARE = 0.2;

/** The modified z-score beyond which Iglewicz and Hoaglin (1993) call a value an outlier. */
const LEAST_DEVIATIONS = 3.5;

/**
 * A step is also this many times the scatter of daily medians, so that slow noise is not one. More than 3.5, because
 * the best of all points in hundreds of series is examined. From the benchmark.
 */
const LEAST_SLOW_DEVIATIONS = 5;

/** Minimum days before a step, for there to be a level. */
const LEAST_DAYS_BEFORE = 3;

/** Minimum days after a step, for it to have lasted. */
const LEAST_DAYS_AFTER = 0.5;

/** At the step, the level jumps by at least this share of the whole change. A slope that accumulates does not. */
const LEAST_AT_ONCE = 0.6;

/**
 * A level is not new if the history was there before for this share of the time since the step. This excludes bursts,
 * incidents that are over, and the return from them.
 */
const KNOWN_LEVEL_SHARE = 1 / 3;

/** A level that was left again for this share of the time did not change for good. */
const LEFT_AGAIN_SHARE = 1 / 4;

/** If more than this share of the points on either side is nearer to the other level, there are no two levels. */
const MOST_MIXED_SHARE = 0.25;

/** Part of a day that is the shortest stay at a level: three hours. */
const SHORTEST_STAY_DAYS = 1 / 8;

/** Returns the last of the breaks at which a level changed for good, or `null`. */
export function findStep(
  history: LevelHistory,
  breaks: readonly number[],
  decomposition: Decomposition,
): LevelStep | null {
  for (let position = breaks.length - 1; position >= 0; position -= 1) {
    const step = stepAt(history, decomposition, breaks[position] as number, breaks[position - 1] ?? 0);
    if (step) return step;
  }
  return null;
}

/** Returns the step at a break if there is one. */
function stepAt(
  history: LevelHistory,
  decomposition: Decomposition,
  index: number,
  previousBreak: number,
): LevelStep | null {
  const { levels } = decomposition;
  const { perDay } = history.series;
  const count = levels.length;
  const factor = shortHistoryFactor(history);
  const daysAfter = (count - index) / perDay;
  if (index < LEAST_DAYS_BEFORE * perDay || daysAfter < LEAST_DAYS_AFTER * factor) return null;
  // The level before is the one since the previous break, unless that was too short to be a level.
  const first = Math.min(previousBreak, index - LEAST_DAYS_BEFORE * perDay);
  const before = medianBetween(levels, first, index);
  const after = Math.max(history.least, medianBetween(levels, index, count));
  const size = after - before;
  if (size === 0 || Math.abs(size) < LEAST_SHARE * factor * Math.abs(before)) return null;
  const largest = Math.max(Math.abs(before), Math.abs(after));
  const scatter = Math.max(scatterAround(decomposition), leastScatter(history, largest));
  const slow = slowScatterOf(decomposition, Math.round(perDay * Math.min(1, daysAfter))) * factor;
  if (Math.abs(size) < Math.max(LEAST_DEVIATIONS * scatter, LEAST_SLOW_DEVIATIONS * slow)) return null;
  const atOnce = medianFrom(levels, index, perDay) - medianBefore(levels, index, perDay);
  if (atOnce / size < LEAST_AT_ONCE) return null;
  const shortestStay = Math.max(1, Math.round(perDay * SHORTEST_STAY_DAYS));
  if (!isForGood(levels, index, { before, after, shortestStay })) return null;
  return { kind: 'step', index: index + history.offset, before, after, deviations: size / scatter };
}

/**
 * Whether the level after a point is new and still present at the end.
 * @param shortestStay in points
 */
function isForGood(
  levels: Float64Array,
  index: number,
  { before, after, shortestStay }: { before: number; after: number; shortestStay: number },
): boolean {
  const middle = (before + after) / 2;
  const isNew = (value: number) => (value > middle ? after > before : value < middle && after < before);
  const isOld = (value: number) => !isNew(value);
  const [old, recent] = [levels.subarray(0, index), levels.subarray(index)];
  return (
    isNew(medianBetween(recent, recent.length - 2 * shortestStay, recent.length)) &&
    longestStay(old, shortestStay, isNew) <= KNOWN_LEVEL_SHARE * recent.length &&
    longestStay(recent, shortestStay, isOld) <= LEFT_AGAIN_SHARE * recent.length &&
    shareOf(old, isNew) <= MOST_MIXED_SHARE &&
    shareOf(recent, isOld) <= MOST_MIXED_SHARE
  );
}

/** Returns the share of the known levels that match. */
function shareOf(levels: Float64Array, isMatch: (level: number) => boolean): number {
  const known = levels.filter((level) => !Number.isNaN(level));
  return known.filter(isMatch).length / known.length;
}

/** Returns the longest time for which the medians of `width` points match, in points. */
function longestStay(levels: Float64Array, width: number, isMatch: (level: number) => boolean): number {
  let [longest, length] = [0, 0];
  for (let end = levels.length; end > 0; end -= width) {
    const middle = medianBetween(levels, end - width, end);
    if (Number.isNaN(middle)) continue;
    length = isMatch(middle) ? length + width : 0;
    longest = Math.max(longest, length);
  }
  return longest;
}
