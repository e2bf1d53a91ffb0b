import { medianBetween, reusableBuffer, runningMedians, sortBetween } from '../medians.ts';

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

/** Whether a rhythm is added to the level or multiplies it. */
type RhythmKind = 'deviation' | 'factor';

/** Each hour is compared with its neighbours too: the additional values make up for the few weeks. */
const REACH_DAYS = 1 / 24;

/** A rhythm must remove this share of the deviations, after allowing for its degrees of freedom. Our choice. */
const LEAST_EXPLAINED_SHARE = 0.1;

/** A factor below this would magnify noise too much when values are divided by it. Our choice. */
const LEAST_FACTOR = 0.1;

/** Minimum share of the degrees of freedom that a rhythm leaves. */
const LEAST_FREEDOM = 1 / 3;

/** A level that does the same at each point. */
const NO_RHYTHM = Float64Array.of(0);

const buffers = { medians: reusableBuffer(), levels: reusableBuffer(), sorted: reusableBuffer() };

/**
 * Returns the usual deviation from the level at each of the `period` points of a rhythm, with median 0; or the usual
 * factor to the level, with median 1.
 * @param levels the level at each point
 */
export function rhythmOf(
  { values, perDay }: LevelSeries,
  levels: Float64Array,
  period: number,
  kind: RhythmKind,
): Float64Array {
  const reach = Math.round(perDay * REACH_DAYS);
  const columns = sortByPhase(values, levels, { period, reach, kind });
  const heads = new Int32Array(2 * reach + 1);
  const rhythm = new Float64Array(period);
  for (let phase = 0; phase < period; phase += 1) rhythm[phase] = medianAround(columns, phase, heads);
  const middle = medianBetween(rhythm, 0, period);
  for (let phase = 0; phase < period; phase += 1) {
    const usual = rhythm[phase] as number;
    if (kind === 'factor') rhythm[phase] = Number.isNaN(usual) ? 1 : usual / middle;
    else rhythm[phase] = Number.isNaN(usual) ? 0 : usual - middle;
  }
  return rhythm;
}

/**
 * The deviations at each phase of a rhythm, sorted. Each of them belongs to several medians; to sort them once takes
 * less time than to find each median among unsorted ones.
 */
type Columns = {
  /** Column after column, each ended by `Infinity`. */
  sorted: Float64Array;
  /** The number of places for a column. */
  depth: number;
  /** The number of known values in each column. */
  known: Int32Array;
};

/** Returns the columns of all phases and of the `reach` phases after them, which are the first ones a period later. */
function sortByPhase(
  values: Float64Array,
  levels: Float64Array,
  { period, reach, kind }: { period: number; reach: number; kind: RhythmKind },
): Columns {
  const depth = Math.ceil(values.length / period) + 1;
  const known = new Int32Array(period + reach);
  const sorted = buffers.sorted(known.length * depth);
  for (let column = 0; column < known.length; column += 1) {
    const first = column * depth;
    let end = first;
    for (let index = column; index < values.length; index += period) {
      const [value, level] = [values[index] as number, levels[index] as number];
      const deviation = kind === 'factor' ? value / level : value - level;
      if (!Number.isNaN(deviation)) sorted[end++] = deviation;
    }
    sortBetween(sorted, first, end);
    sorted[end] = Number.POSITIVE_INFINITY;
    known[column] = end - first;
  }
  return { sorted, depth, known };
}

/**
 * Returns the median of the columns around a phase, which it merges up to their middle; NaN if they are empty.
 * @param heads a buffer with a place for each of these columns
 */
function medianAround({ sorted, depth, known }: Columns, phase: number, heads: Int32Array): number {
  const reach = heads.length >> 1;
  const period = known.length - reach;
  let total = 0;
  for (let place = 0; place < heads.length; place += 1) {
    // What precedes the first point of the history is the end of the rhythm.
    const column = phase + place < reach ? phase + place - reach + period : phase + place - reach;
    heads[place] = column * depth;
    total += known[column] as number;
  }
  if (total === 0) return Number.NaN;
  let [lower, upper] = [Number.NaN, Number.NaN];
  // At Infinity, only infinite values follow.
  for (let taken = 0; taken <= total >> 1 && upper !== Number.POSITIVE_INFINITY; taken += 1) {
    lower = upper;
    let least = 0;
    upper = sorted[heads[0] as number] as number;
    for (let place = 1; place < heads.length; place += 1) {
      const value = sorted[heads[place] as number] as number;
      if (value < upper) [least, upper] = [place, value];
    }
    heads[least] = (heads[least] as number) + 1;
  }
  return total % 2 === 1 ? upper : lower + (upper - lower) / 2;
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
  const kinds: readonly RhythmKind[] = isPositive ? ['deviation', 'factor'] : ['deviation'];
  let best: { rhythm: Float64Array; kind: RhythmKind; freedom: number } | null = null;
  let least = deviationsFrom(values, levels, NO_RHYTHM, 'deviation');
  for (const period of new Set([perDay, longest])) {
    const freedom = Math.max(LEAST_FREEDOM, 1 - period / known);
    let most = least * (1 - LEAST_EXPLAINED_SHARE);
    for (const kind of kinds) {
      const rhythm = rhythmOf(series, levels, period, kind);
      if (kind === 'factor' && !rhythm.every((factor) => factor > LEAST_FACTOR)) continue;
      const deviations = deviationsFrom(values, levels, rhythm, kind) / Math.sqrt(freedom);
      if (!(deviations < most)) continue;
      [most, least] = [deviations, deviations];
      best = { rhythm, kind, freedom };
    }
  }
  if (best === null) return { values, freedom: 1 };
  const remaining = new Float64Array(values.length);
  removeRhythm(values, best.rhythm, best.kind, remaining);
  return { values: remaining, freedom: best.freedom };
}

/** Returns the sum of the absolute deviations of the known values from levels with a rhythm. */
function deviationsFrom(
  values: Float64Array,
  levels: Float64Array,
  rhythm: Float64Array,
  kind: RhythmKind,
): number {
  let sum = 0;
  for (let first = 0; first < values.length; first += rhythm.length)
    for (let index = first; index < Math.min(values.length, first + rhythm.length); index += 1) {
      const [level, usual] = [levels[index] as number, rhythm[index - first] as number];
      const deviation = Math.abs(
        (values[index] as number) - (kind === 'factor' ? level * usual : level + usual),
      );
      if (!Number.isNaN(deviation)) sum += deviation;
    }
  return sum;
}

/** Writes the values without a rhythm to `remaining`. */
function removeRhythm(
  values: Float64Array,
  rhythm: Float64Array,
  kind: RhythmKind,
  remaining: Float64Array,
): void {
  for (let first = 0; first < values.length; first += rhythm.length)
    for (let index = first; index < Math.min(values.length, first + rhythm.length); index += 1) {
      const [value, usual] = [values[index] as number, rhythm[index - first] as number];
      remaining[index] = kind === 'factor' ? value / usual : value - usual;
    }
}

/** Writes the values without their daily deviations from the usual level to `remaining`. */
export function removeDailyRhythm(series: LevelSeries, remaining: Float64Array): void {
  const rhythm = rhythmOf(series, dailyLevels(series), series.perDay, 'deviation');
  removeRhythm(series.values, rhythm, 'deviation', remaining);
}

/** Returns the median of the day around each point, which no daily rhythm moves. At the ends the day is shifted. */
function dailyLevels({ values, perDay }: LevelSeries): Float64Array {
  const byFirstPoint = buffers.medians(values.length - perDay + 1);
  runningMedians(values, perDay, byFirstPoint);
  const levels = buffers.levels(values.length);
  const last = byFirstPoint.length - 1;
  for (let index = 0; index < levels.length; index += 1)
    levels[index] = byFirstPoint[Math.min(last, Math.max(0, index - (perDay >> 1)))] as number;
  return levels;
}
