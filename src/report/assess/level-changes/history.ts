import { knownOf, medianBetween, medianOf, scatterOf } from '../medians.ts';
import { findBreaks, lastsADay, refineBreak } from './breaks.ts';
import { type Cell, cellsOf, type Fit, fitLevel } from './fit.ts';
import { type Line, withoutBestRhythm } from './rhythm.ts';
import type { Day } from './slope.ts';

/** A week cannot be told from a change before there are two of them; a missing day more or less does not matter. */
const WEEKLY_FROM_DAYS = 13;

/** Of less than this share of the points nothing is said. */
const LEAST_KNOWN = 1 / 4;

/**
 * A trend of a week moves the median of the last week by half as much as the level, and a trend is 3.5 times the
 * scatter; what is moved by less than a third of both is not looked at closely.
 */
const LEAST_OF_SHARE = 0.3;
const LEAST_OF_SCATTER = 1.2;

/** What the demands on slow noise were found for. */
const MONTH_DAYS = 28;

/** Counts differ by one without anything having changed. */
const COUNT_SCATTER = 1;

/** A level that hardly ever moves has some scatter all the same: so much of itself. */
const LEAST_SCATTER = 0.02;

/** With less than a week, not even a weekend is known. */
const LEAST_DAYS = 7;

/** What has not been seen for longer has no level now that could have changed for good. */
const MOST_DAYS_UNSEEN = 1;

/** A history that is long enough to be judged. */
export type LevelHistory = {
  line: Line;
  /** How many points lie before the first known one. */
  offset: number;
  days: number;
  /** Points after which the rhythm begins anew: a week of them or a day. */
  period: number;
  breaks: readonly number[];
  /** No level is less than this: 0 where no value is negative. Taking a rhythm away could make it so. */
  least: number;
};

/** What a model makes of a history, to the point. */
export type Explained = {
  /** The values without their rhythm. */
  levels: Float64Array;
  /** How much of each level the model's slope has made. */
  rises: Float64Array;
  /** What neither model nor rhythm explains, NaN where nothing is known. */
  rests: Float64Array;
  /** The usual scatter of a point around the model. */
  scatter: number;
  /** What share of the scatter the rhythm has left, since it was fitted to the same points. */
  freedom: number;
};

/** `null` where there is too little to say anything. */
export function historyOf(values: readonly (number | null)[], stepSeconds: number): LevelHistory | null {
  const perDay = Math.round(86_400 / stepSeconds);
  const offset = values.findIndex((value) => value !== null);
  const end = values.findLastIndex((value) => value !== null) + 1;
  const days = (end - offset) / perDay;
  // The rhythm of a day has no shape in fewer than four points.
  if (offset < 0 || days < LEAST_DAYS || perDay < 4) return null;
  if (values.length - end > MOST_DAYS_UNSEEN * perDay) return null;
  const known = new Float64Array(end - offset);
  let count = 0;
  for (let index = 0; index < known.length; index += 1) {
    const value = values[index + offset] ?? Number.NaN;
    known[index] = value;
    if (!Number.isNaN(value)) count += 1;
  }
  if (count < LEAST_KNOWN * known.length) return null;
  const line = { values: known, perDay };
  const period = days >= WEEKLY_FROM_DAYS ? 7 * perDay : perDay;
  const breaks = days >= WEEKLY_FROM_DAYS ? findBreaks(line) : [];
  const least = known.some((value) => value < 0) ? Number.NEGATIVE_INFINITY : 0;
  return { line, offset, days, period, breaks, least };
}

/**
 * Whether a week was so different from the one at the end that a closer look for a trend is worth its time; most
 * levels are not. Whole weeks have no rhythm that could mislead.
 * @param share of the level that a trend changes it by
 */
export function seemsToMove({ line, days }: LevelHistory, share: number): boolean {
  const { values, perDay } = line;
  const middles: number[] = [];
  for (let end = values.length; end > 0; end -= perDay)
    middles.push(medianBetween(values, end - perDay, end));
  const width = days >= WEEKLY_FROM_DAYS ? 7 : 3;
  const week = (first: number) => medianBetween(Float64Array.from(middles), first, first + width);
  const last = week(0);
  // Where neighbours resemble each other that is less than the scatter, and the closer look is taken.
  const scatter = scatterOf(changesOf(values)) / Math.SQRT2;
  const least = Math.max(LEAST_OF_SHARE * share * Math.abs(last), LEAST_OF_SCATTER * scatter);
  return middles.some(
    (_, first) => first >= width - 1 && first % 2 === 0 && Math.abs(last - week(first)) > least,
  );
}

function changesOf(values: Float64Array): Float64Array {
  const changes = new Float64Array(Math.max(0, values.length - 1));
  for (let index = 0; index < changes.length; index += 1)
    changes[index] = (values[index + 1] as number) - (values[index] as number);
  return changes;
}

/** The medians of quarters of days, by the parts that the breaks make; of points where a day has no quarters. */
export function quartersIn({ line, period }: LevelHistory, breaks: readonly number[]): Cell[] {
  return cellsOf(line, breaks, period, line.perDay % 4 === 0 ? line.perDay / 4 : 1);
}

/** The medians of whole days, by the parts that the breaks make. */
export function wholeDaysIn({ line, period }: LevelHistory, breaks: readonly number[]): Cell[] {
  return cellsOf(line, breaks, period, line.perDay);
}

/** Applies a model to every point, with the rhythm to the hour that follows from it. */
export function explain(
  { line, period }: LevelHistory,
  cells: readonly Cell[],
  breaks: readonly number[],
  fit: Fit,
): Explained {
  const { values, perDay } = line;
  const riseAt = (day: number) => (fit.onset === null ? 0 : fit.slope * Math.max(0, day - fit.onset));
  const partCount = Math.max(...fit.parts) + 1;
  const bases = Array.from({ length: partCount }, (_, part) => {
    const own = cells.filter((cell) => fit.parts[cell.part] === part);
    const rests = own.map(({ value, day, phase }) => value - riseAt(day) - (fit.phases[phase] as number));
    return medianOf(Float64Array.from(rests), rests.length);
  });
  let part = 0;
  const rises = values.map((_, index) => riseAt(index / perDay));
  const fitted = rises.map((rise, index) => {
    while (part < breaks.length && (breaks[part] as number) <= index) part += 1;
    return (bases[fit.parts[part] ?? 0] as number) + rise;
  });
  const { values: levels, freedom } = withoutBestRhythm(line, fitted, period);
  const rests = levels.map((value, index) => value - (fitted[index] as number));
  return { levels, rises, rests, scatter: scatterOf(rests) / Math.sqrt(freedom), freedom };
}

/** The medians of whole days, counted backwards from the end of each part, and at least a quarter of a day known. */
export function daysOf(levels: Float64Array, perDay: number, breaks: readonly number[], from = 0): Day[] {
  const bounds = [from, ...breaks.filter((point) => point > from), levels.length];
  const days: Day[] = [];
  for (let part = bounds.length - 2; part >= 0; part -= 1) {
    const first = bounds[part] as number;
    for (let end = bounds[part + 1] as number; end - first >= perDay; end -= perDay) {
      const own = knownOf(levels, end - perDay, end);
      if (own.length * 4 >= perDay)
        days.push({ day: (end - perDay / 2) / perDay, value: medianOf(own, own.length), part });
    }
  }
  return days.reverse();
}

/** A history as levels that stay between breaks. */
export type Pieces = { cells: Cell[]; breaks: number[]; fit: Fit; explained: Explained };

export function piecesOf(history: LevelHistory): Pieces {
  const rough = quartersIn(history, history.breaks);
  const { levels } = explain(history, rough, history.breaks, fitBreaks(rough, history.breaks, null));
  const breaks = placeBreaks(history, levels);
  const cells = quartersIn(history, breaks);
  const fit = fitBreaks(cells, breaks, null);
  return { cells, breaks, fit, explained: explain(history, cells, breaks, fit) };
}

/** Breaks at the very point, and none that are gone when whole days without their rhythm are compared. */
function placeBreaks({ breaks, line: { perDay } }: LevelHistory, levels: Float64Array): number[] {
  const placed = breaks
    .map((point) => refineBreak({ values: levels, perDay }, point))
    .filter((point) => lastsADay(levels, point, perDay));
  return [...new Set(placed)].sort((a, b) => a - b);
}

/** What the scatter of a level is never less than. */
export function leastScatter({ line }: LevelHistory, level: number): number {
  const isCount = line.values.every((value) => Number.isNaN(value) || Number.isInteger(value));
  return Math.max(isCount ? COUNT_SCATTER : 0, LEAST_SCATTER * Math.abs(level));
}

/**
 * How many times more is demanded of changes in less than a month: noise that lasts for days looks like a change where
 * there are few of them, and its scatter is hardly known.
 */
export function shortHistoryFactor(days: number): number {
  return Math.max(1, MONTH_DAYS / days);
}

/** The scatter of medians over so many points: what noise that does not change from hour to hour leaves of itself. */
export function slowScatterOf({ rests, freedom }: Explained, width: number): number {
  const medians: number[] = [];
  for (let end = rests.length; end >= width; end -= width)
    medians.push(medianBetween(rests, end - width, end));
  return scatterOf(Float64Array.from(medians)) / Math.sqrt(freedom);
}

/** Fits a level of its own to each part between breaks, and a slope from the onset on. */
export function fitBreaks(
  cells: readonly Cell[],
  breaks: readonly number[],
  onset: number | null,
  rounds?: number,
): Fit {
  return fitLevel(
    cells,
    { parts: Array.from({ length: breaks.length + 1 }, (_, part) => part), onset },
    rounds,
  );
}
