import { describe, expect, it } from 'vitest';
import { chartOf } from '../../../src/assess/chart.ts';
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
});
