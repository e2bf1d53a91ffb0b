import { historyOf, piecesOf, seemsToMove } from './history.ts';
import { findStep, type Step } from './step.ts';
import { findTrend, type Trend } from './trend.ts';

/**
 * Which levels changed for good in weeks of history: by a step, or steadily. What is looked for, why, and how well it
 * is found is in docs/changes.md.
 */

export type LevelChange = Step | Trend;

/** A change of less than a fifth of the level is no news, even where it is plain. */
const LEAST_SHARE = 0.2;

/** Where there is a limit to run into, half of that matters. */
const LEAST_FORECAST_SHARE = 0.1;

/**
 * At most one step and one trend of a line of points at equal distances, null where nothing is known. A step that
 * another one undid is none; a trend goes on at the end. What is too short or too uncertain to say has no change.
 */
export function findLevelChanges(
  values: readonly (number | null)[],
  { stepSeconds }: { stepSeconds: number },
): LevelChange[] {
  const history = historyOf(values, stepSeconds);
  if (!history) return [];
  const moves = seemsToMove(history, LEAST_SHARE);
  if (history.breaks.length === 0 && !moves) return [];
  const pieces = piecesOf(history);
  if (pieces.breaks.length === 0 && !moves) return [];
  const found = findTrend(history, pieces, LEAST_SHARE);
  if (!found) {
    const step = findStep(history, pieces.breaks, pieces.explained);
    return step ? [step] : [];
  }
  // A jump against the trend is a restart, or the like, which belongs to it.
  const { trend, breaks, explained } = found;
  const detrended = {
    ...explained,
    levels: explained.levels.map((level, index) => level - (explained.rises[index] as number)),
  };
  const step = findStep(history, breaks, detrended);
  if (!step || step.deviations * trend.deviations < 0) return [trend];
  const rise = explained.rises[step.index - history.offset] as number;
  return [{ ...step, before: step.before + rise, after: step.after + rise }, trend];
}

/** The steady change that goes on at the end of a line, for telling when it reaches a limit; null where there is none. */
export function trendOf(
  values: readonly (number | null)[],
  { stepSeconds }: { stepSeconds: number },
): Trend | null {
  const history = historyOf(values, stepSeconds);
  if (!history || (history.breaks.length === 0 && !seemsToMove(history, LEAST_FORECAST_SHARE))) return null;
  return findTrend(history, piecesOf(history), LEAST_FORECAST_SHARE)?.trend ?? null;
}
