/** The processes of a simulated cluster: how long each lived, and when Prometheus scraped it. */
import {
  type Cluster,
  controllerNode,
  type Labels,
  type Life,
  type ProcessKind,
  processKey,
  type Target,
} from './cluster.ts';
import { concerns, contains, END_KINDS, type Fault, isOf, POD_END_KINDS } from './faults.ts';
import { hash, pick } from './random.ts';

export function targetsOf(cluster: Cluster): Target[] {
  const targets = cluster.nodes.flatMap((node, index) => targetsOfProcess(cluster, 'agent', node, index));
  targets.push(...targetsOfProcess(cluster, 'controller', controllerNode(cluster), 0));
  targets.push(...secondControllers(cluster));
  if (cluster.bystanders) targets.push(...targetsOfProcess(cluster, 'kube-apiserver', '', 0));
  if (cluster.kubeStateMetrics) targets.push(...targetsOfProcess(cluster, 'kube-state-metrics', '', 1));
  return targets;
}

function targetsOfProcess(cluster: Cluster, kind: ProcessKind, node: string, index: number): Target[] {
  const faults = faultsOfProcess(cluster, kind, node);
  const lives = livesOf(cluster, kind, node);
  // Under `node;pod` each Pod is a target of its own, else all lives are behind one address.
  const groups = Map.groupBy(lives, (life) => (cluster.labelling === 'node;pod' ? life.pod : ''));
  return [...groups.values()].map((group) => targetOf(cluster, kind, node, index, faults, group));
}

function targetOf(
  cluster: Cluster,
  kind: ProcessKind,
  node: string,
  index: number,
  faults: readonly Fault[],
  lives: readonly Life[],
): Target {
  const labels = labelsOf(cluster, kind, node, index, lives[0]?.pod ?? '');
  const key = processKey(cluster, kind, node);
  return { kind, node, labels, key, faults, lives, ...scrapesOf(cluster, labels, lives, faults) };
}

/** The one too many, on the last node; what happens to the first does not happen to it. */
function secondControllers(cluster: Cluster): Target[] {
  const index = cluster.nodes.length - 1;
  const node = cluster.nodes[index] ?? '';
  const blind = cluster.faults.filter((fault) => 'everywhere' in fault);
  return cluster.faults
    .filter((fault) => isOf(fault, 'second-controller'))
    .map(({ start, end }, generation) => {
      const life = { startedAt: start, endedAt: end, pod: podName(cluster, 'controller', node, generation) };
      return targetOf(cluster, 'controller', node, index, blind, [life]);
    });
}

function faultsOfProcess(cluster: Cluster, kind: ProcessKind, node: string): Fault[] {
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
  if (seconds < first || seconds >= last || now.some((fault) => isOf(fault, ...POD_END_KINDS)))
    return 'absent';
  return life < 0 || now.some((fault) => isOf(fault, 'scrape-gap')) ? 'down' : 'up';
}
