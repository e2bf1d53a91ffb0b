import { medianBetween, medianInPlace, runningMedians } from '../medians.ts';

/**
 * The rhythm (seasonality) of a level: what it does every day at the same hour, or every week at the same hour of the
 * same day. It may have any shape. Only the distance between points counts, so the time zone does not matter.
 */

/** A level on a regular grid; NaN if it is unknown. */
export type LevelSeries = {
  values: Float64Array;
  /** Points per day. */
  perDay: number;
};

/** Each hour is compared with its neighbours too: the additional values make up for the few weeks. */
const REACH_DAYS = 1 / 24;

/** A rhythm must remove this share of the deviations, after allowing for its degrees of freedom. Our choice. */
const LEAST_EXPLAINED_SHARE = 0.1;

/** A factor below this would magnify noise too much when values are divided by it. Our choice. */
const LEAST_FACTOR = 0.1;

/** Minimum share of the degrees of freedom that a rhythm leaves. */
const LEAST_FREEDOM = 1 / 3;

/**
 * Returns the usual deviation from the level at each of the `period` points of a rhythm, with median 0; or the usual
 * factor to the level, with median 1.
 * @param levels the level at each point
 */
export function rhythmOf(
  { values, perDay }: LevelSeries,
  levels: Float64Array,
  period: number,
  kind: 'deviation' | 'factor',
): Float64Array {
  const isFactor = kind === 'factor';
  const count = values.length;
  const reach = Math.round(perDay * REACH_DAYS);
  const buffer = new Float64Array(Math.ceil(count / period) * (2 * reach + 1));
  const rhythm = new Float64Array(period);
  for (let phase = 0; phase < period; phase += 1) {
    let known = 0;
    for (let middle = phase; middle < count + period; middle += period)
      for (let index = middle - reach; index <= middle + reach; index += 1) {
        // What precedes the first point of the history is the end of the rhythm, which a later `middle` covers.
        if (index < 0 || index >= count || known === buffer.length) continue;
        const [value, level] = [values[index] as number, levels[index] as number];
        const deviation = isFactor ? value / level : value - level;
        if (!Number.isNaN(deviation)) buffer[known++] = deviation;
      }
    rhythm[phase] = medianInPlace(buffer, known);
  }
  const middle = medianBetween(rhythm, 0, period);
  if (isFactor) return rhythm.map((usual) => (Number.isNaN(usual) ? 1 : usual / middle));
  return rhythm.map((usual) => (Number.isNaN(usual) ? 0 : usual - middle));
}

/**
 * Returns the values without the rhythm that explains them best: none, a daily or a longer one, as deviations or as
 * factors. What a few weeks have in common by chance is not a rhythm, and removing it would hide how much a level
 * scatters.
 * @param longest points of the longest rhythm that the history can show
 * @returns `freedom`: the share of the degrees of freedom that the rhythm leaves
 */
export function withoutBestRhythm(
  series: LevelSeries,
  levels: Float64Array,
  longest: number,
): { values: Float64Array; freedom: number } {
  const { values, perDay } = series;
  const known = values.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0);
  const isPositive = levels.every((level) => level > 0) && values.every((value) => !(value < 0));
  let best = { values, freedom: 1 };
  let least = deviationsFrom(values, (index) => levels[index] as number);
  for (const period of new Set([perDay, longest])) {
    const freedom = Math.max(LEAST_FREEDOM, 1 - period / known);
    let most = least * (1 - LEAST_EXPLAINED_SHARE);
    for (const kind of isPositive ? (['deviation', 'factor'] as const) : (['deviation'] as const)) {
      const rhythm = rhythmOf(series, levels, period, kind);
      const isFactor = kind === 'factor';
      if (isFactor && !rhythm.every((factor) => factor > LEAST_FACTOR)) continue;
      const expectedAt = isFactor
        ? (index: number) => (levels[index] as number) * (rhythm[index % period] as number)
        : (index: number) => (levels[index] as number) + (rhythm[index % period] as number);
      const deviations = deviationsFrom(values, expectedAt) / Math.sqrt(freedom);
      if (!(deviations < most)) continue;
      [most, least] = [deviations, deviations];
      const remaining = isFactor
        ? values.map((value, index) => value / (rhythm[index % period] as number))
        : withoutRhythm(values, rhythm);
      best = { values: remaining, freedom };
    }
  }
  return best;
}

/** Returns the sum of the absolute deviations of the known values. */
function deviationsFrom(values: Float64Array, expectedAt: (index: number) => number): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) {
    const deviation = Math.abs((values[index] as number) - expectedAt(index));
    if (!Number.isNaN(deviation)) sum += deviation;
  }
  return sum;
}

/** Subtracts a rhythm from values. */
export function withoutRhythm(values: Float64Array, rhythm: Float64Array): Float64Array {
  return values.map((value, index) => value - (rhythm[index % rhythm.length] as number));
}

/** Returns the median of the day around each point, which no daily rhythm moves. At the ends the day is shifted. */
export function dailyLevels({ values, perDay }: LevelSeries): Float64Array {
  const byFirstPoint = runningMedians(values, perDay);
  const last = byFirstPoint.length - 1;
  return values.map((_, index) => byFirstPoint[Math.min(last, Math.max(0, index - (perDay >> 1)))] as number);
}
