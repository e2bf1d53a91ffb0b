import { DAY_SECONDS } from '../../model/time.ts';
import { medianBetween, reusableBuffer, scatterOf } from '../medians.ts';
import { findBreaks } from './breaks.ts';
import type { LevelSeries } from './rhythm.ts';

/** Days from which a weekly rhythm is distinguishable from a change: two weeks with up to one missing day. */
const WEEKLY_FROM_DAYS = 13;

/** Minimum share of known points for a series to be judged. */
const LEAST_KNOWN_SHARE = 1 / 4;

/** Minimum days of history: with less than a week, not even a weekend is known. */
const LEAST_DAYS = 7;

/** Minimum points per day: with fewer, the rhythm of a day has no shape. */
const LEAST_POINTS_PER_DAY = 4;

/** A level unknown for more than this many days at the end may not exist any more. */
const MOST_DAYS_UNSEEN = 1;

/**
 * A trend changes the level by a minimum share and by 3.5 times the scatter, and within a week it moves the weekly
 * median by half of that. Series that move by less than these factors, about a third of both, are not searched.
 */
const LEAST_OF_SHARE = 0.3;
const LEAST_OF_SCATTER = 1.2;

/** Days of the histories for which the bounds on slow noise were determined with the benchmark. */
const MONTH_DAYS = 28;

/** Counts differ by one without any change. */
const COUNT_SCATTER = 1;

/** Minimum scatter as a share of the level, for levels that hardly ever move. Our choice. */
const LEAST_SCATTER_SHARE = 0.02;

/** A history that is long enough to be judged. */
export type LevelHistory = {
  series: LevelSeries;
  /** Number of points before the first known one. */
  offset: number;
  days: number;
  /** Points after which the longest rhythm repeats: those of a week or a day. */
  period: number;
  /** Number of known values. */
  known: number;
  /** Lowest and highest value. */
  low: number;
  high: number;
  /** Whether all values are whole numbers. */
  isCount: boolean;
  /** Lower bound on levels: 0 if no value is negative. Removing the rhythm could make a level negative. */
  least: number;
};

const buffers = { days: reusableBuffer(), differences: reusableBuffer() };

/** Returns the history between the first and the last known value, or `null` if it is too short or too little known. */
export function readHistory(values: Float64Array, stepSeconds: number): LevelHistory | null {
  const perDay = Math.round(DAY_SECONDS / stepSeconds);
  const { offset, end, known, low, high, isCount } = summaryOf(values);
  const days = (end - offset) / perDay;
  if (known === 0 || days < LEAST_DAYS || perDay < LEAST_POINTS_PER_DAY) return null;
  if (values.length - end > MOST_DAYS_UNSEEN * perDay) return null;
  if (known < LEAST_KNOWN_SHARE * (end - offset)) return null;
  return {
    series: { values: values.subarray(offset, end), perDay },
    offset,
    days,
    period: days >= WEEKLY_FROM_DAYS ? 7 * perDay : perDay,
    known,
    low,
    high,
    isCount,
    least: low < 0 ? Number.NEGATIVE_INFINITY : 0,
  };
}

/** The first known point and the end of the last one, how many are known, and what they are. */
type Summary = Pick<LevelHistory, 'offset' | 'known' | 'low' | 'high' | 'isCount'> & { end: number };

function summaryOf(values: Float64Array): Summary {
  let [offset, end, known, low, high, isCount] = [
    0,
    0,
    0,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    true,
  ];
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    if (Number.isNaN(value)) continue;
    if (known === 0) offset = index;
    end = index + 1;
    known += 1;
    if (value < low) low = value;
    if (value > high) high = value;
    isCount &&= Number.isInteger(value);
  }
  return { offset, end, known, low, high, isCount };
}

/** Returns candidates for jumps: the first points after them. */
export function breaksIn({ series, days, low, high }: LevelHistory): number[] {
  return days >= WEEKLY_FROM_DAYS ? findBreaks(series, { low, high }) : [];
}

/**
 * Whether any week differed so much from the last one that searching for a trend is worth the time; for most levels it
 * is not. The medians of whole weeks are free of any rhythm.
 * @param share the share of the level by which a trend changes it
 */
export function seemsToMove(
  { series: { values, perDay }, days, low, high }: LevelHistory,
  share: number,
): boolean {
  // The medians of weeks are all within the range of the values.
  if (high - low <= LEAST_OF_SHARE * share * low) return false;
  const newestFirst = buffers.days(Math.ceil(values.length / perDay));
  for (let day = 0; day < newestFirst.length; day += 1) {
    const end = values.length - day * perDay;
    newestFirst[day] = medianBetween(values, end - perDay, end);
  }
  const width = days >= WEEKLY_FROM_DAYS ? 7 : 3;
  const last = medianBetween(newestFirst, 0, width);
  let largest = 0;
  for (let first = width - 1; first < newestFirst.length; first += 2) {
    const difference = Math.abs(last - medianBetween(newestFirst, first, first + width));
    if (difference > largest) largest = difference;
  }
  if (!(largest > LEAST_OF_SHARE * share * Math.abs(last))) return false;
  // If neighbouring points are similar, this is less than the scatter, and more series are searched than necessary.
  return largest > LEAST_OF_SCATTER * (scatterOf(differencesOf(values)) / Math.SQRT2);
}

function differencesOf(values: Float64Array): Float64Array {
  const differences = buffers.differences(values.length - 1);
  for (let index = 0; index < differences.length; index += 1)
    differences[index] = (values[index + 1] as number) - (values[index] as number);
  return differences;
}

/** Returns the minimum scatter of a level. */
export function leastScatter({ isCount }: LevelHistory, level: number): number {
  return Math.max(isCount ? COUNT_SCATTER : 0, LEAST_SCATTER_SHARE * Math.abs(level));
}

/**
 * Returns by how much the requirements grow in less than a month of history: noise that lasts for days looks like a
 * change if there are few of them, and its scatter is hardly known.
 */
export function shortHistoryFactor({ days }: LevelHistory): number {
  return Math.max(1, MONTH_DAYS / days);
}
