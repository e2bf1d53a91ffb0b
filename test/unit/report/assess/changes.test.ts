import { describe, expect, it } from 'vitest';
import { findChanges } from '../../../../src/report/assess/changes.ts';
import { mergeBySubject, subjectKey } from '../../../../src/report/assess/subjects.ts';
import { historySeconds } from '../../../../src/report/gather/history.ts';
import type { Change } from '../../../../src/report/model/report-analysis.ts';
import { unknownValues } from '../../../../src/report/model/series.ts';
import { random } from '../../../simulation/random.ts';
import { gatheredOf, indicatorNamed } from './notation.ts';

const HOUR = 3600;
const EPOCH = Date.UTC(2026, 8, 1) / 1000;

const FLOWS = indicatorNamed('ovs-flow-count');

/** Flows of a node at each hour: a daily rhythm, noise, and a shape. */
function levels(hours: number, shape: (hour: number) => number, seed = 1): number[] {
  const next = random('levels', seed);
  return Array.from(
    { length: hours },
    (_, hour) =>
      1000 * shape(hour) * (1 + 0.1 * Math.cos((2 * Math.PI * hour) / 24)) * (1 + 0.04 * (next() - 0.5)),
  );
}

/** Returns the changes at the end of a period that a server with `retention` days knows. */
function changesAt(
  all: readonly number[],
  { endHour, periodHours, retention }: { endHour: number; periodHours: number; retention: number },
  restarts: ReadonlyMap<string, readonly number[]> = new Map(),
): Promise<Change[]> {
  const count = historySeconds({ start: 0, end: periodHours * HOUR }) / HOUR;
  const values = unknownValues(count).map((unknown, index) => {
    const hour = endHour - count + index;
    return endHour - hour > retention * 24 ? unknown : (all[hour] ?? unknown);
  });
  const end = EPOCH + endHour * HOUR;
  const { windows } = gatheredOf(1).history;
  const history = { grid: { start: end - count * HOUR, stepSeconds: HOUR, count }, windows };
  const period = { start: end - periodHours * HOUR, end };
  const series = mergeBySubject(FLOWS, [{ labels: { node: 'node-1' }, values }]);
  return findChanges(FLOWS, series, { period, history }, restarts);
}

/** Returns the changes of consecutive reports. */
async function changesReported(
  all: readonly number[],
  periodHours: number,
  retention: number,
  restarts?: ReadonlyMap<string, readonly number[]>,
): Promise<Change[]> {
  const reports = Math.floor(all.length / periodHours);
  const endHours = Array.from({ length: reports }, (_, index) => (index + 1) * periodHours);
  const changes = endHours.map((endHour) => changesAt(all, { endHour, periodHours, retention }, restarts));
  return (await Promise.all(changes)).flat();
}

describe('steps in consecutive reports', () => {
  it.each([
    ['daily', 24, 60],
    ['daily, with fifteen days of retention', 24, 15],
    ['weekly', 168, 60],
    ['weekly, with fifteen days of retention', 168, 15],
  ])('are reported once, regardless of their hour: %s', async (_, periodHours, retention) => {
    const counting = Array.from({ length: 24 }, async (_, hour) => {
      const step = 35 * 24 + 13 * (periodHours === 168 ? hour : 0) + hour;
      const all = levels(56 * 24, (at) => (at >= step ? 1.8 : 1), hour + 1);
      const reported = await changesReported(all, periodHours, retention);
      const changes = reported.filter(({ kind }) => kind === 'step');
      for (const { at } of changes)
        expect(Math.abs(Date.parse(at) / 1000 - EPOCH - step * HOUR)).toBeLessThanOrEqual(HOUR);
      return changes.length;
    });
    const counts = await Promise.all(counting);
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
    // With a week less of history, it is sometimes unclear whether the report before contained it.
    expect(counts.filter((count) => count > 1).length).toBeLessThanOrEqual(retention === 15 ? 5 : 0);
  });
});

describe('a step', () => {
  const steps = (changes: readonly Change[]) => changes.filter(({ kind }) => kind === 'step');

  it('is reported when it is certain, which may take longer than half a day', async () => {
    const step = 40 * 24;
    // The new level had occurred for seven hours the day before, so it must last three times as long.
    const all = levels(56 * 24, (at) => (at >= step || (at >= step - 30 && at < step - 23) ? 1.8 : 1));
    const repeated = await changesReported(all, 12, 60);
    expect(steps(repeated)).toHaveLength(1);
    expect(
      Math.abs(Date.parse(steps(repeated)[0]?.at ?? '') / 1000 - EPOCH - step * HOUR),
    ).toBeLessThanOrEqual(HOUR);
  });

  it('with a restart is explained by it', async () => {
    const step = 40 * 24 + 3;
    const all = levels(56 * 24, (at) => (at >= step ? 1.8 : 1));
    const restartAt = (hours: number) =>
      new Map([[subjectKey({ subject: 'node-1', component: 'agent' }), [EPOCH + (step + hours) * HOUR]]]);
    expect(steps(await changesReported(all, 24, 60, restartAt(0.5)))).toMatchObject([
      { explainedBy: 'restart' },
    ]);
    expect(steps(await changesReported(all, 24, 60, restartAt(9)))).toMatchObject([{ explainedBy: null }]);
  });

  it('is not reported before it has lasted', async () => {
    const step = 40 * 24 + 15;
    const all = levels(56 * 24, (at) => (at >= step ? 1.8 : 1));
    const at = async (endHour: number) =>
      steps(await changesAt(all, { endHour, periodHours: 24, retention: 60 }));
    expect(await at(41 * 24)).toEqual([]);
    expect(await at(42 * 24)).toHaveLength(1);
    expect(await at(43 * 24)).toEqual([]);
  });
});

describe('a search of thousands of series', () => {
  it('lets signals and timers through', async () => {
    const { windows } = gatheredOf(1).history;
    const count = 28 * 24;
    const grid = { start: EPOCH, stepSeconds: HOUR, count };
    const period = { start: EPOCH + (count - 24) * HOUR, end: EPOCH + count * HOUR };
    const values = Float64Array.from(levels(count, () => 1));
    const answer = Array.from({ length: 1000 }, (_, index) => ({ labels: { node: `n${index}` }, values }));
    let turns = 0;
    const onTurn = () => {
      turns += 1;
      next = setImmediate(onTurn);
    };
    let next = setImmediate(onTurn);
    await findChanges(
      FLOWS,
      mergeBySubject(FLOWS, answer),
      { period, history: { grid, windows } },
      new Map(),
    );
    clearImmediate(next);
    expect(turns).toBeGreaterThanOrEqual(9);
  });
});
