/** Clusters with hostile labels and values, whose server evaluates the selectors of each query. */
import fc from 'fast-check';
import { resolveSettings } from '../../src/config/settings.ts';
import { METRICS } from '../../src/report/catalog/metrics/index.ts';
import type { Source } from '../../src/report/gather/source.ts';
import { makeReport } from '../../src/report/make-report.ts';
import { type FakeResource, type FakeTarget, type Labels, sourceOver } from '../fixtures/fake-source.ts';
import { keysLike, texts } from './inputs.ts';
import { checkReport, madeOrRefused } from './promises.ts';
import { openTarget, type Target } from './target.ts';

const HOUR = 3600;
const END = Date.UTC(2026, 10, 21) / 1000;

/** Labels that some setup uses for the node, the Pod, the cluster or the copy of a target. */
const LABELS = [
  ...[
    'job',
    'instance',
    'node',
    'pod',
    'namespace',
    'cluster',
    'replica',
    'prometheus',
    'nodename',
    'container',
  ],
  ...['component', 'antrea_health_component', '__name__', 'le', 'table_id', 'ip_family', 'exported_instance'],
];

/** Servers store only well-formed labels, and the one of this test compiles no expression of 32,768 characters. */
const wellFormed = (text: string) => text.toWellFormed().slice(0, 5000);
const label = fc.tuple(keysLike(LABELS).map(wellFormed), texts.map(wellFormed));

const someLabels = fc.array(label, { maxLength: 4 }).map((pairs): Labels => Object.fromEntries(pairs));

const VALUES = [0, -0, 1, 2, 5, 20, 60, -1, 0.5, 1e9, 1e15, 1e20, 1e25, 1e300, -1e300, 5e-324, 1e-101];

const pattern = fc.array(
  fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 6, arbitrary: fc.constantFrom(...VALUES) }),
  { minLength: 1, maxLength: 12 },
);

const target = fc.record({
  component: fc.constantFrom('agent', 'agent', 'agent', 'controller'),
  node: fc.oneof({ weight: 3, arbitrary: fc.constantFrom('n1', 'n2', 'n3') }, texts.map(wellFormed)),
  /** Labels besides the usual ones, or instead of them. */
  labels: someLabels,
  without: fc.subarray(['job', 'instance', 'node', 'pod'], { maxLength: 2 }),
  metricLabels: fc.option(someLabels, { nil: null, freq: 1 }),
  answers: fc.oneof({ weight: 8, arbitrary: fc.constant(true) }, fc.constant(false)),
  hasUp: fc.oneof({ weight: 8, arbitrary: fc.constant(true) }, fc.constant(false)),
  scrapes: pattern,
  startedAt: fc.option(fc.constantFrom(0, -1, END, END - HOUR, END - 90 * 86_400, 1e12, 0.5), {
    nil: undefined,
  }),
});

const resource = fc.record({
  metric: fc.constantFrom('kube_pod_info' as const, 'kube_node_info' as const),
  labels: someLabels,
  node: fc.constantFrom('n1', 'n2', '', '__proto__'),
});

type TargetInput = typeof target extends fc.Arbitrary<infer T> ? T : never;

export async function openWorlds(): Promise<Target> {
  return openTarget({
    inputs: fc.record({
      targets: fc.array(target, { minLength: 1, maxLength: 6 }),
      everywhere: someLabels,
      resources: fc.array(resource, { maxLength: 3 }),
      values: pattern,
      hours: fc.constantFrom(1, 6, 24, 24 * 7),
      cluster: texts,
      nameInServer: fc.oneof({ weight: 3, arbitrary: fc.constant('') }, texts),
    }),
    async check({ targets, everywhere, resources, values, hours, cluster, nameInServer }) {
      const world = {
        targets: targets.map((one) => fakeTarget(one, everywhere)),
        resources: resources.map(
          ({ metric, labels, node }): FakeResource => ({ metric, labels: { node, pod: 'p', ...labels } }),
        ),
      };
      const report = await madeOrRefused(() =>
        makeReport(withValues(sourceOver(world).source, values), {
          cluster,
          nameInServer,
          period: { start: END - hours * HOUR, end: END },
          settings: resolveSettings({}).report,
          generatedAt: new Date(END * 1000),
        }),
      );
      if (report === null) return 'refused';
      await checkReport(report);
      return report.survey?.agent.targets === 0 ? 'no targets' : report.verdict;
    },
  });
}

const EXPOSED = METRICS.flatMap(({ name, type, components }) =>
  (type === 'histogram' ? ['_bucket', '_sum', '_count'] : ['']).map((suffix) => ({
    metric: `${name}${suffix}`,
    components,
  })),
);

function fakeTarget(input: TargetInput, everywhere: Labels): FakeTarget {
  const { component, node, labels, without, metricLabels, scrapes, startedAt, ...others } = input;
  const usual = { job: `antrea-${component}s`, instance: `${node};pod-${node}`, node, pod: `pod-${node}` };
  const kept = Object.entries(usual).filter(([name]) => !without.includes(name));
  const all = { ...Object.fromEntries(kept), ...labels, ...everywhere };
  return {
    ...others,
    labels: all,
    ...(startedAt !== undefined && { startedAt }),
    ...(metricLabels !== null && { metricLabels: { ...all, ...metricLabels } }),
    metrics: EXPOSED.filter(({ components }) => components.includes(component)).map(({ metric }) => metric),
    scrapes: (index) => scrapes[index % scrapes.length] ?? null,
  };
}

/** Returns a source whose queries have other values than the number of scrapes. */
function withValues(source: Source, values: readonly (number | null)[]): Source {
  return {
    ...source,
    async range(query, grid) {
      const answer = await source.range(query, grid);
      if (/\bup\b|process_start_time/.test(query)) return answer;
      return {
        ...answer,
        series: answer.series.map(({ labels, values: given }, row) => ({
          labels,
          values: given.map((_, index) => values[(index + row) % values.length] ?? Number.NaN),
        })),
      };
    },
  };
}
