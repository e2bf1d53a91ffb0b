import { describe, expect, it } from 'vitest';
import { EXPORTERS } from '../../../../src/report/catalog/exporters.ts';
import { INDICATORS } from '../../../../src/report/catalog/indicators/index.ts';
import { METRICS } from '../../../../src/report/catalog/metrics/index.ts';
import { GatherError, QueryError, type QueryErrorKind } from '../../../../src/report/gather/errors.ts';
import { type GatherOptions, gather } from '../../../../src/report/gather/gather.ts';
import type { Source } from '../../../../src/report/gather/source.ts';
import { sourceOver } from '../../../fixtures/fake-source.ts';
import { type Gathered, readAll } from '../../../fixtures/gathered.ts';
import { repeated, valuesOf } from '../../../fixtures/values.ts';

const DAY = 86_400;
const OPTIONS: GatherOptions = {
  cluster: 'prod',
  period: { start: 1_700_000_000 - DAY, end: 1_700_000_000 },
  timeZone: 'UTC',
  targetSettings: { jobs: {}, matchers: { agent: {}, controller: {}, others: {} }, nodeLabels: {} },
  indicators: INDICATORS,
  metrics: METRICS,
  exporters: EXPORTERS,
};

type Asked = { query: string; at: string };

/** One agent and the controller in Antrea's own scrape configuration, scraped every 30 s. */
const server = sourceOver({
  targets: (['agent', 'controller'] as const).map((exposes) => ({
    labels: { job: `antrea-${exposes}s`, instance: `node-1;antrea-${exposes}-x` },
    exposes,
    scrapes: 20,
  })),
}).source;

const isProbe = (query: string) => query.startsWith('count_over_time(up');
const isSurvey = (query: string) =>
  isProbe(query) || /^(label_replace\(count_over_time\(antrea_|max_over_time\(up\{)/.test(query);

/** A source that answers the survey and nothing else, and fails or warns if `spoil` says so. */
function sourceOf(spoil: (query: string) => QueryErrorKind | string[] | undefined = () => undefined) {
  const asked: Asked[] = [];
  const answer = (query: string, at: string): string[] => {
    asked.push({ query, at });
    const how = spoil(query);
    if (typeof how === 'string') throw new QueryError(how, `it was ${how}`);
    return how ?? [];
  };
  const source: Source = {
    kind: 'prometheus',
    range: async (query, grid) => {
      const end = grid.start + grid.count * grid.stepSeconds;
      const warnings = answer(query, `${grid.start}-${end}/${grid.stepSeconds}`);
      const { series } = isSurvey(query) ? await server.range(query, grid) : { series: [] };
      return { series, warnings };
    },
    instant: async (query, time) => {
      const warnings = answer(query, String(time));
      const { samples } = isSurvey(query) ? await server.instant(query, time) : { samples: [] };
      return { samples, warnings };
    },
  };
  return { source, asked };
}

const gatherWith = async (source: Source, change: Partial<GatherOptions> = {}): Promise<Gathered> =>
  readAll(await gather(source, { ...OPTIONS, ...change }));

async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(GatherError);
  return (error as GatherError).message;
}

describe('gathering', () => {
  it('queries exactly the period, with look-backs that follow from the measured interval', async () => {
    const { source, asked } = sourceOf();
    const { grid, windows } = await gatherWith(source);
    expect(grid).toEqual({ start: OPTIONS.period.start, stepSeconds: 300, count: 288 });
    expect(windows).toEqual({
      scrapeIntervalSeconds: 30,
      scrapeIntervalKnown: true,
      rateSeconds: 330,
      spanSeconds: 300,
    });
    // All queries but the probe's are evaluated on the grid, on that of an earlier period, of the history or the metric
    // names, or at the end. Values of counters are also queried for one rate window before the period.
    const probes = asked.filter(({ query }) => isProbe(query));
    expect(probes.map(({ at }) => at)).toEqual([expect.stringMatching(/-1700000000\/\d+7$/)]);
    const others = asked.filter(({ query }) => !isProbe(query));
    // Queries with a subquery are split into chunks.
    const times = new Set(others.filter(({ query }) => !/\[\d+s:\d+s\]/.test(query)).map(({ at }) => at));
    const day = (end: number) => `${end - DAY}-${end}/300`;
    expect(times).toEqual(
      new Set([
        day(1_700_000_000),
        `${OPTIONS.period.start - 600}-1700000000/300`,
        `${OPTIONS.period.start}-1700000000/3600`,
        // The metrics of other exporters.
        `${OPTIONS.period.start}-1700000000/21600`,
        `${1_700_000_000 - 3 * 3600}-1700000000/3600`,
        day(1_700_000_000 - DAY),
        day(1_700_000_000 - 7 * DAY),
        `${1_700_000_000 - 29 * DAY}-1700000000/3600`,
        '1700000000',
      ]),
    );
    for (const { query } of asked) expect(query).not.toMatch(/\$[a-z]/i);
    const levels = asked.filter(({ query }) => query.includes('(last_over_time('));
    const counters = INDICATORS.flatMap(({ counter }) => counter ?? []);
    expect(levels).toHaveLength(counters.length);
    expect(new Set(levels.map(({ at }) => at))).toEqual(
      new Set([`${OPTIONS.period.start - 600}-1700000000/300`]),
    );
  });

  it('fails an indicator without querying it if its buckets are not stored', async () => {
    const { source, asked } = sourceOf();
    const { indicators } = await gatherWith({
      ...source,
      range: async (query, grid) =>
        query.startsWith('count by (__name__)')
          ? {
              series: [
                'workqueue_queue_duration_seconds_count',
                'workqueue_work_duration_seconds_bucket',
              ].map((name) => ({ labels: { __name__: name }, values: repeated(1, grid.count) })),
              warnings: [],
            }
          : source.range(query, grid),
    });
    const failed = Object.entries(indicators).filter(([, { answer }]) => !answer.ok);
    expect(failed.map(([id, { answer }]) => [id, answer])).toEqual([
      [
        'policy-queue-wait',
        {
          ok: false,
          reason:
            'the server stores workqueue_queue_duration_seconds without its buckets, which the query needs',
        },
      ],
    ]);
    expect(indicators['policy-queue-wait']?.query).toContain('workqueue_queue_duration_seconds_bucket{');
    const [start, end] = [OPTIONS.period.start, OPTIONS.period.end];
    const ofPeriod = asked.filter(({ at }) => at === `${start}-${end}/300`).map(({ query }) => query);
    expect(ofPeriod.join('\n')).not.toContain('workqueue_queue_duration_seconds_bucket{');
  });

  it('sends the same queries for earlier periods in which a target was scraped, and none for others', async () => {
    const { source, asked } = sourceOf();
    const weekBefore = OPTIONS.period.end - 7 * DAY;
    const known: Source = {
      ...source,
      range: async (query, grid) => {
        const answer = await source.range(query, grid);
        const isEarlier = grid.start + grid.count * grid.stepSeconds === weekBefore;
        if (!isEarlier || !query.includes('sum_over_time(up')) return answer;
        const labels = { component: 'agent', job: 'antrea-agents', instance: 'node-1;antrea-agent-x' };
        return { series: [{ labels, values: repeated(1, grid.count) }], warnings: [] };
      },
    };
    const { earlier, indicators } = await gatherWith(known);
    expect(earlier.map(({ kind, period }) => [kind, period.end])).toEqual([
      ['before', OPTIONS.period.end - DAY],
      ['week-before', weekBefore],
    ]);
    const [before, week] = earlier;
    expect(before?.indicators).toEqual({});
    expect(Object.keys(week?.indicators ?? {})).toEqual(Object.keys(indicators));
    // The same queries at other times, except for the alerts, which are only asked for in the period itself.
    const queriesAt = (end: number) =>
      asked
        .filter(({ query }) => !query.includes('ALERTS'))
        .filter(({ at }) => [`${end - DAY}-${end}/300`, `${end - DAY - 300}-${end}/300`].includes(at))
        .map(({ query }) => query);
    expect(queriesAt(weekBefore).sort()).toEqual(queriesAt(OPTIONS.period.end).sort());
    // The survey is made only for the period itself.
    const totals = (end: number) =>
      asked.filter(({ at, query }) => at === String(end) && !isSurvey(query)).map(({ query }) => query);
    expect(totals(OPTIONS.period.end)).toEqual(expect.arrayContaining(totals(weekBefore)));
    expect(totals(weekBefore)).not.toEqual([]);
  });

  it('returns the desired number of agents for earlier periods, too', async () => {
    const { source } = sourceOf();
    const { targets, earlier } = await gatherWith({
      ...source,
      range: async (_query, grid) => ({
        series: [
          {
            labels: { job: 'antrea-agents', instance: 'node-1;antrea-agent-x' },
            values: repeated(20, grid.count),
          },
        ],
        warnings: [],
      }),
      instant: async (query, time) =>
        query.includes('desired_number')
          ? { samples: [{ labels: {}, value: time }], warnings: [] }
          : source.instant(query, time),
    });
    const desired = [targets, ...earlier.map((one) => one.targets)].map(
      (answer) => answer.ok && answer.value.desiredAgents,
    );
    const { end } = OPTIONS.period;
    expect(desired).toEqual([end, end - DAY, end - 7 * DAY]);
  });

  it.each([
    ['the one that all agents name', ['networking', 'networking'], 'networking'],
    ['none if the agents name several', ['networking', 'kube-system'], undefined],
    ['none if not all agents name one', ['networking', ''], undefined],
  ])('finds the namespace: %s', async (_, namespaces, expected) => {
    const { source } = sourceOver({
      targets: namespaces.map((namespace, node) => ({
        labels: { job: 'antrea-agents', instance: `node-${node};antrea-agent-x`, namespace },
        metrics: ['antrea_agent_local_pod_count'],
      })),
    });
    const { survey } = await gatherWith(source);
    expect(survey.agent.namespace).toBe(expected);
  });

  it('returns the targets, their Pods, and the node and component of each series', async () => {
    const { source } = sourceOf();
    const { survey, pods, indicators } = await gatherWith({
      ...source,
      range: async (query, grid) => {
        if (!query.includes('(rate(process_cpu_seconds_total')) return source.range(query, grid);
        const series = (['agent', 'controller'] as const).map((component) => ({
          labels: { component, instance: `node-1;antrea-${component}-x` },
          values: repeated(1, grid.count),
        }));
        return { series, warnings: [] };
      },
    });
    expect(survey).toMatchObject({
      agent: { targets: 1, jobs: ['antrea-agents'], foundBy: 'metrics', nodeFrom: 'instance' },
      controller: { targets: 1, selector: 'job="antrea-controllers"' },
      cluster: null,
      duplications: [],
      forms: [],
    });
    expect(pods).toEqual({
      agent: { 'node-1': ['antrea-agent-x'] },
      controller: { 'node-1': ['antrea-controller-x'] },
    });
    const { answer, query } = indicators['cpu-usage'] ?? {};
    expect(query).toContain('job="antrea-agents"');
    expect(answer?.ok && answer.value.map(({ labels }) => [labels['component'], labels['node']])).toEqual([
      ['agent', 'node-1'],
      ['controller', 'node-1'],
    ]);
  });

  it('returns in which forms metrics are stored, and queries them in these forms', async () => {
    const { source, asked } = sourceOf();
    const present = [
      ...['antrea_agent_ovs_flow_ops_error_count_total', 'antrea_agent_ovs_flow_ops_count'],
      'antrea_proxy_sync_proxy_rules_duration_seconds',
    ];
    const { survey } = await gatherWith({
      ...source,
      range: async (query, grid) =>
        query.startsWith('count by (__name__)')
          ? {
              series: present.map((name) => ({
                labels: { __name__: name },
                values: repeated(1, grid.count),
              })),
              warnings: [],
            }
          : source.range(query, grid),
    });
    expect(survey.forms).toEqual(['total-suffix', 'native-histograms']);
    const queries = asked.map(({ query }) => query).join('\n');
    expect(queries).toContain('antrea_agent_ovs_flow_ops_error_count_total{');
    expect(queries).not.toMatch(/antrea_agent_ovs_flow_ops_error_count\{/);
    expect(queries).toMatch(/antrea_agent_ovs_flow_ops_count\{/);
    expect(queries).toContain('histogram_count(rate(antrea_proxy_sync_proxy_rules_duration_seconds{');
  });

  it('takes limits from the hours before if they are missing at the end', async () => {
    const { source } = sourceOf();
    const values = valuesOf([110, 120, null]);
    const { limits } = await gatherWith({
      ...source,
      range: async (query, grid) =>
        query.includes('kube_node_status_allocatable')
          ? { series: [{ labels: { node: 'a' }, values }], warnings: [] }
          : source.range(query, grid),
    });
    expect(limits['local-pod-count']).toEqual({
      kubelet: { ok: true, value: [{ labels: { node: 'a' }, value: 120 }] },
    });
  });

  it('uses the interval of the job that is scraped least often, even if it has few targets', async () => {
    const { source } = sourceOf();
    const mixed: Source = {
      ...source,
      range: async (query, grid) => {
        if (!isProbe(query)) return source.range(query, grid);
        const counts = (job: string, count: number) => ({
          labels: { job },
          values: repeated(count, grid.count),
        });
        const agents = Array.from({ length: 12 }, () => counts('antrea-agents', 20));
        return { series: [...agents, counts('antrea-controllers', 2)], warnings: [] };
      },
    };
    const { windows } = await gatherWith(mixed);
    expect(windows.scrapeIntervalSeconds).toBe(300);
    expect(windows.rateSeconds).toBeGreaterThanOrEqual(4 * 300);
  });

  it('marks the interval as assumed if it cannot be measured', async () => {
    const { source } = sourceOf((query) => (isProbe(query) ? 'rejected' : undefined));
    expect((await gatherWith(source)).windows).toMatchObject({
      scrapeIntervalSeconds: 60,
      scrapeIntervalKnown: false,
    });
    const { windows } = await gatherWith(source, { scrapeIntervalSeconds: 15 });
    expect(windows).toMatchObject({ scrapeIntervalSeconds: 15, scrapeIntervalKnown: true });
  });

  it.each<QueryErrorKind>([
    'connection',
    'certificate',
    'unauthorized',
    'timeout',
    'not-prometheus',
    'not-captured',
  ])('gives up at the first question when that fails with "%s"', async (kind) => {
    const { source, asked } = sourceOf(() => kind);
    expect(await refusalOf(gatherWith(source))).toBe(`it was ${kind}`);
    expect(asked).toHaveLength(1);
  });

  it('keeps the reason of a failed query, and all other answers', async () => {
    const { source } = sourceOf((query) =>
      query.includes('antrea_agent_local_pod_count{job') ? 'timeout' : undefined,
    );
    const { indicators, targets } = await gatherWith(source);
    const failed = Object.entries(indicators).filter(([, { answer }]) => !answer.ok);
    expect(failed.map(([id, { answer }]) => [id, answer])).toEqual([
      ['local-pod-count', { ok: false, reason: 'it was timeout' }],
    ]);
    expect(targets.ok).toBe(true);
  });

  it('fails if no indicator has an answer, or if the caller aborts', async () => {
    const refused = sourceOf((query) => (isSurvey(query) ? undefined : 'rejected'));
    const none = 'answered none of the queries; the first failure: it was rejected';
    expect(await refusalOf(gatherWith(refused.source))).toBe(`Prometheus ${none}`);
    expect(await refusalOf(gatherWith({ ...refused.source, kind: 'capture' }))).toBe(`the capture ${none}`);
    const aborted = sourceOf((query) => (query.includes('process_open_fds') ? 'aborted' : undefined));
    expect(await refusalOf(gatherWith(aborted.source))).toBe('it was aborted');
  });

  it('passes on errors that are bugs', async () => {
    const { source } = sourceOf();
    const broken: Source = { ...source, instant: () => Promise.reject(new TypeError('x is not a function')) };
    await expect(gatherWith(broken)).rejects.toThrow(TypeError);
  });

  it('names the setting if a step does not suit the period', async () => {
    const { source } = sourceOf();
    expect(await refusalOf(gatherWith(source, { stepSeconds: 7 }))).toMatch(
      /^step: 7 s makes 12343 points.*longer/,
    );
    expect(await refusalOf(gatherWith(source, { stepSeconds: DAY + 1 }))).toMatch(/^step: .*shorter/);
    expect((await gatherWith(source, { stepSeconds: DAY })).grid.count).toBe(1);
  });

  it('returns each warning once', async () => {
    const { source } = sourceOf(() => ['store gone']);
    const { warnings } = await gatherWith(source);
    expect(warnings.map(({ text }) => text)).toEqual(['store gone']);
  });
});
