/** All samples that Prometheus would have scraped from a simulated cluster, family by family, one series at a time. */
import { agentFamilies } from './agent.ts';
import { type Cluster, clusterOf, type Labels, type Simulation, type Target, targetsOf } from './cluster.ts';
import { controllerFamilies } from './controller.ts';
import type { Family } from './family.ts';
import { DESIRED_AGENTS, processFamilies } from './process.ts';
import { PROXY_FAMILIES } from './proxy.ts';

export type SimulatedSeries = {
  family: { name: string; type: 'gauge' | 'counter' | 'histogram' };
  /** The name of the samples. */
  name: string;
  labels: Labels;
  /** Unix milliseconds. Series of one target share the array. */
  timestamps: Float64Array;
  values: Float64Array;
};

/**
 * Holds one metric of one target at a time, so that the size of the cluster costs time and not memory. Families come
 * one after the other, as text formats want them.
 */
export function* simulate(simulation: Simulation): Generator<SimulatedSeries> {
  const cluster = clusterOf(simulation);
  const targets = targetsOf(cluster);
  yield* upSeries(targets);
  for (const family of familiesOf(cluster)) {
    for (const target of targets) {
      if (family.exposedBy.includes(target.kind)) yield* seriesOf(cluster, family, target);
    }
  }
}

function familiesOf(cluster: Cluster): Family[] {
  return [
    ...agentFamilies(cluster.antrea),
    ...(cluster.proxy ? PROXY_FAMILIES : []),
    ...controllerFamilies(cluster.antrea),
    ...processFamilies(cluster.antrea),
    DESIRED_AGENTS,
  ];
}

function* seriesOf(cluster: Cluster, family: Family, target: Target): Generator<SimulatedSeries> {
  if (target.scrapes.length === 0) return;
  for (const { suffix = '', labels, values } of family.columns(cluster, target)) {
    const name = `${family.name}${suffix}`;
    yield { family, name, labels: { ...target.labels, ...labels }, timestamps: target.scrapes, values };
  }
}

/** Prometheus's own word on each scrape that it tried. */
function* upSeries(targets: readonly Target[]): Generator<SimulatedSeries> {
  for (const { attempts, labels, up } of targets) {
    if (attempts.length === 0) continue;
    yield { family: { name: 'up', type: 'gauge' }, name: 'up', labels, timestamps: attempts, values: up };
  }
}
