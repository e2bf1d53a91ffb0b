/** What a report finds if other exporters are scraped. */
import { CERTIFICATE, FAULTY_API, FAULTY_EGRESS, POLICY, POOL, POOL_ADDRESSES } from './antrea-resources.ts';
import type { Cluster } from './cluster.ts';
import { type Fault, type FaultKind, isOf } from './faults.ts';
import { DAY_SECONDS } from './levels.ts';
import { USUAL_MTU } from './node-exporter.ts';
import type { Truth } from './truth.ts';
import { FAULTY_WEBHOOK } from './webhooks.ts';

const CONTAINER = { container: 'antrea-ovs' };

/** What the samples in a look-back window show: it is longer by a scrape. */
const WINDOW_SECONDS = 300;

/** What kube-state-metrics, kubelets and node-exporters show; without them nothing is found. */
const OF: Readonly<
  Record<
    'kubeStateMetrics' | 'antreaResources' | 'apiServices' | 'certificates' | 'kubelet' | 'nodeExporter',
    readonly FaultKind[]
  >
> = {
  kubeStateMetrics: ['ovs-restart', 'ovs-killed', 'ovs-crash-loop', 'network-unavailable'],
  antreaResources: [
    'agent-condition',
    'stale-heartbeat',
    'egress-unassigned',
    'ip-pool',
    'policy-unrealized',
  ],
  apiServices: ['api-unavailable', 'webhook-errors'],
  certificates: ['certificate'],
  kubelet: ['sandbox-failures', 'ovs-memory', 'ovs-throttled'],
  nodeExporter: ['node-conntrack', 'gateway-drops', 'gateway-mtu'],
};

export function exporterTruths(cluster: Cluster): Truth[] {
  const shown = (Object.keys(OF) as (keyof typeof OF)[]).flatMap((exporter) =>
    cluster[exporter] ? OF[exporter] : [],
  );
  const faults = cluster.faults.filter(({ kind }) => shown.includes(kind));
  return [...faults.flatMap((fault) => truthsOfFault(fault)), ...restartTruths(faults)];
}

/** Each restart is one in its look-back window; several on a node are one finding. */
function restartTruths(faults: readonly Fault[]): Truth[] {
  const stops = faults.filter((fault) => isOf(fault, 'ovs-restart', 'ovs-killed', 'ovs-crash-loop'));
  const truthsFor = (check: string, some: typeof stops, split?: Truth['split']) =>
    [...Map.groupBy(some, ({ node }) => node)].map(
      ([node, own]): Truth => ({
        ...{ check, component: 'agent', node, value: 1 },
        ...(split ? { split } : {}),
        start: Math.min(...own.map(({ end }) => end)),
        end: Math.max(...own.map(({ end }) => end)),
      }),
    );
  return [
    ...truthsFor('ovs-restarts', stops),
    ...truthsFor(
      'out-of-memory-kills',
      stops.filter(({ kind }) => kind === 'ovs-killed'),
      CONTAINER,
    ),
  ];
}

function truthsOfFault(fault: Fault): Truth[] {
  const { start, end } = fault;
  const truth = (check: string, value: number, split?: Truth['split']): Truth[] =>
    'node' in fault
      ? [{ check, component: 'agent', node: fault.node, value, ...(split ? { split } : {}), start, end }]
      : [];
  const ofCluster = (check: string, value: number, split: Truth['split'] = {}): Truth[] => [
    { check, component: 'cluster', value, split, start, end },
  ];
  switch (fault.kind) {
    case 'ovs-crash-loop':
      return truth('containers-not-ready', 1, CONTAINER);
    case 'agent-condition':
      return truth('agent-conditions', 1, { condition: fault.condition });
    case 'stale-heartbeat':
      return truth('agent-heartbeat-age', end - start);
    case 'egress-unassigned':
      return ofCluster('unassigned-egresses', 1, { egress: FAULTY_EGRESS });
    case 'ip-pool':
      return ofCluster('ip-pool-usage', fault.used / POOL_ADDRESSES, POOL);
    case 'policy-unrealized':
      return ofCluster('unrealized-policies', fault.nodes, {
        policy: `${POLICY.policy_namespace}/${POLICY.policy}`,
      });
    case 'api-unavailable':
      return ofCluster('unavailable-apis', 1, { name: FAULTY_API });
    case 'webhook-errors':
      return ofCluster('failed-webhooks', (fault.failures / (end - start)) * WINDOW_SECONDS, {
        name: FAULTY_WEBHOOK,
      });
    case 'certificate':
      return ofCluster('expiring-certificates', fault.days * DAY_SECONDS, CERTIFICATE);
    case 'network-unavailable':
      return truth('network-unavailable', 1);
    case 'sandbox-failures':
      return truth('pod-sandbox-failures', (fault.failures / (end - start)) * WINDOW_SECONDS);
    case 'ovs-memory':
      return truth('ovs-memory', fault.bytes);
    case 'ovs-throttled':
      return truth('cpu-throttling', fault.ratio, CONTAINER);
    case 'node-conntrack':
      return truth('node-conntrack-usage', fault.ratio);
    case 'gateway-drops':
      return truth('gateway-packet-loss', fault.ratio, { device: 'antrea-gw0' });
    case 'gateway-mtu':
      return truth('gateway-mtu-difference', Math.abs(fault.bytes - USUAL_MTU));
    default:
      return [];
  }
}
