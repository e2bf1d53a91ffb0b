import type { Component } from '../../model/indicator.ts';
import { SAMPLE_JOBS } from '../../model/product.ts';
import type { TargetSettings } from '../../model/survey.ts';
import { type ComponentSelection, type Matcher, oneOf, type Selection } from '../../promql/placeholders.ts';
import { type ClusterChoice, clusterMatchers, isOfTarget } from './clusters.ts';
import type { Duplication } from './duplications.ts';
import { type NodeRules, windowsMatcher } from './nodes.ts';
import { selectorOf } from './selectors.ts';
import { type Found, matchersIn, type Target } from './targets.ts';

/** One way to see every process once. */
export type View = {
  selection: Selection;
  rules: NodeRules;
  /** By the value of this view's node label: the labels by which the first view knows the same process. */
  twins: Readonly<Record<Component, ReadonlyMap<string, Target['labels']>>>;
};

/** Whether a view sees a target; one of a component that has no copies is seen by all of them. */
export function isSeenBy(target: Found, view: number, duplications: readonly Duplication[]): boolean {
  return copiesSeen(target.component, view, duplications).every(({ label, values }) =>
    values.includes(target.labels[label] ?? ''),
  );
}

/** The labels that tell a component's copies apart, with their values in a view. */
function copiesSeen(component: Component, view: number, duplications: readonly Duplication[]) {
  return duplications
    .filter((one) => one.component === component)
    .map((one, depth) => ({ label: one.label, values: copyOf(one, depth === 0 ? view : 0) }));
}

/** The values of the label in a view. */
function copyOf({ copies }: Duplication, view: number): readonly string[] {
  return copies[Math.min(view, copies.length - 1)] ?? [];
}

type ViewsRequest = {
  own: readonly Found[];
  all: readonly Target[];
  targetSettings: TargetSettings;
  cluster: ClusterChoice | null;
  duplications: readonly Duplication[];
  rulesOf: (targets: readonly Found[]) => NodeRules;
};

export function viewsOf({
  own,
  all,
  targetSettings,
  cluster,
  duplications,
  rulesOf,
}: ViewsRequest): [View, ...View[]] {
  const baseOf = (whose: Component | 'others') => [
    ...matchersIn(targetSettings, whose),
    ...clusterMatchers(cluster),
  ];
  const filled = duplications.filter(({ isFilled }) => isFilled);
  const count = Math.max(1, ...filled.map(({ copies }) => copies.length));
  const viewOf = (index: number): View => {
    const seen = own.filter((target) => isSeenBy(target, index, duplications));
    const rules = rulesOf(seen);
    const selection = (component: Component): ComponentSelection => {
      const mine = seen.filter((target) => target.component === component);
      const others = all.filter((target) => !mine.includes(target as Found));
      const only = copiesSeen(component, index, duplications)
        .filter(({ label }) => label !== 'job')
        .map(({ label, values }) => oneOf(label, values));
      return {
        matchers:
          mine.length > 0
            ? selectorOf(mine, others, [...baseOf(component), ...only])
            : nobody(component, baseOf(component), targetSettings),
        windows: component === 'agent' ? windowsMatcher(mine, rules.agent) : null,
        nodeLabel: rules[component].label,
      };
    };
    return {
      selection: {
        agent: selection('agent'),
        controller: selection('controller'),
        others: othersOf(own, baseOf('others'), duplications, index),
      },
      rules,
      twins: { agent: new Map(), controller: new Map() },
    };
  };
  const first = viewOf(0);
  const firstSeen = own.filter((target) => isSeenBy(target, 0, duplications));
  const others = Array.from({ length: count - 1 }, (_, index): View => {
    const view = viewOf(index + 1);
    const seen = own.filter((target) => isSeenBy(target, index + 1, duplications));
    const twins = (component: Component) => twinsOf(component, seen, view, firstSeen, first);
    return { ...view, twins: { agent: twins('agent'), controller: twins('controller') } };
  });
  return [first, ...others];
}

/** The first view's target of the same Pod, else its newest of the same node. */
function twinsOf(
  component: Component,
  seen: readonly Found[],
  { rules }: View,
  firstSeen: readonly Found[],
  first: View,
): Map<string, Target['labels']> {
  const candidates = firstSeen
    .filter((target) => target.component === component)
    .map(({ labels }) => ({
      labels,
      place: first.rules[component].places.get(labels[first.rules[component].label] ?? ''),
    }));
  return new Map(
    seen.flatMap((target) => {
      const value = target.labels[rules[component].label] ?? '';
      const place = rules[component].places.get(value);
      if (target.component !== component || place === undefined) return [];
      const same = candidates.filter((one) => one.place?.node === place.node);
      const twin = same.find((one) => one.place?.pods.some((pod) => place.pods.includes(pod))) ?? same.at(-1);
      return twin === undefined ? [] : [[value, twin.labels] as const];
    }),
  );
}

/** What is asked of a component that was not found: its usual job, in case it comes. */
function nobody(component: Component, base: readonly Matcher[], { jobs }: TargetSettings): Matcher[] {
  return [...base, oneOf('job', jobs[component] ?? [SAMPLE_JOBS[component]])];
}

/** Replicas see the other exporters twice, too; a second job or endpoint of Antrea's own targets does not. */
function othersOf(
  own: readonly Found[],
  base: readonly Matcher[],
  duplications: readonly Duplication[],
  view: number,
): Matcher[] {
  const replicas = duplications.find(
    ({ label }) => !isOfTarget(label) && own.every(({ labels }) => labels[label] !== undefined),
  );
  if (replicas === undefined) return [...base];
  return [...base, oneOf(replicas.label, copyOf(replicas, view))];
}
