import { copyKnown } from '../../model/series.ts';
import { medianBetween, medianInPlace, reusableBuffer, scatterOf } from '../medians.ts';
import { isJumpForADay, refineBreak } from './breaks.ts';
import { type Cells, divide, type Fit, fitLevel } from './fit.ts';
import type { LevelHistory } from './history.ts';
import { withoutBestRhythm } from './rhythm.ts';
import type { Day } from './slope.ts';

/** A day counts only if at least this share of it is known. */
const LEAST_KNOWN_SHARE = 1 / 4;

/** A level in a history: it stays or changes steadily between breaks. */
export type Model = { cells: Cells; breaks: readonly number[]; fit: Fit };

/** A history split by a model into level and residual, with one value per point. */
export type Decomposition = {
  /** The values without their rhythm. */
  levels: Float64Array;
  /** What neither the model nor the rhythm explains; NaN if the value is unknown. */
  residuals: Float64Array;
  /** The share of the degrees of freedom that the rhythm left, because it was fitted to the same points. */
  freedom: number;
};

/** Levels that stay between breaks. The decomposition takes most of the time and is `null` until it is needed. */
export type Pieces = Model & { decomposition: Decomposition | null };

const buffers = { fitted: reusableBuffer(), bases: reusableBuffer() };

/** Fits levels that stay between breaks, after placing each break at its exact point. */
export function fitPieces(history: LevelHistory, candidates: readonly number[]): Pieces {
  const { perDay } = history.series;
  const draft = modelWith(history, candidates);
  if (candidates.length === 0) return { ...draft, decomposition: null };
  const decomposition = decompose(history, draft);
  const { levels } = decomposition;
  const placed = candidates
    .map((point) => refineBreak({ values: levels, perDay }, point))
    .filter((point) => isJumpForADay(levels, point, perDay));
  const breaks = [...new Set(placed)].sort((a, b) => a - b);
  if (breaks.join() === candidates.join()) return { ...draft, decomposition };
  return { ...modelWith(history, breaks), decomposition: null };
}

function modelWith(history: LevelHistory, breaks: readonly number[]): Model {
  const cells = divide(history, breaks, 'quarter');
  return { cells, breaks, fit: fitLevel(cells, null) };
}

/** Applies a fitted model to every point and removes the rhythm that explains the values best. */
export function decompose(history: LevelHistory, { cells, breaks, fit }: Model): Decomposition {
  const { values, perDay } = history.series;
  const bases = basesOf(cells, breaks.length + 1, fit);
  const fitted = buffers.fitted(values.length);
  let part = 0;
  for (let index = 0; index < values.length; index += 1) {
    while (part < breaks.length && (breaks[part] as number) <= index) part += 1;
    fitted[index] = (bases[part] as number) + riseAt(fit, index / perDay);
  }
  const { values: levels, freedom } = withoutBestRhythm(history, fitted);
  const residuals = new Float64Array(values.length);
  for (let index = 0; index < values.length; index += 1)
    residuals[index] = (levels[index] as number) - (fitted[index] as number);
  return { levels, residuals, freedom };
}

/** Returns the level of each part at the beginning of the history. */
function basesOf({ days, values, parts, phases }: Cells, count: number, fit: Fit): Float64Array {
  const levels = buffers.bases(values.length);
  return Float64Array.from({ length: count }, (_, part) => {
    let known = 0;
    for (let cell = 0; cell < values.length; cell += 1) {
      if (parts.groupOf[cell] !== part) continue;
      const rise = riseAt(fit, days[cell] as number);
      levels[known++] =
        (values[cell] as number) - rise - (fit.phases[phases.groupOf[cell] as number] as number);
    }
    return medianInPlace(levels, known);
  });
}

/** Returns the part of the level that results from the slope of a model. */
export function riseAt({ onset, slope }: Fit, day: number): number {
  return onset === null ? 0 : slope * Math.max(0, day - onset);
}

/** Returns the usual scatter of a point around the model. */
export function scatterAround({ residuals, freedom }: Decomposition): number {
  return scatterOf(residuals) / Math.sqrt(freedom);
}

/** Returns the scatter of medians over `width` points: what slow noise leaves of itself in them. */
export function slowScatterOf({ residuals, freedom }: Decomposition, width: number): number {
  const medians: number[] = [];
  for (let end = residuals.length; end >= width; end -= width)
    medians.push(medianBetween(residuals, end - width, end));
  return scatterOf(Float64Array.from(medians)) / Math.sqrt(freedom);
}

/** Returns the median of each whole day from a point on. Days are counted backwards from the end of each part. */
export function dailyMedians(
  levels: Float64Array,
  perDay: number,
  breaks: readonly number[],
  from: number,
): Day[] {
  const bounds = [from, ...breaks.filter((point) => point > from), levels.length];
  const days: Day[] = [];
  const buffer = new Float64Array(perDay);
  for (let part = bounds.length - 2; part >= 0; part -= 1) {
    const first = bounds[part] as number;
    for (let end = bounds[part + 1] as number; end - first >= perDay; end -= perDay) {
      const known = copyKnown(levels, end - perDay, end, buffer);
      if (known < LEAST_KNOWN_SHARE * perDay) continue;
      days.push({ day: (end - perDay / 2) / perDay, value: medianInPlace(buffer, known), part });
    }
  }
  return days.reverse();
}
