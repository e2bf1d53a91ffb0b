import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeSamples, mergeSeries, openQuerier } from '../../../../src/report/gather/querier.ts';
import type { Source } from '../../../../src/report/gather/source.ts';
import { type Grid, isKnown, type Series, unknownValues } from '../../../../src/report/model/series.ts';
import { type FakeTarget, selectorsIn } from '../../../fixtures/fake-source.ts';
import { valuesOf } from '../../../fixtures/values.ts';
import { cluster, surveyed } from './survey/worlds.ts';

const DURATIONS = { window: 360, span: 300, interval: 60, step: 300, period: 86_400 };

describe('merging the answers of several views', () => {
  const COUNT = 6;
  const grid: Grid = { start: 0, stepSeconds: 300, count: COUNT };
  const answers = fc.array(
    fc.uniqueArray(
      fc.record({
        node: fc.constantFrom('a', 'b', 'c'),
        values: fc.array(fc.option(fc.nat(9)), { minLength: COUNT, maxLength: COUNT }),
      }),
      { selector: ({ node }) => node },
    ),
    { minLength: 2, maxLength: 3 },
  );
  const orders = fc.array(fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), {
    minLength: COUNT,
    maxLength: COUNT,
  });

  it('yields one series per set of labels, with the value of the best-ranked view that has one', () => {
    fc.assert(
      fc.property(answers, orders, (views, order) => {
        const asSeries = views.map((view) =>
          view.map(({ node, values }): Series => ({ labels: { node }, values: valuesOf(values) })),
        );
        const merged = mergeSeries(asSeries, grid, (time) => order[time / 300 - 1] ?? []);
        const nodes = merged.map(({ labels }) => labels['node'] ?? '');
        expect(nodes.sort()).toEqual([...new Set(views.flat().map(({ node }) => node))].sort());
        for (const { labels, values } of merged) {
          const expected = order.map((preferred, index) => {
            const known = preferred.map(
              (view) => views[view]?.find(({ node }) => node === labels['node'])?.values[index] ?? null,
            );
            return known.find((value) => value !== null) ?? null;
          });
          // 0 counts as a value, and values are not added up.
          expect(values).toEqual(valuesOf(expected));
        }
      }),
    );
  });

  it('joins the values of successive Pods that are one target in the first view', () => {
    const series = (...values: (number | null)[]): Series => ({
      labels: { node: 'a' },
      values: valuesOf(values),
    });
    const short: Grid = { ...grid, count: 4 };
    const merged = mergeSeries(
      [[series(null, null, null, 4)], [series(1, null, null, null), series(null, 2, 3, null)]],
      short,
      () => [0, 1],
    );
    expect(merged).toEqual([series(1, 2, 3, 4)]);
  });

  it('keeps the highest sample of each set of labels', () => {
    const sample = (node: string, value: number) => ({ labels: { node }, value });
    expect(
      mergeSamples([
        [sample('a', 1), sample('b', 5)],
        [sample('a', 3), sample('c', 0)],
      ]),
    ).toEqual([sample('a', 3), sample('b', 5), sample('c', 0)]);
  });
});

describe('a querier with two views', () => {
  /** The same processes, scraped by Antrea's own configuration and by another job, each with a gap. */
  const gapFrom = (from: number, to: number) => (index: number) => (index >= from && index < to ? null : 20);
  const own = cluster(() => [{}, { scrapes: gapFrom(10, 20) }]);
  const again = cluster((component, node) => [
    {
      job: 'pods',
      instance: `10.0.0.${node.slice(1)}:1`,
      node,
      pod: `antrea-${component}-${node}`,
      container: `antrea-${component}`,
    },
    { scrapes: gapFrom(100, 130) },
  ]);
  const all: FakeTarget[] = [...own, ...again];

  /** A server that groups by the labels of the query, and has no value for times without a scrape. */
  function serverWith(asked: string[] = []): Source {
    const seriesOf = (query: string) => {
      asked.push(query);
      const [, by = ''] = /\bby \(([^)]*)\)/.exec(query) ?? [];
      const kept = by.split(', ').map((name) => name.replaceAll('"', ''));
      return selectorsIn(query).flatMap(({ matches, added }) =>
        all
          .filter(({ labels }) => matches(labels))
          .map((one) => ({
            one,
            labels: {
              ...Object.fromEntries(
                kept.flatMap((name) => (one.labels[name] === undefined ? [] : [[name, one.labels[name]]])),
              ),
              ...added,
            } as Record<string, string>,
          })),
      );
    };
    return {
      kind: 'prometheus',
      range: async (query, grid) => ({
        series: seriesOf(query).map(({ labels, one: { scrapes } }) => ({
          labels,
          values: unknownValues(grid.count).map((unknown, index) =>
            typeof scrapes === 'function' ? (scrapes(index) ?? unknown) : unknown,
          ),
        })),
        warnings: [],
      }),
      instant: async (query) => ({
        samples: seriesOf(query).map(({ labels, one }) => ({
          labels,
          value: one.labels['job'] === 'pods' ? 2 : 1,
        })),
        warnings: [],
      }),
    };
  }

  it('returns one series per node, without the gaps of either view', async () => {
    const survey = await surveyed(all);
    expect(survey.views).toHaveLength(2);
    const asked: string[] = [];
    const ask = openQuerier(serverWith(asked), survey);
    const { grid } = survey.probe;
    const series = await ask.range('max by ($node) (antrea_agent_local_pod_count{$agents})', grid, DURATIONS);
    expect(series.map(({ labels }) => labels['node']).sort()).toEqual(['n1', 'n2', 'n3']);
    for (const { values } of series) expect(values.every(isKnown)).toBe(true);
    // Each view groups by its own node label.
    expect(asked.map((query) => /by \((\w+)\)/.exec(query)?.[1]).sort()).toEqual(['instance', 'node']);
    expect(asked[0]).toBe(ask.text('max by ($node) (antrea_agent_local_pod_count{$agents})', DURATIONS));
  });

  it('returns one series per target of both components, with the labels of the first view', async () => {
    const survey = await surveyed(all);
    const ask = openQuerier(serverWith(), survey);
    const series = await ask.range(
      'sum by ($target) (count_over_time(up{$components}[$span]))',
      survey.probe.grid,
      DURATIONS,
    );
    const [first] = survey.targets.filter(({ component }) => component === 'controller');
    expect(series.map(({ labels }) => `${labels['component']} ${labels['node']}`).sort()).toEqual([
      'agent n1',
      'agent n2',
      'agent n3',
      'controller n1',
    ]);
    for (const { labels, values } of series) {
      expect(labels['job']).toBe(
        labels['component'] === 'agent' ? survey.targets[0]?.labels['job'] : first?.labels['job'],
      );
      expect(values.every(isKnown)).toBe(true);
    }
  });

  it('returns the highest count over a period', async () => {
    const survey = await surveyed(all);
    const ask = openQuerier(serverWith(), survey);
    const samples = await ask.instant('sum by ($node) (x{$agents})', 1, DURATIONS);
    expect(samples.map(({ labels, value }) => [labels['node'], value]).sort()).toEqual([
      ['n1', 2],
      ['n2', 2],
      ['n3', 2],
    ]);
  });

  it('keeps the node that another exporter names, and adds none to series without a node', async () => {
    const survey = await surveyed(cluster());
    const server = serverWith();
    const labels = [{ node: 'a', instance: 'kube-state-metrics' }, { name: 'queue' }, {}];
    const ask = openQuerier(
      {
        ...server,
        instant: async () => ({ samples: labels.map((one) => ({ labels: one, value: 1 })), warnings: [] }),
      },
      survey,
    );
    expect((await ask.instant('x{$others}', 1, DURATIONS)).map((one) => one.labels)).toEqual(labels);
  });
});
