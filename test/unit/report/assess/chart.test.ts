import { describe, expect, it } from 'vitest';
import { chartOf as chartOnGrid, chartRanges, chartStepOf } from '../../../../src/report/assess/chart.ts';
import { points } from './notation.ts';

/** This many series, worst first: the first one has the highest values. */
function seriesOf(count: number, notationOf: (index: number) => string) {
  return Array.from({ length: count }, (_, index) => ({
    subject: `node-${index}`,
    component: 'agent' as const,
    labels: { operation: 'add' },
    values: points(notationOf(index)),
  }));
}

type AllSeries = ReturnType<typeof seriesOf>;

/** A chart with so few points that each is drawn. */
function chartOf(all: AllSeries) {
  return chartOnGrid(all, { start: 0, stepSeconds: 300, count: all[0]?.values.length ?? 0 });
}

describe('a chart', () => {
  it('names every series while readers can distinguish them', () => {
    const { series, envelope } = chartOf(seriesOf(16, () => '1 _ 123.456789'));
    expect(series).toHaveLength(16);
    expect(series[15]).toEqual({
      subject: 'node-15',
      labels: { operation: 'add' },
      values: [1, null, 123.46],
    });
    expect(envelope).toBeNull();
  });

  it('names the worst of many series and draws the range and median of all, without missing points', () => {
    const { series, envelope } = chartOf(
      seriesOf(17, (index) => `${100 - index} ${index === 3 ? 7 : '_'} _`),
    );
    expect(series.map(({ subject }) => subject)).toEqual([0, 1, 2, 3, 4, 5].map((index) => `node-${index}`));
    expect(envelope).toEqual({ low: [84, 7, null], median: [92, 7, null], high: [100, 7, null] });
  });

  it('without series is empty', () => {
    expect(chartOf([])).toEqual({ series: [], envelope: null });
  });

  it('of a long period keeps the values farthest from the median, both dips and peaks', () => {
    const grid = { start: 0, stepSeconds: 300, count: 2016 };
    expect(chartStepOf(grid)).toBe(3600);
    // 42 hours with twelve points each, four times.
    const [first] = seriesOf(1, () => '50x30 7 50x41 99 50x935 _x12 50x996');
    const { series } = chartOnGrid(first ? [first] : [], grid);
    const values = series[0]?.values ?? [];
    expect(values).toHaveLength(168);
    expect(values.map((value, hour) => ({ hour, value })).filter(({ value }) => value !== 50)).toEqual([
      { hour: 2, value: 7 },
      { hour: 6, value: 99 },
      { hour: 84, value: null },
    ]);
  });

  it('draws the range and median also of points that stand for several', () => {
    const grid = { start: 0, stepSeconds: 300, count: 602 };
    expect(chartStepOf(grid)).toBe(900);
    const { envelope } = chartOnGrid(
      seriesOf(17, (index) => `${index} 1 ${index === 16 ? 900 : 2} 5x599`),
      grid,
    );
    // The first range is shorter, because the last one ends with the period.
    expect(chartRanges(grid)[0]).toEqual({ first: 0, last: 1 });
    expect(envelope?.low.slice(0, 2)).toEqual([0, 2]);
    expect(envelope?.high.slice(0, 3)).toEqual([16, 900, 5]);
    expect(envelope?.median.slice(1, 3)).toEqual([5, 5]);
  });
});
