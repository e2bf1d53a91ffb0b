/** Refuses simulations whose ground truth would not be what Prometheus could possibly have seen. */
import type { Cluster } from './cluster.ts';
import { type Fault, isOf } from './faults.ts';

export function checked(cluster: Cluster): Cluster {
  const interval = cluster.scrapeIntervalSeconds;
  if (interval < 15 || interval > 60)
    throw new Error(`A scrape interval of ${interval} s is not simulated: 15 to 60 s.`);
  if (cluster.nodes.length === 0) throw new Error('A cluster needs a node.');
  if (new Set(cluster.nodes).size < cluster.nodes.length) throw new Error('Two nodes have the same name.');
  if (cluster.start >= cluster.end) throw new Error('The simulation ends before it starts.');
  for (const fault of cluster.faults) {
    checkPlace(cluster, fault);
    checkSeen(cluster, fault);
  }
  return cluster;
}

function checkPlace(cluster: Cluster, fault: Fault): void {
  if ('node' in fault && !cluster.nodes.includes(fault.node))
    throw new Error(`${fault.kind}: there is no node ${fault.node}.`);
  if (fault.start >= fault.end) throw new Error(`${fault.kind}: ends before it starts.`);
  if (fault.start < cluster.start || fault.end > cluster.end)
    throw new Error(`${fault.kind}: lies outside the simulation.`);
}

/** A counter's errors are lost to everybody between the last scrape of a life and the first of the next. */
function checkSeen(cluster: Cluster, fault: Fault): void {
  if (!isOf(fault, 'flow-operation-errors')) return;
  const margin = cluster.scrapeIntervalSeconds;
  if (fault.start < cluster.start + margin || fault.end > cluster.end - margin) {
    throw new Error(
      'flow-operation-errors: too close to the edge of the simulation to be seen by two scrapes.',
    );
  }
  const lost = cluster.faults.find(
    (other) =>
      (isOf(other, 'container-restart') || isOf(other, 'recreated-pod')) &&
      'node' in other &&
      other.node === fault.node &&
      other.start - margin < fault.end &&
      other.end + margin > fault.start,
  );
  if (lost)
    throw new Error(`flow-operation-errors: some would be lost to the ${lost.kind} of ${fault.node}.`);
}
