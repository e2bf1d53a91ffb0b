/** Metrics of kube-state-metrics about the containers of Antrea's Pods, and about nodes. */
import type { Cluster, Target } from './cluster.ts';
import type { Family } from './family.ts';
import { contains, type Fault, type FaultKind, type FaultOf, isOf } from './faults.ts';
import { type AntreaPod, antreaPods, livesOf } from './pods.ts';
import { type Column, gauge } from './values.ts';

const NAMESPACE = 'kube-system';

/** The containers of each Pod. */
export const CONTAINERS = {
  agent: ['antrea-agent', 'antrea-ovs'],
  controller: ['antrea-controller'],
} as const;

/** Returns the faults of these kinds on a node. */
export function faultsOn<Kind extends FaultKind>(
  { faults }: Cluster,
  node: string,
  ...kinds: readonly Kind[]
): FaultOf<Kind>[] {
  return faults.filter(
    (fault): fault is FaultOf<Kind> => isOf(fault, ...kinds) && 'node' in fault && fault.node === node,
  );
}

type Container = AntreaPod & { container: string };

function containersOf(cluster: Cluster): Container[] {
  return antreaPods(cluster).flatMap((pod) =>
    CONTAINERS[pod.kind].map((container) => ({ ...pod, container })),
  );
}

/** Returns the times without this container while its Pod exists. */
function stopsOf(
  cluster: Cluster,
  { kind, node, pod, container }: Container,
): Pick<Fault, 'start' | 'end'>[] {
  if (container === 'antrea-ovs')
    return faultsOn(cluster, node, 'ovs-restart', 'ovs-killed', 'ovs-crash-loop');
  const lives = livesOf(cluster, kind, node).filter((life) => life.pod === pod);
  return lives
    .slice(1)
    .map(({ startedAt }, index) => ({ start: lives[index]?.endedAt ?? 0, end: startedAt }));
}

function eachContainer(
  name: string,
  type: 'gauge' | 'counter',
  valueAt: (cluster: Cluster, container: Container) => (seconds: number) => number,
  labels: Readonly<Record<string, string>> = {},
): Family {
  const columns = (cluster: Cluster, target: Target): Column[] =>
    containersOf(cluster).map((container) => {
      const value = valueAt(cluster, container);
      const isThere = (seconds: number) => seconds >= container.startedAt && seconds < container.endedAt;
      return {
        labels: { namespace: NAMESPACE, pod: container.pod, container: container.container, ...labels },
        values: gauge(target, (seconds) => (isThere(seconds) ? value(seconds) : Number.NaN)),
      };
    });
  return { name, type, exposedBy: ['kube-state-metrics'], columns };
}

/** The controller of a cloud provider sets the condition for each node. */
const nodeConditions: Family = {
  name: 'kube_node_status_condition',
  type: 'gauge',
  exposedBy: ['kube-state-metrics'],
  columns: (cluster, target) =>
    cluster.nodes.flatMap((node) => {
      const faults = faultsOn(cluster, node, 'network-unavailable');
      const isUnavailable = (seconds: number) => faults.some((fault) => contains(fault, seconds));
      return [
        ...(['true', 'false', 'unknown'] as const).map((status) => ({
          labels: { node, condition: 'NetworkUnavailable', status },
          values: gauge(target, (seconds) =>
            Number(status === 'unknown' ? false : isUnavailable(seconds) === (status === 'true')),
          ),
        })),
        { labels: { node, condition: 'Ready', status: 'true' }, values: gauge(target, () => 1) },
      ];
    }),
};

/** A container of another Pod that terminated before, so that the metric exists in every cluster. */
function otherTermination(target: Target): Column {
  return {
    labels: { namespace: 'default', pod: 'web-0', container: 'web', reason: 'OOMKilled' },
    values: gauge(target, () => 1),
  };
}

const terminations = eachContainer(
  'kube_pod_container_status_last_terminated_reason',
  'gauge',
  (cluster, { node, container }) => {
    const kills = container === 'antrea-ovs' ? faultsOn(cluster, node, 'ovs-killed') : [];
    // The metric exists only for containers that terminated, and names the last reason.
    return (seconds) => (kills.some(({ end }) => seconds >= end) ? 1 : Number.NaN);
  },
  { reason: 'OOMKilled' },
);

export const CONTAINER_FAMILIES: readonly Family[] = [
  eachContainer('kube_pod_container_status_restarts_total', 'counter', (cluster, container) => {
    const stops = stopsOf(cluster, container);
    return (seconds) => stops.filter(({ end }) => seconds >= end).length;
  }),
  eachContainer('kube_pod_container_status_ready', 'gauge', (cluster, container) => {
    const stops = stopsOf(cluster, container);
    return (seconds) => Number(!stops.some((stop) => seconds >= stop.start && seconds < stop.end));
  }),
  eachContainer(
    'kube_pod_container_status_waiting_reason',
    'gauge',
    (cluster, { node, container }) => {
      const loops = container === 'antrea-ovs' ? faultsOn(cluster, node, 'ovs-crash-loop') : [];
      return (seconds) => (loops.some((loop) => contains(loop, seconds)) ? 1 : Number.NaN);
    },
    { reason: 'CrashLoopBackOff' },
  ),
  {
    ...terminations,
    columns: (cluster, target) => [otherTermination(target), ...terminations.columns(cluster, target)],
  },
  nodeConditions,
];
