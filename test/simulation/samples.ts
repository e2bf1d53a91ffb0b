/** All samples that Prometheus would have scraped from a simulated cluster, by family. */
import { agentFamilies } from './agent.ts';
import { API_SERVICES, CERTIFICATES, RESOURCE_FAMILIES } from './antrea-resources.ts';
import { apiServerFamilies } from './api-server.ts';
import { type Cluster, clusterOf, type Labels, type Simulation, type Target } from './cluster.ts';
import { CONTAINER_FAMILIES } from './containers.ts';
import { controllerFamilies } from './controller.ts';
import type { Family } from './family.ts';
import { flowExporterFamilies } from './flow-exporter.ts';
import { KUBELET_FAMILIES } from './kubelet.ts';
import { KUBERNETES_FAMILIES } from './kubernetes.ts';
import { type NativeHistogram, withNativeHistograms } from './native-histograms.ts';
import { NODE_EXPORTER_FAMILIES } from './node-exporter.ts';
import { NODE_IPAM_FAMILIES } from './node-ipam.ts';
import { throughCollector } from './otel.ts';
import { processFamilies } from './process.ts';
import { PROXY_FAMILIES } from './proxy.ts';
import { targetsOf } from './targets.ts';
import { WEBHOOK_FAMILIES } from './webhooks.ts';
import { QUEUE_FAMILIES } from './workqueues.ts';

export type SimulatedSeries = {
  family: { name: string; type: 'gauge' | 'counter' | 'histogram' };
  /** The name of the samples. */
  name: string;
  labels: Labels;
  /** Unix milliseconds. Series of one target share the array. */
  timestamps: Float64Array;
  values: Float64Array;
  /** Present if the series is a native histogram; `values` are then its counts of observations. */
  native?: NativeHistogram;
};

/**
 * Yields the series by family. Only one metric of one target is in memory at a time, so large clusters need no more.
 */
export function simulate(simulation: Simulation): Iterable<SimulatedSeries> {
  const cluster = clusterOf(simulation);
  const scraped = scrapedSeries(cluster);
  switch (cluster.labelling) {
    case 'vmagent':
      return withLabels(scraped, VMAGENT_LABELS);
    case 'otel':
    case 'otel-and-resource':
      return throughCollector(scraped);
    case 'nhcb':
      return withNativeHistograms(scraped);
    default:
      return scraped;
  }
}

/** Adds labels to all series, as external labels of remote write do. */
export function* withLabels(series: Iterable<SimulatedSeries>, labels: Labels): Generator<SimulatedSeries> {
  for (const one of series) yield { ...one, labels: { ...one.labels, ...labels } };
}

/** External labels as `-remoteWrite.label` and the operator's VMAgent resource add them. */
const VMAGENT_LABELS: Labels = { cluster: 'prod', datacenter: 'fra1', prometheus: 'monitoring/vmagent' };

function* scrapedSeries(cluster: Cluster): Generator<SimulatedSeries> {
  const targets = targetsOf(cluster);
  yield* upSeries(targets);
  for (const family of chosenFamilies(cluster)) {
    for (const target of targets) {
      if (family.exposedBy.includes(target.kind)) yield* seriesOf(cluster, family, target);
    }
  }
}

function familiesOf(cluster: Cluster): Family[] {
  return [
    ...agentFamilies(cluster.antrea),
    ...flowExporterFamilies(cluster.antrea),
    ...(cluster.proxy ? PROXY_FAMILIES : []),
    ...controllerFamilies(cluster.antrea),
    ...(cluster.nodeIpam ? NODE_IPAM_FAMILIES : []),
    ...QUEUE_FAMILIES,
    ...apiServerFamilies(cluster.antrea),
    ...processFamilies(cluster.antrea),
    ...KUBERNETES_FAMILIES,
    ...CONTAINER_FAMILIES,
    ...(cluster.antreaResources ? RESOURCE_FAMILIES : []),
    ...(cluster.apiServices ? [API_SERVICES, ...WEBHOOK_FAMILIES] : []),
    CERTIFICATES,
    ...(cluster.kubelet ? KUBELET_FAMILIES : []),
    ...(cluster.nodeExporter ? NODE_EXPORTER_FAMILIES : []),
  ];
}

/** Returns the families that a simulation names, by default all. @throws if a name does not exist */
function chosenFamilies(cluster: Cluster): Family[] {
  const families = familiesOf(cluster);
  const { families: chosen } = cluster;
  if (!chosen) return families;
  const unknown = chosen.filter((name) => !families.some((family) => family.name === name));
  if (unknown.length > 0) throw new Error(`There is no metric family ${unknown.join(', ')}.`);
  return families.filter(({ name }) => chosen.includes(name));
}

/** Returns a series without the scrapes at which it did not exist. */
function withoutHoles(series: SimulatedSeries): SimulatedSeries[] {
  if (!series.values.includes(Number.NaN)) return [series];
  const isThere = (_: number, index: number) => !Number.isNaN(series.values[index]);
  const timestamps = series.timestamps.filter(isThere);
  if (timestamps.length === 0) return [];
  return [{ ...series, timestamps, values: series.values.filter(isThere) }];
}

function* seriesOf(cluster: Cluster, family: Family, target: Target): Generator<SimulatedSeries> {
  if (target.scrapes.length === 0) return;
  for (const { suffix = '', labels, values } of family.columns(cluster, target)) {
    const name = `${family.name}${suffix}`;
    yield* withoutHoles({
      family,
      name,
      labels: joinLabels(target, labels ?? {}),
      timestamps: target.scrapes,
      values,
    });
  }
}

/**
 * If target and metric have the same label, the metric's is renamed to exported_…, unless the scrape configuration
 * has `honor_labels`, as for kube-state-metrics.
 */
function joinLabels(target: Target, own: Labels): Labels {
  if (target.kind === 'kube-state-metrics') return { ...target.labels, ...own };
  const renamed = Object.entries(own).map(([name, value]) => [
    name in target.labels ? `exported_${name}` : name,
    value,
  ]);
  return { ...target.labels, ...Object.fromEntries(renamed) };
}

/** The series that Prometheus itself writes about each attempted scrape. */
function* upSeries(targets: readonly Target[]): Generator<SimulatedSeries> {
  for (const { attempts, labels, up } of targets) {
    if (attempts.length === 0) continue;
    yield { family: { name: 'up', type: 'gauge' }, name: 'up', labels, timestamps: attempts, values: up };
  }
}
