/** Metrics of kube-state-metrics about Antrea's objects. */
import { type Cluster, controllerNode, type Target } from './cluster.ts';
import type { Family } from './family.ts';
import { type AntreaPod, antreaPods, hostAddress, runsWindows } from './pods.ts';
import { type Column, constant, gauge } from './values.ts';

const NAMESPACE = 'kube-system';

function exposed(name: string, columns: Family['columns']): Family {
  return { name, type: 'gauge', exposedBy: ['kube-state-metrics'], columns };
}

/** Returns the value while the Pod exists. */
function whileThere(target: Target, { startedAt, endedAt }: AntreaPod, value: number): Float64Array {
  return gauge(target, (seconds) => (seconds >= startedAt && seconds < endedAt ? value : Number.NaN));
}

const CONTAINERS = { agent: ['antrea-agent', 'antrea-ovs'], controller: ['antrea-controller'] } as const;

function limits(cluster: Cluster, target: Target): Column[] {
  const bytes = cluster.memoryLimitBytes;
  if (bytes === undefined) return [];
  return antreaPods(cluster).flatMap((pod) => {
    const values = whileThere(target, pod, bytes);
    return CONTAINERS[pod.kind].map((container) => ({
      labels: {
        namespace: NAMESPACE,
        pod: pod.pod,
        node: pod.node,
        container,
        resource: 'memory',
        unit: 'byte',
      },
      values,
    }));
  });
}

/** Returns the containers of Antrea's Pods with their images, as containerd reports them. */
function containerInfo(cluster: Cluster, target: Target): Column[] {
  return antreaPods(cluster).flatMap((pod) =>
    CONTAINERS[pod.kind].map((container) => {
      const image = `antrea/antrea-${pod.kind}-ubuntu:${imageTag(cluster, pod)}`;
      return {
        labels: {
          namespace: NAMESPACE,
          pod: pod.pod,
          container,
          image: `docker.io/${image}`,
          image_spec: image,
          image_id: `docker.io/antrea/antrea-${pod.kind}-ubuntu@sha256:${'0'.repeat(64)}`,
        },
        values: whileThere(target, pod, 1),
      };
    }),
  );
}

/** The tags of Pods that were created before and after an upgrade. */
function imageTag({ antrea, imageTags, start }: Cluster, { startedAt }: AntreaPod): string {
  const [before = `v${antrea}.0`, after = before] = imageTags;
  return startedAt > start ? after : before;
}

/** The other Pods of each node: name, whether on the host network, and whether running or only not yet deleted. */
const PODS = [
  { name: 'kube-proxy', hostNetwork: true, phase: 'Running' },
  { name: 'node-exporter', hostNetwork: true, phase: 'Running' },
  { name: 'csi-node', hostNetwork: true, phase: 'Pending' },
  { name: 'backup', hostNetwork: true, phase: 'Succeeded' },
  { name: 'web', hostNetwork: false, phase: 'Running' },
] as const;

/**
 * The number of Pods on the host network that count towards kubelet's limit, on every node: three of the Pods above and
 * the agent or, on the controller's node, two of the Pods above, the agent and the controller.
 */
export const HOST_NETWORK_PODS = 4;

function podsOf(cluster: Cluster): ((typeof PODS)[number] & { node: string; host: string; pod: string })[] {
  return cluster.nodes.flatMap((node, index) =>
    // The controller's node has no storage plugin, which gives every node the same number of such Pods.
    PODS.filter(({ name }) => name !== 'csi-node' || node !== controllerNode(cluster)).map((pod) => ({
      ...pod,
      node,
      host: hostAddress(index),
      pod: `${pod.name}-${node}`,
    })),
  );
}

function otherPodInfo(cluster: Cluster, target: Target): Column[] {
  const values = constant(target, 1);
  return podsOf(cluster).map(({ node, host, pod, hostNetwork, name }, index) => ({
    labels: {
      namespace: NAMESPACE,
      pod,
      node,
      host_ip: host,
      pod_ip: hostNetwork ? host : `10.244.${Math.floor(index / 250)}.${(index % 250) + 10}`,
      host_network: String(hostNetwork),
      created_by_kind: 'DaemonSet',
      created_by_name: name,
    },
    values,
  }));
}

function antreaPodInfo(cluster: Cluster, target: Target): Column[] {
  return antreaPods(cluster).map((pod) => ({
    labels: {
      namespace: NAMESPACE,
      pod: pod.pod,
      node: pod.node,
      host_ip: pod.address,
      pod_ip: pod.address,
      host_network: 'true',
      created_by_kind: pod.owner.kind,
      created_by_name: pod.owner.name,
    },
    values: whileThere(target, pod, 1),
  }));
}

/** Antrea's Pods are in phase Running while they exist. */
function phases(cluster: Cluster, target: Target): Column[] {
  const column = (pod: string, phase: string, values: Float64Array) => ({
    labels: { namespace: NAMESPACE, pod, phase },
    values,
  });
  const each = ['Pending', 'Running', 'Succeeded'];
  return [
    ...podsOf(cluster).flatMap(({ pod, phase }) =>
      each.map((other) => column(pod, other, constant(target, other === phase ? 1 : 0))),
    ),
    ...antreaPods(cluster).flatMap((pod) =>
      each.map((phase) => column(pod.pod, phase, whileThere(target, pod, phase === 'Running' ? 1 : 0))),
    ),
  ];
}

function nodeInfo(cluster: Cluster, target: Target): Column[] {
  return cluster.nodes.map((node, index) => ({
    labels: {
      node,
      internal_ip: hostAddress(index),
      os_image: runsWindows(cluster, node)
        ? 'Windows Server 2022 Datacenter'
        : 'Debian GNU/Linux 12 (bookworm)',
    },
    values: constant(target, 1),
  }));
}

/** Antrea's DaemonSets, and another one that must not be counted. */
function desiredAgents(cluster: Cluster, target: Target): Column[] {
  const windows = cluster.windowsNodes.length;
  const desired = {
    'antrea-agent': cluster.nodes.length - windows,
    ...(windows > 0 ? { 'antrea-agent-windows': windows } : {}),
    'node-local-dns': cluster.nodes.length + 3,
  };
  return Object.entries(desired).map(([daemonset, count]) => ({
    labels: { namespace: NAMESPACE, daemonset },
    values: constant(target, count),
  }));
}

export const KUBERNETES_FAMILIES: readonly Family[] = [
  exposed('kube_daemonset_status_desired_number_scheduled', desiredAgents),
  exposed('kube_node_status_allocatable', (cluster, target) =>
    cluster.nodes.flatMap((node) => [
      {
        labels: { node, resource: 'pods', unit: 'integer' },
        values: constant(target, cluster.allocatablePods),
      },
      { labels: { node, resource: 'cpu', unit: 'core' }, values: constant(target, 8) },
    ]),
  ),
  exposed('kube_node_info', nodeInfo),
  exposed('kube_pod_info', (cluster, target) => [
    ...otherPodInfo(cluster, target),
    ...antreaPodInfo(cluster, target),
  ]),
  exposed('kube_pod_container_info', containerInfo),
  exposed('kube_pod_status_phase', phases),
  exposed('kube_pod_container_resource_limits', limits),
];
