/** A simulated cluster: which processes there are, how long each lived, and when Prometheus scraped it. */
import { concerns, contains, type Fault, type FaultKind, type FaultOf, isOf } from './faults.ts';
import { hash, pick } from './random.ts';
import { checked } from './validation.ts';

/** What the scrape configuration makes of the `instance` label. */
export type Labelling =
  /** `worker-01;antrea-agent-x7k2p`, as in antrea-prometheus.yml. A new Pod is a new series. */
  | 'node;pod'
  /** `10.10.0.4:10350`, Prometheus's own. No series names its node. */
  | 'address'
  /** The same beside a `node` label, as a PodMonitor can be made to do. */
  | 'address-and-node';

/** Releases between which the set of metrics differs. */
export type AntreaVersion = '1.2' | '1.13' | '2.7';

export type Simulation = {
  /** First and last moment of the data, Unix seconds. */
  start: number;
  end: number;
  seed?: number;
  /** How many nodes, or their names; the first is where the controller runs. */
  nodes?: number | readonly string[];
  /** 15 to 60. Every target is scraped at its own offset within the interval. */
  scrapeIntervalSeconds?: number;
  labelling?: Labelling;
  antrea?: AntreaVersion;
  /** Whether the Flow Exporter runs; without it the gauges of connections stay 0. */
  flowExporter?: boolean;
  /** Whether Antrea Proxy runs; without it its metrics are absent. */
  proxy?: boolean;
  /** A kube-apiserver in a job of its own whose process_* would alarm anyone who forgot to select by job. */
  bystanders?: boolean;
  /** kube-state-metrics, which knows how many agents there should be. */
  kubeStateMetrics?: boolean;
  faults?: readonly Fault[];
};

/** A simulation with all its defaults, names resolved and checked. */
export type Cluster = Required<Omit<Simulation, 'nodes'>> & { nodes: readonly string[] };

export type Labels = Readonly<Record<string, string>>;

/** One run of one process. */
export type Life = { startedAt: number; endedAt: number; pod: string };

/** `kube-apiserver` and `kube-state-metrics` are the two that are none of Antrea's. */
export type ProcessKind = 'agent' | 'controller' | 'kube-apiserver' | 'kube-state-metrics';

/** What Prometheus takes for one target: the lives behind it follow each other in the same series. */
export type Target = {
  kind: ProcessKind;
  node: string;
  /** `job`, `instance` and perhaps `node`. */
  labels: Labels;
  /** A number for this node and component, the same for all its Pods: what its noise is drawn from. */
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
  kubeStateMetrics: false,
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

export function targetsOf(cluster: Cluster): Target[] {
  const targets = cluster.nodes.flatMap((node, index) => targetsOfProcess(cluster, 'agent', node, index));
  targets.push(...targetsOfProcess(cluster, 'controller', controllerNode(cluster), 0));
  if (cluster.bystanders) targets.push(...targetsOfProcess(cluster, 'kube-apiserver', '', 0));
  if (cluster.kubeStateMetrics) targets.push(...targetsOfProcess(cluster, 'kube-state-metrics', '', 1));
  return targets;
}

export function faultsOf<Kind extends FaultKind>(target: Target, kind: Kind): FaultOf<Kind>[] {
  return target.faults.filter((fault) => isOf(fault, kind));
}

/** The fault of this kind that the target has at a moment. */
export function activeFault<Kind extends FaultKind>(
  target: Target,
  kind: Kind,
  seconds: number,
): FaultOf<Kind> | undefined {
  return faultsOf(target, kind).find((fault) => contains(fault, seconds));
}

function targetsOfProcess(cluster: Cluster, kind: ProcessKind, node: string, index: number): Target[] {
  const component = kind === 'agent' || kind === 'controller' ? kind : 'other';
  const faults = cluster.faults.filter((fault) => concerns(fault, component, node));
  const lives = livesOf(cluster, kind, node, faults);
  // Under `node;pod` each Pod is a target of its own, else all lives are behind one address.
  const groups = Map.groupBy(lives, (life) => (cluster.labelling === 'node;pod' ? life.pod : ''));
  return [...groups.values()].map((group) => {
    const labels = labelsOf(cluster, kind, node, index, group[0]?.pod ?? '');
    const key = hash(cluster.seed, kind, node);
    return { kind, node, labels, key, faults, lives: group, ...scrapesOf(cluster, labels, group, faults) };
  });
}

function livesOf(cluster: Cluster, kind: ProcessKind, node: string, faults: readonly Fault[]): Life[] {
  const age = Math.round(pick(2, 20, cluster.seed, kind, node, 'age') * 86_400);
  let life: Life = {
    startedAt: cluster.start - age,
    endedAt: cluster.end,
    pod: podName(cluster, kind, node, 0),
  };
  const lives = [life];
  const ends = faults.filter((fault) => isOf(fault, 'container-restart') || isOf(fault, 'recreated-pod'));
  for (const fault of ends.toSorted((left, right) => left.start - right.start)) {
    const pod = fault.kind === 'recreated-pod' ? podName(cluster, kind, node, lives.length) : life.pod;
    life.endedAt = fault.start;
    life = { startedAt: fault.end, endedAt: cluster.end, pod };
    lives.push(life);
  }
  return lives;
}

function podName(cluster: Cluster, kind: ProcessKind, node: string, generation: number): string {
  const letters = 'bcdfghjklmnpqrstvwxz2456789';
  const suffix = Array.from({ length: 5 }, (_, position) =>
    letters.charAt(hash(cluster.seed, kind, node, generation, position) % letters.length),
  ).join('');
  return kind === 'controller' ? `antrea-controller-7d9f6c5b8-${suffix}` : `antrea-${kind}-${suffix}`;
}

function labelsOf(cluster: Cluster, kind: ProcessKind, node: string, index: number, pod: string): Labels {
  if (kind === 'kube-apiserver') return { job: 'kubernetes-apiservers', instance: '10.10.0.1:6443' };
  if (kind === 'kube-state-metrics') return { job: 'kube-state-metrics', instance: '10.244.0.9:8080' };
  const job = `antrea-${kind}s`;
  if (cluster.labelling === 'node;pod') return { job, instance: `${node};${pod}` };
  const host = `10.10.${Math.floor(index / 250)}.${(index % 250) + 4}`;
  const instance = `${host}:${kind === 'agent' ? 10350 : 10349}`;
  return cluster.labelling === 'address' ? { job, instance } : { job, instance, node };
}

type Scrapes = Pick<Target, 'attempts' | 'up' | 'scrapes' | 'answeredBy'>;

/**
 * The offset within the interval follows from the labels, as with Prometheus, so a new Pod has another one. Between two
 * lives behind one target a container restart is seen as failing scrapes and a recreated Pod as no target.
 */
function scrapesOf(
  cluster: Cluster,
  labels: Labels,
  lives: readonly Life[],
  faults: readonly Fault[],
): Scrapes {
  const step = cluster.scrapeIntervalSeconds * 1000;
  const offset = hash(cluster.seed, ...Object.values(labels)) % step;
  const attempts: number[] = [];
  const up: number[] = [];
  const scrapes: number[] = [];
  const answeredBy: number[] = [];
  for (
    let at = Math.ceil((cluster.start * 1000 - offset) / step) * step + offset;
    at < cluster.end * 1000;
    at += step
  ) {
    const life = lives.findIndex((each) => at / 1000 >= each.startedAt && at / 1000 < each.endedAt);
    const outcome = outcomeOf(faults, lives, life, at / 1000);
    if (outcome === 'absent') continue;
    attempts.push(at);
    up.push(outcome === 'up' ? 1 : 0);
    if (outcome !== 'up') continue;
    scrapes.push(at);
    answeredBy.push(life);
  }
  return {
    attempts: Float64Array.from(attempts),
    up: Float64Array.from(up),
    scrapes: Float64Array.from(scrapes),
    answeredBy: Uint8Array.from(answeredBy),
  };
}

function outcomeOf(
  faults: readonly Fault[],
  lives: readonly Life[],
  life: number,
  seconds: number,
): 'up' | 'down' | 'absent' {
  const now = faults.filter((fault) => contains(fault, seconds));
  if (now.some((fault) => isOf(fault, 'scrape-gap') && fault.as === 'absent')) return 'absent';
  const first = lives[0]?.startedAt ?? 0;
  const last = lives.at(-1)?.endedAt ?? 0;
  if (seconds < first || seconds >= last || now.some((fault) => isOf(fault, 'recreated-pod')))
    return 'absent';
  return life < 0 || now.some((fault) => isOf(fault, 'scrape-gap')) ? 'down' : 'up';
}
