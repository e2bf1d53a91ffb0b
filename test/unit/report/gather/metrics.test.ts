import { describe, expect, it } from 'vitest';
import { QueryError, type QueryErrorKind } from '../../../../src/report/gather/errors.ts';
import { countSeriesByName, gatherMetrics } from '../../../../src/report/gather/metrics.ts';
import type { Source } from '../../../../src/report/gather/source.ts';
import { EXPOSED_FORMS } from '../../../../src/report/gather/stored-forms.ts';
import type { Metric } from '../../../../src/report/model/metric.ts';
import type { Selection } from '../../../../src/report/promql/placeholders.ts';

const PERIOD = { start: 0, end: 86_400 };
const component = { matchers: [], windows: null, nodeLabel: 'node' };
const SELECTION: Selection = { agent: component, controller: component, others: [] };

const METRICS = Array.from({ length: 20 }, (_, index) => ({
  name: `m${index}`,
  type: index % 3 === 0 ? 'histogram' : 'gauge',
})) as Metric[];

/** A server with two series of each metric that refuses queries which name more than `limit` of them. */
function serverOf(limit: number, kind: QueryErrorKind = 'too-many-series') {
  const asked: number[] = [];
  const namesIn = (query: string, pattern: RegExp) => {
    const names = [...new Set([...query.matchAll(pattern)].map(([, name = '']) => name))];
    asked.push(names.length);
    if (names.length > limit) throw new QueryError(kind, `${names.length} names`);
    return names;
  };
  const source: Source = {
    kind: 'prometheus',
    range: async (query, { count }) => ({
      series: namesIn(query, /\b(m\d+(?:_count)?)\b/g).map((name) => ({
        labels: { __name__: name },
        values: new Float64Array(count).fill(2),
      })),
      warnings: [],
    }),
    instant: async (query) => ({
      samples: namesIn(query, /"part", "(m\d+ \w+)"/g).map((part) => ({ labels: { part }, value: 7 })),
      warnings: [],
    }),
  };
  return { source, asked };
}

const count = ({ source }: { source: Source }) => countSeriesByName(source, METRICS, SELECTION, PERIOD);

describe('the metric reference', () => {
  it.each([1000, 30, 7, 2])('counts the same series if a query may name %i metrics', async (limit) => {
    expect(await count(serverOf(limit))).toEqual(await count(serverOf(1000)));
  });

  it('fails with the refusal if a single metric is too large', async () => {
    await expect(count(serverOf(0))).rejects.toThrow('2 names');
  });

  it('does not count again after a time-out, which chunked() has handled', async () => {
    const server = serverOf(0, 'timeout');
    await expect(count(server)).rejects.toMatchObject({ kind: 'timeout' });
    expect(server.asked).toHaveLength(1);
  });

  const values = async ({ source }: { source: Source }) => {
    const names = await count(serverOf(1000));
    return gatherMetrics(source, METRICS, names, { selection: SELECTION, forms: EXPOSED_FORMS }, PERIOD);
  };

  it.each([8, 3, 1])('has the same values if a query may have %i statistics', async (limit) => {
    expect(await values(serverOf(limit))).toEqual(await values(serverOf(1000)));
  });

  it('asks about halves after a time-out, and not about their halves', async () => {
    expect(await values(serverOf(4, 'timeout'))).toEqual(await values(serverOf(1000)));
    const stuck = serverOf(3, 'timeout');
    await expect(values(stuck)).rejects.toMatchObject({ kind: 'timeout' });
    expect(Math.min(...stuck.asked)).toBeGreaterThan(1);
  });
});
