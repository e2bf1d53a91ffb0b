import type { Indicator } from '../model/indicator.ts';
import type { Change } from '../model/report-depth.ts';
import type { Gathered } from '../model/series.ts';
import { findLevelChanges } from './level-changes.ts';
import { keyOf, type Line, linesOf } from './subjects.ts';
import { pointAt, toIso } from './time.ts';

/** A process start so near a step has brought it about: the hour of the point, and the one before. */
const RESTART_SECONDS = 2 * 3600;

/** What follows a step must be long enough to show that it lasts: half a day. */
const LASTING_SECONDS = 12 * 3600;

/** More than anybody reads; in an upgrade every line of every node may change. */
const MOST_CHANGES = 200;

/**
 * The levels that changed for good. Steps are told by the report in whose period they became certain: a step of the last
 * hours is left to the next, which has seen whether it lasts.
 */
export function changesOf(
  indicators: readonly Indicator[],
  gathered: Gathered,
  restarts: ReadonlyMap<string, readonly number[]>,
): Change[] {
  const { period, history } = gathered;
  const isOfPeriod = (at: number) =>
    at > period.start - LASTING_SECONDS && at <= period.end - LASTING_SECONDS;
  const changes = indicators.flatMap((indicator) => {
    const answer = history.indicators[indicator.id];
    if (!answer?.ok) return [];
    return linesOf(indicator, answer.value, gathered.jobs).flatMap((line) =>
      changesOfLine(indicator, line, gathered, restarts.get(keyOf(line)) ?? []),
    );
  });
  return changes
    .filter(({ kind, at }) => kind === 'trend' || isOfPeriod(Date.parse(at) / 1000))
    .sort((a, b) => Math.abs(b.deviations) - Math.abs(a.deviations))
    .slice(0, MOST_CHANGES);
}

function changesOfLine(
  { id, unit }: Indicator,
  { subject, component, labels, values }: Line,
  { history: { grid } }: Gathered,
  restarts: readonly number[],
): Change[] {
  return findLevelChanges(values, grid).map((change) => {
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
