import { COMPONENTS } from '../../model/indicator.ts';
import type { Series } from '../../model/series.ts';
import type { Matcher } from '../../promql/placeholders.ts';
import { GatherError } from '../errors.ts';
import type { Target } from './targets.ts';

/** Tells the clusters apart that one server holds, so that none is merged with another. */

/** What people and tools call the label of the cluster; the first that separates anything counts. */
const CLUSTER_LABELS = [
  'cluster',
  'cluster_name',
  'k8s_cluster_name',
  'k8s.cluster.name',
  'k8s_cluster',
  'kubernetes_cluster',
  'kube_cluster',
  'clustername',
  'cluster_id',
];

/** Labels that cannot name a cluster: each names a target, or something that one cluster has several of. */
const OTHER_LABELS = [
  ...['job', 'instance', 'pod', 'node', 'container', 'endpoint', 'service', 'namespace'],
  ...['component', 'app', 'name', 'pod_template_hash', 'controller_revision_hash'],
];

/** Whether a label describes a target rather than the server that scraped it. */
export function isOfTarget(label: string): boolean {
  return OTHER_LABELS.includes(label);
}

export type ClusterChoice = { label: string; value: string; others: string[] };

type Scrapes = ReadonlyMap<Target, Series['values']>;

/** The label with a usual name that has several values; `null` where none has. */
export function knownClusterLabel(targets: readonly Pick<Target, 'labels'>[]): string | null {
  return CLUSTER_LABELS.find((label) => valuesOf(targets, label).length > 1) ?? null;
}

/**
 * A label of an unusual name that separates clusters: each value has agents and a controller of its own.
 * @param copies labels that tell copies of the same targets apart, and so no clusters
 */
export function unusualClusterLabel(
  targets: readonly Target[],
  scrapes: Scrapes,
  copies: readonly string[],
): string | null {
  const names = new Set(targets.flatMap(({ labels }) => Object.keys(labels)));
  const label = [...names]
    .sort()
    .filter((name) => !isOfTarget(name) && !copies.includes(name))
    .find((name) => separates(targets, name, scrapes));
  return label ?? null;
}

/** @throws GatherError with the values to choose from */
export function chooseCluster(targets: readonly Target[], label: string, wanted: string): ClusterChoice {
  const values = valuesOf(targets, label);
  if (values.includes(wanted))
    return { label, value: wanted, others: values.filter((one) => one !== wanted) };
  const shown = values.map((value) => (value === '' ? `(none, where ${label} is missing)` : value));
  throw new GatherError(
    `--cluster: "${wanted}" is not among the clusters that this server has by the label ${label}: ${shown.join(', ')}; choose one of them, or select by other labels with prometheus.matchers`,
    { isUsage: true, clusters: { label, values } },
  );
}

/** Each value has agents and a controller of its own, and these controllers run at the same time. */
function separates(own: readonly Target[], label: string, scrapes: Scrapes): boolean {
  const groups = [...Map.groupBy(own, ({ labels }) => labels[label] ?? '')];
  if (groups.length < 2 || groups.some(([value]) => value === '')) return false;
  const isWhole = groups.every(([, targets]) =>
    COMPONENTS.every((one) => targets.some(({ component }) => component === one)),
  );
  if (!isWhole) return false;
  const controllers = groups.map(([, targets]) =>
    targets.filter(({ component }) => component === 'controller'),
  );
  const points = Math.max(0, ...[...scrapes.values()].map((values) => values.length));
  return Array.from({ length: points }, (_, index) =>
    controllers.every((some) => some.some((target) => (scrapes.get(target)?.[index] ?? 0) > 0)),
  ).some(Boolean);
}

export function valuesOf(targets: readonly Pick<Target, 'labels'>[], label: string): string[] {
  return [...new Set(targets.map(({ labels }) => labels[label] ?? ''))].sort();
}

export function clusterMatchers(choice: ClusterChoice | null): Matcher[] {
  return choice === null ? [] : [{ label: choice.label, operator: '=', value: choice.value }];
}
