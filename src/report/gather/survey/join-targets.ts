import { COMPONENTS, type Component } from '../../model/indicator.ts';
import { WORKLOADS } from '../../model/product.ts';
import { labelKey, type Sample } from '../../model/series.ts';
import type { TargetSettings } from '../../model/survey.ts';
import { expectedJobs, type Labels, type Target } from './targets.ts';

/** A target that was found by its metrics, with the labels of these metrics. */
export type FoundByMetrics = Pick<Target, 'labels' | 'isPartial'> & { component: Component };

/** Joins the series `up` with the targets that metrics found, so that each target is returned once. */
export function joinTargets(
  byMetrics: readonly FoundByMetrics[],
  ups: readonly Sample[],
  targetSettings: TargetSettings,
): Target[] {
  const upKeys = new Set(ups.map(({ labels }) => labelKey(labels)));
  const byKey = Map.groupBy(byMetrics, ({ labels }) => labelKey(labels));
  const byInstance = Map.groupBy(
    byMetrics.filter(({ labels }) => !upKeys.has(labelKey(labels))),
    ({ labels }) => instanceKey(labels),
  );
  const withMetrics = new Set(byMetrics.map(({ component }) => component));
  const joined = new Set<FoundByMetrics>();
  const withUp = ups.map(({ labels, value }): Target => {
    const answered = value > 0;
    const matching =
      byKey.get(labelKey(labels)) ??
      byInstance.get(instanceKey(labels))?.filter((target) => agree(target.labels, labels)) ??
      [];
    for (const target of matching) joined.add(target);
    const [first] = matching;
    if (first !== undefined)
      return { ...first, labels: commonLabels(first.labels, labels), foundBy: 'metrics', answered };
    // A target that answers without the metrics that other targets of the component have is something else.
    const named = componentByName(labels, targetSettings);
    const isAntrea = named !== null && !(answered && withMetrics.has(named));
    return { component: isAntrea ? named : null, labels, foundBy: 'names', answered };
  });
  const withoutUp = byMetrics
    .filter((target) => !joined.has(target))
    .map((target): Target => ({ ...target, foundBy: 'metrics', answered: true, lacksUp: true }));
  return [...withUp, ...withoutUp];
}

function instanceKey(labels: Labels): string {
  return JSON.stringify([labels['job'], labels['instance']]);
}

/**
 * Whether two sets of labels can belong to one target: some servers add labels to metrics that `up` does not have. The
 * targets behind a federated Prometheus differ from its own target although no label contradicts.
 */
function agree(a: Labels, b: Labels): boolean {
  if (a['exported_instance'] !== b['exported_instance']) return false;
  return Object.entries(a).every(([name, value]) => !Object.hasOwn(b, name) || b[name] === value);
}

function commonLabels(a: Labels, b: Labels): Labels {
  return Object.fromEntries(Object.entries(a).filter(([name, value]) => b[name] === value));
}

/**
 * Returns the component by the job's name, or by the names that Antrea's manifests give Pods, containers and the label
 * `component` (build/charts/antrea/templates).
 */
export function componentByName(
  { job = '', pod = '', container, component, instance = '' }: Labels,
  targetSettings: Pick<TargetSettings, 'jobs'>,
): Component | null {
  const byJob = COMPONENTS.filter((name) => expectedJobs(name, targetSettings).includes(job));
  const found = COMPONENTS.find(
    (name) =>
      (byJob.length === 1 && byJob[0] === name) ||
      container === WORKLOADS[name] ||
      component === WORKLOADS[name] ||
      pod.startsWith(`${WORKLOADS[name]}-`) ||
      instance.includes(`;${WORKLOADS[name]}-`),
  );
  return found ?? null;
}

/** Returns the series or sample of each target: the one with its labels, or with labels that agree with them. */
export function findByTarget<T extends { labels: Labels }>(
  targets: readonly Target[],
  items: readonly T[],
): Map<Target, T> {
  const byKey = new Map(items.map((item) => [labelKey(item.labels), item]));
  const byInstance = Map.groupBy(items, ({ labels }) => instanceKey(labels));
  return new Map(
    targets.flatMap((target) => {
      const found =
        byKey.get(labelKey(target.labels)) ??
        byInstance.get(instanceKey(target.labels))?.find(({ labels }) => agree(target.labels, labels));
      return found === undefined ? [] : [[target, found]];
    }),
  );
}
