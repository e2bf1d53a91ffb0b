import type { Component } from '../model/indicator.ts';
import { type Grid, isKnown, labelKey, labelOf, type Sample, type Series } from '../model/series.ts';
import { type Durations, matches, type Selection, substitute } from '../promql/placeholders.ts';
import { QueryError } from './errors.ts';
import type { Source } from './source.ts';
import { EXPOSED_FORMS, findMissingBuckets, rewriteQuery, type StoredForms } from './stored-forms.ts';
import type { TargetView } from './survey/deduplicated-views.ts';
import { nodeOf, nodeOfExporter } from './survey/nodes.ts';
import type { Survey } from './survey/survey.ts';
import { openTargetParts } from './target-parts.ts';

type Labels = Series['labels'];

/** Fills in the placeholders of query templates, sends the queries, and names the node of every answer. */
export type Querier = {
  /** Returns the query that is sent for a template, for people to read. */
  text(template: string, durations: Durations): string;
  /** Rejects with a QueryError also if the query needs histogram buckets that the server does not store. */
  range(template: string, grid: Grid, durations: Durations): Promise<Series[]>;
  /** @param time Unix seconds */
  instant(template: string, time: number, durations: Durations): Promise<Sample[]>;
  /** What the placeholders stand for in the first view. */
  selection: Selection;
  forms: StoredForms;
  /** Returns the same querier for metrics that are stored in other forms. */
  withForms(forms: StoredForms): Querier;
  /** Returns the same querier, which knows how other exporters name the nodes. */
  withExporterNodes(nodes: ReadonlyMap<string, string>): Querier;
};

/** What the survey does not find out before the first queries. */
type Known = { forms: StoredForms; exporterNodes: ReadonlyMap<string, string> };

/**
 * Returns a querier for the targets that a survey found. With several views it sends each query once for every view and
 * merges the answers.
 */
export function openQuerier(source: Source, { views, probe }: Pick<Survey, 'views' | 'probe'>): Querier {
  const [first] = views;
  const rankViews = rankByTargets(views, probe);
  const askInParts = openTargetParts();
  /** By the labels of an answer, which many answers have in common: the labels with the node's name. */
  const labelled = new Map<TargetView, WeakMap<Labels, Labels>>();
  const askViews = <T extends { labels: Labels }>(
    template: string,
    ask: (selection: Selection) => Promise<T[]>,
  ): Promise<T[][]> =>
    Promise.all(
      views.map(async (view) => {
        const { selection, rules } = view;
        const nodeValues = [...rules.agent.nodes.keys()];
        const answer = await askInParts({ template, ask }, { selection, nodeValues });
        const named = labelled.get(view) ?? new WeakMap<Labels, Labels>();
        labelled.set(view, named);
        return answer.map((item) => {
          const labels = named.get(item.labels) ?? addNode(item.labels, view, first);
          named.set(item.labels, labels);
          return { ...item, labels };
        });
      }),
    );
  const querierFor = (known: Known): Querier => {
    const { forms, exporterNodes } = known;
    const fill = (template: string, selection: Selection, durations: Durations) =>
      rewriteQuery(substitute(template, selection, durations), forms);
    return {
      selection: first.selection,
      forms,
      withForms: (stored) => querierFor({ ...known, forms: stored }),
      withExporterNodes: (nodes) => querierFor({ ...known, exporterNodes: nodes }),
      text: (template, durations) => fill(template, first.selection, durations),
      async range(template, grid, durations) {
        const histogram = findMissingBuckets(template, forms);
        if (histogram !== undefined)
          throw new QueryError(
            'rejected',
            `the server stores ${histogram} without its buckets, which the query needs`,
          );
        const answers = await askViews(template, async (selection) =>
          nameNodes((await source.range(fill(template, selection, durations), grid)).series, exporterNodes),
        );
        const [only = []] = answers;
        return answers.length === 1 ? only : mergeSeries(answers, grid, rankViews);
      },
      async instant(template, time, durations) {
        const answers = await askViews(template, async (selection) =>
          nameNodes(
            (await source.instant(fill(template, selection, durations), time)).samples,
            exporterNodes,
          ),
        );
        const [only = []] = answers;
        return answers.length === 1 ? only : mergeSamples(answers);
      },
    };
  };
  return querierFor({ forms: EXPOSED_FORMS, exporterNodes: new Map() });
}

/** Replaces what other exporters call a node by its name. */
function nameNodes<T extends { labels: Labels }>(items: T[], nodes: ReadonlyMap<string, string>): T[] {
  if (nodes.size === 0) return items;
  return items.map((item) => {
    const { node } = item.labels;
    const name = node === undefined ? node : nodeOfExporter(node, nodes);
    return name === undefined || name === node ? item : { ...item, labels: { ...item.labels, node: name } };
  });
}

/** Adds the label `node` with the node's name to the labels of a series that is about a node. */
function addNode(original: Labels, view: TargetView, first: TargetView): Labels {
  const component = original['component'] === 'controller' ? 'controller' : 'agent';
  const labels = view === first ? original : translateToFirst(original, component, view, first);
  const rule = first.rules[component];
  const value = Object.hasOwn(labels, rule.label) ? labels[rule.label] : labels['instance'];
  // Series of other exporters keep the node that they name. A label `node` of Antrea's targets may name something else.
  if (value === undefined || (labels['node'] !== undefined && !rule.nodes.has(value))) return labels;
  return { ...labels, node: nodeOf(labels, rule) };
}

/** Returns the labels that the first view has for the same process, so that both views yield the same series. */
function translateToFirst(labels: Labels, component: Component, view: TargetView, first: TargetView): Labels {
  const [label, firstLabel] = [view.rules[component].label, first.rules[component].label];
  const target = view.labelsInFirstView[component].get(labelOf(labels, label));
  if (target === undefined) return labels;
  // Only series grouped by $target have the label `job`, and then the target's other labels, too.
  const names = labels['job'] === undefined ? [firstLabel] : [firstLabel, 'job', 'instance', 'pod'];
  const rest = Object.entries(labels).filter(([name]) => name !== label && !names.includes(name));
  const translated = Object.entries(target).filter(([name]) => names.includes(name));
  return Object.fromEntries([...rest, ...translated]);
}

/** Returns the indexes of the views at a time in Unix seconds, best first. */
type RankViews = (time: number) => readonly number[];

/** Ranks views by how many targets each saw at the time. */
function rankByTargets(views: Survey['views'], { grid, series }: Survey['probe']): RankViews {
  const targetsSeen = views.map(({ selection: { agent, controller } }) => {
    const scraped = series.filter(
      ({ labels }) => matches(labels, agent.matchers) || matches(labels, controller.matchers),
    );
    return Array.from({ length: grid.count }, (_, index) =>
      scraped.reduce((count, { values }) => count + Number((values[index] ?? 0) > 0), 0),
    );
  });
  return (time) => {
    const index = Math.ceil((time - grid.start) / grid.stepSeconds) - 1;
    const seenBy = (view: number) => targetsSeen[view]?.[index] ?? 0;
    return [...views.keys()].sort((a, b) => seenBy(b) - seenBy(a) || a - b);
  };
}

/** Merges the series of several views: each point has the value of the best-ranked view that has one. */
export function mergeSeries(
  answers: readonly (readonly Series[])[],
  grid: Grid,
  rankViews: RankViews,
): Series[] {
  const byKey = new Map<string, { labels: Labels; values: (Series['values'] | undefined)[] }>();
  for (const [view, answer] of answers.entries()) {
    for (const { labels, values } of answer) {
      const key = labelKey(labels);
      const merged = byKey.get(key) ?? { labels, values: [] };
      // Two successive Pods of this view may be one target of the first view.
      const earlier = merged.values[view];
      merged.values[view] = earlier
        ? earlier.map((value, index) => (isKnown(value) ? value : (values[index] as number)))
        : values;
      byKey.set(key, merged);
    }
  }
  const rankings = Array.from({ length: grid.count }, (_, index) =>
    rankViews(grid.start + (index + 1) * grid.stepSeconds),
  );
  return [...byKey.values()].map(({ labels, values }) => ({
    labels,
    values: Float64Array.from(rankings, (ranking, index) => {
      const view = ranking.find((candidate) => isKnown(values[candidate]?.[index]));
      return view === undefined ? Number.NaN : (values[view]?.[index] as number);
    }),
  }));
}

/**
 * Merges the samples of several views: of samples with the same labels the highest counts, since gaps in a view can only
 * make a count over a whole period too low.
 */
export function mergeSamples(answers: readonly (readonly Sample[])[]): Sample[] {
  const byKey = new Map<string, Sample>();
  for (const sample of answers.flat()) {
    const key = labelKey(sample.labels);
    const known = byKey.get(key);
    if (known === undefined || sample.value > known.value) byKey.set(key, sample);
  }
  return [...byKey.values()];
}
