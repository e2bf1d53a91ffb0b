import { describe, expect, it } from 'vitest';
import { QueryError, type QueryErrorKind } from '../../../../../src/report/gather/errors.ts';
import type { Source } from '../../../../../src/report/gather/source.ts';
import { periodInHalves } from '../../../../../src/report/gather/survey/period-in-halves.ts';

const DAY = { start: 1_700_000_000, end: 1_700_086_400 };

/** A server with two targets, each scraped at one time, that refuses to look back over more than `limit` seconds. */
function serverOf(limit: number, kind: QueryErrorKind = 'too-large') {
  const scrapes = [
    { job: 'early', time: DAY.start + 10, value: 1 },
    { job: 'late', time: DAY.end - 10, value: 2 },
    { job: 'both', time: DAY.start + 10, value: 3 },
    { job: 'both', time: DAY.end - 10, value: 1 },
  ];
  const asked: string[] = [];
  const source: Source = {
    kind: 'prometheus',
    range: async () => ({ series: [], warnings: [] }),
    instant: async (query, time) => {
      asked.push(query);
      const seconds = Number(/\[(\d+)s/.exec(query)?.[1]);
      if (seconds > limit) throw new QueryError(kind, `${seconds} s`);
      const seen = scrapes.filter((scrape) => scrape.time > time - seconds && scrape.time <= time);
      const byJob = Map.groupBy(seen, ({ job }) => job);
      return {
        samples: [...byJob].map(([job, found]) => ({
          labels: { job },
          value: Math.max(...found.map(({ value }) => value)),
        })),
        warnings: [],
      };
    },
  };
  return { source: periodInHalves(source, DAY), asked };
}

const byJob = (samples: readonly { labels: Readonly<Record<string, string>>; value: number }[]) =>
  Object.fromEntries(samples.map(({ labels, value }) => [labels['job'], value]));

describe('a look-back over the whole period', () => {
  const query = 'max_over_time(up[86400s]) or max_over_time((0 * b + time())[86400s:5m])';

  it.each([86_400, 43_200, 40_000, 6000])(
    'has the same answer if at most %i s are allowed',
    async (limit) => {
      const { source } = serverOf(limit);
      const { samples } = await source.instant(query, DAY.end);
      expect(byJob(samples)).toEqual({ early: 1, late: 2, both: 3 });
    },
  );

  it('is asked once if it is not refused', async () => {
    const { source, asked } = serverOf(86_400);
    await source.instant(query, DAY.end);
    expect(asked).toEqual([query]);
  });

  it('fails if an hour is refused, after a few queries', async () => {
    const { source, asked } = serverOf(1);
    await expect(source.instant(query, DAY.end)).rejects.toThrow(QueryError);
    expect(asked.length).toBeLessThan(8);
  });

  it.each<QueryErrorKind>(['timeout', 'rejected', 'connection'])('is not split after "%s"', async (kind) => {
    const { source, asked } = serverOf(1, kind);
    await expect(source.instant(query, DAY.end)).rejects.toMatchObject({ kind });
    expect(asked).toHaveLength(1);
  });

  it('is not split if the query is about other times', async () => {
    const { source, asked } = serverOf(1);
    await expect(source.instant('max_over_time(up[600s])', DAY.end)).rejects.toThrow('600 s');
    await expect(source.instant(query, DAY.start)).rejects.toThrow('86400 s');
    expect(asked).toHaveLength(2);
  });
});
