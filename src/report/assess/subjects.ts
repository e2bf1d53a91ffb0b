import type { Component, Indicator } from '../model/indicator.ts';
import { CLUSTER_SUBJECT, CONTROLLER_SUBJECT } from '../model/report.ts';
import { hasValues, isKnown, labelOf, type Series } from '../model/series.ts';

type Labels = Readonly<Record<string, string>>;

/** The subject of a series: a node for its agent, the controller, or the cluster when the component is null. */
export type Subject = { subject: string; component: Component | null };

export type ComponentSubject = Subject & { component: Component };

/** The values of a subject on the grid; `labels` distinguish several series of one subject. */
export type SubjectSeries = Subject & {
  /** Its `seriesKey`. */
  key: string;
  labels: Record<string, string>;
  values: Float64Array;
};

/** Returns the subject of these labels; the label `component` decides if there are several components. */
export function subjectOf(labels: Labels, components: readonly Component[]): ComponentSubject {
  const [first = 'agent'] = components;
  const component = components.find((candidate) => candidate === labels['component']) ?? first;
  return { component, subject: component === 'controller' ? CONTROLLER_SUBJECT : (labels['node'] ?? '') };
}

/** Returns the subject of these labels in the answer to an indicator's query. */
export function subjectOfIndicator(
  { scope, components }: Pick<Indicator, 'scope' | 'components'>,
  labels: Labels,
): Subject {
  return scope === 'cluster' ? { subject: CLUSTER_SUBJECT, component: null } : subjectOf(labels, components);
}

/** Returns a key for everything that belongs to one subject. */
export function subjectKey({ component, subject }: Subject): string {
  return JSON.stringify([component, subject]);
}

/** Returns a key for one series of a subject, and for its reading or finding. */
export function seriesKey({ component, subject, labels }: Subject & { labels: Labels }): string {
  const entries = Object.entries(labels);
  return entries.length === 0
    ? subjectKey({ component, subject })
    : JSON.stringify([component, subject, entries.sort()]);
}

export function isSameSubject(a: Subject, b: Subject): boolean {
  return a.subject === b.subject && a.component === b.component;
}

/**
 * Merges an indicator's series by subject and `splitBy` labels. A subject has several series when the controller moved
 * to another node or a Pod was replaced: levels then take the greater value, counted events the sum.
 */
export function mergeBySubject(indicator: Indicator, all: readonly Series[]): SubjectSeries[] {
  const { splitBy = [], reading } = indicator;
  const combine = reading === 'total' ? sumOf : greaterOf;
  const merged = new Map<string, SubjectSeries>();
  for (const { labels: allLabels, values } of all) {
    const labels = Object.fromEntries(
      splitBy.flatMap((name) => (Object.hasOwn(allLabels, name) ? [[name, labelOf(allLabels, name)]] : [])),
    );
    const subject = subjectOfIndicator(indicator, allLabels);
    const key = seriesKey({ ...subject, labels });
    const known = merged.get(key);
    if (known) known.values = known.values.map((value, index) => combine(value, values[index] as number));
    else merged.set(key, { ...subject, key, labels, values });
  }
  return [...merged.values()].filter(({ values }) => hasValues(values));
}

/** Returns the greater of the known values; NaN if there are none. */
export function greaterOf(a: number, b: number): number {
  return isKnown(a) && isKnown(b) ? Math.max(a, b) : isKnown(a) ? a : b;
}

/** Returns the sum of the known values; NaN if there are none. */
export function sumOf(a: number, b: number): number {
  return isKnown(a) && isKnown(b) ? a + b : isKnown(a) ? a : b;
}
