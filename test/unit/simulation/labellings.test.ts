import { describe, expect, it } from 'vitest';
import { withBoundsOfPrometheus3 } from '../../simulation/bounds.ts';
import type { Simulation } from '../../simulation/cluster.ts';
import type { Fault } from '../../simulation/faults.ts';
import { LABELLINGS, type Labelling } from '../../simulation/labellings.ts';
import { simulate } from '../../simulation/samples.ts';
import { importLines } from '../../simulation/writers.ts';
import { seriesOf } from './series.ts';

const START = Date.UTC(2026, 10, 20) / 1000;
const HOUR: Simulation = { start: START, end: START + 3600, nodes: 3, kubeStateMetrics: true };
const RECREATION: Fault = {
  kind: 'recreated-pod',
  node: 'worker-01',
  start: START + 1800,
  end: START + 1875,
};

function labelled(labelling: Labelling, changes: Partial<Simulation> = {}): Simulation {
  return { ...HOUR, labelling, ...changes };
}

/** The labels of the agent on worker-01. */
function agentOf(labelling: Labelling): Record<string, string> {
  return seriesOf(labelled(labelling), 'antrea_agent_local_pod_count')[1]?.labels ?? {};
}

describe('labellings', () => {
  it('have the labels that Prometheus Operator adds', () => {
    expect(agentOf('kube-prometheus')).toEqual({
      job: 'antrea-agent',
      instance: '10.10.0.5:10350',
      namespace: 'kube-system',
      pod: expect.stringMatching(/^antrea-agent-[a-z0-9]{5}$/),
      container: 'antrea-agent',
      endpoint: 'api',
      service: 'antrea-agent',
    });
    expect(agentOf('kube-prometheus-and-node')).toMatchObject({
      ...agentOf('kube-prometheus'),
      node: 'worker-01',
    });
  });

  it('have one job for agents and controller with one PodMonitor', () => {
    const jobs = [...simulate(labelled('pod-monitor'))]
      .filter(({ name }) => name.startsWith('antrea_'))
      .map(({ labels }) => labels['job']);
    expect(new Set(jobs)).toEqual(new Set(['kube-system/antrea']));
  });

  it('have a new series with the same address for a recreated Pod', () => {
    const simulation = labelled('kube-prometheus', { faults: [RECREATION] });
    const both = seriesOf(simulation, 'antrea_agent_local_pod_count', { instance: '10.10.0.5:10350' });
    expect(new Set(both.map(({ labels }) => labels['pod'])).size).toBe(2);
  });

  it('have a hundred other Pods in the job kubernetes-pods, some with the address of an agent', () => {
    const others = seriesOf(labelled('kubernetes-pods'), 'process_open_fds', {
      job: 'kubernetes-pods',
    }).filter(({ labels }) => labels['app'] !== 'antrea');
    expect(others).toHaveLength(100);
    const hosts = others.map(({ labels }) => labels['instance']?.split(':')[0]);
    expect(hosts).toContain('10.10.0.5');
    expect(Math.min(...others.flatMap(({ values }) => [...values]))).toBeGreaterThan(90);
  });

  it('do not change the values', () => {
    const memory = (labelling: Labelling) =>
      seriesOf(labelled(labelling), 'process_open_fds').find(({ labels }) =>
        labels['job']?.includes('antrea'),
      )?.values[0];
    for (const labelling of LABELLINGS.filter((each) => each !== 'kubernetes-pods'))
      expect(Math.abs((memory(labelling) ?? 0) - (memory('node;pod') ?? 0)), labelling).toBeLessThan(4);
  });
});

describe('the OpenTelemetry collector', () => {
  it('adds resource attributes as labels only if configured', () => {
    expect(Object.keys(agentOf('otel')).sort()).toEqual([
      'instance',
      'job',
      'otel_scope_name',
      'otel_scope_version',
    ]);
    expect(agentOf('otel-and-resource')).toMatchObject({ ...agentOf('otel'), k8s_node_name: 'worker-01' });
  });

  it('appends _total to the names of counters only', () => {
    const names = new Set([...simulate(labelled('otel'))].map(({ name }) => name));
    expect(names).toContain('antrea_agent_ovs_flow_ops_error_count_total');
    expect(names).toContain('antrea_controller_network_policy_processed_total');
    expect(names).toContain('process_cpu_seconds_total');
    expect(names).toContain('antrea_agent_flow_collector_reconnection_count');
    expect(names).toContain('antrea_agent_ovs_flow_ops_latency_milliseconds_count');
    expect([...names].filter((name) => name.endsWith('_total_total'))).toEqual([]);
  });

  it('writes bounds without exponents', () => {
    const bounds = seriesOf(labelled('otel'), 'workqueue_work_duration_seconds_bucket', {
      name: 'addressGroup',
    });
    expect(bounds.slice(0, 3).map(({ labels }) => labels['le'])).toEqual([
      '0.000001',
      '0.000009999999999999999',
      '0.00009999999999999999',
    ]);
  });
});

it('writes the bounds of Prometheus 3 with a decimal point', () => {
  const bounds = [...withBoundsOfPrometheus3(simulate(labelled('node;pod')))]
    .filter(
      ({ name, labels }) =>
        name.endsWith('_work_duration_seconds_bucket') && labels['name'] === 'addressGroup',
    )
    .map(({ labels }) => labels['le']);
  expect(bounds.slice(4)).toEqual(['0.01', '0.1', '1.0', '10.0', '100.0', '1000.0', '+Inf']);
});

describe('native histograms with custom buckets', () => {
  const name = 'antrea_controller_network_policy_sync_duration_milliseconds';

  it('replace the series of a classic histogram', () => {
    const classic = seriesOf(labelled('node;pod'), `${name}_count`);
    const native = seriesOf(labelled('nhcb'), name);
    expect(native.map(({ labels, values }) => ({ labels, values }))).toEqual(
      classic.map(({ labels, values }) => ({ labels, values })),
    );
    expect(native[0]?.native?.bounds).toEqual([0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);
    expect(native[0]?.native?.cumulative.at(-1)).toEqual(native[0]?.values);
    const names = [...simulate(labelled('nhcb'))].map((each) => each.name);
    expect(names.filter((each) => each.endsWith('_bucket'))).toEqual([]);
  });

  it('cannot be written as JSON lines', () => {
    expect(() => [...importLines(simulate(labelled('nhcb')))]).toThrow('cannot have native histograms');
  });
});

describe('kube-state-metrics', () => {
  it('exposes node and address of each Antrea Pod while the Pod exists', () => {
    const pods = seriesOf({ ...HOUR, faults: [RECREATION] }, 'kube_pod_info', {
      created_by_name: 'antrea-agent',
      node: 'worker-01',
    });
    expect(pods.map(({ labels }) => labels)).toEqual([
      expect.objectContaining({ host_ip: '10.10.0.5', pod_ip: '10.10.0.5', created_by_kind: 'DaemonSet' }),
      expect.objectContaining({ host_ip: '10.10.0.5', pod: expect.stringContaining('antrea-agent-') }),
    ]);
    const [before, after] = pods;
    expect(before?.timestamps.at(-1)).toBeLessThan(RECREATION.start * 1000);
    expect(after?.timestamps[0]).toBeGreaterThan(RECREATION.end * 1000);
  });

  it('exposes the address of each node', () => {
    const addresses = seriesOf(HOUR, 'kube_node_info').map(({ labels }) => labels['internal_ip']);
    expect(addresses).toEqual(['10.10.0.4', '10.10.0.5', '10.10.0.6']);
  });
});

describe('Windows nodes', () => {
  const simulation: Simulation = { ...HOUR, windowsNodes: ['worker-02'] };

  it('have agents of the DaemonSet antrea-agent-windows', () => {
    const desired = seriesOf(simulation, 'kube_daemonset_status_desired_number_scheduled');
    expect(desired.map(({ labels, values }) => [labels['daemonset'], values[0]])).toEqual([
      ['antrea-agent', 2],
      ['antrea-agent-windows', 1],
      ['node-local-dns', 6],
    ]);
    const instances = seriesOf(simulation, 'up', { job: 'antrea-agents' }).map(
      ({ labels }) => labels['instance'],
    );
    expect(instances.filter((each) => each?.includes('antrea-agent-windows-'))).toEqual([
      expect.stringMatching(/^worker-02;/),
    ]);
  });

  it('have the file descriptor limit of client_golang on Windows', () => {
    const limits = seriesOf(simulation, 'process_max_fds', { job: 'antrea-agents' }).map(
      ({ values }) => values[0],
    );
    expect(limits).toEqual([1_048_576, 1_048_576, 16_777_216]);
    const fault: Fault = {
      kind: 'file-descriptors',
      node: 'worker-02',
      start: START + 600,
      end: START + 1200,
      ratio: 0.9,
    };
    expect(() => [...simulate({ ...simulation, faults: [fault] })]).toThrow(
      'an agent on Windows has no limit',
    );
  });
});
