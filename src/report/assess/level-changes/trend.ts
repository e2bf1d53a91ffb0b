import { range } from 'd3-array';
import { medianOf } from '../medians.ts';
import {
  daysOf,
  type Explained,
  explain,
  fitBreaks,
  type LevelHistory,
  leastScatter,
  type Pieces,
  quartersIn,
  shortHistoryFactor,
  slowScatterOf,
  wholeDaysIn,
} from './history.ts';
import { type Day, type Slope, slopeOf } from './slope.ts';

/** A level that grows or shrinks steadily, to the end. */
export type Trend = {
  kind: 'trend';
  /** The first point of the rise that still goes on: where it began, or began anew after a restart. */
  index: number;
  /** Change per day with its 95 % interval. */
  perDay: Slope['perDay'];
  /** The fitted level, without the rhythm, at that point and at the end. */
  from: number;
  to: number;
  /** How many times the usual scatter the longest rise is, with its sign. */
  deviations: number;
};

/** A trend with the model that it was found by. */
export type FoundTrend = { trend: Trend; breaks: readonly number[]; explained: Explained };

/** A trend takes about a week, and no fewer days can reach the significance below. */
const LEAST_RISE_DAYS = 7;
const LEAST_DAYS = 8;

/** What began with the history or a restart is believed after so many days: the cause may be gone since. */
const LEAST_CURRENT_DAYS = 3;

/** probit(0.9995): one in a thousand, both directions together. */
const LEAST_SIGNIFICANCE = 3.29;

/** The modified z-score of Iglewicz and Hoaglin (1993). */
const LEAST_DEVIATIONS = 3.5;

/**
 * Slow noise makes trends too. Over a month a trend is at least so many times the scatter of days; over fewer days, to
 * which a line fits more easily, more. Found with the benchmark: with 7, drifts of days were taken for trends.
 */
const LEAST_SLOW_DEVIATIONS = 8.5;

/** In two weeks a rhythm, a slope and its onset or restarts explain anything: the trend is of all days or not said. */
const LEAST_DAYS_OF_CHOICE = 20;

/** The best of dozens of onsets and restarts fits noise better than one line does, and is to be so much plainer. */
const PLAINER_WHEN_CHOSEN = 1.25;

/** An onset or a restart is one more thing to choose, and has to take so much off the deviations. */
const BETTER_THAN_SIMPLEST = 0.85;

/** A trend has to explain the level so much better than levels that stay. */
const BETTER_THAN_LEVELS = 0.75;

/** In both halves the level changes by at least this share of the slope. A step has no slope in either. */
const LEAST_IN_HALF = 0.3;

/**
 * The steady change that goes on at the end of a history, or none.
 * @param pieces the levels and breaks that a trend competes with
 * @param leastShare the share of the level that it has to change by
 */
export function findTrend(history: LevelHistory, pieces: Pieces, leastShare: number): FoundTrend | null {
  const { perDay } = history.line;
  const { onset, breaks } = likeliestOnset(history, pieces.breaks);
  const cells = breaks.length === pieces.breaks.length ? pieces.cells : quartersIn(history, breaks);
  const fit = fitBreaks(cells, breaks, onset);
  if (fit.deviations > BETTER_THAN_LEVELS * pieces.fit.deviations) return null;

  const explained = explain(history, cells, breaks, fit);
  const { levels } = explained;
  const from = Math.round(onset * perDay);
  const days = daysOf(levels, perDay, breaks, from);
  const slope = slopeOf(days);
  const current = days.filter(({ part }) => part === days.at(-1)?.part);
  if (!slope || days.length < LEAST_DAYS || current.length < LEAST_CURRENT_DAYS) return null;
  const { value } = slope.perDay;
  if (Math.abs(slope.significance) < LEAST_SIGNIFICANCE || !changesThroughout(days, value)) return null;

  const start = Math.max(from, breaks.at(-1) ?? 0);
  const bases = Float64Array.from(current, (day) => day.value - value * day.day);
  const base = medianOf(bases, bases.length);
  const levelAt = (index: number) => Math.max(history.least, base + (value * index) / perDay);
  // The longest rise says how far it goes; the current one may be young.
  const bounds = [from, ...breaks.filter((point) => point > from), levels.length];
  const longest = Math.max(...bounds.slice(1).map((bound, index) => bound - (bounds[index] as number)));
  const change = (value * longest) / perDay;
  const level = Math.abs(levelAt(start));
  const usual = Math.max(explained.scatter, leastScatter(history, level));
  const factor = shortHistoryFactor(history.days);
  const isChosen = onset > 0 || breaks.length > 0;
  const slow =
    LEAST_SLOW_DEVIATIONS *
    (isChosen ? PLAINER_WHEN_CHOSEN : 1) *
    factor *
    Math.sqrt(slope.dependence) *
    slowScatterOf(explained, perDay);
  if (
    Math.abs(change) <
    Math.max(
      leastShare * factor * level,
      LEAST_DEVIATIONS * usual * (isChosen ? PLAINER_WHEN_CHOSEN : 1),
      slow,
    )
  )
    return null;
  const trend: Trend = {
    kind: 'trend',
    index: start + history.offset,
    perDay: slope.perDay,
    from: levelAt(start),
    to: levelAt(levels.length),
    deviations: change / usual,
  };
  return { trend, breaks, explained };
}

/**
 * With or without restarts, and since when, in days, a level changes most likely. Looked for among medians of whole
 * days, which are few; the simplest answer holds unless another one explains clearly more.
 */
function likeliestOnset(
  history: LevelHistory,
  breaks: readonly number[],
): { onset: number; breaks: readonly number[] } {
  const rounds = 2;
  let best = { onset: 0, breaks: [] as readonly number[] };
  if (history.days < LEAST_DAYS_OF_CHOICE) return best;
  let least = BETTER_THAN_SIMPLEST * fitBreaks(wholeDaysIn(history, []), [], 0, rounds).deviations;
  for (const own of breaks.length > 0 ? [[], breaks] : [[]]) {
    const cells = wholeDaysIn(history, own);
    const first = Math.max(LEAST_CURRENT_DAYS, Math.ceil((own.at(-1) ?? 0) / history.line.perDay));
    for (const onset of [0, ...range(first, history.days - LEAST_RISE_DAYS + 1)]) {
      const { deviations } = fitBreaks(cells, own, onset, rounds);
      if (deviations >= least) continue;
      least = deviations;
      best = { onset, breaks: own };
    }
  }
  return best;
}

function changesThroughout(days: readonly Day[], slope: number): boolean {
  const half = days.length >> 1;
  return [days.slice(0, half), days.slice(half)].every(
    (part) => (slopeOf(part)?.perDay.value ?? 0) / slope > LEAST_IN_HALF,
  );
}
