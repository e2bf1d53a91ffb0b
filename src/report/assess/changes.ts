import type { Facts } from '../model/gathered.ts';
import type { Indicator } from '../model/indicator.ts';
import { compareNames } from '../model/names.ts';
import type { Period } from '../model/period.ts';
import { type Change, LATEST_CERTAIN_SECONDS } from '../model/report-analysis.ts';
import type { Grid } from '../model/series.ts';
import { pointAt, toInstant } from '../model/time.ts';
import { findLevelChanges, type LevelChange } from './level-changes/level-changes.ts';
import type { LevelStep } from './level-changes/step.ts';
import { type SubjectSeries, subjectKey } from './subjects.ts';
import { findInTurns } from './turns.ts';

/** A process start this close to a step explains it: in the hour of the point, or in the hour before. */
const RESTART_SECONDS = 2 * 3600;

/** A step is reported only after it has lasted for half a day (docs/changes.md). */
const LEAST_LASTING_SECONDS = 12 * 3600;

/** The position of a step may differ by this many points when less of what follows is known. */
const SAME_STEP_POINTS = 3;

/** Upper bound on the changes of a report; an upgrade may change every series of every node. */
const MOST_CHANGES = 200;

/**
 * Returns the levels of an indicator that changed for good, the largest change first. A step is in the report of the
 * period in which it became certain: a step of the last hours is left to the next report. The shorter the history, the
 * longer that takes.
 * @param all the levels over weeks
 * @param restarts process starts in Unix seconds, by `subjectKey`
 */
export async function findChanges(
  indicator: Indicator,
  all: readonly SubjectSeries[],
  facts: Pick<Facts, 'period' | 'history'>,
  restarts: ReadonlyMap<string, readonly number[]>,
): Promise<Change[]> {
  const changes = await findInTurns(all, (series) =>
    changesOfSeries(indicator, series, facts, restarts.get(subjectKey(series)) ?? []),
  );
  return largestChanges(changes);
}

/** Returns the changes that a report lists, the largest first. */
export function largestChanges(changes: readonly Change[]): Change[] {
  return changes
    .toSorted((a, b) => Math.abs(b.deviations) - Math.abs(a.deviations) || compareNames(a.subject, b.subject))
    .slice(0, MOST_CHANGES);
}

function changesOfSeries(
  { id, unit }: Indicator,
  { subject, component, labels, values }: SubjectSeries,
  { period, history: { grid } }: Pick<Facts, 'period' | 'history'>,
  restarts: readonly number[],
): Change[] {
  const changes = findLevelChanges(values, grid).filter(
    (change) => change.kind === 'trend' || isNew(change, values, grid, period),
  );
  return changes.map((change) => {
    const { kind, before, after, deviations } = change;
    const at = stepOfPoint(change, grid);
    const isRestart = kind === 'step' && restarts.some((start) => Math.abs(start - at) <= RESTART_SECONDS);
    return {
      indicator: id,
      subject,
      component,
      labels,
      unit,
      deviations,
      kind,
      at: toInstant(at),
      before,
      after,
      perDay: kind === 'trend' ? change.perDay : null,
      explainedBy: isRestart ? 'restart' : null,
    };
  });
}

/** Returns when the grid's step of a change begins. */
function stepOfPoint({ index }: LevelChange, grid: Grid): number {
  return pointAt(grid, index) - grid.stepSeconds;
}

/** Whether a step became certain in the period and was not certain before it. */
function isNew(
  step: LevelStep,
  values: SubjectSeries['values'],
  grid: Grid,
  { start, end }: Period,
): boolean {
  const at = stepOfPoint(step, grid);
  if (at > start - LEAST_LASTING_SECONDS) return at <= end - LEAST_LASTING_SECONDS;
  if (at <= start - LATEST_CERTAIN_SECONDS) return false;
  const knownBefore = values.subarray(0, -Math.ceil((end - start) / grid.stepSeconds));
  return !findLevelChanges(knownBefore, grid).some(
    (change) =>
      change.kind === 'step' &&
      Math.abs(change.index - step.index) <= SAME_STEP_POINTS &&
      Math.sign(change.deviations) === Math.sign(step.deviations),
  );
}
