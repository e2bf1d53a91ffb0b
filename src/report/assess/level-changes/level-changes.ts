import { decompose, fitPieces, riseAt } from './decompose.ts';
import { breaksIn, type LevelHistory, readHistory, seemsToMove } from './history.ts';
import { findStep, type LevelStep } from './step.ts';
import { findTrend, type Trend } from './trend.ts';

/**
 * Finds levels that changed for good in weeks of history. docs/changes.md explains the method and how well it works.
 *
 * 1. `history.ts` decides whether a series is long and known enough. `breaks.ts` finds candidates for jumps in it, and
 *    `seemsToMove` rejects most series before any model is fitted.
 * 2. `fit.ts` fits models to medians of quarters of a day: levels that stay between breaks, or a level that changes
 *    steadily. `decompose.ts` applies a fitted model to every point and removes the rhythm (`rhythm.ts`).
 * 3. `trend.ts` accepts a steady change if it explains much more than levels that stay, and if `slope.ts` finds it
 *    significant. `step.ts` accepts the last break at which the level changed for good.
 *
 * All of them work on typed arrays, in which NaN stands for an unknown value (`../medians.ts`).
 */

export type LevelChange = LevelStep | Trend;

/** A change is at least this share of the level; less is not worth reporting. Our choice. */
const LEAST_SHARE = 0.2;

/** For a level with a limit, half of that matters. */
const LEAST_FORECAST_SHARE = 0.1;

/**
 * Finds at most one step and one trend in a series, NaN for an unknown value. A step that another one reverted does
 * not count, and a trend must still continue at the end.
 */
export function findLevelChanges(
  values: Float64Array,
  { stepSeconds }: { stepSeconds: number },
): LevelChange[] {
  const { history, candidates } = examine(values, stepSeconds);
  if (!history) return [];
  if (candidates.length === 0 && !seemsToMove(history, LEAST_SHARE)) return [];
  const pieces = fitPieces(history, candidates);
  // The candidates were the reason to go on, and none was confirmed.
  if (candidates.length > 0 && pieces.breaks.length === 0 && !seemsToMove(history, LEAST_SHARE)) return [];
  const found = findTrend(history, pieces, LEAST_SHARE);
  if (!found) {
    if (pieces.breaks.length === 0) return [];
    const step = findStep(history, pieces.breaks, pieces.decomposition ?? decompose(history, pieces));
    return step ? [step] : [];
  }
  const { trend, breaks, fit, decomposition } = found;
  const riseOf = (point: number) => riseAt(fit, point / history.series.perDay);
  const detrended = {
    ...decomposition,
    levels: decomposition.levels.map((level, point) => level - riseOf(point)),
  };
  const step = findStep(history, breaks, detrended);
  // A jump against the trend is a restart or the like and belongs to the trend.
  if (!step || step.deviations * trend.deviations < 0) return [trend];
  const rise = riseOf(step.index - history.offset);
  return [{ ...step, before: step.before + rise, after: step.after + rise }, trend];
}

/** Finds the steady change that continues at the end of a series, for a forecast; `null` if there is none. */
export function trendAtEnd(values: Float64Array, { stepSeconds }: { stepSeconds: number }): Trend | null {
  const { history, candidates } = examine(values, stepSeconds);
  if (!history) return null;
  if (candidates.length === 0 && !seemsToMove(history, LEAST_FORECAST_SHARE)) return null;
  return findTrend(history, fitPieces(history, candidates), LEAST_FORECAST_SHARE)?.trend ?? null;
}

type Examined = { stepSeconds: number; history: LevelHistory | null; candidates: readonly number[] };

/** The series in use that were examined: most levels with a limit are searched for changes and for a forecast. */
const examinedSeries = new WeakMap<Float64Array, Examined>();

function examine(values: Float64Array, stepSeconds: number): Examined {
  const known = examinedSeries.get(values);
  if (known?.stepSeconds === stepSeconds) return known;
  const history = readHistory(values, stepSeconds);
  const examined = { stepSeconds, history, candidates: history ? breaksIn(history) : [] };
  examinedSeries.set(values, examined);
  return examined;
}
