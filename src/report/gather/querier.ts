import type { Component } from '../model/indicator.ts';
import { type Grid, labelKey, type Sample, type Series } from '../model/series.ts';
import { type Durations, matches, type Selection, substitute } from '../promql/placeholders.ts';
import { QueryError } from './errors.ts';
import type { Source } from './source.ts';
import { findMissingBuckets, rewriteForForms, type StoredForms } from './stored-forms.ts';
import type { View } from './survey/deduplicated-views.ts';
import { nodeOf } from './survey/nodes.ts';
import type { Survey } from './survey/survey.ts';

/** Asks the catalog's questions of the targets that the survey found, and names the node of every answer. */
export type Querier = {
  /** The query as it is sent first, for people. */
  text(template: string, durations: Durations): string;
  range(template: string, grid: Grid, durations: Durations): Promise<Series[]>;
  instant(template: string, time: number, durations: Durations): Promise<Sample[]>;
  /** What the first view's placeholders stand for. */
  selection: Selection;
  forms: StoredForms;
};

export function openQuerier(
  source: Source,
  survey: Pick<Survey, 'views' | 'probe'>,
  forms: StoredForms,
): Querier {
  const { views } = survey;
  const [first] = views;
  const fill = (template: string, view: View, durations: Durations) =>
    rewriteForForms(substitute(template, view.selection, durations), forms);
  return {
    selection: first.selection,
    forms,
    text: (template, durations) => fill(template, first, durations),
    async range(template, grid, durations) {
      const lacking = findMissingBuckets(template, forms);
      if (lacking !== undefined)
        throw new QueryError(
          'rejected',
          `the server stores ${lacking} without its buckets, which the query needs`,
        );
      const answers = await Promise.all(
        views.map(async (view) => {
          const { series } = await source.range(fill(template, view, durations), grid);
          return series.map((one) => ({ ...one, labels: withNode(one.labels, view, first) }));
        }),
      );
      const [only = []] = answers;
      return answers.length === 1 ? only : mergeSeries(answers, grid, preference(survey));
    },
    async instant(template, time, durations) {
      const answers = await Promise.all(
        views.map(async (view) => {
          const { samples } = await source.instant(fill(template, view, durations), time);
          return samples.map((one) => ({ ...one, labels: withNode(one.labels, view, first) }));
        }),
      );
      const [only = []] = answers;
      return answers.length === 1 ? only : mergeSamples(answers);
    },
  };
}

/** Series that are about a node say so by its name, whatever label the target has it in. */
function withNode(original: Series['labels'], view: View, first: View): Series['labels'] {
  const component = original['component'] === 'controller' ? 'controller' : 'agent';
  const labels = view === first ? original : asInFirst(original, component, view, first);
  const rule = first.rules[component];
  const value = labels[rule.label] ?? labels['instance'];
  // A node that stands in a series of its own counts, but for the label of Antrea's targets that is called so, too.
  if (value === undefined || (labels['node'] !== undefined && !rule.places.has(value))) return labels;
  return { ...labels, node: nodeOf(labels, rule) };
}

/** The labels of the first view's target, where both see the same process by other labels. */
function asInFirst(
  labels: Series['labels'],
  component: Component,
  view: View,
  first: View,
): Series['labels'] {
  const [own, wanted] = [view.rules[component].label, first.rules[component].label];
  const twin = view.twins[component].get(labels[own] ?? '');
  if (twin === undefined) return labels;
  // Only what is asked of the targets themselves is grouped by their job.
  const names = labels['job'] === undefined ? [wanted] : [...new Set([wanted, 'job', 'instance', 'pod'])];
  const known = names.flatMap((name) => (twin[name] === undefined ? [] : [[name, twin[name]]]));
  // A label that the first view's target does not have would make another series of it.
  const rest = Object.entries(labels).filter(([name]) => name !== own && !names.includes(name));
  return Object.fromEntries([...rest, ...known]);
}

/** Which view's values count at a moment: that which then saw most targets. */
type Preference = (time: number) => readonly number[];

function preference({ views, probe }: Pick<Survey, 'views' | 'probe'>): Preference {
  const { grid, series } = probe;
  const seen = views.map(({ selection: { agent, controller } }) => {
    const own = series.filter(
      ({ labels }) => matches(labels, agent.matchers) || matches(labels, controller.matchers),
    );
    return Array.from({ length: grid.count }, (_, index) =>
      own.reduce((count, { values }) => count + ((values[index] ?? 0) > 0 ? 1 : 0), 0),
    );
  });
  const usual = views.map((_, view) => view);
  return (time) => {
    const index = Math.ceil((time - grid.start) / grid.stepSeconds) - 1;
    const countOf = (view: number) => seen[view]?.[index] ?? 0;
    return usual.toSorted((a, b) => countOf(b) - countOf(a) || a - b);
  };
}

/** Where the preferred view has no value, the next one's counts. */
export function mergeSeries(
  answers: readonly (readonly Series[])[],
  grid: Grid,
  preferred: Preference,
): Series[] {
  const byKey = new Map<string, { labels: Series['labels']; values: (Series['values'] | undefined)[] }>();
  for (const [view, answer] of answers.entries()) {
    for (const { labels, values } of answer) {
      const key = labelKey(labels);
      const known = byKey.get(key) ?? { labels, values: [] };
      // Pods that followed each other in this view are one target of the first.
      const same = known.values[view];
      known.values[view] = same ? same.map((value, index) => value ?? values[index] ?? null) : values;
      byKey.set(key, known);
    }
  }
  const orders = Array.from({ length: grid.count }, (_, index) =>
    preferred(grid.start + (index + 1) * grid.stepSeconds),
  );
  return [...byKey.values()].map(({ labels, values }) => ({
    labels,
    values: orders.map((order, index) => {
      const view = order.find((one) => values[one]?.[index] != null);
      return view === undefined ? null : (values[view]?.[index] ?? null);
    }),
  }));
}

/** Counts over a whole period can only be too low in a view with gaps, so the highest counts. */
export function mergeSamples(answers: readonly (readonly Sample[])[]): Sample[] {
  const byKey = new Map<string, Sample>();
  for (const sample of answers.flat()) {
    const key = labelKey(sample.labels);
    const known = byKey.get(key);
    if (known === undefined || sample.value > known.value) byKey.set(key, sample);
  }
  return [...byKey.values()];
}
