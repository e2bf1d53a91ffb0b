/** A simulated cluster: what there is in it, and what of that one process needs to know. */
import { contains, type Fault, type FaultKind, type FaultOf, isOf } from './faults.ts';
import type { Labelling } from './labellings.ts';
import { hash, weekend } from './random.ts';
import { checked } from './validation.ts';

/** Releases between which the set of metrics differs. */
export type AntreaVersion = '1.2' | '1.13' | '2.7';

export type Simulation = {
  /** First and last moment of the data, Unix seconds. */
  start: number;
  end: number;
  seed?: number;
  /** How many nodes, or their names; the first is where the controller runs. */
  nodes?: number | readonly string[];
  /** 15 to 300. Every target is scraped at its own offset within the interval. */
  scrapeIntervalSeconds?: number;
  labelling?: Labelling;
  antrea?: AntreaVersion;
  /** Whether the Flow Exporter runs; without it the gauges of connections stay 0. */
  flowExporter?: boolean;
  /** Whether Antrea Proxy runs; without it its metrics are absent. */
  proxy?: boolean;
  /**
   * A kube-apiserver in a job of its own whose process_* would alarm anyone who forgot to select by job; under
   * `kubernetes-pods` also other Pods in the same job.
   */
  bystanders?: boolean;
  /** Whether Antrea's controller gives the nodes their CIDRs, and says how many are left. Since Antrea 1.4. */
  nodeIpam?: boolean;
  /** kube-state-metrics, which knows how many agents there should be and how many Pods a kubelet allows. */
  kubeStateMetrics?: boolean;
  /** How many Pods each kubelet allows; 110 unless told otherwise. */
  allocatablePods?: number;
  /** The memory limit of Antrea's containers; none in Antrea's chart. */
  memoryLimitBytes?: number;
  /** By which share there is less to do at weekends, 0 to 0.4. */
  weekly?: number;
  /** The nodes that run Windows. Their agents belong to the DaemonSet `antrea-agent-windows`. */
  windowsNodes?: readonly string[];
  /** Only these metrics, named as their families are; `up` is there in any case. Without it there are all. */
  families?: readonly string[];
  faults?: readonly Fault[];
};

/** Options that are about nothing where they are not given. */
type Optional = 'memoryLimitBytes' | 'families';

/** A simulation with all its defaults, names resolved and checked. */
export type Cluster = Required<Omit<Simulation, 'nodes' | Optional>> &
  Pick<Simulation, Optional> & { nodes: readonly string[] };

export type Labels = Readonly<Record<string, string>>;

/** One run of one process. */
export type Life = { startedAt: number; endedAt: number; pod: string };

/** Only the first two belong to Antrea. */
export type ProcessKind = 'agent' | 'controller' | 'kube-apiserver' | 'kube-state-metrics' | 'other-pod';

/** What Prometheus takes for one target: the lives behind it follow each other in the same series. */
export type Target = {
  kind: ProcessKind;
  node: string;
  /** `job`, `instance` and the other labels of the labelling. */
  labels: Labels;
  /** See `processKey`. */
  key: number;
  faults: readonly Fault[];
  lives: readonly Life[];
  /** Every scrape that was tried, Unix milliseconds, and whether it worked. */
  attempts: Float64Array;
  up: Float64Array;
  /** Those that worked, and which of the lives answered. */
  scrapes: Float64Array;
  answeredBy: Uint8Array;
};

const DEFAULTS = {
  seed: 1,
  scrapeIntervalSeconds: 60,
  labelling: 'node;pod',
  antrea: '2.7',
  flowExporter: false,
  proxy: true,
  bystanders: true,
  nodeIpam: false,
  kubeStateMetrics: false,
  // kubelet's default, maxPods.
  allocatablePods: 110,
  weekly: 0,
  windowsNodes: [],
  faults: [],
} as const;

/** `control-plane-1`, then `worker-01` and on; one more control plane for every hundred nodes. */
export function nodeNames(count: number): string[] {
  const controlPlanes = 1 + Math.floor(count / 100);
  return Array.from({ length: count }, (_, index) =>
    index < controlPlanes
      ? `control-plane-${index + 1}`
      : `worker-${String(index - controlPlanes + 1).padStart(2, '0')}`,
  );
}

export function clusterOf(simulation: Simulation): Cluster {
  const { nodes = 12, ...given } = simulation;
  return checked({ ...DEFAULTS, ...given, nodes: typeof nodes === 'number' ? nodeNames(nodes) : nodes });
}

/** Where the controller runs; it does not move. */
export function controllerNode(cluster: Cluster): string {
  return cluster.nodes[0] ?? '';
}

/** What the noise of a process is drawn from: a number for its kind and node, the same for all its Pods. */
export function processKey(cluster: Cluster, kind: ProcessKind, node: string): number {
  return hash(cluster.seed, kind, node);
}

export function faultsOf<Kind extends FaultKind>(target: Target, kind: Kind): FaultOf<Kind>[] {
  return target.faults.filter((fault) => isOf(fault, kind));
}

/** How much people do at this time of the week, as a share of a working day. */
export function busyness(cluster: Cluster, seconds: number): number {
  return cluster.weekly === 0 ? 1 : 1 - cluster.weekly * weekend(seconds);
}

/** The fault of this kind that the target has at a moment. */
export function activeFault<Kind extends FaultKind>(
  target: Target,
  kind: Kind,
  seconds: number,
): FaultOf<Kind> | undefined {
  return faultsOf(target, kind).find((fault) => contains(fault, seconds));
}
