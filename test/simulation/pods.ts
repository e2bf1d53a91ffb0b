/** Nodes and Antrea's Pods in Kubernetes: addresses, names, and when each Pod existed. */
import { type Cluster, controllerNode, type Life, type ProcessKind } from './cluster.ts';
import { concerns, END_KINDS, type Fault, isOf, POD_END_KINDS } from './faults.ts';
import { hash, pick } from './random.ts';

/** The address of the node at this index. */
export function hostAddress(index: number): string {
  return `10.10.${Math.floor(index / 250)}.${(index % 250) + 4}`;
}

export function runsWindows(cluster: Cluster, node: string): boolean {
  return cluster.windowsNodes.includes(node);
}

export function faultsOfProcess(cluster: Cluster, kind: ProcessKind, node: string): Fault[] {
  const component = kind === 'agent' || kind === 'controller' ? kind : 'other';
  return cluster.faults.filter((fault) => concerns(fault, component, node));
}

/** All runs of a process in the simulation, in order. */
export function livesOf(cluster: Cluster, kind: ProcessKind, node: string): Life[] {
  const age = Math.round(pick(2, 20, cluster.seed, kind, node, 'age') * 86_400);
  let life: Life = {
    startedAt: cluster.start - age,
    endedAt: cluster.end,
    pod: podName(cluster, kind, node, 0),
  };
  const lives = [life];
  const ends = faultsOfProcess(cluster, kind, node).filter((fault) => isOf(fault, ...END_KINDS));
  for (const fault of ends.toSorted((left, right) => left.start - right.start)) {
    const pod = isOf(fault, ...POD_END_KINDS) ? podName(cluster, kind, node, lives.length) : life.pod;
    life.endedAt = fault.start;
    life = { startedAt: fault.end, endedAt: cluster.end, pod };
    lives.push(life);
  }
  return lives;
}

export function podName(cluster: Cluster, kind: ProcessKind, node: string, generation: number): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  const suffix = Array.from({ length: 5 }, (_, position) =>
    letters.charAt(hash(cluster.seed, kind, node, generation, position) % letters.length),
  ).join('');
  if (kind === 'agent') return `${daemonSetOf(cluster, node)}-${suffix}`;
  return kind === 'controller' ? `${REPLICA_SET}-${suffix}` : `${kind}-${suffix}`;
}

const REPLICA_SET = 'antrea-controller-7d9f6c5b8';

/** Antrea's manifests have a DaemonSet for each operating system. */
export function daemonSetOf(cluster: Cluster, node: string): string {
  return runsWindows(cluster, node) ? 'antrea-agent-windows' : 'antrea-agent';
}

/** A Pod of Antrea, from the start of its first process to the end of its last. */
export type AntreaPod = {
  kind: 'agent' | 'controller';
  node: string;
  /** The address of the node, because Antrea's Pods use the host network. */
  address: string;
  pod: string;
  owner: { kind: 'DaemonSet' | 'ReplicaSet'; name: string };
  startedAt: number;
  endedAt: number;
};

export function antreaPods(cluster: Cluster): AntreaPod[] {
  return [
    ...cluster.nodes.flatMap((node) => podsOfProcess(cluster, 'agent', node)),
    ...podsOfProcess(cluster, 'controller', controllerNode(cluster)),
  ];
}

function podsOfProcess(cluster: Cluster, kind: AntreaPod['kind'], node: string): AntreaPod[] {
  const owner =
    kind === 'agent'
      ? ({ kind: 'DaemonSet', name: daemonSetOf(cluster, node) } as const)
      : ({ kind: 'ReplicaSet', name: REPLICA_SET } as const);
  const address = hostAddress(cluster.nodes.indexOf(node));
  const byPod = Map.groupBy(livesOf(cluster, kind, node), ({ pod }) => pod);
  return [...byPod].map(([pod, lives]) => {
    const startedAt = lives[0]?.startedAt ?? cluster.start;
    const endedAt = lives.at(-1)?.endedAt ?? cluster.end;
    return { kind, node, address, pod, owner, startedAt, endedAt };
  });
}
