import { knownOf, medianBetween, medianOf } from '../medians.ts';

/**
 * Rhythms: what a level does every day at the same hour, or every week at the same hour of the same day. Any shape
 * will do, and since only the distance between points counts, any time zone.
 */

/** A level on a regular grid; NaN where it is not known. */
export type Line = {
  values: Float64Array;
  /** Points per day. */
  perDay: number;
};

/** Hours are compared with their neighbours too: so many more values make up for how few weeks there are. */
const REACH_DAYS = 1 / 24;

/**
 * What is usual at each point of a rhythm of so many points, once the level is taken away (its median is 0), or as a
 * share of the level (its median is 1).
 */
export function rhythmOf(
  { values, perDay }: Line,
  levels: Float64Array,
  period: number,
  isShare = false,
): Float64Array {
  const count = values.length;
  const reach = Math.round(perDay * REACH_DAYS);
  const buffer = new Float64Array(Math.ceil(count / period) * (2 * reach + 1));
  const rhythm = new Float64Array(period);
  for (let phase = 0; phase < period; phase += 1) {
    let known = 0;
    for (let middle = phase; middle < count + period; middle += period)
      for (let index = middle - reach; index <= middle + reach; index += 1) {
        // Before the first point of the history lies the end of the rhythm, which comes by later.
        if (index < 0 || index >= count || known === buffer.length) continue;
        const [value, level] = [values[index] as number, levels[index] as number];
        const rest = isShare ? value / level : value - level;
        if (!Number.isNaN(rest)) {
          buffer[known] = rest;
          known += 1;
        }
      }
    rhythm[phase] = medianOf(buffer, known);
  }
  const middle = medianBetween(rhythm, 0, period);
  if (isShare) return rhythm.map((usual) => (Number.isNaN(usual) ? 1 : usual / middle));
  return rhythm.map((usual) => (Number.isNaN(usual) ? 0 : usual - middle));
}

/** A longer rhythm has to take so much off the deviations, its freedom allowed for, to be believed. */
const LEAST_EXPLAINED = 0.1;

/** Less than such a share of the level cannot be scaled up again. */
const LEAST_FACTOR = 0.1;

/**
 * The values without the rhythm that explains them best: none, of a day or of a week, and of the same size always or
 * growing with the level. What a few weeks have in common by chance is no rhythm, and taking it away would hide how
 * much a level scatters.
 * @param longest points of the longest rhythm that the history can show
 * @returns with the share of the points' freedom that the rhythm has left
 */
export function withoutBestRhythm(
  line: Line,
  levels: Float64Array,
  longest: number,
): { values: Float64Array; freedom: number } {
  const { values, perDay } = line;
  const known = knownOf(values, 0, values.length).length;
  const isPositive = levels.every((level) => level > 0) && values.every((value) => !(value < 0));
  let best = { values, freedom: 1 };
  let least = deviationsOf(values, (index) => levels[index] as number);
  for (const period of new Set([perDay, longest])) {
    const freedom = Math.max(1 / 3, 1 - period / known);
    let atMost = least * (1 - LEAST_EXPLAINED);
    const offsets = rhythmOf(line, levels, period);
    const added = deviationsOf(
      values,
      (index) => (levels[index] as number) + (offsets[index % period] as number),
    );
    if (added / Math.sqrt(freedom) < atMost) {
      atMost = added / Math.sqrt(freedom);
      best = { values: withoutRhythm(values, offsets), freedom };
      least = atMost;
    }
    if (!isPositive) continue;
    const shares = rhythmOf(line, levels, period, true);
    if (!shares.every((share) => share > LEAST_FACTOR)) continue;
    const scaled = deviationsOf(
      values,
      (index) => (levels[index] as number) * (shares[index % period] as number),
    );
    if (scaled / Math.sqrt(freedom) < atMost) {
      best = { values: values.map((value, index) => value / (shares[index % period] as number)), freedom };
      least = scaled / Math.sqrt(freedom);
    }
  }
  return best;
}

/** Sum of the absolute deviations of what is known. */
function deviationsOf(values: Float64Array, expectedAt: (index: number) => number): number {
  let sum = 0;
  for (let index = 0; index < values.length; index += 1) {
    const deviation = Math.abs((values[index] as number) - expectedAt(index));
    if (!Number.isNaN(deviation)) sum += deviation;
  }
  return sum;
}

/** The values without their rhythm. */
export function withoutRhythm(values: Float64Array, rhythm: Float64Array): Float64Array {
  const rests = new Float64Array(values.length);
  for (let index = 0; index < values.length; index += 1)
    rests[index] = (values[index] as number) - (rhythm[index % rhythm.length] as number);
  return rests;
}

/** The median of the day around each point, which no daily rhythm moves; days at the edges are moved inwards. */
export function dailyLevels({ values, perDay }: Line): Float64Array {
  const last = values.length - perDay;
  const sorted = new Float64Array(perDay);
  let known = 0;
  const add = (value: number) => {
    if (Number.isNaN(value)) return;
    let place = known;
    known += 1;
    for (; place > 0 && (sorted[place - 1] as number) > value; place -= 1)
      sorted[place] = sorted[place - 1] as number;
    sorted[place] = value;
  };
  const remove = (value: number) => {
    if (Number.isNaN(value)) return;
    let place = 0;
    while (sorted[place] !== value) place += 1;
    known -= 1;
    for (; place < known; place += 1) sorted[place] = sorted[place + 1] as number;
  };
  const middle = () => {
    const upper = sorted[known >> 1] as number;
    if (known === 0) return Number.NaN;
    return known % 2 === 1 ? upper : ((sorted[(known >> 1) - 1] as number) + upper) / 2;
  };
  for (let index = 0; index < perDay; index += 1) add(values[index] as number);
  const byDay = new Float64Array(last + 1);
  byDay[0] = middle();
  for (let first = 1; first <= last; first += 1) {
    remove(values[first - 1] as number);
    add(values[first + perDay - 1] as number);
    byDay[first] = middle();
  }
  return values.map((_, index) => byDay[Math.min(last, Math.max(0, index - (perDay >> 1)))] as number);
}
