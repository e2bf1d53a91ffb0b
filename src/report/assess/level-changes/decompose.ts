import { medianBetween, medianInPlace, scatterOf } from '../medians.ts';
import { isJumpForADay, refineBreak } from './breaks.ts';
import { type Cell, divide, type Fit, fitLevel } from './fit.ts';
import type { LevelHistory } from './history.ts';
import { withoutBestRhythm } from './rhythm.ts';
import type { Day } from './slope.ts';

/** A day counts only if at least this share of it is known. */
const LEAST_KNOWN_SHARE = 1 / 4;

/** A history split by a model into level, rise and residual, with one value per point. */
export type Decomposition = {
  /** The values without their rhythm. */
  levels: Float64Array;
  /** The part of each level that results from the slope of the model. */
  rises: Float64Array;
  /** What neither the model nor the rhythm explains; NaN if the value is unknown. */
  residuals: Float64Array;
  /** The usual scatter of a point around the model. */
  scatter: number;
  /** The share of the degrees of freedom that the rhythm left, because it was fitted to the same points. */
  freedom: number;
};

/** A history described by levels that stay between breaks. */
export type Pieces = { cells: Cell[]; breaks: readonly number[]; fit: Fit; decomposition: Decomposition };

/** Fits levels that stay between breaks, after placing each break at its exact point. */
export function fitPieces(history: LevelHistory): Pieces {
  const { perDay } = history.series;
  const { levels } = fitPiecesBetween(history, history.breaks).decomposition;
  const placed = history.breaks
    .map((point) => refineBreak({ values: levels, perDay }, point))
    .filter((point) => isJumpForADay(levels, point, perDay));
  return fitPiecesBetween(
    history,
    [...new Set(placed)].sort((a, b) => a - b),
  );
}

function fitPiecesBetween(history: LevelHistory, breaks: readonly number[]): Pieces {
  const cells = divide(history, breaks, 'quarter');
  const fit = fitLevel(cells, null);
  return { cells, breaks, fit, decomposition: decompose(history, cells, breaks, fit) };
}

/** Applies a fitted model to every point and removes the rhythm that explains the values best. */
export function decompose(
  { series, period }: LevelHistory,
  cells: readonly Cell[],
  breaks: readonly number[],
  fit: Fit,
): Decomposition {
  const { values, perDay } = series;
  const riseAt = (day: number) => (fit.onset === null ? 0 : fit.slope * Math.max(0, day - fit.onset));
  const bases = Array.from({ length: breaks.length + 1 }, (_, part) => {
    const own = cells.filter((cell) => cell.part === part);
    const levels = Float64Array.from(
      own,
      ({ value, day, phase }) => value - riseAt(day) - (fit.phases[phase] as number),
    );
    return medianInPlace(levels, levels.length);
  });
  const rises = values.map((_, index) => riseAt(index / perDay));
  let part = 0;
  const fitted = rises.map((rise, index) => {
    while (part < breaks.length && (breaks[part] as number) <= index) part += 1;
    return (bases[part] as number) + rise;
  });
  const { values: levels, freedom } = withoutBestRhythm(series, fitted, period);
  const residuals = levels.map((level, index) => level - (fitted[index] as number));
  return { levels, rises, residuals, scatter: scatterOf(residuals) / Math.sqrt(freedom), freedom };
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
  for (let part = bounds.length - 2; part >= 0; part -= 1) {
    const first = bounds[part] as number;
    for (let end = bounds[part + 1] as number; end - first >= perDay; end -= perDay) {
      const known = levels.subarray(end - perDay, end).filter((level) => !Number.isNaN(level));
      if (known.length < LEAST_KNOWN_SHARE * perDay) continue;
      days.push({ day: (end - perDay / 2) / perDay, value: medianInPlace(known, known.length), part });
    }
  }
  return days.reverse();
}
