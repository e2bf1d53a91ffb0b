import { median } from 'd3-array';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draw, HOURLY, KINDS } from '../../../../bench/changes/series.ts';
import { daysUntil } from '../../../../src/report/assess/forecast.ts';
import { findLevelChanges, trendAtEnd } from '../../../../src/report/assess/level-changes/level-changes.ts';
import { unknownValues } from '../../../../src/report/model/series.ts';
import { random } from '../../../simulation/random.ts';

const DAY = 24;

/** A busy level of 100: a swing of 20 % by day, weekends a fifth lower, noise of 4 %. */
function busy(days: number, shape: (index: number) => number, seed = 1): Float64Array {
  const next = random('busy', seed);
  let drift = 0;
  return new Float64Array(days * DAY).map((_, index) => {
    drift = 0.8 * drift + 0.03 * (next() + next() - 1);
    const swing = 1 + 0.2 * Math.cos((2 * Math.PI * index) / DAY);
    const weekend = Math.floor(index / DAY) % 7 >= 5 ? 0.8 : 1;
    return 100 * swing * weekend * (1 + drift + 0.1 * (next() - 0.5)) * shape(index);
  });
}

function stepAt(day: number, factor: number) {
  return (index: number) => (index >= day * DAY ? factor : 1);
}

const find = (values: Float64Array, stepSeconds = HOURLY.stepSeconds) =>
  findLevelChanges(values, { stepSeconds });

/** Returns values with unknown ones before and after them. */
const between = (before: number, values: Float64Array, after: number) =>
  Float64Array.from([...unknownValues(before), ...values, ...unknownValues(after)]);

describe('a step', () => {
  it.each([
    ['up', 28, 14, 1.4],
    ['up, half a day before the end', 28, 27.5, 1.5],
    ['down, early', 28, 3.5, 0.6],
    ['down to nothing', 28, 20, 0],
    ['at a weekend', 28, 19, 1.4],
    ['in the fifteen days that Prometheus keeps', 15, 9, 1.6],
    ['in two months', 60, 41, 1.5],
  ])('is found: %s', (_, days, day, factor) => {
    const [step, ...others] = find(busy(days, stepAt(day, factor)));
    expect(others).toEqual([]);
    expect(step).toMatchObject({ kind: 'step' });
    if (step?.kind !== 'step') return;
    expect(Math.abs(step.index - day * DAY)).toBeLessThanOrEqual(1);
    expect(Math.abs(step.after / step.before - factor)).toBeLessThan(0.12 * factor + 0.02);
    expect(step.deviations * Math.sign(factor - 1)).toBeGreaterThan(3.5);
  });

  it('is not what is over, but is the end of a level that lasted two weeks', () => {
    const plateau = (from: number, to: number) => (index: number) =>
      index >= from * DAY && index < to * DAY ? 2 : 1;
    expect(find(busy(28, plateau(10, 14)))).toEqual([]);
    expect(find(busy(28, plateau(10, 11)))).toEqual([]);
    expect(find(busy(28, plateau(27, 27.6)))).toEqual([]);
    const [step] = find(busy(28, plateau(3, 18)));
    expect(step).toMatchObject({ kind: 'step', index: 18 * DAY });
    expect(step?.deviations).toBeLessThan(-3.5);
  });

  it('is the last of several', () => {
    const [step] = find(busy(28, (index) => (index >= 20 * DAY ? 3 : index >= 10 * DAY ? 2 : 1)));
    expect(step).toMatchObject({ kind: 'step', index: 20 * DAY });
    if (step?.kind === 'step') expect(step.after / step.before).toBeCloseTo(1.5, 1);
  });

  it('of a level that never moves otherwise is judged by its size', () => {
    const constant = (before: number, after: number) =>
      new Float64Array(28 * DAY).map((_, index) => (index < 400 ? before : after));
    expect(find(constant(2, 6))).toEqual([{ kind: 'step', index: 400, before: 2, after: 6, deviations: 4 }]);
    expect(find(constant(50, 80))).toMatchObject([{ kind: 'step', index: 400 }]);
    expect(find(constant(0.5, 0.7))).toMatchObject([{ kind: 'step', index: 400 }]);
    expect(find(constant(50, 51))).toEqual([]);
    expect(find(constant(2, 3))).toEqual([]);
    expect(find(constant(0, 0))).toEqual([]);
  });

  it('in a gap is dated by the first known value after it', () => {
    const values = busy(28, stepAt(15, 2)).map((value, index) =>
      index >= 330 && index < 380 ? Number.NaN : value,
    );
    expect(find(values)).toMatchObject([{ kind: 'step', index: 380 }]);
  });

  it('does not depend on the step of the grid', () => {
    const values = Float64Array.from([...busy(28, stepAt(15, 2))].flatMap((value) => [value, value]));
    expect(find(values, 1800)).toMatchObject([{ kind: 'step', index: 2 * 15 * DAY }]);
  });
});

describe('a trend', () => {
  const leak = (rate: number, onset: number) => (index: number) =>
    1 + rate * Math.max(0, index / DAY - onset);

  it.each([
    ['slow', 0.015, 0],
    ['fast', 0.08, 0],
    ['downwards', -0.02, 0],
    ['that begins in the middle', 0.05, 14],
  ])('is found: %s', (_, rate, onset) => {
    const values = busy(28, leak(rate, onset));
    const [trend, ...others] = find(values);
    expect(others).toEqual([]);
    expect(trend).toMatchObject({ kind: 'trend' });
    if (trend?.kind !== 'trend') return;
    const truth = 100 * rate;
    expect(Math.abs(trend.perDay.value / truth - 1)).toBeLessThan(0.15);
    expect(trend.perDay.low).toBeLessThan(trend.perDay.value);
    expect(trend.perDay.high).toBeGreaterThan(trend.perDay.value);
    expect(Math.abs(trend.index / DAY - onset)).toBeLessThanOrEqual(2);
    expect(trend.after / trend.before).toBeCloseTo(1 + rate * (28 - trend.index / DAY), 0);
    expect(trendAtEnd(values, HOURLY)).toEqual(trend);
  });

  it('contains the true slope in its interval in 95 % of the cases', () => {
    const rate = 0.03;
    const trends = Array.from({ length: 200 }, (_, seed) => {
      const [trend] = find(busy(28, (index) => 1 + (rate * index) / DAY, seed));
      // The rate is a share of the usual level.
      const truth = rate * (median(busy(28, () => 1, seed)) ?? Number.NaN);
      return trend?.kind === 'trend' ? [{ ...trend.perDay, truth }] : [];
    }).flat();
    expect(trends.length).toBeGreaterThan(190);
    const covered = trends.filter(({ low, high, truth }) => low <= truth && truth <= high);
    expect(covered.length / trends.length).toBeGreaterThanOrEqual(0.95);
    // The interval is no wider than necessary.
    const reach = median(trends, ({ low, high, value }) => (high - low) / 2 / value);
    expect(reach).toBeLessThan(0.06);
  });

  it('continues through restarts and begins at the last one', () => {
    const restarted = (index: number) => 1 + 0.08 * (((index / DAY + 3) % 9) + 0);
    const [trend, ...others] = find(busy(28, restarted));
    expect(others).toEqual([]);
    expect(trend).toMatchObject({ kind: 'trend', index: 24 * DAY });
    if (trend?.kind === 'trend') expect(Math.abs(trend.perDay.value / 8 - 1)).toBeLessThan(0.15);
  });

  it('may follow a step', () => {
    const both = (index: number) => (index < 12 * DAY ? 1 : 2 + 0.1 * (index / DAY - 12));
    expect(find(busy(28, both)).map(({ kind, index }) => [kind, index])).toEqual([
      ['step', 12 * DAY],
      ['trend', 12 * DAY],
    ]);
  });

  it('is not found if it has ended', () => {
    expect(find(busy(28, (index) => 1 + 0.06 * Math.min(14, index / DAY)))).not.toContainEqual(
      expect.objectContaining({ kind: 'trend' }),
    );
  });

  it('counts for a forecast at half the size', () => {
    const values = busy(28, leak(0.006, 0));
    expect(find(values)).toEqual([]);
    expect(trendAtEnd(values, HOURLY)?.perDay.value).toBeCloseTo(0.6, 1);
  });
});

describe('the changes of any series', () => {
  it('are none if little is known', () => {
    expect(find(new Float64Array(0))).toEqual([]);
    expect(find(unknownValues(700))).toEqual([]);
    expect(find(between(0, busy(28, stepAt(14, 2)), 25))).toEqual([]);
    expect(find(busy(2, stepAt(1, 5)))).toEqual([]);
    expect(find(busy(6, (index) => 1 + index / DAY))).toEqual([]);
    const sparse = busy(28, stepAt(14, 2)).map((value, index) => (index % 6 === 0 ? value : Number.NaN));
    expect(find(sparse)).toEqual([]);
  });

  it('are none for hundreds of healthy ones', () => {
    for (const kind of KINDS)
      for (const days of [5, 15, 28])
        for (let seed = 0; seed < 12; seed += 1)
          expect(find(draw(kind, days, seed)), `${kind.name}, ${days} days, ${seed}`).toEqual([]);
  });

  it('scale with the unit and do not depend on when the history begins', () => {
    const shape = fc.constantFrom(
      stepAt(16, 1.8),
      stepAt(9, 0.5),
      (index: number) => 1 + 0.05 * (index / DAY),
    );
    const scale = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(shape, scale, fc.nat(1000), fc.nat(40), (change, unit, seed, unknown) => {
        const values = busy(28, change, seed);
        const [found] = find(values);
        expect(found).toBeDefined();
        const [scaled] = find(values.map((value) => value * unit));
        const [moved] = find(between(unknown, values, 0));
        expect(moved).toMatchObject({ ...found, index: (found?.index ?? 0) + unknown });
        expect(scaled).toMatchObject({ kind: found?.kind, index: found?.index });
        expect((scaled?.deviations ?? 0) / (found?.deviations ?? 1)).toBeCloseTo(1, 6);
        if (scaled?.kind === 'step' && found?.kind === 'step')
          expect(scaled.after / unit / found.after).toBeCloseTo(1, 6);
        if (scaled?.kind === 'trend' && found?.kind === 'trend')
          expect(scaled.perDay.value / unit / found.perDay.value).toBeCloseTo(1, 6);
      }),
      { numRuns: 40 },
    );
  });
});

describe('the days until a limit', () => {
  const perDay = { value: 2, low: 1, high: 4 };
  it.each([
    ['lie within the interval', 120, 100, perDay, 28, { value: 10, low: 5, high: 20 }],
    ['may be downwards', 80, 100, { value: -2, low: -4, high: -1 }, 28, { value: 10, low: 5, high: 20 }],
    ['are 0 when it is exceeded', 90, 100, perDay, 28, { value: 0, low: 0, high: 0 }],
    [
      'have no upper end if the level may not move',
      120,
      100,
      { ...perDay, low: -1 },
      28,
      { value: 10, low: 5, high: null },
    ],
    [
      'have no upper end beyond three times the history',
      120,
      100,
      perDay,
      6,
      { value: 10, low: 5, high: null },
    ],
    ['are unknown beyond that', 120, 100, perDay, 3, null],
    ['are unknown beyond a year', 900, 100, perDay, 200, null],
    ['are unknown for a constant level', 120, 100, { value: 0, low: 0, high: 0 }, 28, null],
  ])('%s', (_, limit, now, slope, historyDays, expected) => {
    expect(daysUntil(limit, now, slope, historyDays)).toEqual(expected);
  });
});
