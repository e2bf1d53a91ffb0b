/** What kube-state-metrics says of the objects that Antrea is made of. */
import { type Cluster, controllerNode, type Life, type Target } from './cluster.ts';
import type { Family } from './family.ts';
import { livesOf } from './targets.ts';
import { type Column, constant, gauge } from './values.ts';

const NAMESPACE = 'kube-system';

function exposed(name: string, columns: Family['columns']): Family {
  return { name, type: 'gauge', exposedBy: ['kube-state-metrics'], columns };
}

/** The limits of the containers of one Pod, for as long as there is that Pod. */
function limitsOfPod(
  target: Target,
  lives: readonly Life[],
  node: string,
  containers: readonly string[],
  bytes: number,
): Column[] {
  const [first] = lives;
  const last = lives.at(-1);
  if (!first || !last) return [];
  const values = gauge(target, (seconds) =>
    seconds >= first.startedAt && seconds < last.endedAt ? bytes : Number.NaN,
  );
  return containers.map((container) => ({
    labels: { namespace: NAMESPACE, pod: first.pod, node, container, resource: 'memory', unit: 'byte' },
    values,
  }));
}

function* limits(cluster: Cluster, target: Target): Generator<Column> {
  const bytes = cluster.memoryLimitBytes;
  if (bytes === undefined) return;
  const pods = (kind: 'agent' | 'controller', node: string, containers: readonly string[]) =>
    [...Map.groupBy(livesOf(cluster, kind, node), ({ pod }) => pod).values()].flatMap((lives) =>
      limitsOfPod(target, lives, node, containers, bytes),
    );
  for (const node of cluster.nodes) yield* pods('agent', node, ['antrea-agent', 'antrea-ovs']);
  yield* pods('controller', controllerNode(cluster), ['antrea-controller']);
}

/** Pods of each node by name, whether on the host network, and whether still there or only not yet deleted. */
const PODS = [
  { name: 'kube-proxy', hostNetwork: true, phase: 'Running' },
  { name: 'node-exporter', hostNetwork: true, phase: 'Running' },
  { name: 'csi-node', hostNetwork: true, phase: 'Pending' },
  { name: 'backup', hostNetwork: true, phase: 'Succeeded' },
  { name: 'web', hostNetwork: false, phase: 'Running' },
] as const;

/** How many of them take a place of kubelet's that no Pod with an address of its own can have. */
export const HOST_NETWORK_PODS = 3;

function podsOf(cluster: Cluster): ((typeof PODS)[number] & { node: string; pod: string })[] {
  return cluster.nodes.flatMap((node) => PODS.map((pod) => ({ ...pod, node, pod: `${pod.name}-${node}` })));
}

export const KUBERNETES_FAMILIES: readonly Family[] = [
  exposed('kube_daemonset_status_desired_number_scheduled', (cluster, target) => [
    {
      labels: { namespace: NAMESPACE, daemonset: 'antrea-agent' },
      values: constant(target, cluster.nodes.length),
    },
    // Of another DaemonSet, which must not count.
    {
      labels: { namespace: NAMESPACE, daemonset: 'node-local-dns' },
      values: constant(target, cluster.nodes.length + 3),
    },
  ]),
  exposed('kube_node_status_allocatable', (cluster, target) =>
    cluster.nodes.flatMap((node) => [
      {
        labels: { node, resource: 'pods', unit: 'integer' },
        values: constant(target, cluster.allocatablePods),
      },
      { labels: { node, resource: 'cpu', unit: 'core' }, values: constant(target, 8) },
    ]),
  ),
  exposed('kube_pod_info', (cluster, target) =>
    podsOf(cluster).map(({ node, pod, hostNetwork }) => ({
      labels: { namespace: NAMESPACE, pod, node, host_network: String(hostNetwork) },
      values: constant(target, 1),
    })),
  ),
  exposed('kube_pod_status_phase', (cluster, target) =>
    podsOf(cluster).flatMap(({ pod, phase }) =>
      ['Pending', 'Running', 'Succeeded'].map((each) => ({
        labels: { namespace: NAMESPACE, pod, phase: each },
        values: constant(target, each === phase ? 1 : 0),
      })),
    ),
  ),
  exposed('kube_pod_container_resource_limits', limits),
];
