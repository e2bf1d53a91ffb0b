/** A simulated cluster and the parts of it that one process needs. */
import { contains, type Fault, type FaultKind, type FaultOf, isOf } from './faults.ts';
import type { Labelling } from './labellings.ts';
import { hash, weekend } from './random.ts';
import { checked } from './validation.ts';

/** Releases with different sets of metrics. */
export type AntreaVersion = '1.2' | '1.13' | '2.7';

export type Simulation = {
  /** First and last moment of the data, Unix seconds. */
  start: number;
  end: number;
  seed?: number;
  /** The number of nodes or their names; the controller runs on the first one. */
  nodes?: number | readonly string[];
  /** 15 to 300. Every target is scraped at its own offset in the interval. */
  scrapeIntervalSeconds?: number;
  labelling?: Labelling;
  antrea?: AntreaVersion;
  /** Whether the Flow Exporter runs; without it the gauges of connections stay 0. */
  flowExporter?: boolean;
  /** Whether Antrea Proxy runs; without it its metrics are absent. */
  proxy?: boolean;
  /**
   * A kube-apiserver in a separate job, with process_* values that would raise findings in queries without a job; for
   * `kubernetes-pods` also other Pods in the same job.
   */
  bystanders?: boolean;
  /** Whether Antrea's controller assigns CIDRs to nodes and exposes how many are left. Since Antrea 1.4. */
  nodeIpam?: boolean;
  /** Whether kube-state-metrics runs, which exposes the desired number of agents and the Pods that a kubelet allows. */
  kubeStateMetrics?: boolean;
  /** Whether kube-state-metrics also exposes the state of Antrea's custom resources. */
  antreaResources?: boolean;
  /** Whether the kube-apiserver among the bystanders shows Antrea's APIs and webhooks. */
  apiServices?: boolean;
  /** Whether x509-certificate-exporter runs. */
  certificates?: boolean;
  /** Whether kubelets are scraped, with the metrics of cAdvisor. */
  kubelet?: boolean;
  /** Whether node-exporter runs on every node that is not Windows. */
  nodeExporter?: boolean;
  /** Whether Antrea's containers have a CPU limit; by default none, as in Antrea's chart. */
  cpuLimit?: boolean;
  /** How many Pods each kubelet allows; 110 by default. */
  allocatablePods?: number;
  /** The tag of Antrea's images, and that of the Pods which are created later; by default that of `antrea`. */
  imageTags?: readonly string[];
  /** The memory limit of Antrea's containers; by default none, as in Antrea's chart. */
  memoryLimitBytes?: number;
  /** The share by which activity is lower at weekends, 0 to 0.4. */
  weekly?: number;
  /** The nodes that run Windows. Their agents belong to the DaemonSet `antrea-agent-windows`. */
  windowsNodes?: readonly string[];
  /** Names of the only families to simulate, in addition to `up`; by default all. */
  families?: readonly string[];
  faults?: readonly Fault[];
};

/** Options without a default. */
type Optional = 'memoryLimitBytes' | 'families';

/** A checked simulation with defaults and node names. */
export type Cluster = Required<Omit<Simulation, 'nodes' | Optional>> &
  Pick<Simulation, Optional> & { nodes: readonly string[] };

export type Labels = Readonly<Record<string, string>>;

/** One process from its start to its end. */
export type Life = { startedAt: number; endedAt: number; pod: string };

/** Only the first two belong to Antrea. */
export type ProcessKind =
  | 'agent'
  | 'controller'
  | 'kube-apiserver'
  | 'kube-state-metrics'
  | 'kubelet'
  | 'node-exporter'
  | 'x509-exporter'
  | 'other-pod';

/** One target of Prometheus. The lives of its processes follow each other in the same series. */
export type Target = {
  kind: ProcessKind;
  node: string;
  /** `job`, `instance` and the other labels of the labelling. */
  labels: Labels;
  /** See `processKey`. */
  key: number;
  faults: readonly Fault[];
  lives: readonly Life[];
  /** Every attempted scrape in Unix milliseconds, and whether it succeeded. */
  attempts: Float64Array;
  up: Float64Array;
  /** The successful scrapes, and which of the lives answered. */
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
  antreaResources: false,
  apiServices: false,
  certificates: false,
  kubelet: false,
  nodeExporter: false,
  cpuLimit: false,
  // kubelet's default, maxPods.
  allocatablePods: 110,
  imageTags: [],
  weekly: 0,
  windowsNodes: [],
  faults: [],
} as const;

/** Options with which every indicator of another exporter has values. */
export const ALL_EXPORTERS = {
  kubeStateMetrics: true,
  antreaResources: true,
  apiServices: true,
  certificates: true,
  kubelet: true,
  nodeExporter: true,
  cpuLimit: true,
} as const satisfies Partial<Simulation>;

/** Returns `control-plane-1`, `worker-01` and so on, with one more control plane for every hundred nodes. */
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

/** Returns the node of the controller, which does not move. */
export function controllerNode(cluster: Cluster): string {
  return cluster.nodes[0] ?? '';
}

/** Returns the seed for the noise of a process: the same for all Pods of its kind and node. */
export function processKey(cluster: Cluster, kind: ProcessKind, node: string): number {
  return hash(cluster.seed, kind, node);
}

export function faultsOf<Kind extends FaultKind>(target: Target, kind: Kind): FaultOf<Kind>[] {
  return target.faults.filter((fault) => isOf(fault, kind));
}

/** Returns the activity at a time of the week as a share of that on a working day. */
export function busyness(cluster: Cluster, seconds: number): number {
  return cluster.weekly === 0 ? 1 : 1 - cluster.weekly * weekend(seconds);
}

/** Returns the fault of this kind that the target has at a moment. */
export function activeFault<Kind extends FaultKind>(
  target: Target,
  kind: Kind,
  seconds: number,
): FaultOf<Kind> | undefined {
  return faultsOf(target, kind).find((fault) => contains(fault, seconds));
}
