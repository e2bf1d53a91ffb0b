import { describe, expect, it } from 'vitest';
import { assessCapacity } from '../../../../src/report/assess/capacity.ts';
import { mergeBySubject } from '../../../../src/report/assess/subjects.ts';
import type { IndicatorHistory } from '../../../../src/report/model/gathered.ts';
import type { Indicator } from '../../../../src/report/model/indicator.ts';
import type { CapacityReading } from '../../../../src/report/model/report-analysis.ts';
import type { Sample, Series } from '../../../../src/report/model/series.ts';
import { indicatorNamed, START } from './notation.ts';

const HOURS = 14 * 24;

const PODS = indicatorNamed('local-pod-count');
const MEMORY = indicatorNamed('resident-memory');

/** Returns the capacity of an indicator with these levels. */
function capacityOf(
  indicator: Indicator,
  series: readonly Series[],
  limits: IndicatorHistory['limits'] = {},
): CapacityReading[] {
  const grid = { start: START - HOURS * 3600, stepSeconds: 3600, count: HOURS };
  return assessCapacity(indicator, mergeBySubject(indicator, series), limits, grid);
}

/** The level of one node for two weeks, with a little noise. */
function levels(node: string, valueAt: (hour: number) => number, labels: Series['labels'] = {}): Series {
  const values = new Float64Array(HOURS).map((_, hour) => valueAt(hour) + ((hour * 7919) % 5) / 10);
  return { labels: { node, ...labels }, values };
}

const limit = (value: number, labels: Sample['labels']) => ({ labels, value });

describe('capacity', () => {
  it('uses the lowest known limit of the subject', () => {
    const series = ['a', 'b'].map((node) => levels(node, () => 100));
    const limits = { kubelet: { ok: true as const, value: [limit(110, { node: 'a' })] } };
    const [first, second] = capacityOf(PODS, series, limits);
    expect(first).toMatchObject({
      subject: 'a',
      limit: { id: 'kubelet', value: 110 },
      trend: null,
      fullInDays: null,
    });
    expect(first?.usedRatio).toBeCloseTo((first?.value ?? 0) / 110);
    expect(second).toMatchObject({ subject: 'b', limit: { id: 'node-cidr', value: 253 }, historyDays: 14 });
  });

  it('applies a limit to nodes with other names if all values are the same', () => {
    const series = ['10.0.0.1:10350', '10.0.0.2:10350'].map((node) => levels(node, () => 100));
    const limitsWith = (...values: number[]) => {
      const value = values.map((one, index) => limit(one, { node: `worker-${index + 1}` }));
      const limits = { kubelet: { ok: true as const, value } };
      return capacityOf(PODS, series, limits).map((one) => one.limit.value);
    };
    expect(limitsWith(110, 110, 110)).toEqual([110, 110]);
    expect(limitsWith(110, 250)).toEqual([253, 253]);
    // It may be the limit of that node only.
    expect(limitsWith(110)).toEqual([253, 253]);
    const value = ['10.0.0.1:10350', 'other'].map((node) => limit(110, { node }));
    const partly = { kubelet: { ok: true as const, value } };
    const readings = capacityOf(PODS, series, partly);
    expect(readings.map((one) => [one.subject, one.limit.value])).toEqual([
      ['10.0.0.1:10350', 110],
      ['10.0.0.2:10350', 253],
    ]);
  });

  it('has no reading if the query of one limit failed, because it may be the lowest', () => {
    const limits = { kubelet: { ok: false as const, reason: 'timeout' } };
    expect(capacityOf(PODS, [levels('a', () => 100)], limits)).toEqual([]);
  });

  it('assigns the limits of another exporter to agents and controller', () => {
    const series = [
      levels('a', () => 100, { component: 'agent' }),
      levels('a', () => 100, { component: 'controller' }),
    ];
    const asked = {
      ok: true as const,
      value: [
        limit(400, { node: 'a', component: 'agent' }),
        limit(200, { node: 'a', component: 'controller' }),
      ],
    };
    const limits = { [MEMORY.capacity?.limits[0]?.id ?? '']: asked };
    const readings = capacityOf(MEMORY, series, limits);
    expect(readings.map(({ component, limit: { value } }) => [component, value])).toEqual([
      ['controller', 200],
      ['agent', 400],
    ]);
    const moved = {
      ok: true as const,
      value: [...asked.value, limit(300, { node: 'b', component: 'controller' })],
    };
    const [first] = capacityOf(MEMORY, series, { [MEMORY.capacity?.limits[0]?.id ?? '']: moved });
    expect(first).toMatchObject({ component: 'controller', limit: { value: 200 } });
    // Without a known limit there is no capacity.
    expect(capacityOf(MEMORY, series)).toEqual([]);
  });

  it('forecasts when a growing level is full, and puts what is full soon before a higher usage', () => {
    const series = [levels('slow', () => 220), levels('growing', (hour) => 60 + (6 * hour) / 24)];
    const [first, second] = capacityOf(PODS, series);
    expect(first?.subject).toBe('growing');
    // 144 of 253 at the end, 6 a day: 18 days.
    expect(first?.trend?.value).toBeCloseTo(6, 0);
    expect(first?.fullInDays?.value).toBeGreaterThan(17);
    expect(first?.fullInDays?.value).toBeLessThan(20);
    expect(second).toMatchObject({ subject: 'slow', trend: null });
  });

  it('has no forecast for what is full, shrinks, or does not exist any more', () => {
    const gone = levels('gone', () => 100);
    const series = [
      levels('full', (hour) => 200 + (6 * hour) / 24),
      levels('shrinking', (hour) => 200 - (6 * hour) / 24),
      { ...gone, values: gone.values.map((value, hour) => (hour < HOURS - 2 ? value : Number.NaN)) },
    ];
    const readings = capacityOf(PODS, series);
    expect(readings.map(({ subject, fullInDays }) => [subject, fullInDays])).toEqual([
      ['full', null],
      ['shrinking', null],
    ]);
  });
});
