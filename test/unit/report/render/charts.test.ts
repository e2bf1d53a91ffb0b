import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usedBar } from '../../../../src/report/render/kit/charts/bars.ts';
import { type LineChart, lineChart, spread } from '../../../../src/report/render/kit/charts/line-chart.ts';
import { linePaths } from '../../../../src/report/render/kit/charts/lines.ts';
import { titledMark } from '../../../../src/report/render/kit/charts/mark.ts';
import { compactPath } from '../../../../src/report/render/kit/charts/path.ts';
import { valueAxis } from '../../../../src/report/render/kit/charts/value-axis.ts';
import { createFormatter } from '../../../../src/report/render/kit/formatter.ts';
import { precisionOf } from '../../../../src/report/render/kit/precision.ts';

/** The points of a path, read as SVG defines it, independently of how it was written: a list for each subpath. */
function pointsOf(path: string): [number, number][][] {
  const subpaths: [number, number][][] = [];
  let at: [number, number] = [0, 0];
  for (const [, command = '', rest = ''] of path.matchAll(/([MLHVlhvz])([^MLHVlhvz]*)/g)) {
    const numbers = [...rest.matchAll(/-?\d+(?:\.\d+)?/g)].map(Number);
    const [a = 0, b = 0] = numbers;
    if (command === 'M') {
      at = [a, b];
      subpaths.push([at]);
      continue;
    }
    if (command === 'z') continue;
    at = command === 'h' ? [at[0] + a, at[1]] : command === 'v' ? [at[0], at[1] + a] : [at[0] + a, at[1] + b];
    subpaths.at(-1)?.push(at);
  }
  return subpaths;
}

const pathOf = (markup: string, className: string) =>
  new RegExp(`<path class="${className}" d="([^"]*)"`).exec(markup)?.[1] ?? '';

describe('compact paths', () => {
  it('pass through the same points, with one segment for points on a straight line', () => {
    const point = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }));
    fc.assert(
      fc.property(fc.array(point, { minLength: 2, maxLength: 40 }), (points) => {
        const path = compactPath();
        for (const [index, [x, y]] of points.entries()) {
          if (index === 0) path.moveTo(x, y);
          else path.lineTo(x, y);
        }
        const written = pointsOf(path.toString())[0] ?? [];
        expect(written[0]).toEqual(points[0]);
        expect(written.at(-1)).toEqual(points.at(-1));
        // Every remaining corner is one of the points, in the same order.
        let from = 0;
        for (const [x, y] of written) {
          from = points.findIndex((other, index) => index >= from && other[0] === x && other[1] === y);
          expect(from).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

describe('lines', () => {
  const y = (value: number) => 100 - value;

  it('break where values are missing', () => {
    const subpaths = pointsOf(pathOf(linePaths([1, 2, null, 5, 4], y, 'line-1'), 'line line-1'));
    expect(subpaths).toEqual([
      [
        [1, 99],
        [2, 98],
      ],
      [
        [4, 95],
        [5, 96],
      ],
    ]);
  });

  it('show a value without neighbours as a dot', () => {
    const markup = linePaths([null, 7, null, 3, 4], y, 'line-1');
    expect(pointsOf(pathOf(markup, 'dot line-1'))[0]?.[0]).toEqual([2, 93]);
    expect(pointsOf(pathOf(markup, 'line line-1'))).toHaveLength(1);
  });

  it('are empty without values', () => {
    expect(linePaths([null, null], y, 'line-1')).toBe('');
  });
});

const CHART: LineChart = {
  title: 'Title',
  description: 'Description',
  height: 100,
  axis: { low: 0, high: 50, ticks: [{ value: 50, label: '50' }] },
  unit: 'count',
  precision: precisionOf('count'),
  ticks: [],
  steps: 4,
  named: [{ label: 'node-1', name: 'node-1', values: [10, 50, 0, 25] }],
  others: [],
  band: null,
  thresholds: [],
  breaches: [],
  gaps: [],
};

describe('the chart', () => {
  it('draws the highest value at the top and the lowest on the base line, each at its time', () => {
    const markup = lineChart(CHART);
    const [viewX = 0, viewY = 0, width = 0, height = 0] =
      /class="plot".*?viewBox="([^"]*)"/.exec(markup)?.[1]?.split(' ').map(Number) ?? [];
    expect([viewX, width]).toEqual([0, 4]);
    const points = pointsOf(pathOf(markup, 'line line-1'))[0]?.map(([x, y]) => [x, (y - viewY) / height]);
    expect(points).toEqual([
      [1, 0.8],
      [2, 0],
      [3, 1],
      [4, 0.5],
    ]);
  });

  it('ends at the end of the period where the first step is shorter', () => {
    const markup = lineChart({ ...CHART, steps: 3.5 });
    // From the middle of the first step to the last point.
    expect(markup).toMatch(/viewBox="0\.5 -?\d+ 3\.5 \d+"/);
  });

  it('has neither names nor leaders for lines without labels', () => {
    const thresholds = [{ severity: 'warning' as const, value: 40, label: '' }];
    const gaps = [{ from: 0.2, to: 0.6, label: '' }];
    const named = CHART.named.map((line) => ({ ...line, label: '' }));
    const markup = lineChart({ ...CHART, named, thresholds, gaps });
    expect(markup).toContain('class="threshold warning"');
    expect(markup).toContain('class="no-data"');
    expect(markup).not.toMatch(/class="(names|leader|name|missing)/);
    expect(lineChart({ ...CHART, thresholds: [{ severity: 'warning', value: 40, label: 'W' }] })).toContain(
      'class="names"',
    );
  });

  it('escapes text from outside', () => {
    const evil = `<script>"&'</script>`;
    const markup = lineChart({
      ...CHART,
      title: evil,
      description: evil,
      named: [{ label: evil, name: evil, values: [1, 2] }],
    });
    expect(markup).not.toContain('<script');
    expect(markup).toContain('&lt;script&gt;&quot;&amp;&#39;&lt;/script&gt;');
  });
});

describe('labels at the ends of lines', () => {
  const wanted = fc.array(fc.double({ min: 0, max: 200, noNaN: true }), { minLength: 1, maxLength: 8 });

  it('do not overlap, keep their order and stay within the chart', () => {
    fc.assert(
      fc.property(wanted, (places) => {
        const spaced = spread(places, 14, 0, 200);
        const pairs = places.map((place, index) => ({ place, at: spaced[index] ?? Number.NaN }));
        pairs.sort((a, b) => a.place - b.place || a.at - b.at);
        for (const [index, { at }] of pairs.entries()) {
          expect(at).toBeGreaterThanOrEqual(-1e-9);
          expect(at).toBeLessThanOrEqual(200 + 1e-9);
          if (index > 0) expect(at - (pairs[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(14 - 1e-9);
        }
      }),
    );
  });

  it('stay in place where there is room', () => {
    expect(spread([10, 100, 50], 14, 0, 200)).toEqual([10, 100, 50]);
  });
});

describe('the bar of a limit', () => {
  const widthOf = (ratio: number, name: string) =>
    Number(new RegExp(`<rect class="${name}"[^>]*? width="([\\d.]+)%"`).exec(usedBar(ratio, 'T'))?.[1]);
  const end = Number(/<rect class="end" x="([\d.]+)%"/.exec(usedBar(0, 'T'))?.[1]);

  it('is as long as the used share, and reaches the mark at the limit', () => {
    expect(widthOf(0, 'filled')).toBe(0);
    expect(widthOf(0.5, 'filled')).toBeCloseTo(end / 2, 1);
    expect(widthOf(1, 'filled')).toBe(end);
    expect(widthOf(1, 'track')).toBe(end);
  });

  it('passes the mark beyond the limit, but never leaves its box', () => {
    expect(widthOf(1.03, 'filled')).toBeGreaterThan(end);
    expect(widthOf(40, 'filled')).toBe(100);
    expect(widthOf(-1, 'filled')).toBe(0);
  });
});

describe('a mark without a word', () => {
  it('has an escaped title', () => {
    const markup = titledMark('critical', `<b>"&`).toString();
    expect(markup).toMatch(/^<svg class="mark critical" viewBox="0 0 12 12" role="img"><title>/);
    expect(markup).toContain('<title>&lt;b&gt;&quot;&amp;</title>');
  });
});

describe('the axis of a counted unit', () => {
  it('has ticks at whole numbers only', () => {
    const format = createFormatter('en', {
      start: '2026-11-21T08:00:00Z',
      end: '2026-11-22T08:00:00Z',
      timeZone: 'UTC',
    });
    const labels = (unit: 'agents' | 'cores') =>
      valueAxis(format, { lowest: 0, highest: 2, unit, ticks: 4 }).ticks.map(({ label }) =>
        label.replace(/\u00a0/g, ' '),
      );
    expect(labels('agents')).toEqual(['0', '1', '2 agents']);
    expect(labels('cores')).toEqual(['0', '0.5', '1', '1.5', '2 cores']);
  });
});
