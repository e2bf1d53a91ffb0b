import { copyKnown } from '../../model/series.ts';
import { MAD_TO_DEVIATION, medianInPlace, reusableBuffer } from '../medians.ts';
import type { LevelHistory } from './history.ts';

/**
 * Models of a level, each fitted together with its rhythm: a level that stays between breaks, or one that changes
 * steadily from an onset on. They are fitted to medians of quarters of a day, which are few and have hardly any spikes.
 */

/** Medians of neighbouring points, none of them on both sides of a break; one entry per cell in each array. */
export type Cells = {
  /** The middle of a cell, in days from the first point on. */
  days: Float64Array;
  values: Float64Array;
  /** The parts between breaks. */
  parts: Grouping;
  /** The positions in the rhythm, in cells. */
  phases: Grouping;
  /** What every fit begins with: the values without the means of levels and phases, which are removed by phase. */
  withoutMeans: { residuals: Float64Array; phases: Float64Array };
};

/** The group of each cell, and one more than the highest group. */
type Grouping = { groupOf: Int32Array; count: number };

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

const buffers = {
  weights: reusableBuffer(),
  residuals: reusableBuffer(),
  rises: reusableBuffer(),
  sizes: reusableBuffer(),
  levels: reusableBuffer(),
  means: reusableBuffer(),
  phases: reusableBuffer(),
  phasesOfRise: reusableBuffer(),
  weightsByPart: reusableBuffer(),
  weightsByPhase: reusableBuffer(),
};

/** Returns the medians of the days or quarters of days (single points if a day has no quarters) between breaks. */
export function divide(
  { series: { values, perDay }, period }: LevelHistory,
  breaks: readonly number[],
  size: 'day' | 'quarter',
): Cells {
  const width = size === 'day' ? perDay : perDay % 4 === 0 ? perDay / 4 : 1;
  const [days, medians, parts, phases]: [number[], number[], number[], number[]] = [[], [], [], []];
  const buffer = new Float64Array(width);
  let part = 0;
  for (let first = 0; first < values.length; ) {
    while (part < breaks.length && (breaks[part] as number) <= first) part += 1;
    const end = Math.min(values.length, (Math.floor(first / width) + 1) * width, breaks[part] ?? Infinity);
    const known = copyKnown(values, first, end, buffer);
    if (known >= LEAST_KNOWN_SHARE * width) {
      days.push((first + end - 1) / 2 / perDay);
      medians.push(medianInPlace(buffer, known));
      parts.push(part);
      phases.push(Math.floor((first % period) / width));
    }
    first = end;
  }
  const groups = { parts: toGrouping(parts), phases: toGrouping(phases) };
  const residuals = Float64Array.from(medians);
  const removed = new Float64Array(groups.phases.count);
  sweep(residuals, weigh(buffers.weights(medians.length).fill(1), groups), groups, removed);
  return {
    days: Float64Array.from(days),
    values: Float64Array.from(medians),
    ...groups,
    withoutMeans: { residuals, phases: removed },
  };
}

function toGrouping(groups: readonly number[]): Grouping {
  return { groupOf: Int32Array.from(groups), count: Math.max(-1, ...groups) + 1 };
}

/**
 * Fits a level for each part between breaks, and a slope from the onset on, by iteratively reweighted least squares
 * with Huber's weights. The means of levels and phases are removed in turn, which gives the same slope as the
 * regression on everything at once (Frisch and Waugh 1933, Partial Time Regressions as Compared with Individual
 * Trends).
 */
export function fitLevel(cells: Cells, onset: number | null, rounds = ROUNDS): Fit {
  const count = cells.values.length;
  const residuals = buffers.residuals(count);
  const phases = buffers.phases(cells.phases.count);
  const influences = buffers.weights(count).fill(1);
  const fit: Fit = { onset, slope: 0, phases, deviations: 0 };
  for (let round = 0; round < rounds; round += 1) {
    if (round > 0) limitInfluence(residuals, influences);
    const weights = weigh(influences, cells);
    if (round === 0) {
      residuals.set(cells.withoutMeans.residuals);
      phases.set(cells.withoutMeans.phases);
    } else {
      residuals.set(cells.values);
      sweep(residuals, weights, cells, phases);
    }
    if (onset !== null) fit.slope = fitSlope(residuals, phases, { cells, onset, weights });
  }
  for (let index = 0; index < count; index += 1) fit.deviations += Math.abs(residuals[index] as number);
  return { ...fit, phases: phases.slice() };
}

/** Removes a slope from residuals and phases, in place, and returns it. */
function fitSlope(
  residuals: Float64Array,
  phases: Float64Array,
  { cells, onset, weights }: { cells: Cells; onset: number; weights: Weights },
): number {
  const rises = buffers.rises(residuals.length);
  for (let index = 0; index < rises.length; index += 1)
    rises[index] = Math.max(0, (cells.days[index] as number) - onset);
  const phasesOfRise = buffers.phasesOfRise(phases.length);
  sweep(rises, weights, cells, phasesOfRise);
  const slope = removeSlope(residuals, rises, weights.values);
  for (let phase = 0; phase < phases.length; phase += 1)
    phases[phase] = (phases[phase] as number) - slope * (phasesOfRise[phase] as number);
  return slope;
}

/** Sets the weights that follow from the residuals of a round. */
function limitInfluence(residuals: Float64Array, weights: Float64Array): void {
  const sizes = buffers.sizes(residuals.length);
  for (let index = 0; index < sizes.length; index += 1) sizes[index] = Math.abs(residuals[index] as number);
  const most = HUBER * MAD_TO_DEVIATION * medianInPlace(sizes, sizes.length);
  for (let index = 0; index < weights.length; index += 1) {
    const size = Math.abs(residuals[index] as number);
    weights[index] = size > most ? most / size : 1;
  }
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

/** The weight of each cell, and their sums by part and by phase. */
type Weights = { values: Float64Array; parts: Float64Array; phases: Float64Array };

function weigh(values: Float64Array, { parts, phases }: Pick<Cells, 'parts' | 'phases'>): Weights {
  return {
    values,
    parts: addUp(values, parts, buffers.weightsByPart(parts.count)),
    phases: addUp(values, phases, buffers.weightsByPhase(phases.count)),
  };
}

function addUp(weights: Float64Array, { groupOf }: Grouping, sums: Float64Array): Float64Array {
  sums.fill(0);
  for (let index = 0; index < weights.length; index += 1) {
    const group = groupOf[index] as number;
    sums[group] = (sums[group] as number) + (weights[index] as number);
  }
  return sums;
}

/** Removes the weighted means of levels and phases from numbers, in place. `removed` becomes what that is by phase. */
function sweep(
  numbers: Float64Array,
  weights: Weights,
  { parts, phases }: Pick<Cells, 'parts' | 'phases'>,
  removed: Float64Array,
): void {
  removed.fill(0);
  const [levels, means] = [buffers.levels(parts.count), buffers.means(phases.count)];
  let first = 0;
  for (let turn = 0; turn < SWEEPS; turn += 1) {
    removeMeans(numbers, weights.values, parts, { sums: weights.parts, means: levels });
    removeMeans(numbers, weights.values, phases, { sums: weights.phases, means });
    let largest = 0;
    for (let phase = 0; phase < phases.count; phase += 1) {
      const mean = means[phase] as number;
      removed[phase] = (removed[phase] as number) + mean;
      largest = Math.max(largest, Math.abs(mean));
    }
    if (turn === 0) first = largest;
    if (largest <= SETTLED_SHARE * first) break;
  }
}

/**
 * Removes the weighted mean of each group from numbers, in place.
 * @param byGroup the sums of the weights, and the means, which are overwritten
 */
function removeMeans(
  numbers: Float64Array,
  weights: Float64Array,
  { groupOf, count }: Grouping,
  { sums, means }: { sums: Float64Array; means: Float64Array },
): void {
  means.fill(0);
  for (let index = 0; index < numbers.length; index += 1) {
    const group = groupOf[index] as number;
    means[group] = (means[group] as number) + (weights[index] as number) * (numbers[index] as number);
  }
  for (let group = 0; group < count; group += 1)
    means[group] = sums[group] ? (means[group] as number) / (sums[group] as number) : 0;
  for (let index = 0; index < numbers.length; index += 1)
    numbers[index] = (numbers[index] as number) - (means[groupOf[index] as number] as number);
}
