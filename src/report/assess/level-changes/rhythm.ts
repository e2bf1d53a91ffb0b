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

/** A level with the points of the longest rhythm that it can show, the number of known values and the lowest value. */
type RhythmicHistory = { series: LevelSeries; period: number; known: number; low: number };

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

const buffers = { levels: reusableBuffer(), sorted: reusableBuffer() };

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
  let usual = Number.NaN;
  for (let phase = 0; phase < period; phase += 1) {
    usual = medianAround(columns, phase, usual, heads);
    rhythm[phase] = usual;
  }
  const middle = medianBetween(rhythm, 0, period);
  for (let phase = 0; phase < period; phase += 1) {
    usual = rhythm[phase] as number;
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
  /** Column after column, each of them between -Infinity and Infinity. */
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
  const depth = Math.ceil(values.length / period) + 2;
  const known = new Int32Array(period + reach);
  const sorted = buffers.sorted(known.length * depth);
  for (let column = 0; column < known.length; column += 1) {
    const first = column * depth + 1;
    let end = first;
    for (let index = column; index < values.length; index += period) {
      const [value, level] = [values[index] as number, levels[index] as number];
      const deviation = kind === 'factor' ? value / level : value - level;
      if (Number.isFinite(deviation)) sorted[end++] = deviation;
    }
    sortBetween(sorted, first, end);
    sorted[first - 1] = Number.NEGATIVE_INFINITY;
    sorted[end] = Number.POSITIVE_INFINITY;
    known[column] = end - first;
  }
  return { sorted, depth, known };
}

/**
 * Returns the median of the columns around a phase; NaN if they are empty.
 * @param guess where the search begins: the median around the phase before is hardly different
 * @param heads a buffer with a place for each of these columns
 */
function medianAround(columns: Columns, phase: number, guess: number, heads: Int32Array): number {
  const { sorted, depth, known } = columns;
  const reach = heads.length >> 1;
  const period = known.length - reach;
  let [total, below] = [0, 0];
  for (let place = 0; place < heads.length; place += 1) {
    // What precedes the first point of the history is the end of the rhythm.
    const column = phase + place < reach ? phase + place - reach + period : phase + place - reach;
    const first = column * depth + 1;
    const head = firstNotBelow(sorted, first, first + (known[column] as number), guess);
    heads[place] = head;
    below += head - first;
    total += known[column] as number;
  }
  if (total === 0) return Number.NaN;
  const half = total >> 1;
  for (; below < half; below += 1) {
    const place = lowestHead(sorted, heads);
    heads[place] = (heads[place] as number) + 1;
  }
  for (; below > half; below -= 1) {
    const place = highestBefore(sorted, heads);
    heads[place] = (heads[place] as number) - 1;
  }
  const upper = sorted[heads[lowestHead(sorted, heads)] as number] as number;
  if (total % 2 === 1) return upper;
  const lower = sorted[(heads[highestBefore(sorted, heads)] as number) - 1] as number;
  return lower + (upper - lower) / 2;
}

/** Returns the first of the sorted values between two places that is not below `value`, or the end. */
function firstNotBelow(sorted: Float64Array, first: number, end: number, value: number): number {
  let [low, high] = [first, end];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Returns the place of the head with the lowest value. */
function lowestHead(sorted: Float64Array, heads: Int32Array): number {
  let lowest = 0;
  for (let place = 1; place < heads.length; place += 1)
    if ((sorted[heads[place] as number] as number) < (sorted[heads[lowest] as number] as number))
      lowest = place;
  return lowest;
}

/** Returns the place of the head with the highest value before it. */
function highestBefore(sorted: Float64Array, heads: Int32Array): number {
  let highest = 0;
  for (let place = 1; place < heads.length; place += 1)
    if ((sorted[(heads[place] as number) - 1] as number) > (sorted[(heads[highest] as number) - 1] as number))
      highest = place;
  return highest;
}

/**
 * Returns the values without the rhythm that explains them best: none, a daily or a longer one, as deviations or as
 * factors. What a few weeks have in common by chance is not a rhythm, and removing it would hide how much a level
 * scatters.
 * @param levels the level at each point
 * @returns `freedom`: the share of the degrees of freedom that the rhythm leaves
 */
export function withoutBestRhythm(
  { series, period: longest, known, low }: RhythmicHistory,
  levels: Float64Array,
): { values: Float64Array; freedom: number } {
  const { values, perDay } = series;
  const kinds: readonly RhythmKind[] =
    low >= 0 && arePositive(levels) ? ['deviation', 'factor'] : ['deviation'];
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

function arePositive(levels: Float64Array): boolean {
  for (let index = 0; index < levels.length; index += 1) if (!((levels[index] as number) > 0)) return false;
  return true;
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
  const levels = buffers.levels(values.length);
  runningMedians(values, perDay, levels);
  const [half, last] = [perDay >> 1, values.length - perDay];
  levels.copyWithin(half, 0, last + 1);
  levels.fill(levels[half] as number, 0, half);
  levels.fill(levels[half + last] as number, half + last + 1);
  return levels;
}
