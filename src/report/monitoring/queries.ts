import { rewriteQuery } from '../gather/stored-forms.ts';
import type { Component, Indicator } from '../model/indicator.ts';
import { type DurationTexts, labelName, substitute } from '../promql/placeholders.ts';
import { withNode } from '../promql/shapes.ts';
import type { MonitoredTargets } from './targets.ts';

/** Queries of the catalog with everything filled in, so that Prometheus and Grafana can send them without this program. */
export type Queries = {
  /** Fills in the placeholders of a template. */
  fill(template: string): string;
  /** Returns the query of an indicator with one series for each subject and value of `splitBy`. */
  bySubject(indicator: Indicator, query?: string): string;
  /** Merges the series of a component that each node has; they have only the label `node`. */
  byNode(component: Component, selector: string, merge?: 'max' | 'sum'): string;
  /** Returns the labels that such a series has, as PromQL has them between brackets. */
  subjectLabels(indicator: Indicator): string;
};

export function openQueries(
  { selection, forms }: Pick<MonitoredTargets, 'selection' | 'forms'>,
  durations: DurationTexts,
): Queries {
  const fill = (template: string) => rewriteQuery(substitute(template, selection, durations), forms);
  const nameNodes = (query: string, components: readonly Component[]) =>
    components.every((component) => selection[component].nodeLabel === 'node') ? query : withNode(query);
  return {
    fill,
    bySubject(indicator, query = indicator.query) {
      const { components, splitBy = [], reading, isOwn } = indicator;
      // Queries of other exporters already return a label `node`.
      if (!isOwn && !/\$node\b/.test(query)) return fill(query);
      // As a report does: several series of a subject, such as those of replaced Pods, are one.
      const merge = reading === 'total' ? 'sum' : 'max';
      const labels = [...(isPerNode(indicator) ? ['node'] : []), ...splitBy];
      const by = labels.length > 0 ? ` by (${labels.map(labelName).join(', ')})` : '';
      // A comment at the end of a user's query must not include what follows.
      const own = `${query}${query.includes('#') ? '\n' : ''}`;
      const named = isPerNode(indicator) ? nameNodes(own, components) : own;
      return fill(!isOwn && named === own ? own : `${merge}${by} (${named})`);
    },
    byNode: (component, selector, merge = 'max') =>
      fill(`${merge} by (node) (${nameNodes(selector, [component])})`),
    subjectLabels: (indicator) =>
      [
        ...(isPerNode(indicator) ? ['node'] : []),
        ...(hasBothComponents(indicator) ? ['component'] : []),
        ...(indicator.splitBy ?? []),
      ]
        .map(labelName)
        .join(', '),
  };
}

/** Whether each node is a subject of an indicator. */
export function isPerNode({ query, isOwn, scope, exporter, components }: Indicator): boolean {
  if (isOwn) return scope !== 'cluster';
  if (exporter === undefined) return /\$node\b/.test(query);
  return scope !== 'cluster' && components.includes('agent');
}

/** Whether the series of an indicator have a label `component`, because both components have it. */
export function hasBothComponents({ query, isOwn, exporter, components }: Indicator): boolean {
  return !isOwn && (exporter === undefined ? /\$components\b/.test(query) : components.length > 1);
}

/** Returns a duration as PromQL and rules have it: "90s", "6m", "1h". */
export function durationOf(seconds: number): string {
  if (seconds % 3600 === 0 && seconds > 0) return `${seconds / 3600}h`;
  return seconds % 60 === 0 && seconds > 0 ? `${seconds / 60}m` : `${seconds}s`;
}
