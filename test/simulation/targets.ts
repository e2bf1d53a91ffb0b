/** The processes of a simulated cluster: when each ran, and when Prometheus scraped it. */
import {
  type Cluster,
  controllerNode,
  type Labels,
  type Life,
  type ProcessKind,
  processKey,
  type Target,
} from './cluster.ts';
import { contains, type Fault, isOf, POD_END_KINDS } from './faults.ts';
import { labelsOf, namesPods } from './labellings.ts';
import { faultsOfProcess, hostAddress, livesOf, podName, runsWindows } from './pods.ts';
import { hash } from './random.ts';

/** The node of a process and the address on which it answers. */
type Place = { kind: ProcessKind; node: string; host: string; port: number };

/** The ports named `api` in Antrea's manifest. */
const PORTS = { agent: 10350, controller: 10349 } as const;

export function targetsOf(cluster: Cluster): Target[] {
  const targets = cluster.nodes.flatMap((node) => targetsAt(cluster, placeOf(cluster, 'agent', node)));
  targets.push(...targetsAt(cluster, placeOf(cluster, 'controller', controllerNode(cluster))));
  targets.push(...secondControllers(cluster));
  if (cluster.bystanders)
    targets.push(...targetsAt(cluster, { kind: 'kube-apiserver', node: '', host: '10.10.0.1', port: 6443 }));
  if (cluster.kubeStateMetrics)
    targets.push(
      ...targetsAt(cluster, { kind: 'kube-state-metrics', node: '', host: '10.244.0.9', port: 8080 }),
    );
  if (cluster.certificates)
    targets.push(...targetsAt(cluster, { kind: 'x509-exporter', node: '', host: '10.244.0.10', port: 9793 }));
  targets.push(...exportersOnNodes(cluster));
  if (cluster.bystanders && cluster.labelling === 'kubernetes-pods') targets.push(...otherPods(cluster));
  return targets;
}

function placeOf(cluster: Cluster, kind: keyof typeof PORTS, node: string): Place {
  return { kind, node, host: hostAddress(cluster.nodes.indexOf(node)), port: PORTS[kind] };
}

function targetsAt(cluster: Cluster, place: Place): Target[] {
  const { kind, node } = place;
  const faults = faultsOfProcess(cluster, kind, node);
  const lives = livesOf(cluster, kind, node);
  // Without the name of the Pod in the labels, all lives belong to one target.
  const groups = Map.groupBy(lives, (life) => (namesPods(cluster.labelling) ? life.pod : ''));
  return [...groups.values()].map((group) => targetOf(cluster, place, faults, group));
}

function targetOf(cluster: Cluster, place: Place, faults: readonly Fault[], lives: readonly Life[]): Target {
  const labels = labelsOf(cluster.labelling, { ...place, pod: lives[0]?.pod ?? '' });
  return targetWith(cluster, place, labels, faults, lives);
}

function targetWith(
  cluster: Cluster,
  { kind, node }: Place,
  labels: Labels,
  faults: readonly Fault[],
  lives: readonly Life[],
): Target {
  const key = processKey(cluster, kind, node);
  return { kind, node, labels, key, faults, lives, ...scrapesOf(cluster, labels, lives, faults) };
}

/** The second controller, on the last node; faults of the first one do not affect it. */
function secondControllers(cluster: Cluster): Target[] {
  const node = cluster.nodes.at(-1) ?? '';
  const blind = cluster.faults.filter((fault) => 'everywhere' in fault);
  return cluster.faults
    .filter((fault) => isOf(fault, 'second-controller'))
    .map(({ start, end }, generation) => {
      const life = { startedAt: start, endedAt: end, pod: podName(cluster, 'controller', node, generation) };
      return targetOf(cluster, placeOf(cluster, 'controller', node), blind, [life]);
    });
}

/** Where kubelet and node-exporter answer. */
const EXPORTER_PORTS = { kubelet: 10250, 'node-exporter': 9100 } as const;

function exportersOnNodes(cluster: Cluster): Target[] {
  const kinds = [
    ...(cluster.kubelet ? (['kubelet'] as const) : []),
    ...(cluster.nodeExporter ? (['node-exporter'] as const) : []),
  ];
  return cluster.nodes.flatMap((node, index) =>
    kinds
      .filter((kind) => kind === 'kubelet' || !runsWindows(cluster, node))
      .flatMap((kind) =>
        targetsAt(cluster, { kind, node, host: hostAddress(index), port: EXPORTER_PORTS[kind] }),
      ),
  );
}

/** Pods on the host network of each node. They share the address of Antrea's Pods, but not the port. */
const ON_HOSTS = [
  { app: 'node-exporter', port: 9100 },
  { app: 'kube-proxy', port: 10249 },
] as const;

/** How many other Pods the job scrapes. */
const OTHER_PODS = 100;

/** Pods in the same job as Antrea's. Their values would raise findings if they were taken for Antrea's. */
function otherPods(cluster: Cluster): Target[] {
  const onHosts = cluster.nodes.flatMap((_, index) =>
    ON_HOSTS.map(({ app, port }) => ({ app, port, host: hostAddress(index) })),
  );
  const onPodNetwork = Array.from({ length: Math.max(0, OTHER_PODS - onHosts.length) }, (_, index) => ({
    app: 'web',
    port: 8080,
    host: `10.244.${index % cluster.nodes.length}.${(index % 200) + 10}`,
  }));
  return [...onHosts, ...onPodNetwork].map(({ app, port, host }) => {
    const instance = `${host}:${port}`;
    const kind = 'other-pod';
    const lives = livesOf(cluster, kind, instance);
    const pod = lives[0]?.pod.replace(kind, app) ?? '';
    const labels = { job: 'kubernetes-pods', instance, namespace: 'default', pod, app };
    const faults = faultsOfProcess(cluster, kind, instance);
    return targetWith(cluster, { kind, node: instance, host, port }, labels, faults, lives);
  });
}

type Scrapes = Pick<Target, 'attempts' | 'up' | 'scrapes' | 'answeredBy'>;

/**
 * The offset in the interval depends on the labels, as in Prometheus, so a new Pod has another one. Between two lives
 * of one target, a container restart shows as failed scrapes and a recreated Pod as no target.
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
