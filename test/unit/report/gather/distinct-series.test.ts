import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../../../../src/config/settings.ts';
import { chunked } from '../../../../src/report/gather/chunked.ts';
import { withDistinctSeries } from '../../../../src/report/gather/distinct-series.ts';
import { QueryError } from '../../../../src/report/gather/errors.ts';
import type { Source } from '../../../../src/report/gather/source.ts';
import { makeReport } from '../../../../src/report/make-report.ts';
import type { Report } from '../../../../src/report/model/report.ts';
import { sourceOver } from '../../../fixtures/fake-source.ts';

/** Returns labels in the opposite order. */
const reversed = (labels: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(labels).reverse());

/** Returns a source with each series twice, like a proxy that joins two servers. The second has other values. */
function doubled(source: Source): Source {
  return {
    ...source,
    async range(query, grid, limits) {
      const { series, warnings } = await source.range(query, grid, limits);
      const copies = series.map(({ labels, values }) => ({
        labels: reversed(labels),
        values: values.map((value) => value * 7),
      }));
      return { series: [...series, ...copies], warnings };
    },
    async instant(query, time, limits) {
      const { samples, warnings } = await source.instant(query, time, limits);
      const copies = samples.map(({ labels, value }) => ({ labels: reversed(labels), value: value * 7 }));
      return { samples: [...samples, ...copies], warnings };
    },
  };
}

const GRID = { start: 0, stepSeconds: 60, count: 100 };
const ONE: Source = {
  kind: 'prometheus',
  range: async (_, { start, count }) => ({
    series: [{ labels: { a: '1', b: '2' }, values: new Float64Array(count).fill(start + 1) }],
    warnings: [],
  }),
  instant: async () => ({ samples: [], warnings: [] }),
};

describe('an answer with several series of the same labels', () => {
  it('has the first of them, and a warning', async () => {
    const { series, warnings } = await withDistinctSeries(doubled(ONE)).range('q', GRID);
    expect(series).toEqual((await ONE.range('q', GRID)).series);
    expect(warnings).toEqual([
      expect.stringMatching(/^1 series was ignored, .* same labels; check the prox/),
    ]);
    expect(await withDistinctSeries(ONE).range('q', GRID)).toMatchObject({ warnings: [] });
  });

  it('is the same when it is asked in pieces', async () => {
    const inPieces: Source = {
      ...ONE,
      range: async (query, grid) => {
        if (grid.count > 30) throw new QueryError('too-large', 'too large');
        return doubled(ONE).range(query, grid);
      },
    };
    const { series } = await chunked(withDistinctSeries(inPieces), 1).range('q', GRID);
    expect(series).toHaveLength(1);
    // The value of each piece is its start.
    expect(series[0]?.values[0]).toBe(1);
    expect(series[0]?.values.at(-1)).toBe(4501);
  });

  it('changes nothing in the report but that it is incomplete, and why', async () => {
    const day = { start: Date.UTC(2026, 10, 20) / 1000, end: Date.UTC(2026, 10, 21) / 1000 };
    const world = sourceOver({
      targets: ['n1', 'n2'].map((node) => ({
        labels: { job: 'antrea-agents', instance: `${node};antrea-agent-${node}` },
        exposes: 'agent',
        metrics: ['antrea_agent_local_pod_count', 'antrea_agent_ovs_total_flow_count'],
        startedAt: day.start - 9000,
      })),
    }).source;
    const reportOf = (source: Source) =>
      makeReport(source, {
        cluster: 'one',
        period: day,
        settings: resolveSettings({}).report,
        generatedAt: new Date(day.end * 1000),
      });
    const comparable = ({ warnings: _1, complete: _2, verdict: _3, score: _4, ...report }: Report) => report;
    const [clean, twice] = [await reportOf(world), await reportOf(doubled(world))];
    expect(comparable(twice)).toEqual(comparable(clean));
    expect(twice.complete).toBe(false);
    expect(twice.warnings.map(({ text }) => text)).toContainEqual(expect.stringContaining('ignored'));
  });
});
