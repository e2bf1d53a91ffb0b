import { isKnown, knownValues } from '../../model/series.ts';
import { DAY_SECONDS } from '../../model/time.ts';
import { medianBetween, scatterOf } from '../medians.ts';
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
  /** Candidates for jumps: the first points after them. */
  breaks: readonly number[];
  /** Lower bound on levels: 0 if no value is negative. Removing the rhythm could make a level negative. */
  least: number;
};

/** Returns the history between the first and the last known value, or `null` if it is too short or too little known. */
export function readHistory(values: Float64Array, stepSeconds: number): LevelHistory | null {
  const perDay = Math.round(DAY_SECONDS / stepSeconds);
  const offset = values.findIndex(isKnown);
  const end = values.findLastIndex(isKnown) + 1;
  const days = (end - offset) / perDay;
  if (offset < 0 || days < LEAST_DAYS || perDay < LEAST_POINTS_PER_DAY) return null;
  if (values.length - end > MOST_DAYS_UNSEEN * perDay) return null;
  const levels = values.subarray(offset, end);
  if (knownValues(levels).length < LEAST_KNOWN_SHARE * levels.length) return null;
  const series = { values: levels, perDay };
  const isWeekly = days >= WEEKLY_FROM_DAYS;
  return {
    series,
    offset,
    days,
    period: isWeekly ? 7 * perDay : perDay,
    breaks: isWeekly ? findBreaks(series) : [],
    least: levels.some((level) => level < 0) ? Number.NEGATIVE_INFINITY : 0,
  };
}

/**
 * Whether any week differed so much from the last one that searching for a trend is worth the time; for most levels it
 * is not. The medians of whole weeks are free of any rhythm.
 * @param share the share of the level by which a trend changes it
 */
export function seemsToMove({ series: { values, perDay }, days }: LevelHistory, share: number): boolean {
  const dailyMedians: number[] = [];
  for (let end = values.length; end > 0; end -= perDay)
    dailyMedians.push(medianBetween(values, end - perDay, end));
  // The loop starts at the end of the series, so index 0 is the newest day.
  const newestFirst = Float64Array.from(dailyMedians);
  const width = days >= WEEKLY_FROM_DAYS ? 7 : 3;
  const weekFrom = (first: number) => medianBetween(newestFirst, first, first + width);
  const last = weekFrom(0);
  // If neighbouring points are similar, this is less than the scatter, and more series are searched than necessary.
  const scatter = scatterOf(differencesOf(values)) / Math.SQRT2;
  const least = Math.max(LEAST_OF_SHARE * share * Math.abs(last), LEAST_OF_SCATTER * scatter);
  for (let first = width - 1; first < newestFirst.length; first += 2)
    if (Math.abs(last - weekFrom(first)) > least) return true;
  return false;
}

function differencesOf(values: Float64Array): Float64Array {
  return values.subarray(1).map((value, index) => value - (values[index] as number));
}

/** Returns the minimum scatter of a level. */
export function leastScatter({ series }: LevelHistory, level: number): number {
  const isCount = series.values.every((value) => Number.isNaN(value) || Number.isInteger(value));
  return Math.max(isCount ? COUNT_SCATTER : 0, LEAST_SCATTER_SHARE * Math.abs(level));
}

/**
 * Returns by how much the requirements grow in less than a month of history: noise that lasts for days looks like a
 * change if there are few of them, and its scatter is hardly known.
 */
export function shortHistoryFactor({ days }: LevelHistory): number {
  return Math.max(1, MONTH_DAYS / days);
}
