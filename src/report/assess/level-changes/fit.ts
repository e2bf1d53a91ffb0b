import { MAD_TO_DEVIATION, medianInPlace } from '../medians.ts';
import type { LevelHistory } from './history.ts';

/**
 * Models of a level, each fitted together with its rhythm: a level that stays between breaks, or one that changes
 * steadily from an onset on. They are fitted to medians of quarters of a day, which are few and have hardly any spikes.
 */

/** The median of some neighbouring points, none of them on the other side of a break. */
export type Cell = {
  /** Its middle, in days from the first point on. */
  day: number;
  value: number;
  /** Index of the part between breaks in which it lies. */
  part: number;
  /** Its position in the rhythm, in cells. */
  phase: number;
};

export type Fit = {
  /** When the level begins to change steadily, in days; `null` if it never does. */
  onset: number | null;
  /** Change per day from the onset on. */
  slope: number;
  /** The effect of each phase of the rhythm. */
  phases: Float64Array;
  /** Sum of the absolute deviations from the model. */
  deviations: number;
};

/** Values more than this many deviations away count less (Huber 1964, Robust Estimation of a Location Parameter). */
const HUBER = 1.345;

/** Rounds of reweighting and of removing means; with more, results change by some thousandths at most. */
const ROUNDS = 4;
const SWEEPS = 12;

/** Sweeping ends once the largest mean is at most this share of the first one. */
const SETTLED_SHARE = 0.005;

/** A cell counts only if at least this share of its points is known. */
const LEAST_KNOWN_SHARE = 1 / 3;

/** Returns the medians of the days or quarters of days (single points if a day has no quarters) between breaks. */
export function divide(
  { series: { values, perDay }, period }: LevelHistory,
  breaks: readonly number[],
  size: 'day' | 'quarter',
): Cell[] {
  const width = size === 'day' ? perDay : perDay % 4 === 0 ? perDay / 4 : 1;
  const cells: Cell[] = [];
  const buffer = new Float64Array(width);
  let part = 0;
  for (let first = 0; first < values.length; ) {
    while (part < breaks.length && (breaks[part] as number) <= first) part += 1;
    const end = Math.min(values.length, (Math.floor(first / width) + 1) * width, breaks[part] ?? Infinity);
    let known = 0;
    for (let index = first; index < end; index += 1)
      if (!Number.isNaN(values[index])) buffer[known++] = values[index] as number;
    if (known >= LEAST_KNOWN_SHARE * width)
      cells.push({
        day: (first + end - 1) / 2 / perDay,
        value: medianInPlace(buffer, known),
        part,
        phase: Math.floor((first % period) / width),
      });
    first = end;
  }
  return cells;
}

/**
 * Fits a level for each part between breaks, and a slope from the onset on, by iteratively reweighted least squares
 * with Huber's weights. The means of levels and phases are removed in turn, which gives the same slope as the
 * regression on everything at once (Frisch and Waugh 1933, Partial Time Regressions as Compared with Individual
 * Trends).
 */
export function fitLevel(cells: readonly Cell[], onset: number | null, rounds = ROUNDS): Fit {
  const count = cells.length;
  const groups: Groupings = [
    toGrouping(cells.map(({ part }) => part)),
    toGrouping(cells.map(({ phase }) => phase)),
  ];
  const levels = Float64Array.from(cells.map(({ value }) => value));
  const risesByDay = Float64Array.from(cells.map(({ day }) => Math.max(0, day - (onset ?? 0))));
  const weights = new Float64Array(count).fill(1);
  const fit: Fit = { onset, slope: 0, phases: new Float64Array(0), deviations: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const residuals = levels.slice();
    fit.phases = sweep(residuals, weights, groups);
    if (onset !== null) {
      const rises = risesByDay.slice();
      const phasesOfRise = sweep(rises, weights, groups);
      fit.slope = removeSlope(residuals, rises, weights);
      fit.phases = fit.phases.map((effect, phase) => effect - fit.slope * (phasesOfRise[phase] as number));
    }
    const sizes = residuals.map(Math.abs);
    fit.deviations = sizes.reduce((sum, size) => sum + size, 0);
    const most = HUBER * MAD_TO_DEVIATION * medianInPlace(sizes.slice(), count);
    for (let index = 0; index < count; index += 1)
      weights[index] = (sizes[index] as number) > most ? most / (sizes[index] as number) : 1;
  }
  return fit;
}

/** Removes the weighted regression on `rises` from numbers, in place, and returns its slope. */
function removeSlope(numbers: Float64Array, rises: Float64Array, weights: Float64Array): number {
  let [products, squares] = [0, 0];
  for (let index = 0; index < numbers.length; index += 1) {
    const rise = rises[index] as number;
    const weighted = (weights[index] as number) * rise;
    products += weighted * (numbers[index] as number);
    squares += weighted * rise;
  }
  const slope = squares > 1e-9 ? products / squares : 0;
  for (let index = 0; index < numbers.length; index += 1)
    numbers[index] = (numbers[index] as number) - slope * (rises[index] as number);
  return slope;
}

/** The group of each cell, and how many groups there are. */
type Grouping = { groupOf: Int32Array; count: number };

type Groupings = [levels: Grouping, phases: Grouping];

function toGrouping(groups: readonly number[]): Grouping {
  return { groupOf: Int32Array.from(groups), count: Math.max(-1, ...groups) + 1 };
}

/** Removes the weighted means of levels and phases from numbers, in place, and returns what it removed by phase. */
function sweep(numbers: Float64Array, weights: Float64Array, [levels, phases]: Groupings): Float64Array {
  const removed = new Float64Array(phases.count);
  let first = 0;
  for (let turn = 0; turn < SWEEPS; turn += 1) {
    removeMeans(numbers, weights, levels);
    const means = removeMeans(numbers, weights, phases);
    let largest = 0;
    for (let phase = 0; phase < phases.count; phase += 1) {
      const mean = means[phase] as number;
      removed[phase] = (removed[phase] as number) + mean;
      largest = Math.max(largest, Math.abs(mean));
    }
    if (turn === 0) first = largest;
    if (largest <= SETTLED_SHARE * first) break;
  }
  return removed;
}

/** Removes the weighted mean of each group from numbers, in place, and returns the means. */
function removeMeans(
  numbers: Float64Array,
  weights: Float64Array,
  { groupOf, count }: Grouping,
): Float64Array {
  const means = new Float64Array(count);
  const totals = new Float64Array(count);
  for (let index = 0; index < numbers.length; index += 1) {
    const group = groupOf[index] as number;
    const weight = weights[index] as number;
    means[group] = (means[group] as number) + weight * (numbers[index] as number);
    totals[group] = (totals[group] as number) + weight;
  }
  for (let group = 0; group < count; group += 1)
    means[group] = totals[group] ? (means[group] as number) / (totals[group] as number) : 0;
  for (let index = 0; index < numbers.length; index += 1)
    numbers[index] = (numbers[index] as number) - (means[groupOf[index] as number] as number);
  return means;
}
