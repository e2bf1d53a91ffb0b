import { describe, expect, it } from 'vitest';
import { METRICS } from '../../../../src/report/catalog/metrics/index.ts';
import { QueryError } from '../../../../src/report/gather/errors.ts';
import { gather } from '../../../../src/report/gather/gather.ts';
import type { Source } from '../../../../src/report/gather/source.ts';
import type { GatheredAlerts } from '../../../../src/report/model/gathered.ts';
import type { TargetSettings } from '../../../../src/report/model/survey.ts';
import { type FakeTarget, type Labels, selectorsIn, sourceOver } from '../../../fixtures/fake-source.ts';
import { repeated } from '../../../fixtures/values.ts';

const DAY = 86_400;
const END = 1_700_000_000;

const agent = (labels: Labels): FakeTarget => ({ labels, exposes: 'agent' });
const controller = (labels: Labels): FakeTarget => ({ labels, exposes: 'controller' });

/** Antrea's own scrape configuration. */
const SAMPLE: readonly FakeTarget[] = [
  agent({ job: 'antrea-agents', instance: 'node-1;antrea-agent-aaaaa' }),
  agent({ job: 'antrea-agents', instance: 'node-2;antrea-agent-bbbbb' }),
  controller({ job: 'antrea-controllers', instance: 'node-1;antrea-controller-ccccc' }),
];

/** One job for all Pods, as with annotations, in two clusters whose nodes have the same addresses. */
const podTarget = (cluster: string, pod: string, instance: string, changes: Partial<FakeTarget> = {}) => ({
  labels: {
    ...{ cluster, job: 'kubernetes-pods', namespace: 'kube-system', pod, instance },
    ...{ node: `${cluster}-${instance.slice(7, 8)}` },
  },
  ...changes,
});
const ALL_PODS: readonly FakeTarget[] = ['east', 'west'].flatMap((cluster) => [
  podTarget(cluster, `antrea-agent-${cluster}1`, '10.0.0.1:10350', { exposes: 'agent' }),
  podTarget(cluster, `antrea-agent-${cluster}2`, '10.0.0.2:10350', { exposes: 'agent' }),
  podTarget(cluster, `antrea-controller-${cluster}`, '10.0.0.1:10349', { exposes: 'controller' }),
  podTarget(cluster, `web-${cluster}`, '10.0.0.1:8080', { metrics: ['http_requests_total'] }),
]);

type Options = {
  targets?: readonly FakeTarget[];
  cluster?: string;
  settings?: Partial<TargetSettings>;
  days?: number;
  fails?: boolean;
};

/** Gathers with a server that has these series, and returns the answer about alerts and its queries. */
async function alertsWith(series: readonly Labels[], options: Options = {}) {
  const { targets = SAMPLE, cluster = '', settings = {}, days = 1, fails = false } = options;
  const { source } = sourceOver({ targets });
  const asked: { query: string; count: number }[] = [];
  const known: Source = {
    ...source,
    range: async (query, grid) => {
      if (!query.includes('ALERTS')) return source.range(query, grid);
      asked.push({ query, count: grid.count });
      if (fails) throw new QueryError('rejected', 'it is refused');
      return {
        series: series
          .filter((labels) => isSelected(query, labels))
          .map((labels) => ({ labels, values: repeated(1, grid.count) })),
        warnings: [],
      };
    },
  };
  const gathering = await gather(known, {
    ...{ cluster, timeZone: 'UTC', indicators: [], metrics: METRICS, exporters: [] },
    period: { start: END - days * DAY, end: END },
    targetSettings: {
      jobs: {},
      matchers: { agent: {}, controller: {}, others: {} },
      nodeLabels: {},
      ...settings,
    },
  });
  const found: GatheredAlerts[] = [];
  for await (const answer of gathering.answers) if (answer.about === 'alerts') found.push(answer);
  const [first] = found;
  const firing = first?.alerts.ok ? first.alerts.value.firing : [];
  return { asked, first, subjects: firing.map(({ name, component, node }) => ({ name, component, node })) };
}

const isSelected = (query: string, labels: Labels) =>
  selectorsIn(query).some(
    ({ name, matches }) => name === 'ALERTS' && matches({ alertstate: 'firing', ...labels }),
  );

/** Returns the subject of an alert with these labels; undefined if it is not about Antrea. */
async function subjectOf(labels: Labels, options: Options = {}) {
  const { subjects } = await alertsWith([{ alertname: 'SomeAlert', ...labels }], options);
  return subjects[0] && { component: subjects[0].component, node: subjects[0].node };
}

describe('an alert', () => {
  it.each<[string, Labels, { component: string | null; node: string | null }]>([
    [
      'of our own rules, about a node',
      { alertname: 'AntreaProxySyncDuration', severity: 'critical', component: 'agent', node: 'node-2' },
      { component: 'agent', node: 'node-2' },
    ],
    [
      'of our own rules, about the controller',
      { alertname: 'AntreaPolicyQueueWait', component: 'controller' },
      { component: 'controller', node: null },
    ],
    [
      'of our own rules, about the cluster',
      { alertname: 'AntreaMissingAgents' },
      { component: null, node: null },
    ],
    ['about a job', { job: 'antrea-agents' }, { component: 'agent', node: null }],
    [
      'about a target',
      { job: 'antrea-agents', instance: 'node-2;antrea-agent-bbbbb' },
      { component: 'agent', node: 'node-2' },
    ],
    ['about an instance', { instance: 'node-1;antrea-agent-aaaaa' }, { component: 'agent', node: 'node-1' }],
    [
      'about a Pod',
      { pod: 'antrea-agent-bbbbb', namespace: 'kube-system' },
      { component: 'agent', node: 'node-2' },
    ],
    [
      'about a Pod, without honor_labels',
      { pod: 'kube-state-metrics-x', exported_pod: 'antrea-controller-ccccc' },
      { component: 'controller', node: null },
    ],
    ['about a Pod that never answered', { pod: 'antrea-agent-new' }, { component: 'agent', node: null }],
    [
      'about the DaemonSet',
      { daemonset: 'antrea-agent', namespace: 'kube-system' },
      { component: 'agent', node: null },
    ],
    [
      'about a node, with a name of Antrea',
      { alertname: 'antrea_slow', instance: 'node-1:9100' },
      { component: 'agent', node: 'node-1' },
    ],
  ])('%s is about Antrea', async (_, labels, expected) => {
    expect(await subjectOf(labels)).toEqual(expected);
  });

  it.each<[string, Labels]>([
    ['another job', { job: 'coredns', instance: '10.0.0.9:9153' }],
    ['another Pod', { pod: 'web-antrea-agent-1', node: 'node-1' }],
    ['a node, with another name', { alertname: 'NodeHighCpu', node: 'node-1', instance: 'node-1' }],
    ['a node of another cluster', { alertname: 'AntreaProxySyncDuration', node: 'node-77' }],
    ['the targets of another cluster', { alertname: 'AntreaDown', job: 'antrea-agents-west' }],
    ['everything', { alertname: 'Watchdog' }],
  ])('about %s is left out', async (_, labels) => {
    expect(await subjectOf(labels)).toBeUndefined();
  });
});

describe('in a server of two clusters with one job for all Pods', () => {
  const east: Options = { targets: ALL_PODS, cluster: 'east' };
  const ofEast = { cluster: 'east', namespace: 'kube-system', job: 'kubernetes-pods' };

  it('an alert about an instance is that of the cluster with these labels', async () => {
    const labels = { ...ofEast, instance: '10.0.0.2:10350' };
    expect(await subjectOf(labels, east)).toEqual({ component: 'agent', node: 'east-2' });
    expect(await subjectOf({ ...labels, cluster: 'west' }, east)).toBeUndefined();
    expect(await subjectOf({ alertname: 'AntreaAgentsMissing', cluster: 'west' }, east)).toBeUndefined();
  });

  it('an alert about another Pod of the job is left out', async () => {
    expect(await subjectOf({ ...ofEast, pod: 'web-east', instance: '10.0.0.1:8080' }, east)).toBeUndefined();
    expect(await subjectOf(ofEast, east)).toBeUndefined();
  });

  it('a Pod of Antrea in another namespace is not that of the cluster', async () => {
    const pod = { cluster: 'east', pod: 'antrea-agent-simulator-0' };
    expect(await subjectOf({ ...pod, namespace: 'test' }, east)).toBeUndefined();
    expect(await subjectOf({ ...pod, namespace: 'kube-system' }, east)).toBeDefined();
  });

  it('an unknown Pod is left out if only the configured jobs tell the clusters apart', async () => {
    const jobs = { agent: ['antrea-agents'], controller: ['antrea-controllers'] };
    expect(await subjectOf({ pod: 'antrea-agent-zzzzz' }, { settings: { jobs } })).toBeUndefined();
    expect(await subjectOf({ pod: 'antrea-agent-bbbbb' }, { settings: { jobs } })).toBeDefined();
  });
});

describe('the question about alerts', () => {
  it('is one request, which also says whether there is any alert in the cluster', async () => {
    const { asked, first } = await alertsWith([], { targets: ALL_PODS, cluster: 'east' });
    expect(asked).toMatchObject([{ count: 288 }]);
    expect(asked[0]?.query).toMatch(/ or count\(ALERTS\{cluster="east"\}\)$/);
    expect(first?.alerts).toEqual({ ok: true, value: { firing: [], anyAlert: null } });
  });

  it('is about at most 1,500 points of a month', async () => {
    const { asked } = await alertsWith([], { days: 30 });
    expect(asked.reduce((sum, { count }) => sum + count, 0)).toBe(1440);
  });

  it('is short, however many nodes there are', async () => {
    const many = Array.from({ length: 300 }, (_, index) =>
      agent({ job: 'agents', instance: `10.0.${index % 250}.${index}:10350` }),
    );
    const { asked } = await alertsWith([], { targets: many });
    expect(asked[0]?.query.length).toBeLessThan(3000);
  });

  it('is not sent without targets', async () => {
    expect((await alertsWith([], { targets: [] })).asked).toEqual([]);
  });

  it('has the reason if it fails', async () => {
    const { first } = await alertsWith([], { fails: true });
    expect(first?.alerts).toMatchObject({ ok: false, reason: 'it is refused' });
  });
});
