import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countExpectedSeries, podsByNode } from '../../../../../src/report/gather/survey/describe.ts';
import type { Component } from '../../../../../src/report/model/indicator.ts';
import type { FakeTarget, Labels, World } from '../../../../fixtures/fake-source.ts';
import { cluster, pickedBy, surveyed, target } from './worlds.ts';

const PORTS = { agent: 10_350, controller: 10_349 } as const;
const addressOf = (component: Component, node: string) => `10.0.0.${node.slice(1)}:${PORTS[component]}`;

/** The labels of Antrea's targets on three nodes, and those of other targets in their jobs. */
type Layout = { labels: (component: Component, node: string) => Labels; others?: Labels[] };

const LAYOUTS: [string, Layout][] = [
  ['Antrea’s own scrape configuration', { labels: () => ({}) }],
  [
    'a PodMonitor of the Prometheus operator',
    {
      labels: (component, node) => ({
        ...{ job: 'kube-system/antrea', endpoint: 'api', namespace: 'kube-system' },
        ...{ container: `antrea-${component}`, pod: `antrea-${component}-${node}`, node },
        instance: addressOf(component, node),
      }),
    },
  ],
  [
    'one job for all Pods with an annotation',
    {
      labels: (component, node) => ({
        ...{ job: 'kubernetes-pods', namespace: 'kube-system', app: 'antrea', kubernetes_node: node },
        ...{ component: `antrea-${component}`, pod: `antrea-${component}-${node}` },
        instance: addressOf(component, node),
      }),
      others: [
        { job: 'kubernetes-pods', namespace: 'default', app: 'web', pod: 'web-1', instance: '10.1.0.1:80' },
        { job: 'kubernetes-pods', namespace: 'kube-system', pod: 'coredns-1', instance: '10.1.0.2:9153' },
      ],
    },
  ],
  [
    'addresses alone, in one job',
    {
      labels: (component, node) => ({ job: 'static', instance: addressOf(component, node) }),
      others: [{ job: 'static', instance: '10.0.0.1:9100' }],
    },
  ],
  [
    'host names and port forwarding',
    {
      labels: (component, node) => ({
        job: 'lab',
        instance: `localhost:${PORTS[component]}${node.slice(1)}`,
      }),
    },
  ],
  [
    'OpenTelemetry, with names of labels in dots',
    {
      labels: (component, node) => ({
        ...{ job: 'otel', 'k8s.node.name': node, 'k8s.container.name': `antrea-${component}` },
        ...{ 'k8s.pod.name': `antrea-${component}-${node}`, instance: `${component}-${node}-id` },
      }),
      others: [{ job: 'otel', 'k8s.node.name': 'n1', 'k8s.container.name': 'web', instance: 'web-id' }],
    },
  ],
  [
    'a job name with quotes and regular expressions',
    { labels: (component) => ({ job: `an"t.rea|${component}\\` }) },
  ],
];

const built = ({ labels, others = [] }: Layout, changes: Partial<FakeTarget> = {}) => {
  const own = cluster((component, node) => [labels(component, node), changes]);
  return { own, all: [...own, ...others.map((one): FakeTarget => ({ labels: one }))] };
};

describe('the targets', () => {
  it.each(LAYOUTS)('are found by their metrics: %s', async (_, layout) => {
    const { own, all } = built(layout);
    const survey = await surveyed(all);
    expect(pickedBy(survey, 'agent', all)).toEqual(own.slice(0, 3));
    expect(pickedBy(survey, 'controller', all)).toEqual(own.slice(3));
    expect(survey.targets.map(({ component, foundBy }) => [component, foundBy])).toEqual(
      own.map(({ exposes }) => [exposes, 'metrics']),
    );
    // One series for each agent, and one for the controller.
    expect(countExpectedSeries(survey)).toBe(4);
    expect(Object.keys(podsByNode(survey).agent)).toHaveLength(3);
    expect(survey).toMatchObject({ cluster: null, duplications: [] });
  });

  it.each(LAYOUTS)('are found without `up`, which some servers do not have: %s', async (_, layout) => {
    const { own } = built(layout);
    // The metrics have these labels, and there is no `up` with them.
    const world: World = {
      targets: own.map((one) => ({ ...one, labels: { job: 'nowhere' }, metricLabels: one.labels })),
    };
    const survey = await surveyed(world);
    expect(survey.targets.map(({ labels }) => labels)).toEqual(own.map(({ labels }) => labels));
    expect(pickedBy(survey, 'agent', own)).toEqual(own.slice(0, 3));
  });

  it('include a target that never answered if it has a name of Antrea, and no other', async () => {
    const layout = LAYOUTS[2]?.[1] ?? { labels: () => ({}) };
    const { own, all } = built(layout);
    const [first, ...others] = own;
    const silent: FakeTarget = { labels: first?.labels ?? {}, answers: false };
    const survey = await surveyed([
      silent,
      ...others,
      ...all.slice(own.length).map((one) => ({ ...one, answers: false })),
    ]);
    expect(survey.targets).toHaveLength(4);
    expect(pickedBy(survey, 'agent', [silent, ...others])).toEqual([silent, ...others.slice(0, 2)]);
  });

  it('are found by names only for a component without any metrics', async () => {
    const agents = cluster().slice(0, 3);
    const controller: FakeTarget = {
      labels: { job: 'pods', instance: '10.0.0.1:10349', container: 'antrea-controller' },
    };
    const other: FakeTarget = { labels: { job: 'pods', instance: '10.0.0.1:9100', pod: 'antrea-agent-n1' } };
    const all = [...agents, controller, other];
    const survey = await surveyed(all);
    expect(pickedBy(survey, 'agent', all)).toEqual(agents);
    expect(pickedBy(survey, 'controller', all)).toEqual([controller]);
    expect(survey.targets.map(({ component, foundBy }) => [component, foundBy])).toContainEqual([
      'controller',
      'names',
    ]);
  });

  it('are found if the marker is dropped but other metrics are kept', async () => {
    const { own, all } = built({ labels: () => ({}) }, {});
    const kept = all.map((one) => ({ ...one, metrics: [`antrea_${one.exposes}_something`] }));
    const survey = await surveyed(kept);
    expect(survey.targets.map(({ component }) => component)).toEqual(own.map(({ exposes }) => exposes));
  });

  it.each([true, false])(
    'include those behind a federated server, but not the server itself (with `up`: %s)',
    async (hasUp) => {
      const own = cluster((component, node) => [
        {
          job: 'federate',
          instance: 'prometheus:9090',
          exported_job: `antrea-${component}s`,
          exported_instance: addressOf(component, node),
        },
        { hasUp },
      ]);
      const server: FakeTarget = { labels: { job: 'federate', instance: 'prometheus:9090' } };
      const survey = await surveyed([server, ...own]);
      expect(survey.cluster).toBeNull();
      expect(survey.targets).toHaveLength(4);
      expect(pickedBy(survey, 'agent', [server, ...own])).toEqual(own.slice(0, 3));
      expect(pickedBy(survey, 'controller', [server, ...own])).toEqual(own.slice(3));
      expect(survey.views[0].selection.agent.nodeLabel).toBe('exported_instance');
    },
  );

  it('are found if only one of their jobs drops the marker', async () => {
    const own = cluster((component, node) =>
      component === 'agent' && node !== 'n1'
        ? [{ job: 'kept', pod: `antrea-agent-${node}` }, { metrics: ['antrea_agent_ovs_flow_ops_count'] }]
        : [{ job: 'kept', pod: `antrea-${component}-${node}` }],
    );
    const impostor: FakeTarget = {
      labels: { job: 'kept', instance: '10.0.1.1:80', pod: 'antrea-agent-ui-x' },
    };
    const survey = await surveyed([impostor, ...own]);
    expect(survey.targets).toHaveLength(4);
    expect(pickedBy(survey, 'agent', [impostor, ...own])).toEqual(own.slice(0, 3));
  });

  it('are queried by the job that keeps the marker if two jobs scrape the same targets', async () => {
    const dropped = cluster((component) => [
      {},
      component === 'agent' ? { metrics: ['antrea_agent_ovs_flow_ops_count'] } : {},
    ]);
    const whole = cluster((component, node) => [
      { job: 'kept', instance: addressOf(component, node), node, pod: `antrea-${component}-${node}` },
    ]);
    const survey = await surveyed([...dropped, ...whole]);
    expect(survey.duplications[0]?.copies).toEqual([['kept'], ['antrea-agents']]);
    expect(pickedBy(survey, 'agent', [...dropped, ...whole])).toEqual(whole.slice(0, 3));
  });

  it('are expected in the usual jobs, or in those that the user names, if there are none yet', async () => {
    const nobody = await surveyed([]);
    expect(nobody.targets).toEqual([]);
    expect(nobody.views[0].selection.agent.matchers).toEqual([
      { label: 'job', operator: '=', value: 'antrea-agents' },
    ]);
    const named = await surveyed([], { jobs: { agent: ['x', 'y'] } });
    expect(named.views[0].selection.agent.matchers).toMatchObject([
      { label: 'job', operator: '=~', value: 'x|y' },
    ]);
  });

  it('are those of the jobs that the user names', async () => {
    const [real, test] = [cluster(), cluster((component) => [{ job: `test-${component}s` }])];
    const survey = await surveyed([...real, ...test], {
      jobs: { agent: ['test-agents'], controller: ['test-controllers'] },
    });
    expect(pickedBy(survey, 'agent', [...real, ...test])).toEqual(test.slice(0, 3));
    expect(survey.duplications).toEqual([]);
  });
});

describe('the number of series to expect from an indicator', () => {
  it('is that of the nodes, even if their Pods were recreated', async () => {
    const one = (node: string, life: number) =>
      target(
        'agent',
        node,
        { instance: `${node};antrea-agent-${life}` },
        {
          scrapes: (index) => (Math.floor(index / 40) === life ? 20 : null),
        },
      );
    const agents = ['a', 'b', 'c'].flatMap((node) => [0, 1, 2, 3].map((life) => one(node, life)));
    expect(countExpectedSeries(await surveyed([...agents, target('controller', 'a')]))).toBe(4);
    expect(countExpectedSeries(await surveyed(agents.slice(0, 4)))).toBe(1);
  });

  it('is higher if Pods are recreated all the time, since some queries have a series for each Pod', async () => {
    const agents = Array.from({ length: 900 }, (_, pod) =>
      target(
        'agent',
        'a',
        { instance: `a;antrea-agent-${pod}` },
        {
          scrapes: (index) => (index === pod % 140 ? 1 : null),
        },
      ),
    );
    expect(countExpectedSeries(await surveyed(agents))).toBe(90);
  });
});

describe('a survey of any server', () => {
  const name = fc.constantFrom(
    'cluster',
    'app',
    'pod',
    'node',
    'k8s.node.name',
    'container',
    'team',
    'replica',
  );
  const value = fc.constantFrom(
    'a',
    'b',
    'a"b',
    'antrea-agent',
    'antrea-agent-x',
    'antrea-controller',
    '$1',
    '.*',
  );
  const anyTarget = fc
    .record({
      labels: fc.dictionary(name, value, { maxKeys: 4 }),
      job: fc.constantFrom('antrea-agents', 'antrea-controllers', 'pods', 'j"'),
      exposes: fc.constantFrom('agent', 'controller', undefined) as fc.Arbitrary<Component | undefined>,
      answers: fc.constantFrom(true, true, true, false),
      startedAt: fc.constantFrom(1000, 1001, 9000),
      from: fc.nat(140),
    })
    .map(({ labels, job, from, ...rest }) => ({
      ...rest,
      labels: { ...labels, job },
      scrapes: (index: number) => (index >= from ? 20 : null),
    }));
  const worlds = fc.array(anyTarget, { maxLength: 8 }).map((list) =>
    list.map(
      (one, index): FakeTarget => ({
        ...one,
        labels: { ...one.labels, instance: `10.0.0.${index}:10350` },
      }),
    ),
  );

  it('never picks a target of the other component, nor one that answers without Antrea’s metrics', async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(worlds, async (targets) => {
        const known = ['a', 'b', 'a"b', ''];
        // The user has to choose one of several clusters, and every choice must work.
        const attempts = await Promise.allSettled(known.map((one) => surveyed(targets, { cluster: one })));
        for (const attempt of attempts) {
          if (attempt.status === 'rejected') {
            expect(String(attempt.reason)).toMatch(/^GatherError: (--cluster|prometheus\.jobs): [^\n]+$/);
            continue;
          }
          const survey = attempt.value;
          for (const view of survey.views.keys()) {
            // A component that was not found is queried by its usual job, whatever that contains.
            const pick = (component: Component) =>
              survey.targets.some((one) => one.component === component)
                ? pickedBy(survey, component, targets, view)
                : [];
            const [agents, controllers] = [pick('agent'), pick('controller')];
            if (agents.length > 0) found += 1;
            for (const one of agents) {
              expect(controllers, JSON.stringify(targets)).not.toContain(one);
              if (one.answers && targets.some(({ exposes, answers }) => answers && exposes === 'agent'))
                expect(one.exposes, JSON.stringify([one, survey.views[view]?.selection.agent])).toBe('agent');
            }
          }
        }
      }),
      { numRuns: 300 },
    );
    expect(found).toBeGreaterThan(50);
  });
});
