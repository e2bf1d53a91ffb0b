import type { Component } from '../../model/indicator.ts';
import { labelOf } from '../../model/series.ts';
import type { TargetSettings } from '../../model/survey.ts';
import { type ComponentSelection, type Matcher, oneOf, type Selection } from '../../promql/placeholders.ts';
import { type ClusterChoice, clusterMatchers, describesTarget } from './clusters.ts';
import type { Duplication } from './duplications.ts';
import { type NodeRule, type NodeRules, windowsMatcher } from './nodes.ts';
import { buildSelector } from './selectors.ts';
import {
  type AntreaTarget,
  expectedJobs,
  type Labels,
  requiredMatchers,
  type Target,
  targetsOf,
} from './targets.ts';

/** A set of selectors that picks every process once, with the meaning of their labels. */
export type TargetView = {
  selection: Selection;
  rules: NodeRules;
  /** By the value of this view's node label: the labels that the first view has for the same process. */
  labelsInFirstView: Readonly<Record<Component, ReadonlyMap<string, Labels>>>;
};

type ViewsRequest = {
  /** The targets of the cluster. */
  targets: readonly AntreaTarget[];
  /** All targets of the server, from which the selectors must separate those of the cluster. */
  allTargets: readonly Target[];
  targetSettings: TargetSettings;
  cluster: ClusterChoice | null;
  duplications: readonly Duplication[];
  makeRules: (targets: readonly AntreaTarget[]) => NodeRules;
};

/** Returns a view of the first copies, and one for each further copy that fills gaps of the first. */
export function buildViews(request: ViewsRequest): [TargetView, ...TargetView[]] {
  const { targets, duplications } = request;
  const filled = duplications.filter(({ isFilled }) => isFilled);
  const count = Math.max(1, ...filled.map(({ copies }) => copies.length));
  const first = buildView(request, 0);
  const firstTargets = targetsInView(0, targets, duplications);
  const others = Array.from({ length: count - 1 }, (_, index): TargetView => {
    const view = buildView(request, index + 1);
    const viewTargets = targetsInView(index + 1, targets, duplications);
    const match = (component: Component) =>
      matchProcesses(
        { targets: targetsOf(component, viewTargets), rule: view.rules[component] },
        { targets: targetsOf(component, firstTargets), rule: first.rules[component] },
      );
    return { ...view, labelsInFirstView: { agent: match('agent'), controller: match('controller') } };
  });
  return [first, ...others];
}

function buildView(request: ViewsRequest, index: number): TargetView {
  const { targets, allTargets, targetSettings, cluster, duplications, makeRules } = request;
  const viewTargets = targetsInView(index, targets, duplications);
  const rules = makeRules(viewTargets);
  const baseMatchers = (subject: Component | 'others') => [
    ...requiredMatchers(targetSettings, subject),
    ...clusterMatchers(cluster),
  ];
  const select = (component: Component): ComponentSelection => {
    const wanted = targetsOf(component, viewTargets);
    const others = allTargets.filter((target) => !wanted.includes(target as AntreaTarget));
    const base = baseMatchers(component);
    const copies = copiesInView(component, index, duplications)
      .filter(({ label }) => label !== 'job')
      .map(({ label, values }) => oneOf(label, values));
    return {
      matchers:
        wanted.length > 0
          ? buildSelector(wanted, others, [...base, ...copies])
          : // A component that was not found is queried by its usual job, in case it appears.
            [...base, oneOf('job', expectedJobs(component, targetSettings))],
      windows: component === 'agent' ? windowsMatcher(wanted, rules.agent) : null,
      nodeLabel: rules[component].label,
    };
  };
  return {
    selection: {
      agent: select('agent'),
      controller: select('controller'),
      others: [...baseMatchers('others'), ...replicaMatchers(index, targets, duplications)],
    },
    rules,
    labelsInFirstView: { agent: new Map(), controller: new Map() },
  };
}

/** Returns the targets in a view; those of a component without copies are in every view. */
export function targetsInView(
  view: number,
  targets: readonly AntreaTarget[],
  duplications: readonly Duplication[],
): AntreaTarget[] {
  return targets.filter(({ component, labels }) =>
    copiesInView(component, view, duplications).every(({ label, values }) =>
      values.includes(labelOf(labels, label)),
    ),
  );
}

type Copy = { label: string; values: readonly string[] };

/** Returns the copies of a component in a view. If a copy itself contains copies, every view has the first. */
function copiesInView(component: Component, view: number, duplications: readonly Duplication[]): Copy[] {
  return duplications
    .filter((duplication) => duplication.component === component)
    .map((duplication, depth) => copyInView(duplication, depth === 0 ? view : 0));
}

/** A component with fewer copies than there are views has its last copy in the further ones. */
function copyInView({ label, copies }: Duplication, view: number): Copy {
  return { label, values: copies[Math.min(view, copies.length - 1)] ?? [] };
}

/**
 * Returns the matcher for the replica of a view, which other exporters are scraped by, too. A second job or endpoint of
 * Antrea's targets has nothing to do with other exporters.
 */
function replicaMatchers(
  view: number,
  targets: readonly AntreaTarget[],
  duplications: readonly Duplication[],
): Matcher[] {
  const replicas = duplications.find(
    ({ label }) => !describesTarget(label) && targets.every(({ labels }) => Object.hasOwn(labels, label)),
  );
  if (replicas === undefined) return [];
  const { label, values } = copyInView(replicas, view);
  return [oneOf(label, values)];
}

type ViewTargets = { targets: readonly AntreaTarget[]; rule: NodeRule };

/**
 * Returns the labels of the same process in the first view, by the value of the other view's node label. The same process
 * is the target with the same Pod, or else the newest on the same node.
 */
function matchProcesses(view: ViewTargets, first: ViewTargets): Map<string, Labels> {
  const candidates = first.targets.map(({ labels }) => ({
    labels,
    ...first.rule.nodes.get(labelOf(labels, first.rule.label)),
  }));
  const byNode = Map.groupBy(candidates, ({ node }) => node);
  return new Map(
    view.targets.flatMap(({ labels }) => {
      const value = labelOf(labels, view.rule.label);
      const node = view.rule.nodes.get(value);
      if (node === undefined) return [];
      const sameNode = byNode.get(node.node) ?? [];
      const samePod = sameNode.find(({ pods }) => pods?.some((pod) => node.pods.includes(pod)));
      const match = samePod ?? sameNode.at(-1);
      return match === undefined ? [] : [[value, match.labels] as const];
    }),
  );
}
