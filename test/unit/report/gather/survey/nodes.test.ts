import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askKubernetes, needsKubernetes } from '../../../../../src/report/gather/survey/kubernetes.ts';
import { findNodeLabel } from '../../../../../src/report/gather/survey/node-label.ts';
import {
  hostOf,
  makeNodeRule,
  type NodeRule,
  nodeOf,
  windowsMatcher,
} from '../../../../../src/report/gather/survey/nodes.ts';
import type { Target } from '../../../../../src/report/gather/survey/targets.ts';
import { matches } from '../../../../../src/report/promql/placeholders.ts';
import { type FakeResource, type Labels, sourceOver } from '../../../../fixtures/fake-source.ts';

const PERIOD = { start: 1_700_000_000 - 86_400, end: 1_700_000_000 };

const targetsOf = (...labels: Labels[]): Target[] =>
  labels.map((one) => ({
    component: 'agent',
    labels: { job: 'antrea-agents', ...one },
    foundBy: 'metrics',
    answered: true,
  }));

/** The rule for these agents, on a server with these resources of Kubernetes. */
async function ruleOf(targets: Target[], resources: FakeResource[] = [], wanted?: string): Promise<NodeRule> {
  const { source } = sourceOver({ targets: [], resources });
  const label = findNodeLabel(targets, wanted);
  const known = needsKubernetes(targets, label) ? await askKubernetes(source, PERIOD, []) : [];
  return makeNodeRule(targets, { component: 'agent', nodeLabel: label, known });
}

const nodesOf = (targets: readonly Target[], rule: NodeRule) =>
  targets.map(({ labels }) => nodeOf(labels, rule));
const podsOf = (targets: readonly Target[], rule: NodeRule) =>
  targets.map(({ labels }) => rule.nodes.get(labels[rule.label] ?? '')?.pods);

const podInfo = (labels: Labels, lastSeen?: number): FakeResource => ({
  metric: 'kube_pod_info',
  labels: { namespace: 'kube-system', ...labels },
  ...(lastSeen === undefined ? {} : { lastSeen }),
});

describe('the nodes of targets', () => {
  it('are known from Antrea’s own scrape configuration, without a query to kube-state-metrics', async () => {
    const targets = targetsOf({ instance: 'n1;antrea-agent-a' }, { instance: 'n2;antrea-agent-b' });
    expect(needsKubernetes(targets, undefined)).toBe(false);
    const rule = await ruleOf(targets);
    expect(rule).toMatchObject({ label: 'instance', source: 'instance' });
    expect(nodesOf(targets, rule)).toEqual(['n1', 'n2']);
    expect(podsOf(targets, rule)).toEqual([['antrea-agent-a'], ['antrea-agent-b']]);
  });

  it('are the values of the node label, with the Pods of kube-state-metrics, the newest last', async () => {
    const targets = targetsOf(
      { instance: '10.0.0.1:10350', node: 'n1' },
      { instance: '10.0.0.2:10350', node: 'n2' },
    );
    const rule = await ruleOf(targets, [
      podInfo({ pod: 'antrea-agent-new', node: 'n1', host_ip: '10.0.0.1' }, 200),
      podInfo({ pod: 'antrea-agent-old', node: 'n1', host_ip: '10.0.0.1' }, 100),
      podInfo({ pod: 'antrea-controller-x', node: 'n1', host_ip: '10.0.0.1' }, 300),
      podInfo({ pod: 'web', node: 'n2', host_ip: '10.0.0.2' }),
    ]);
    expect(rule).toMatchObject({ label: 'node', source: 'label' });
    expect(nodesOf(targets, rule)).toEqual(['n1', 'n2']);
    expect(podsOf(targets, rule)).toEqual([['antrea-agent-old', 'antrea-agent-new'], []]);
  });

  it('are found by the name of the Pod if that is the instance', async () => {
    const targets = targetsOf({ instance: 'antrea-agent-a' }, { instance: 'antrea-agent-b' });
    const rule = await ruleOf(targets, [
      podInfo({ pod: 'antrea-agent-a', node: 'n1', host_ip: '10.0.0.1' }),
      podInfo({ pod: 'antrea-agent-b', node: 'n2', host_ip: '10.0.0.2' }),
    ]);
    expect(rule).toMatchObject({ label: 'instance', source: 'kube_pod_info' });
    expect(nodesOf(targets, rule)).toEqual(['n1', 'n2']);
    expect(podsOf(targets, rule)).toEqual([['antrea-agent-a'], ['antrea-agent-b']]);
  });

  it('are those behind a federated server if its labels are not honoured', async () => {
    const federated = (labels: Labels) => ({
      ...Object.fromEntries(Object.entries(labels).map(([name, value]) => [`exported_${name}`, value])),
      instance: 'prometheus:9090',
    });
    const byAddress = targetsOf(
      federated({ instance: '10.0.0.1:10350', pod: 'antrea-agent-a' }),
      federated({ instance: '10.0.0.2:10350', pod: 'antrea-agent-b' }),
    );
    const rule = await ruleOf(byAddress, [podInfo({ exported_pod: 'antrea-agent-b', exported_node: 'n2' })]);
    expect(rule.label).toBe('exported_instance');
    expect(nodesOf(byAddress, rule)).toEqual(['10.0.0.1:10350', 'n2']);
    const byLabel = targetsOf(
      federated({ instance: '10.0.0.1:10350', node: 'n1' }),
      federated({ instance: '10.0.0.2:10350', node: 'n2' }),
    );
    expect(await ruleOf(byLabel)).toMatchObject({ label: 'exported_node', source: 'label' });
  });

  it('are found by the addresses of Pods, then by those of nodes', async () => {
    const targets = targetsOf(
      { instance: '10.0.0.1:10350' },
      { instance: '[fd00::2]:10350' },
      { instance: '10.0.0.3:10350' },
    );
    expect(needsKubernetes(targets, undefined)).toBe(true);
    const pods = [
      podInfo({ pod: 'antrea-controller-x', node: 'n1', host_ip: '10.0.0.1', pod_ip: '10.0.0.1' }),
      podInfo({ pod: 'antrea-agent-a', node: 'n1', host_ip: '10.0.0.1', pod_ip: '10.0.0.1' }),
      podInfo({ pod: 'antrea-agent-b', node: 'n2', host_ip: 'fd00::2', pod_ip: 'fd00::2' }),
    ];
    const nodes: FakeResource[] = [
      { metric: 'kube_node_info', labels: { node: 'n3', internal_ip: '10.0.0.3' } },
      { metric: 'kube_node_info', labels: { node: 'n1', internal_ip: '10.0.0.1' } },
    ];
    const both = await ruleOf(targets, [...nodes, ...pods]);
    expect(nodesOf(targets, both)).toEqual(['n1', 'n2', 'n3']);
    expect(podsOf(targets, both)).toEqual([['antrea-agent-a'], ['antrea-agent-b'], []]);
    // The least certain source counts.
    expect(both).toMatchObject({ label: 'instance', source: 'kube_node_info' });
    expect(await ruleOf(targets.slice(0, 2), pods)).toMatchObject({ source: 'kube_pod_info' });
    const none = await ruleOf(targets);
    expect(none.source).toBe('address');
    expect(nodesOf(targets, none)).toEqual(['10.0.0.1:10350', '[fd00::2]:10350', '10.0.0.3:10350']);
  });

  it('are found by the Pod if a label names it', async () => {
    const targets = targetsOf(
      { instance: '172.16.0.1:10350', pod: 'antrea-agent-a' },
      { instance: '172.16.0.2:10350', pod: 'antrea-agent-b' },
    );
    const rule = await ruleOf(targets, [
      podInfo({ pod: 'antrea-agent-b', node: 'n2', host_ip: '10.0.0.2' }),
      podInfo({ pod: 'antrea-agent-a', node: 'n1', host_ip: '10.0.0.1' }),
    ]);
    expect(rule.source).toBe('kube_pod_info');
    expect(nodesOf(targets, rule)).toEqual(['n1', 'n2']);
    expect(podsOf(targets, rule)).toEqual([['antrea-agent-a'], ['antrea-agent-b']]);
  });

  it('are not the node of kube-state-metrics itself if it is scraped without honor_labels', async () => {
    const own = { pod: 'kube-state-metrics-0', node: 'n9', namespace: 'monitoring' };
    const targets = targetsOf({ instance: '10.0.0.1:10350' }, { instance: '10.0.0.2:10350' });
    const rule = await ruleOf(targets, [
      podInfo({ ...own, exported_pod: 'antrea-agent-a', exported_node: 'n1', host_ip: '10.0.0.1' }),
      { metric: 'kube_node_info', labels: { ...own, exported_node: 'n2', internal_ip: '10.0.0.2' } },
    ]);
    expect(nodesOf(targets, rule)).toEqual(['n1', 'n2']);
    expect(podsOf(targets, rule)).toEqual([['antrea-agent-a'], []]);
  });

  it('are host names without port, unless several targets have the same host', async () => {
    const cases: [string[], string[]][] = [
      [
        ['worker-1:10350', 'worker-2.example:10350'],
        ['worker-1', 'worker-2.example'],
      ],
      [
        ['gateway:9001', 'gateway:9002', 'worker-1:10350'],
        ['gateway:9001', 'gateway:9002', 'worker-1'],
      ],
      [
        ['localhost:10350', 'localhost:10351'],
        ['localhost:10350', 'localhost:10351'],
      ],
      [['localhost:10350'], ['localhost:10350']],
      [
        ['10.0.0.1:10350', '[fd00::a]:10350'],
        ['10.0.0.1:10350', '[fd00::a]:10350'],
      ],
    ];
    for (const [instances, expected] of cases) {
      const targets = targetsOf(...instances.map((instance) => ({ instance })));
      expect(nodesOf(targets, await ruleOf(targets))).toEqual(expected);
    }
  });

  it('are different for different agents, whatever the addresses', async () => {
    const instance = fc.oneof(
      fc
        .tuple(
          fc.constantFrom('10.0.0.1', 'localhost', 'n1', '[fd00::1]', 'gw'),
          fc.integer({ min: 1, max: 4 }),
        )
        .map(([host, port]) => `${host}:${port}`),
      fc.constantFrom('n1', 'n2', 'n1;antrea-agent-a', 'n2;antrea-agent-b', 'fd00::1'),
    );
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(instance, { minLength: 1, maxLength: 5 }), async (instances) => {
        const targets = targetsOf(...instances.map((one) => ({ instance: one })));
        const nodes = nodesOf(targets, await ruleOf(targets));
        const joined = instances.filter((one) => one.includes(';')).map((one) => one.split(';')[0]);
        const alike = nodes.filter((node, index) => nodes.indexOf(node) !== index);
        // Only the names in Antrea's own configuration may be the same node twice.
        for (const node of alike) expect(joined).toContain(node);
      }),
    );
  });
});

describe('the node label', () => {
  it('is on all targets and differs between them; a label with one value names something else', () => {
    const at = (node: string, more: Labels = {}) => ({ instance: `${node}:1`, ...more });
    const of = (...labels: Labels[]) => findNodeLabel(targetsOf(...labels), undefined);
    expect(of(at('a', { node: 'a' }), at('b', { node: 'b' }))).toBe('node');
    expect(of(at('a', { node: 'scraper' }), at('b', { node: 'scraper' }))).toBeUndefined();
    expect(of(at('a', { node: 'a' }), at('b'))).toBeUndefined();
    expect(
      of(at('a', { node: 'x', 'k8s.node.name': 'a' }), at('b', { node: 'x', 'k8s.node.name': 'b' })),
    ).toBe('k8s.node.name');
    // For a single target, the host may be the scraper's.
    expect(of(at('a', { kubernetes_node: 'a' }))).toBe('kubernetes_node');
    expect(of(at('a', { host: 'a' }))).toBeUndefined();
    // The agents show that the label names the cluster.
    const agents = targetsOf(at('a', { node: 'prod' }), at('b', { node: 'prod' }));
    expect(findNodeLabel(targetsOf(at('a', { node: 'prod' })), undefined, agents)).toBeUndefined();
    expect(findNodeLabel(targetsOf(at('a', { node: 'prod' })), undefined)).toBe('node');
  });

  it('is the label that differs between collectors that all scrape the same address', () => {
    const local = (more: Labels) => ({ instance: '127.0.0.1:10350', site: 'x', ...more });
    const of = (...labels: Labels[]) => findNodeLabel(targetsOf(...labels), undefined);
    expect(of(local({ host: 'a', zone: 'x' }), local({ host: 'b', zone: 'y' }))).toBe('host');
    const agents = [
      { machine: 'a', zone: 'x', pod: 'p1' },
      { machine: 'b', zone: 'y', pod: 'p2' },
      { machine: 'c', zone: 'y', pod: 'p3' },
    ].map(local);
    expect(of(...agents)).toBe('machine');
    const controller = targetsOf(local({ machine: 'a', zone: 'x', pod: 'p0' }));
    expect(findNodeLabel(controller, undefined, targetsOf(...agents))).toBe('machine');
    expect(of(local({ node: 'a' }))).toBe('node');
    expect(of(local({ pod: 'p1' }), local({ pod: 'p2' }))).toBeUndefined();
    // With port forwarding, the addresses differ.
    expect(
      of({ instance: 'localhost:1', zone: 'x' }, { instance: 'localhost:2', zone: 'y' }),
    ).toBeUndefined();
  });

  it('is the one that the user names if any target has it', async () => {
    const targets = targetsOf({ instance: 'x:1', rack_host: 'a' }, { instance: 'y:1', rack_host: 'b' });
    const rule = await ruleOf(targets, [], 'rack_host');
    expect(rule).toMatchObject({ label: 'rack_host', source: 'label' });
    expect(nodesOf(targets, rule)).toEqual(['a', 'b']);
    expect(findNodeLabel(targets, 'elsewhere')).toBeUndefined();
  });
});

describe('the host of an address', () => {
  it('has neither port nor brackets', () => {
    expect(['10.0.0.4:10350', '[fd00::1]:10350', 'host:1', 'host'].map(hostOf)).toEqual([
      '10.0.0.4',
      'fd00::1',
      'host',
      'host',
    ]);
  });
});

describe('agents on Windows', () => {
  it.each<[string, Labels[]]>([
    ['a label names the Pod', [{ pod: 'antrea-agent-x' }, { pod: 'antrea-agent-windows-y' }]],
    ['the instance names it', [{ instance: 'n0;antrea-agent-x' }, { instance: 'n1;antrea-agent-windows-y' }]],
    ['kube-state-metrics names it', [{}, {}]],
  ])('are picked if %s', async (_, labels) => {
    const targets = targetsOf(...labels.map((one, index) => ({ instance: `10.0.0.${index}:10350`, ...one })));
    const rule = await ruleOf(targets, [
      podInfo({ pod: 'antrea-agent-x', node: 'n0', host_ip: '10.0.0.0' }),
      podInfo({ pod: 'antrea-agent-windows-y', node: 'n1', host_ip: '10.0.0.1' }),
    ]);
    const matcher = windowsMatcher(targets, rule);
    expect(targets.map((one) => matcher !== null && matches(one.labels, [matcher]))).toEqual([false, true]);
    expect(windowsMatcher(targets.slice(0, 1), rule)).toBeNull();
  });
});
