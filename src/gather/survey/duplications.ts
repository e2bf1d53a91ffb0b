import { COMPONENTS, type Component } from '../../model/indicator.ts';
import { type NodeRule, type NodeRules, nodeOf } from './nodes.ts';
import type { Found, Scrapes, Target } from './targets.ts';

/**
 * The same process may be seen several times: by two replicas of Prometheus, or by two jobs. A view sees each process
 * once; the first is used, and the others fill its gaps.
 */

export type Duplication = {
  component: Component;
  /** The label that tells the copies apart. */
  label: string;
  /** Its values, the one that saw most first. */
  values: readonly string[];
  /** Whether the others saw what the first did not. */
  isFilled: boolean;
};

/** More scrapes of one process than one scraper makes, with room for a Pod that replaces another. */
const DOUBLED = 1.5;

/** Copies beyond so many are no replicas. */
const MOST_COPIES = 8;

/**
 * The label whose values are the views of a component's targets; `null` where nothing is seen twice.
 * @param ruleOf the rule of nodes for a target, which may differ between jobs
 */
function findDuplication(
  component: Component,
  targets: readonly Target[],
  scrapes: Scrapes,
  processOf: (target: Target) => string,
): Duplication | null {
  const groups = [...Map.groupBy(targets, processOf).values()].filter((group) =>
    isDoubled(group, targets, scrapes),
  );
  if (groups.length === 0) return null;
  const names = new Set(groups.flat().flatMap(({ labels }) => Object.keys(labels)));
  const distinguishing = [...names].sort().filter((name) => {
    const count = new Set(targets.map(({ labels }) => labels[name] ?? '')).size;
    return (
      count > 1 && count <= MOST_COPIES && groups.every((group) => isToldApart(group, name, targets, scrapes))
    );
  });
  const label = distinguishing.find((name) => isOnlyDifference(groups, name)) ?? preferred(distinguishing);
  if (label === undefined) return null;
  const byValue = Map.groupBy(targets, ({ labels }) => labels[label] ?? '');
  const totals = new Map([...byValue].map(([value, own]) => [value, total(own, scrapes)]));
  const most = Math.max(...totals.values());
  // A scrape more or less decides nothing.
  const rank = (value: string) => Math.round(((totals.get(value) ?? 0) / most) * 100);
  const values = [...byValue.keys()].sort((a, b) => rank(b) - rank(a) || (a < b ? -1 : 1));
  const [first = ''] = values;
  return {
    component,
    label,
    values,
    isFilled: leavesGaps(byValue.get(first) ?? [], targets, scrapes, processOf),
  };
}

/** A key for the process behind a target: an agent is its node's only one, a controller goes by its Pod or address. */
export function processKey(component: Component, target: Target, rule: NodeRule): string {
  const { labels } = target;
  if (component === 'agent') return nodeOf(labels, rule);
  const pods = rule.places.get(labels[rule.label] ?? '')?.pods ?? [];
  return `${nodeOf(labels, rule)} ${labels['pod'] ?? pods.at(-1) ?? ''}`;
}

function isDoubled(group: readonly Target[], all: readonly Target[], scrapes: Scrapes): boolean {
  if (group.length < 2) return false;
  const points = Math.max(0, ...group.map((target) => scrapes.get(target)?.length ?? 0));
  return Array.from({ length: points }, (_, index) => {
    const counts = group.map((target) => scrapes.get(target)?.[index] ?? 0);
    const usual = Math.max(...all.map((target) => scrapes.get(target)?.[index] ?? 0));
    return usual > 1 && counts.reduce((sum, count) => sum + count, 0) >= DOUBLED * usual;
  }).some(Boolean);
}

/** Whether a label separates a group into copies none of which is itself doubled. */
function isToldApart(
  group: readonly Target[],
  name: string,
  all: readonly Target[],
  scrapes: Scrapes,
): boolean {
  const parts = [...Map.groupBy(group, ({ labels }) => labels[name] ?? '').values()];
  return parts.length > 1 && parts.every((part) => !isDoubled(part, all, scrapes));
}

/** Whether the copies have all other labels in common, as those of replicas do. */
function isOnlyDifference(groups: readonly (readonly Target[])[], name: string): boolean {
  const rest = ({ labels: { [name]: _, ...others } }: Target) =>
    JSON.stringify(Object.entries(others).sort());
  return groups.every((group) => {
    const counts = Map.groupBy(group, rest);
    return [...counts.values()].some((same) => same.length > 1);
  });
}

function preferred(names: readonly string[]): string | undefined {
  return names.find((name) => name === 'job') ?? names[0];
}

function total(targets: readonly Target[], scrapes: Scrapes): number {
  return targets.reduce(
    (sum, target) => (scrapes.get(target) ?? []).reduce<number>((inner, count) => inner + (count ?? 0), sum),
    0,
  );
}

/** Whether any process was seen at a time at which the first view saw nothing or hardly anything of it. */
function leavesGaps(
  first: readonly Target[],
  all: readonly Target[],
  scrapes: Scrapes,
  processOf: (target: Target) => string,
): boolean {
  const own = Map.groupBy(first, processOf);
  return [...Map.groupBy(all, processOf)].some(([process, group]) => {
    const mine = own.get(process) ?? [];
    const points = Math.max(0, ...group.map((target) => scrapes.get(target)?.length ?? 0));
    return Array.from({ length: points }, (_, index) => {
      const most = Math.max(...group.map((target) => scrapes.get(target)?.[index] ?? 0));
      const seen = mine.reduce((sum, target) => sum + (scrapes.get(target)?.[index] ?? 0), 0);
      // One scrape more or less is the beat of the scrapes.
      return most - seen > 1;
    }).some(Boolean);
  });
}

/** By component. */
export function duplicationsOf(found: readonly Found[], scrapes: Scrapes, rules: NodeRules): Duplication[] {
  return COMPONENTS.flatMap((component) => {
    const own = found.filter((target) => target.component === component);
    return (
      findDuplication(component, own, scrapes, (target) => processKey(component, target, rules[component])) ??
      []
    );
  });
}
