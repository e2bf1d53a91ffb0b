import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunked, splitGrid } from '../../../../src/report/gather/chunked.ts';
import type { Source } from '../../../../src/report/gather/source.ts';
import { type Grid, hasValues } from '../../../../src/report/model/series.ts';

/** The value of each series is the time. Like Pods, each exists only for a part of the time. */
function sourceOf(lives: readonly { name: string; from: number; to: number }[]) {
  const asked: Grid[] = [];
  const source: Source = {
    kind: 'prometheus',
    instant: async () => ({ samples: [], warnings: [] }),
    range: async (query, grid) => {
      asked.push(grid);
      const times = new Float64Array(grid.count).map(
        (_, index) => grid.start + (index + 1) * grid.stepSeconds,
      );
      const series = lives.map(({ name, from, to }) => ({
        labels: { name, query },
        values: times.map((time) => (time >= from && time < to ? time : Number.NaN)),
      }));
      // Prometheus omits series without a value.
      return { series: series.filter(({ values }) => hasValues(values)), warnings: ['w'] };
    },
  };
  return { source, asked };
}

describe('a range query in chunks', () => {
  const grids = fc.record({
    start: fc.integer({ min: 0, max: 1e9 }),
    stepSeconds: fc.integer({ min: 1, max: 3600 }),
    count: fc.integer({ min: 1, max: 400 }),
  });
  const lives = fc.uniqueArray(
    fc.record({
      name: fc.string(),
      from: fc.double({ min: 0, max: 1, noNaN: true }),
      to: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { selector: ({ name }) => name, maxLength: 5 },
  );

  it('has the same answer as one query', async () => {
    await fc.assert(
      fc.asyncProperty(
        grids,
        lives,
        fc.integer({ min: 1000, max: 1_000_000 }),
        async (grid, shares, targets) => {
          const length = grid.count * grid.stepSeconds;
          const { source, asked } = sourceOf(
            shares.map(({ name, from, to }) => ({
              name,
              from: grid.start + from * length,
              to: grid.start + to * length,
            })),
          );
          const whole = await source.range('q', grid);
          const byName = (series: typeof whole.series) =>
            series.toSorted((a, b) => ((a.labels['name'] ?? '') < (b.labels['name'] ?? '') ? -1 : 1));
          const joined = await chunked(source, targets).range('q', grid);
          expect(byName(joined.series)).toEqual(byName(whole.series));
          expect(joined.warnings).toEqual(['w']);
          for (const piece of asked.slice(1))
            expect(piece.count * targets * 3).toBeLessThanOrEqual(Math.max(500_000, targets * 3));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('has fewer points per chunk if a subquery multiplies them', async () => {
    const { source, asked } = sourceOf([]);
    const month = { start: 0, stepSeconds: 300, count: 8640 };
    await chunked(source, 5).range('max_over_time(count(up)[300s:15s])', month);
    expect(asked.every(({ count }) => (count * 300) / 15 <= 20_000)).toBe(true);
    expect(asked.reduce((sum, { count }) => sum + count, 0)).toBe(8640);
    asked.length = 0;
    await chunked(source, 5).range('max_over_time(count(up)[300s:5m])', month);
    expect(asked).toHaveLength(1);
  });

  it('covers every point once', () => {
    fc.assert(
      fc.property(grids, fc.integer({ min: 1, max: 400 }), (grid, points) => {
        const pieces = splitGrid(grid, points);
        expect(pieces[0]?.start).toBe(grid.start);
        for (const [index, piece] of pieces.entries()) {
          expect(piece.count).toBeLessThanOrEqual(points);
          const next = pieces[index + 1]?.start ?? grid.start + grid.count * grid.stepSeconds;
          expect(piece.start + piece.count * piece.stepSeconds).toBe(next);
        }
      }),
    );
  });
});
