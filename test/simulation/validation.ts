/** Rejects simulations with a truth that Prometheus could not show. */
import type { Cluster } from './cluster.ts';
import { BURST_KINDS, type BurstFault, END_KINDS, type Fault, type FaultKind, isOf } from './faults.ts';
import { grown } from './levels.ts';

export function checked(cluster: Cluster): Cluster {
  const interval = cluster.scrapeIntervalSeconds;
  if (interval < 15 || interval > 300)
    throw new Error(`A scrape interval of ${interval} s is not simulated: 15 to 300 s.`);
  if (cluster.nodes.length === 0) throw new Error('A cluster needs a node.');
  if (new Set(cluster.nodes).size < cluster.nodes.length) throw new Error('Two nodes have the same name.');
  if (cluster.start >= cluster.end) throw new Error('The simulation ends before it starts.');
  if (cluster.weekly < 0 || cluster.weekly > 0.4)
    throw new Error(`A weekly rhythm of ${cluster.weekly} is not simulated: 0 to 0.4.`);
  if (cluster.nodeIpam && cluster.antrea === '1.2')
    throw new Error('Antrea 1.2 has no metrics of node IPAM.');
  const unknown = cluster.windowsNodes.filter((node) => !cluster.nodes.includes(node));
  if (unknown.length > 0) throw new Error(`windowsNodes: there is no node ${unknown.join(', ')}.`);
  for (const fault of cluster.faults) {
    checkPlace(cluster, fault);
    checkExposed(cluster, fault);
    checkSize(cluster, fault);
    checkCollector(cluster, fault);
    if (isOf(fault, ...BURST_KINDS)) checkSeen(cluster, fault);
  }
  return cluster;
}

function checkPlace(cluster: Cluster, fault: Fault): void {
  if ('node' in fault && !cluster.nodes.includes(fault.node))
    throw new Error(`${fault.kind}: there is no node ${fault.node}.`);
  if (fault.start >= fault.end) throw new Error(`${fault.kind}: ends before it starts.`);
  if (fault.start < cluster.start || fault.end > cluster.end)
    throw new Error(`${fault.kind}: lies outside the simulation.`);
  if (
    isOf(fault, 'file-descriptors', 'descriptor-leak') &&
    'node' in fault &&
    cluster.windowsNodes.includes(fault.node)
  )
    throw new Error(`${fault.kind}: an agent on Windows has no limit that it could reach.`);
  if (isOf(fault, 'second-controller') && cluster.nodes.length < 2)
    throw new Error('second-controller: needs a node of its own.');
}

const OF_FLOW_EXPORTER: readonly FaultKind[] = [
  'denied-connections',
  'conntrack-full',
  'slow-conntrack-poll',
  'collector-flapping',
  'collector-unreachable',
];
const SINCE_1_13: readonly FaultKind[] = ['packet-in-drops', 'collector-flapping', 'collector-unreachable'];
const SINCE_2_7: readonly FaultKind[] = [
  'slow-conntrack-poll',
  'fqdn-cache',
  'fqdn-evictions',
  'failing-service',
];
const OF_PROXY: readonly FaultKind[] = ['missing-services', 'failing-service', 'slow-proxy-sync'];

/** Rejects faults in disabled features or in metrics that this version of Antrea does not have. */
function checkExposed({ antrea, flowExporter, nodeIpam, proxy }: Cluster, { kind }: Fault): void {
  const refuse = (needed: string) => {
    throw new Error(`${kind}: nothing is seen of it without ${needed}.`);
  };
  if (OF_FLOW_EXPORTER.includes(kind) && !flowExporter) refuse('the Flow Exporter');
  if (kind === 'node-cidrs' && !nodeIpam) refuse('node IPAM');
  if (OF_PROXY.includes(kind) && !proxy) refuse('Antrea Proxy');
  if (SINCE_1_13.includes(kind) && antrea === '1.2') refuse('Antrea 1.13');
  if (SINCE_2_7.includes(kind) && antrea !== '2.7') refuse('Antrea 2.7');
}

/** The most Pods of a healthy node, and how many more reach the threshold of a warning. */
const MOST_PODS = 86;
const PODS_LEFT = 215 - MOST_PODS;

/** Rejects faults that would exceed a threshold at a time or with a value that they do not specify. */
function checkSize(cluster: Cluster, fault: Fault): void {
  if (isOf(fault, 'pods') && cluster.kubeStateMetrics && fault.level > cluster.allocatablePods)
    throw new Error(`pods: the kubelet allows no more than ${cluster.allocatablePods}.`);
  if (isOf(fault, 'pods-growth') && grown(fault.perDay, fault.start, fault.end) > PODS_LEFT)
    throw new Error('pods-growth: may exceed the threshold at an unknown time.');
  if (isOf(fault, 'flows-step') && (fault.ratio < 0.6 || fault.ratio > 1.45))
    throw new Error('flows-step: may exceed the threshold of a change by half; use 0.6 to 1.45.');
  if (isOf(fault, 'lost-watches') && fault.count > cluster.nodes.length)
    throw new Error('lost-watches: there are not that many agents.');
}

/** Rejects a count that falls from 1 to 0 while a process runs, which Antrea's does not. */
function checkCollector(cluster: Cluster, fault: Fault): void {
  if (!isOf(fault, 'collector-unreachable')) return;
  const starts = endsOf(cluster, fault).map(({ end }) => end);
  if (fault.start !== cluster.start && !starts.includes(fault.start))
    throw new Error('collector-unreachable: must begin with the simulation or with a process.');
}

/** Rejects events between the last scrape of a life and the first one of the next, because no scrape shows them. */
function checkSeen(cluster: Cluster, fault: BurstFault): void {
  const margin = cluster.scrapeIntervalSeconds;
  if (fault.start < cluster.start + margin || fault.end > cluster.end - margin)
    throw new Error(`${fault.kind}: too close to the edge of the simulation to be seen by two scrapes.`);
  const lost = endsOf(cluster, fault).find(
    (other) => other.start - margin < fault.end && other.end + margin > fault.start,
  );
  if (lost) throw new Error(`${fault.kind}: some would be lost to the ${lost.kind} of ${placeOf(fault)}.`);
}

/** Returns the faults that end the process that a fault affects. */
function endsOf({ faults }: Cluster, fault: Fault): Fault[] {
  return faults.filter((other) => isOf(other, ...END_KINDS) && placeOf(other) === placeOf(fault));
}

function placeOf(fault: Fault): string {
  return 'node' in fault ? fault.node : 'the controller';
}
