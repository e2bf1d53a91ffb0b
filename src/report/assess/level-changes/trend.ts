import { range } from 'd3-array';
import { medianInPlace } from '../medians.ts';
import {
  type Decomposition,
  dailyMedians,
  decompose,
  type Model,
  scatterAround,
  slowScatterOf,
} from './decompose.ts';
import { divide, type Fit, fitLevel } from './fit.ts';
import { type LevelHistory, leastScatter, shortHistoryFactor } from './history.ts';
import { type Day, type Slope, slopeOf } from './slope.ts';

/** A level that grows or shrinks steadily, still at the end. */
export type Trend = {
  kind: 'trend';
  /** The first point of the change that continues at the end: its beginning, or its new beginning after a restart. */
  index: number;
  /** The fitted level without the rhythm, at that point and at the end. */
  before: number;
  after: number;
  /** Change per day with its 95 % confidence interval. */
  perDay: Slope['perDay'];
  /** The change between restarts, at its longest, as a multiple of the usual scatter; its sign is the direction. */
  deviations: number;
};

/** A trend with the model by which it was found. */
export type FoundTrend = {
  trend: Trend;
  breaks: readonly number[];
  fit: Fit;
  decomposition: Decomposition;
};

/** When a level may have begun to change, in days, and the breaks that belong to it: restarts. */
type Onset = { onset: number; breaks: readonly number[] };

/** Minimum days between an onset and the end: a trend takes about a week. */
const LEAST_DAYS_FROM_ONSET = 7;

/** Minimum number of daily medians: fewer cannot reach the significance below. */
const LEAST_DAYS = 8;

/** Minimum number of daily medians since the last restart: with fewer, the cause may be gone. */
const LEAST_CURRENT_DAYS = 3;

/** probit(0.9995): chance exceeds this in one of a thousand cases, both directions together. */
const LEAST_SIGNIFICANCE = 3.29;

/** The modified z-score beyond which Iglewicz and Hoaglin (1993) call a value an outlier. */
const LEAST_DEVIATIONS = 3.5;

/**
 * Over a month, a trend is at least this many times the scatter of daily medians; over fewer days, to which a line fits
 * more easily, more. From the benchmark: with 7, drifts of some days were taken for trends.
 */
const LEAST_SLOW_DEVIATIONS = 8.5;

/** In shorter histories, a rhythm with an onset or restarts fits anything, so only a trend over all days counts. */
const LEAST_DAYS_OF_CHOICE = 20;

/** Factor on both bounds if onset or restarts were chosen: the best of dozens of choices fits noise better than one. */
const CHOSEN_FACTOR = 1.25;

/** An onset or restarts must reduce the deviations at least to this share, because they are one more choice. */
const BETTER_THAN_SIMPLEST = 0.85;

/** A trend must reduce the deviations at least to this share of those from levels that stay. */
const BETTER_THAN_LEVELS = 0.75;

/** In both halves, the level changes by at least this share of the slope. A step has no slope in either. */
const LEAST_IN_HALF = 0.3;

/** Rounds of fitting while searching for the onset; the model found is fitted with all rounds. */
const SEARCH_ROUNDS = 2;

/**
 * Returns the steady change that continues at the end of a history, or `null`.
 * @param pieces the levels between breaks that a trend competes with
 * @param leastShare minimum change as a share of the level
 */
export function findTrend(history: LevelHistory, pieces: Model, leastShare: number): FoundTrend | null {
  const { perDay } = history.series;
  const { onset, breaks } = findLikeliestOnset(history, pieces.breaks);
  const cells = breaks.length === pieces.breaks.length ? pieces.cells : divide(history, breaks, 'quarter');
  const fit = fitLevel(cells, onset);
  if (fit.deviations > BETTER_THAN_LEVELS * pieces.fit.deviations) return null;

  const decomposition = decompose(history, { cells, breaks, fit });
  const { levels } = decomposition;
  const from = Math.round(onset * perDay);
  const days = dailyMedians(levels, perDay, breaks, from);
  const current = days.filter(({ part }) => part === days.at(-1)?.part);
  const slope = slopeOf(days);
  if (!slope || !isSteady(days, slope) || current.length < LEAST_CURRENT_DAYS) return null;

  const { value } = slope.perDay;
  const bases = Float64Array.from(current, (day) => day.value - value * day.day);
  const base = medianInPlace(bases, bases.length);
  const levelAt = (index: number) => Math.max(history.least, base + (value * index) / perDay);
  const start = Math.max(from, breaks.at(-1) ?? 0);
  // The current rise may be young. The longest one shows how far it goes.
  const bounds = [from, ...breaks.filter((point) => point > from), levels.length];
  const longest = Math.max(...bounds.slice(1).map((bound, index) => bound - (bounds[index] as number)));
  const change = (value * longest) / perDay;

  const level = Math.abs(levelAt(start));
  const factor = shortHistoryFactor(history);
  const chosenFactor = onset > 0 || breaks.length > 0 ? CHOSEN_FACTOR : 1;
  const scatter = Math.max(scatterAround(decomposition), leastScatter(history, level));
  const slowScatter = factor * Math.sqrt(slope.dependence) * slowScatterOf(decomposition, perDay);
  const least = Math.max(
    leastShare * factor * level,
    LEAST_DEVIATIONS * chosenFactor * scatter,
    LEAST_SLOW_DEVIATIONS * chosenFactor * slowScatter,
  );
  if (Math.abs(change) < least) return null;
  const trend: Trend = {
    kind: 'trend',
    index: start + history.offset,
    before: levelAt(start),
    after: levelAt(levels.length),
    perDay: slope.perDay,
    deviations: change / scatter,
  };
  return { trend, breaks, fit, decomposition };
}

/**
 * Returns since when a level most likely changes, with or without restarts, judged by medians of whole days. The
 * simplest answer applies unless another one explains clearly more.
 */
function findLikeliestOnset(history: LevelHistory, breaks: readonly number[]): Onset {
  let best: Onset = { onset: 0, breaks: [] };
  if (history.days < LEAST_DAYS_OF_CHOICE) return best;
  const whole = divide(history, [], 'day');
  let least = BETTER_THAN_SIMPLEST * fitLevel(whole, 0, SEARCH_ROUNDS).deviations;
  for (const restarts of breaks.length > 0 ? [[], breaks] : [[]]) {
    const cells = restarts.length > 0 ? divide(history, restarts, 'day') : whole;
    const first = Math.max(LEAST_CURRENT_DAYS, Math.ceil((restarts.at(-1) ?? 0) / history.series.perDay));
    const later = range(first, history.days - LEAST_DAYS_FROM_ONSET + 1);
    // The simplest answer has no restarts and begins at 0.
    for (const onset of restarts.length > 0 ? [0, ...later] : later) {
      const { deviations } = fitLevel(cells, onset, SEARCH_ROUNDS);
      if (deviations >= least) continue;
      least = deviations;
      best = { onset, breaks: restarts };
    }
  }
  return best;
}

/** Whether days change significantly, and in both halves. */
function isSteady(days: readonly Day[], { significance, perDay }: Slope): boolean {
  if (days.length < LEAST_DAYS || Math.abs(significance) < LEAST_SIGNIFICANCE) return false;
  const half = days.length >> 1;
  return [days.slice(0, half), days.slice(half)].every(
    (part) => (slopeOf(part)?.perDay.value ?? 0) / perDay.value > LEAST_IN_HALF,
  );
}
