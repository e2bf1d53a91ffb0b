/** A metric family: a name on /metrics with its type, and its series on a target. */
import type { Cluster, ProcessKind, Target } from './cluster.ts';
import { type BurstFault, eventsBetween } from './faults.ts';
import { type Column, counter, gauge } from './values.ts';

export type Family = {
  /** The name of the samples without the suffixes of a histogram. */
  name: string;
  type: 'gauge' | 'counter' | 'histogram';
  /** Which processes expose it. */
  exposedBy: readonly ProcessKind[];
  columns(cluster: Cluster, target: Target): Iterable<Column>;
};

/** A gauge with only the labels of the target. */
export function plainGauge(
  name: string,
  exposedBy: ProcessKind,
  valueAt: (cluster: Cluster, target: Target) => (seconds: number) => number,
): Family {
  const columns = (cluster: Cluster, target: Target) => [{ values: gauge(target, valueAt(cluster, target)) }];
  return { name, type: 'gauge', exposedBy: [exposedBy], columns };
}

/** A counter of single events with one series per value of a label. */
export function eventFamily(
  name: string,
  type: 'gauge' | 'counter',
  label: string,
  values: readonly string[],
  burstsOf: (target: Target, value: string) => readonly BurstFault[],
): Family {
  const columns = (cluster: Cluster, target: Target): Column[] =>
    values.map((value) => ({
      labels: { [label]: value },
      values: countedEvents(cluster, target, burstsOf(target, value)),
    }));
  return { name, type, exposedBy: ['agent'], columns };
}

/** Returns the value of a counter of these events at every scrape. */
export function countedEvents(cluster: Cluster, target: Target, bursts: readonly BurstFault[]): Float64Array {
  return counter(cluster, target, (from, to) =>
    bursts.reduce((sum, burst) => sum + eventsBetween(burst, from, to), 0),
  );
}
