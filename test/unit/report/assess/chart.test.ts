import { describe, expect, it } from 'vitest';
import { chartOf as chartOnGrid, chartRanges, chartStepOf } from '../../../../src/report/assess/chart.ts';
import { points } from './notation.ts';

/** So many lines, worst first: the first has the highest values. */
function lines(count: number, notationOf: (index: number) => string) {
  return Array.from({ length: count }, (_, index) => ({
    subject: `node-${index}`,
    component: 'agent' as const,
    labels: { operation: 'add' },
    values: points(notationOf(index)),
  }));
}

type Lines = ReturnType<typeof lines>;

/** Of so few points that each is drawn for itself. */
function chartOf(all: Lines) {
  return chartOnGrid(all, { start: 0, stepSeconds: 300, count: all[0]?.values.length ?? 0 });
}

describe('a chart', () => {
  it('names every line while they can be told apart', () => {
    const { series, envelope } = chartOf(lines(16, () => '1 _ 123.456789'));
    expect(series).toHaveLength(16);
    expect(series[15]).toEqual({
      subject: 'node-15',
      labels: { operation: 'add' },
      values: [1, null, 123.46],
    });
    expect(envelope).toBeNull();
  });

  it('names the worst of many, and draws range and middle of all, missing points left out', () => {
    const { series, envelope } = chartOf(lines(17, (index) => `${100 - index} ${index === 3 ? 7 : '_'} _`));
    expect(series.map(({ subject }) => subject)).toEqual([0, 1, 2, 3, 4, 5].map((index) => `node-${index}`));
    expect(envelope).toEqual({ low: [84, 7, null], median: [92, 7, null], high: [100, 7, null] });
  });

  it('of nothing is empty', () => {
    expect(chartOf([])).toEqual({ series: [], envelope: null });
  });

  it('of a long period keeps what is farthest from the usual, dips and peaks alike', () => {
    const grid = { start: 0, stepSeconds: 300, count: 2016 };
    expect(chartStepOf(grid)).toBe(3600);
    // 42 hours, each of twelve points, four times over.
    const [line] = lines(1, () => '50x30 7 50x41 99 50x935 _x12 50x996');
    const { series } = chartOnGrid(line ? [line] : [], grid);
    const values = series[0]?.values ?? [];
    expect(values).toHaveLength(168);
    expect(values.map((value, hour) => ({ hour, value })).filter(({ value }) => value !== 50)).toEqual([
      { hour: 2, value: 7 },
      { hour: 6, value: 99 },
      { hour: 84, value: null },
    ]);
  });

  it('draws range and middle of every point, also of those that stand for several', () => {
    const grid = { start: 0, stepSeconds: 300, count: 602 };
    expect(chartStepOf(grid)).toBe(900);
    const { envelope } = chartOnGrid(
      lines(17, (index) => `${index} 1 ${index === 16 ? 900 : 2} 5x599`),
      grid,
    );
    // The first stretch is shorter, since the last ends with the period.
    expect(chartRanges(grid)[0]).toEqual({ first: 0, last: 1 });
    expect(envelope?.low.slice(0, 2)).toEqual([0, 2]);
    expect(envelope?.high.slice(0, 3)).toEqual([16, 900, 5]);
    expect(envelope?.median.slice(1, 3)).toEqual([5, 5]);
  });
});
