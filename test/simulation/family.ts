/** A metric family: a name on /metrics with its type, and its series on a target. */
import type { Cluster, ProcessKind, Target } from './cluster.ts';
import { type Column, constant, gauge } from './values.ts';

export type Family = {
  /** As the samples carry it, without the suffixes of a histogram. */
  name: string;
  type: 'gauge' | 'counter' | 'histogram';
  /** Which processes expose it. */
  exposedBy: readonly ProcessKind[];
  columns(cluster: Cluster, target: Target): Iterable<Column>;
};

/** A gauge without labels of its own. */
export function plainGauge(
  name: string,
  exposedBy: ProcessKind,
  valueAt: (cluster: Cluster, target: Target) => (seconds: number) => number,
): Family {
  const columns = (cluster: Cluster, target: Target) => [{ values: gauge(target, valueAt(cluster, target)) }];
  return { name, type: 'gauge', exposedBy: [exposedBy], columns };
}

/** A metric that stays 0 in all these simulations, once for each value of a label if there is one. */
export function alwaysZero(
  name: string,
  type: 'gauge' | 'counter',
  exposedBy: ProcessKind,
  label?: string,
  values: readonly string[] = [],
): Family {
  const columns = (_cluster: Cluster, target: Target): Column[] =>
    label === undefined
      ? [{ values: constant(target, 0) }]
      : values.map((value) => ({ labels: { [label]: value }, values: constant(target, 0) }));
  return { name, type, exposedBy: [exposedBy], columns };
}
