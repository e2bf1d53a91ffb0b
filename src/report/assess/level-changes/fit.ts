import { MAD_TO_DEVIATION, medianOf } from '../medians.ts';
import type { Line } from './rhythm.ts';

/**
 * What a level may have done, fitted together with its rhythm: pieces that stay, pieces that all rise alike, or
 * something that begins to rise one day. Fitted to medians of quarters of a day, which are few and hardly have spikes.
 */

/** The median of up to six hours, or of up to a day, between two breaks. */
export type Cell = {
  /** Its middle, in days from the first point on. */
  day: number;
  value: number;
  /** Which of the parts between breaks it is in. */
  part: number;
  /** Which cell of the rhythm it is. */
  phase: number;
};

export type Model = {
  /** How many parts between breaks have a level of their own. */
  parts: readonly number[];
  /** When the level begins to change steadily, in days; `null` where it never does. */
  onset: number | null;
};

export type Fit = Model & {
  /** Change per day from the onset on. */
  slope: number;
  /** What is usual in each phase of the rhythm. */
  phases: Float64Array;
  /** Sum of the absolute deviations from the model. */
  deviations: number;
};

/** Values this many times the usual scatter away count less: Huber (1964), Robust Estimation of a Location Parameter. */
const HUBER = 1.345;

/** Enough for weights and effects to settle to some thousandths. */
const ROUNDS = 4;
const SWEEPS = 12;
const SETTLED = 0.005;

/**
 * @param period points after which the rhythm begins anew
 * @param width points of a cell, of which at least a third has to be known
 */
export function cellsOf(
  { values, perDay }: Line,
  breaks: readonly number[],
  period: number,
  width: number,
): Cell[] {
  const cells: Cell[] = [];
  const buffer = new Float64Array(width);
  let part = 0;
  for (let first = 0; first < values.length; ) {
    while (part < breaks.length && (breaks[part] as number) <= first) part += 1;
    const end = Math.min(values.length, (Math.floor(first / width) + 1) * width, breaks[part] ?? Infinity);
    let known = 0;
    for (let index = first; index < end; index += 1)
      if (!Number.isNaN(values[index])) {
        buffer[known] = values[index] as number;
        known += 1;
      }
    if (known * 3 >= width)
      cells.push({
        day: (first + end - 1) / 2 / perDay,
        value: medianOf(buffer, known),
        part,
        phase: Math.floor((first % period) / width),
      });
    first = end;
  }
  return cells;
}

/**
 * Fits by iteratively reweighted least squares with Huber's weights. The effects of phases and parts are swept out
 * by turns (Frisch and Waugh 1933: the slope is the same as in the regression on everything at once).
 */
export function fitLevel(cells: readonly Cell[], { parts, onset }: Model, rounds = ROUNDS): Fit {
  const count = cells.length;
  const phases = groupsOf(cells, ({ phase }) => phase);
  const pieces = groupsOf(cells, ({ part }) => parts[part] ?? 0);
  const weights = new Float64Array(count).fill(1);
  const sizes = new Float64Array(count);
  const found: Fit = { parts, onset, slope: 0, phases: new Float64Array(0), deviations: 0 };
  for (let round = 0; round < rounds; round += 1) {
    const level = Float64Array.from(cells, ({ value }) => value);
    found.phases = sweep(level, weights, phases, pieces);
    if (onset !== null) {
      const rise = Float64Array.from(cells, ({ day }) => Math.max(0, day - onset));
      const inRise = sweep(rise, weights, phases, pieces);
      let [products, squares] = [0, 0];
      for (let index = 0; index < count; index += 1) {
        const weighted = (weights[index] as number) * (rise[index] as number);
        products += weighted * (level[index] as number);
        squares += weighted * (rise[index] as number);
      }
      const slope = squares > 1e-9 ? products / squares : 0;
      for (let index = 0; index < count; index += 1)
        level[index] = (level[index] as number) - slope * (rise[index] as number);
      found.phases = found.phases.map((effect, index) => effect - slope * (inRise[index] as number));
      found.slope = slope;
    }
    found.deviations = 0;
    for (let index = 0; index < count; index += 1) {
      const size = Math.abs(level[index] as number);
      sizes[index] = size;
      found.deviations += size;
    }
    const most = HUBER * MAD_TO_DEVIATION * medianOf(sizes.slice(), count);
    for (let index = 0; index < count; index += 1)
      weights[index] = (sizes[index] as number) > most ? most / (sizes[index] as number) : 1;
  }
  return found;
}

type Groups = { of: Int32Array; count: number };

function groupsOf(cells: readonly Cell[], groupOf: (cell: Cell) => number): Groups {
  const of = Int32Array.from(cells, groupOf);
  return { of, count: of.reduce((most, group) => Math.max(most, group + 1), 0) };
}

/** Takes the weighted means of phases and parts out of numbers, in place; what was taken from each phase. */
function sweep(numbers: Float64Array, weights: Float64Array, phases: Groups, parts: Groups): Float64Array {
  const taken = new Float64Array(phases.count);
  let first = 0;
  for (let turn = 0; turn < SWEEPS; turn += 1) {
    takeMeans(numbers, weights, parts);
    const means = takeMeans(numbers, weights, phases);
    let largest = 0;
    for (let index = 0; index < phases.count; index += 1) {
      taken[index] = (taken[index] as number) + (means[index] as number);
      largest = Math.max(largest, Math.abs(means[index] as number));
    }
    if (turn === 0) first = largest;
    if (largest <= SETTLED * first) break;
  }
  return taken;
}

function takeMeans(numbers: Float64Array, weights: Float64Array, { of, count }: Groups): Float64Array {
  const sums = new Float64Array(count);
  const totals = new Float64Array(count);
  for (let index = 0; index < numbers.length; index += 1) {
    const group = of[index] as number;
    const weight = weights[index] as number;
    sums[group] = (sums[group] as number) + weight * (numbers[index] as number);
    totals[group] = (totals[group] as number) + weight;
  }
  for (let group = 0; group < count; group += 1)
    sums[group] = totals[group] ? (sums[group] as number) / (totals[group] as number) : 0;
  for (let index = 0; index < numbers.length; index += 1)
    numbers[index] = (numbers[index] as number) - (sums[of[index] as number] as number);
  return sums;
}
