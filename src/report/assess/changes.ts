import type { Indicator } from '../model/indicator.ts';
import { type Change, LATEST_CERTAIN_SECONDS } from '../model/report-analysis.ts';
import type { Gathered, Grid } from '../model/series.ts';
import { pointAt, toIso } from '../model/time.ts';
import { findLevelChanges } from './level-changes/level-changes.ts';
import type { Step } from './level-changes/step.ts';
import { keyOf, type Line, linesOf } from './subjects.ts';

/** A process start so near a step has brought it about: the hour of the point, and the one before. */
const RESTART_SECONDS = 2 * 3600;

/** No step is told before it has lasted for half a day (docs/changes.md). */
const LEAST_LASTING_SECONDS = 12 * 3600;

/** By so many points the place of a step may differ when less is known of what follows. */
const SAME_POINTS = 3;

/** More than anybody reads; in an upgrade every line of every node may change. */
const MOST_CHANGES = 200;

/**
 * The levels that changed for good. Steps are told by the report in whose period they became certain, which takes
 * the longer the shorter the history is: a step of the last hours is left to the next report, and one that the report of
 * the period before could already tell is not told again.
 */
export function changesOf(
  indicators: readonly Indicator[],
  gathered: Gathered,
  restarts: ReadonlyMap<string, readonly number[]>,
): Change[] {
  const { history } = gathered;
  const changes = indicators.flatMap((indicator) => {
    const answer = history.indicators[indicator.id];
    if (!answer?.ok) return [];
    return linesOf(indicator, answer.value).flatMap((line) =>
      changesOfLine(indicator, line, gathered, restarts.get(keyOf(line)) ?? []),
    );
  });
  return changes.sort((a, b) => Math.abs(b.deviations) - Math.abs(a.deviations)).slice(0, MOST_CHANGES);
}

function changesOfLine(
  { id, unit }: Indicator,
  { subject, component, labels, values }: Line,
  { period, history: { grid } }: Gathered,
  restarts: readonly number[],
): Change[] {
  const found = findLevelChanges(values, grid);
  const news = found.filter((change) => change.kind === 'trend' || isNews(change, values, grid, period));
  return news.map((change) => {
    const base = { indicator: id, subject, component, labels, unit, deviations: change.deviations };
    if (change.kind === 'trend') {
      const { index, from, to, perDay } = change;
      return {
        ...base,
        kind: 'trend',
        at: toIso(pointAt(grid, index) - grid.stepSeconds),
        before: from,
        after: to,
        perDay,
        explainedBy: null,
      };
    }
    // The point speaks for the step that ends there.
    const at = pointAt(grid, change.index) - grid.stepSeconds;
    const isRestart = restarts.some((start) => Math.abs(start - at) <= RESTART_SECONDS);
    return {
      ...base,
      kind: 'step',
      at: toIso(at),
      before: change.before,
      after: change.after,
      perDay: null,
      explainedBy: isRestart ? 'restart' : null,
    };
  });
}

/** Whether a step became certain in a period, and not before. */
function isNews(step: Step, values: Line['values'], grid: Grid, { start, end }: Gathered['period']): boolean {
  const at = pointAt(grid, step.index) - grid.stepSeconds;
  if (at > start - LEAST_LASTING_SECONDS) return at <= end - LEAST_LASTING_SECONDS;
  if (at <= start - LATEST_CERTAIN_SECONDS) return false;
  const known = values.slice(0, -Math.ceil((end - start) / grid.stepSeconds));
  return !findLevelChanges(known, grid).some(
    (change) =>
      change.kind === 'step' &&
      Math.abs(change.index - step.index) <= SAME_POINTS &&
      Math.sign(change.deviations) === Math.sign(step.deviations),
  );
}
