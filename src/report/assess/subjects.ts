import type { Component, Indicator } from '../model/indicator.ts';
import { CLUSTER_SUBJECT, CONTROLLER_SUBJECT } from '../model/report.ts';
import type { Series } from '../model/series.ts';

/** Whom a series speaks of: an agent goes by its node, the controller by its own name; of no component is the cluster. */
export type Subject = { subject: string; component: Component | null };

/** One line of an indicator: a subject's values, told apart from its other lines by `labels`. */
export type Line = Subject & { labels: Record<string, string>; values: (number | null)[] };

/** Whose a series of these components is: the label `component` says so where there are several. */
export function subjectOf(
  labels: Readonly<Record<string, string>>,
  components: readonly Component[],
): Subject & { component: Component } {
  const [first = 'agent'] = components;
  const component = components.find((one) => one === labels['component']) ?? first;
  return { component, subject: component === 'controller' ? CONTROLLER_SUBJECT : (labels['node'] ?? '') };
}

/** Of an indicator's answer: one number for all of the cluster is nobody's in particular. */
export function subjectOfIndicator(
  { scope, components }: Pick<Indicator, 'scope' | 'components'>,
  labels: Readonly<Record<string, string>>,
): Subject {
  return scope === 'cluster' ? { subject: CLUSTER_SUBJECT, component: null } : subjectOf(labels, components);
}

/** A key for grouping what belongs to one subject, or to one of its lines. */
export function keyOf(
  { component, subject }: Subject,
  labels: Readonly<Record<string, string>> = {},
): string {
  return JSON.stringify([component, subject, Object.entries(labels).sort()]);
}

/** An order of texts that is the same everywhere and takes no two different ones for equal. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function splitLabels(labels: Readonly<Record<string, string>>, splitBy: readonly string[] | undefined) {
  return Object.fromEntries(
    (splitBy ?? []).flatMap((name) => (labels[name] === undefined ? [] : [[name, labels[name]]])),
  );
}

/**
 * An indicator's series as lines of subjects. Series of the same subject, as when the controller moved to another node
 * or a Pod was replaced, become one line: with the greater value wherever both have one, or the sum of counted events.
 */
export function linesOf(indicator: Indicator, series: readonly Series[]): Line[] {
  const together = indicator.reading === 'total' ? plus : greater;
  const lines = new Map<string, Line>();
  for (const one of series) {
    const subject = subjectOfIndicator(indicator, one.labels);
    const labels = splitLabels(one.labels, indicator.splitBy);
    const key = keyOf(subject, labels);
    const known = lines.get(key);
    if (known) known.values = known.values.map((value, index) => together(value, one.values[index] ?? null));
    else lines.set(key, { ...subject, labels, values: [...one.values] });
  }
  return [...lines.values()].filter((line) => line.values.some((value) => value !== null));
}

/** The greater of what there is. */
export function greater(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}

function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : a + b;
}

/** The median of the values there are; `null` of none. Sorted as plain numbers: there are a million of them in a day. */
export function medianOf(values: readonly (number | null)[]): number | null {
  const room = new Float64Array(values.length);
  let count = 0;
  for (const value of values) {
    if (value === null) continue;
    room[count] = value;
    count += 1;
  }
  const sorted = room.subarray(0, count).sort();
  const low = sorted[Math.ceil(sorted.length / 2) - 1];
  const high = sorted[Math.floor(sorted.length / 2)];
  return low === undefined || high === undefined ? null : low + (high - low) / 2;
}
