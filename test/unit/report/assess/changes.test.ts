import { describe, expect, it } from 'vitest';
import { findChanges } from '../../../../src/report/assess/changes.ts';
import { subjectKey } from '../../../../src/report/assess/subjects.ts';
import { INDICATORS } from '../../../../src/report/catalog/indicators/index.ts';
import { historySeconds } from '../../../../src/report/gather/history.ts';
import type { Change } from '../../../../src/report/model/report-analysis.ts';
import type { Gathered } from '../../../../src/report/model/series.ts';
import { random } from '../../../simulation/random.ts';
import { gatheredOf } from './notation.ts';

const HOUR = 3600;
const EPOCH = Date.UTC(2026, 8, 1) / 1000;

const flows = INDICATORS.filter(({ id }) => id === 'ovs-flow-count');

/** Flows of a node at each hour: a swing by day, noise, and a shape of their own. */
function levels(hours: number, shape: (hour: number) => number, seed = 1): number[] {
  const next = random('levels', seed);
  return Array.from(
    { length: hours },
    (_, hour) =>
      1000 * shape(hour) * (1 + 0.1 * Math.cos((2 * Math.PI * hour) / 24)) * (1 + 0.04 * (next() - 0.5)),
  );
}

/** What a server that keeps `retention` days answers of the weeks before the end of a period. */
function gatheredAt(
  all: readonly number[],
  { endHour, periodHours, retention }: { endHour: number; periodHours: number; retention: number },
): Gathered {
  const count = historySeconds({ start: 0, end: periodHours * HOUR }) / HOUR;
  const values = Array.from({ length: count }, (_, index) => {
    const hour = endHour - count + index;
    return endHour - hour > retention * 24 ? null : (all[hour] ?? null);
  });
  const [start, end] = [endHour - periodHours, endHour].map((hour) => EPOCH + hour * HOUR);
  const base = gatheredOf(1);
  return {
    ...base,
    period: { start: start ?? 0, end: end ?? 0 },
    history: {
      ...base.history,
      grid: { start: (end ?? 0) - count * HOUR, stepSeconds: HOUR, count },
      indicators: { 'ovs-flow-count': { ok: true, value: [{ labels: { node: 'node-1' }, values }] } },
    },
  };
}

/** The changes that one report after the other tells. */
function told(
  all: readonly number[],
  periodHours: number,
  retention: number,
  restarts: ReadonlyMap<string, readonly number[]> = new Map(),
): Change[] {
  const reports = Math.floor(all.length / periodHours);
  return Array.from({ length: reports }, (_, index) => (index + 1) * periodHours).flatMap((endHour) =>
    findChanges(flows, gatheredAt(all, { endHour, periodHours, retention }), restarts),
  );
}

describe('steps in one report after the other', () => {
  it.each([
    ['daily', 24, 60],
    ['daily, of a server that keeps fifteen days', 24, 15],
    ['weekly', 168, 60],
    ['weekly, of a server that keeps fifteen days', 168, 15],
  ])('are told once, at whatever hour they come: %s', (_, periodHours, retention) => {
    const counts = Array.from({ length: 24 }, (_, hour) => {
      const step = 35 * 24 + 13 * (periodHours === 168 ? hour : 0) + hour;
      const all = levels(56 * 24, (at) => (at >= step ? 1.8 : 1), hour + 1);
      const changes = told(all, periodHours, retention).filter(({ kind }) => kind === 'step');
      for (const { at } of changes)
        expect(Math.abs(Date.parse(at) / 1000 - EPOCH - step * HOUR)).toBeLessThanOrEqual(HOUR);
      return changes.length;
    });
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(1);
    // Where a week less is known it is not, in a few cases, whether the report before has told it.
    expect(counts.filter((count) => count > 1).length).toBeLessThanOrEqual(retention === 15 ? 5 : 0);
  });
});

describe('a step', () => {
  const steps = (changes: readonly Change[]) => changes.filter(({ kind }) => kind === 'step');

  it('is told when it is certain, which may be later than after half a day', () => {
    const step = 40 * 24;
    // The new level was tried for seven hours the day before: only what lasts three times as long is more than that.
    const all = levels(56 * 24, (at) => (at >= step || (at >= step - 30 && at < step - 23) ? 1.8 : 1));
    const tried = told(all, 12, 60);
    expect(steps(tried)).toHaveLength(1);
    expect(Math.abs(Date.parse(steps(tried)[0]?.at ?? '') / 1000 - EPOCH - step * HOUR)).toBeLessThanOrEqual(
      HOUR,
    );
  });

  it('that came with a restart says so', () => {
    const step = 40 * 24 + 3;
    const all = levels(56 * 24, (at) => (at >= step ? 1.8 : 1));
    const restartAt = (hours: number) =>
      new Map([[subjectKey({ subject: 'node-1', component: 'agent' }), [EPOCH + (step + hours) * HOUR]]]);
    expect(steps(told(all, 24, 60, restartAt(0.5)))).toMatchObject([{ explainedBy: 'restart' }]);
    expect(steps(told(all, 24, 60, restartAt(9)))).toMatchObject([{ explainedBy: null }]);
  });

  it('is not told in advance by a report in whose period it has not lasted yet', () => {
    const step = 40 * 24 + 15;
    const all = levels(56 * 24, (at) => (at >= step ? 1.8 : 1));
    const at = (endHour: number) =>
      steps(findChanges(flows, gatheredAt(all, { endHour, periodHours: 24, retention: 60 }), new Map()));
    expect(at(41 * 24)).toEqual([]);
    expect(at(42 * 24)).toHaveLength(1);
    expect(at(43 * 24)).toEqual([]);
  });
});
