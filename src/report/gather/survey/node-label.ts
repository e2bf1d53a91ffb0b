import { labelOf } from '../../model/series.ts';
import type { Labels, Target } from './targets.ts';

/** Labels in which scrape configurations put the node's name, the usual ones first. */
const NODE_LABELS = [
  'node',
  'node_name',
  'nodename',
  'kubernetes_node',
  'kubernetes_node_name',
  'kubernetes_io_hostname',
  'kubernetes_pod_node_name',
  'k8s_node_name',
  'k8s.node.name',
  'kube_node',
  'hostname',
  'host',
];

/**
 * The prefix of a target's own labels on a federating Prometheus that does not honour them: `instance` is then the
 * federated Prometheus (https://prometheus.io/docs/prometheus/latest/configuration/configuration/, honor_labels).
 */
const FEDERATED = 'exported_';

/**
 * Returns the label that names the node, if there is one: every target has it, and it differs between them.
 * @param wanted the label that the user names
 * @param agents for a controller: the agents of the same cluster, which show what a label of a single target means
 */
export function findNodeLabel(
  targets: readonly Target[],
  wanted: string | undefined,
  agents: readonly Target[] = [],
): string | undefined {
  if (wanted !== undefined && targets.some(({ labels }) => labelOf(labels, wanted) !== '')) return wanted;
  const local = findLocalLabel(targets, agents.length > 0 ? agents : targets);
  if (local !== undefined) return local;
  const isSingle = countValues(targets, addressLabel(targets)) <= 1;
  return NODE_LABELS.flatMap((name) => [name, `${FEDERATED}${name}`]).find(
    (name) =>
      hasEverywhere(targets, name) &&
      !isShared(agents, name) &&
      // A single target does not show whether `host` is its node or the scraper's.
      (isSingle ? !/^(exported_)?host/.test(name) : countValues(targets, name) > 1),
  );
}

/** Labels that do not name a node or change more often than nodes do: those of jobs, Pods and releases. */
const OTHER_LABELS =
  /^(?:job|instance|endpoint|service|namespace|container|component|app|name)$|pod|uid|hash|revision/;

/**
 * If a collector on each node scrapes the target there, as in a DaemonSet, all targets have the same address. Returns the
 * label that differs between the collectors, whatever its name is.
 * @param peers targets of the same kind on all nodes
 */
function findLocalLabel(targets: readonly Target[], peers: readonly Target[]): string | undefined {
  if (peers.length < 2 || ![...targets, ...peers].every(hasLoopbackAddress)) return undefined;
  // With port forwarding, each loopback address has a different port.
  if (countValues(peers, addressLabel(peers)) > 1) return undefined;
  const separatesNodes = (name: string) =>
    hasEverywhere(targets, name) && hasEverywhere(peers, name) && countValues(peers, name) > 1;
  const usual = NODE_LABELS.find(separatesNodes);
  if (usual !== undefined) return usual;
  const names = new Set(targets.flatMap(({ labels }) => Object.keys(labels)));
  const others = [...names].sort().filter((name) => !OTHER_LABELS.test(name) && separatesNodes(name));
  const most = Math.max(...others.map((name) => countValues(peers, name)));
  return others.find((name) => countValues(peers, name) === most);
}

function hasLoopbackAddress({ labels }: Target): boolean {
  return /^(?:127\.|localhost\b|\[?::1\b)/.test(instanceAndPod(labels).instance);
}

/** Whether a label has one value for several targets, and so names something larger than a node. */
function isShared(targets: readonly Target[], name: string): boolean {
  return (
    hasEverywhere(targets, name) &&
    countValues(targets, name) === 1 &&
    countValues(targets, addressLabel(targets)) > 1
  );
}

function hasEverywhere(targets: readonly Target[], name: string): boolean {
  return targets.every(({ labels }) => labelOf(labels, name) !== '');
}

function countValues(targets: readonly Target[], name: string): number {
  return new Set(targets.map(({ labels }) => labelOf(labels, name))).size;
}

/** Returns the label with the address of each target. None of Antrea's metrics has a label `instance`. */
export function addressLabel(targets: readonly Target[]): string {
  const federated = `${FEDERATED}instance`;
  if (targets.length > 0 && hasEverywhere(targets, federated)) return federated;
  return targets.some(({ labels }) => labels['instance']) ? 'instance' : 'pod';
}

/** Returns the target's own address and Pod, also if it is federated. */
export function instanceAndPod(labels: Labels): { instance: string; pod: string | undefined } {
  const instance = labels[`${FEDERATED}instance`];
  return instance === undefined
    ? { instance: labels['instance'] ?? '', pod: labels['pod'] }
    : { instance, pod: labels[`${FEDERATED}pod`] };
}
