import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openCapture } from '../../../../src/report/gather/capture/open.ts';
import { chunked, openPieces } from '../../../../src/report/gather/chunked.ts';
import { QueryError, type QueryErrorKind } from '../../../../src/report/gather/errors.ts';
import type { Source } from '../../../../src/report/gather/source.ts';
import type { Grid } from '../../../../src/report/model/series.ts';
import { recordInMemory } from '../../../fixtures/captures.ts';
import { HEAD } from './capture/example.ts';

type Life = { name: string; from: number; to: number };

/** Returns why a question has no answer; `undefined` if it has one. */
type Refuse = (grid: Grid, query: string) => QueryErrorKind | undefined;

/** The value of each series is the time. Like Pods, each exists only for a part of the time. */
function sourceOf(lives: readonly Life[], refuse: Refuse = () => undefined) {
  const asked: Grid[] = [];
  const source: Source = {
    kind: 'prometheus',
    instant: async () => ({ samples: [], warnings: [] }),
    range: async (query, grid) => {
      asked.push(grid);
      const kind = refuse(grid, query);
      if (kind !== undefined) throw new QueryError(kind, `${kind}: ${grid.count} points`);
      const times = Array.from(
        { length: grid.count },
        (_, index) => grid.start + (index + 1) * grid.stepSeconds,
      );
      const series = lives.map(({ name, from, to }) => ({
        labels: { name, query },
        values: Float64Array.from(times, (time) => (time >= from && time < to ? time : Number.NaN)),
      }));
      // Prometheus omits series without a value.
      return {
        series: series.filter(({ values }) => values.some((value) => !Number.isNaN(value))),
        warnings: ['w'],
      };
    },
  };
  return { source, asked };
}

const grids = fc.record({
  start: fc.integer({ min: 0, max: 1e9 }),
  stepSeconds: fc.integer({ min: 1, max: 3600 }),
  count: fc.integer({ min: 1, max: 400 }),
});

/** When series exist, as shares of the grid. */
const shares = fc.uniqueArray(
  fc.record({
    name: fc.string(),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    to: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { selector: ({ name }) => name, maxLength: 5 },
);

function livesOn({ start, stepSeconds, count }: Grid, found: readonly Life[]): Life[] {
  const length = count * stepSeconds;
  return found.map(({ name, from, to }) => ({ name, from: start + from * length, to: start + to * length }));
}

/** Expects that a chunked source has the same answer as the source itself without any limit. */
async function expectSameAnswer(inPieces: Source, lives: readonly Life[], grid: Grid): Promise<void> {
  const whole = await sourceOf(lives).source.range('q', grid);
  const byName = (series: typeof whole.series) =>
    series.toSorted((a, b) => ((a.labels['name'] ?? '') < (b.labels['name'] ?? '') ? -1 : 1));
  const joined = await inPieces.range('q', grid);
  expect(byName(joined.series)).toEqual(byName(whole.series));
  expect(joined.warnings).toEqual(['w']);
}

describe('a range query in pieces', () => {
  it('has the same answer as one query', async () => {
    await fc.assert(
      fc.asyncProperty(
        grids,
        shares,
        fc.integer({ min: 1000, max: 1_000_000 }),
        async (grid, found, targets) => {
          const lives = livesOn(grid, found);
          const { source, asked } = sourceOf(lives);
          await expectSameAnswer(chunked(source, targets), lives, grid);
          const [first] = asked;
          expect((first?.count ?? 0) * targets * 3).toBeLessThanOrEqual(Math.max(5_000_000, targets * 3));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('asks a day of a large cluster at once, as long as nothing is refused', async () => {
    const { source, asked } = sourceOf([]);
    await chunked(source, 5000).range('max by (node) (max_over_time(a{}[600s]))', {
      start: 0,
      stepSeconds: 600,
      count: 144,
    });
    expect(asked).toHaveLength(1);
  });

  it('has fewer points per piece if a subquery multiplies them', async () => {
    const { source, asked } = sourceOf([]);
    const month = { start: 0, stepSeconds: 300, count: 8640 };
    await chunked(source, 5).range('max_over_time(count(up{})[300s:15s])', month);
    expect(asked.every(({ count }) => (count * 300) / 15 <= 20_000)).toBe(true);
    expect(asked.reduce((sum, { count }) => sum + count, 0)).toBe(8640);
    asked.length = 0;
    await chunked(source, 5).range('max_over_time(count(up{})[300s:5m])', month);
    expect(asked).toHaveLength(1);
  });

  it('has larger pieces if the first answer has fewer series than there are targets', async () => {
    // Two selectors at 72 times per point: 27 points of 5000 series make 20 million samples.
    const query = 'max_over_time((a{} - b{})[21600s:5m])';
    const month = { start: 0, stepSeconds: 21_600, count: 120 };
    const agents = Array.from({ length: 5000 }, (_, index) => ({ name: `n${index}`, from: 0, to: 1e9 }));
    const many = sourceOf(agents);
    await chunked(many.source, 5000).range(query, month);
    expect(many.asked.map(({ count }) => count)).toEqual([24, 24, 24, 24, 24]);

    const controller = sourceOf(agents.slice(0, 1));
    const inPieces = chunked(controller.source, 5000);
    await inPieces.range(query, month);
    await inPieces.range(query, { ...month, start: -month.count * month.stepSeconds });
    expect(controller.asked.map(({ count }) => count)).toEqual([24, 96, 120]);
  });

  it('covers every point once, also if pieces become smaller on the way', () => {
    fc.assert(
      fc.property(grids, fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }), (grid, limits) => {
        const pieces = openPieces(grid);
        let end = grid.start;
        for (let index = 0; pieces.rest() > 0; index += 1) {
          const limit = limits[index % limits.length] ?? 1;
          const piece = pieces.next(limit);
          expect(piece.start).toBe(end);
          expect(piece.count).toBeLessThanOrEqual(limit);
          pieces.add(piece, { series: [], warnings: [] });
          end = piece.start + piece.count * piece.stepSeconds;
        }
        expect(end).toBe(grid.start + grid.count * grid.stepSeconds);
      }),
    );
  });
});

describe('a range query that the server refuses as too large', () => {
  it('has the same answer as without the limit, for any limit of at least one point', async () => {
    await fc.assert(
      fc.asyncProperty(grids, shares, fc.integer({ min: 1, max: 400 }), async (grid, found, limit) => {
        const lives = livesOn(grid, found);
        const { source, asked } = sourceOf(lives, ({ count }) => (count > limit ? 'too-large' : undefined));
        await expectSameAnswer(chunked(source, 1), lives, grid);
        // Each refusal halves the pieces, so those that are answered have more than a quarter of the limit.
        const refusals = asked.filter(({ count }) => count > limit).length;
        expect(refusals).toBeLessThanOrEqual(Math.ceil(Math.log2(grid.count)));
        expect(asked.length - refusals).toBeLessThanOrEqual(Math.ceil((4 * grid.count) / limit));
      }),
      { numRuns: 60 },
    );
  });

  it('is answered where the limit depends on the time, such as a busy hour', async () => {
    const grid = { start: 0, stepSeconds: 60, count: 100 };
    const busy = (piece: Grid) => piece.start < 3600 && piece.start + piece.count * 60 > 3000;
    const { source, asked } = sourceOf([{ name: 'a', from: 0, to: 6000 }], (piece) =>
      busy(piece) && piece.count > 3 ? 'too-large' : undefined,
    );
    await expectSameAnswer(chunked(source, 1), [{ name: 'a', from: 0, to: 6000 }], grid);
    expect(asked.length).toBeLessThan(60);
  });

  it('fails with the first refusal if a single point is refused', async () => {
    const { source, asked } = sourceOf([], () => 'too-large');
    const failing = chunked(source, 1).range('q', { start: 0, stepSeconds: 60, count: 100 });
    await expect(failing).rejects.toThrow('too-large: 100 points');
    expect(asked.map(({ count }) => count)).toEqual([100, 50, 25, 13, 7, 4, 2, 1]);
  });

  it('begins with small pieces when the same question is about another period, and only then', async () => {
    const { source, asked } = sourceOf([], ({ count }, query) =>
      query.startsWith('rate') && count > 30 ? 'too-large' : undefined,
    );
    const inPieces = chunked(source, 1);
    await inPieces.range('rate(x{}[300s])', { start: 6000, stepSeconds: 60, count: 100 });
    asked.length = 0;
    await inPieces.range('rate(x{}[3600s])', { start: 0, stepSeconds: 3600, count: 100 });
    expect(asked.map(({ count }) => count)).toEqual([25, 25, 25, 25]);
    asked.length = 0;
    await inPieces.range('max_over_time(x{}[300s])', { start: 0, stepSeconds: 60, count: 100 });
    expect(asked.map(({ count }) => count)).toEqual([100]);
  });

  it.each<QueryErrorKind>(['too-many-series', 'rejected', 'deadline', 'connection', 'server'])(
    'is not split after "%s", which a shorter range does not change',
    async (kind) => {
      const { source, asked } = sourceOf([], () => kind);
      const failing = chunked(source, 1).range('q', { start: 0, stepSeconds: 60, count: 100 });
      await expect(failing).rejects.toMatchObject({ kind });
      expect(asked).toHaveLength(1);
    },
  );

  it('asks nothing more after the server is lost', async () => {
    const { source, asked } = sourceOf([], ({ count, start }) => {
      if (count > 50) return 'too-large';
      return start > 0 ? 'connection' : undefined;
    });
    const failing = chunked(source, 1).range('q', { start: 0, stepSeconds: 60, count: 200 });
    await expect(failing).rejects.toMatchObject({ kind: 'connection' });
    expect(asked.map(({ count }) => count)).toEqual([200, 100, 50, 50]);
  });

  it('is found in a capture, in whatever order the recording found the sizes', async () => {
    const grid = (start: number): Grid => ({ start, stepSeconds: 60, count: 100 });
    const refuse: Refuse = ({ count }) => (count > 20 ? 'too-large' : undefined);
    const { source, asked } = sourceOf([{ name: 'a', from: 0, to: 1e9 }], refuse);
    const recorder = recordInMemory(source, HEAD);
    const recording = chunked(recorder.source, 1);
    // The second question begins with the size that the first one found.
    const recorded = [await recording.range('q', grid(0)), await recording.range('q', grid(6000))];
    expect(asked.filter(({ start, count }) => start >= 6000 && count > 20)).toEqual([]);
    const capture = await openCapture(new Blob([await recorder.save()]), 'the capture');
    const replaying = chunked(capture.source, 1);
    const replays = [await replaying.range('q', grid(6000)), await replaying.range('q', grid(0))];
    expect(replays.reverse()).toEqual(recorded);
  });

  it('fails with the first failure if a capture lacks it', async () => {
    const { source } = sourceOf([], () => 'not-captured');
    const failing = chunked(source, 1).range('q', { start: 0, stepSeconds: 60, count: 100 });
    await expect(failing).rejects.toThrow('not-captured: 100 points');
  });
});

describe('a range query that is not answered in time', () => {
  it('is asked in quarters', async () => {
    const { source, asked } = sourceOf([], ({ count }) => (count > 30 ? 'timeout' : undefined));
    await chunked(source, 1).range('q', { start: 0, stepSeconds: 60, count: 100 });
    expect(asked.map(({ count }) => count)).toEqual([100, 25, 25, 25, 25]);
  });

  it('fails after three time-outs, with the first', async () => {
    const { source, asked } = sourceOf([], () => 'timeout');
    const failing = chunked(source, 1).range('q', { start: 0, stepSeconds: 60, count: 100 });
    await expect(failing).rejects.toThrow('timeout: 100 points');
    expect(asked.map(({ count }) => count)).toEqual([100, 25, 7]);
  });

  it('is not split any more once a server seems stuck', async () => {
    const { source, asked } = sourceOf([], () => 'timeout');
    const inPieces = chunked(source, 1);
    const questions = Array.from({ length: 30 }, (_, index) =>
      inPieces.range(`q${index}`, { start: 0, stepSeconds: 60, count: 100 }),
    );
    const outcomes = await Promise.allSettled(questions);
    expect(outcomes.map(({ status }) => status)).toEqual(questions.map(() => 'rejected'));
    expect(asked).toHaveLength(30 + 4);
  });

  it('is asked in smaller pieces one at a time, so that a slow server answers all questions', async () => {
    let underWay = 0;
    const { source } = sourceOf([], ({ count }) => (count > 30 ? 'timeout' : undefined));
    const slow: Source = {
      ...source,
      range: async (query, grid) => {
        const isPiece = grid.count <= 30;
        if (isPiece) underWay += 1;
        expect(underWay).toBeLessThanOrEqual(1);
        await Promise.resolve();
        if (isPiece) underWay -= 1;
        return source.range(query, grid);
      },
    };
    const inPieces = chunked(slow, 1);
    const questions = Array.from({ length: 30 }, (_, index) =>
      inPieces.range(`q${index}`, { start: 0, stepSeconds: 60, count: 100 }),
    );
    await expect(Promise.all(questions)).resolves.toHaveLength(30);
  });
});
