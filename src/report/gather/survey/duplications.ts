import { COMPONENTS, type Component } from '../../model/indicator.ts';
import { labelKey } from '../../model/series.ts';
import { type NodeRule, type NodeRules, nodeOf } from './nodes.ts';
import { pointsOf, type Share, sharesOf } from './scrapes.ts';
import type { AntreaTarget, Scrapes, Target } from './targets.ts';

/**
 * The same process may be seen several times: by two replicas of Prometheus, or by two jobs. A view sees each process
 * once; the first is used, and the others fill its gaps. Shards of Prometheus, and replicas that follow each other, are
 * one view together.
 */

export type Duplication = {
  component: Component;
  /** The label that tells the copies apart. */
  label: string;
  /** Its values, those together that see no process twice; the copy that saw most first. */
  copies: readonly (readonly string[])[];
  /** Whether the others saw what the first did not. */
  isFilled: boolean;
};

/** More scrapes of one process than one scraper makes, with room for a Pod that replaces another. */
const DOUBLED = 1.5;

/** A label with more values than this names targets rather than copies, unless the copies differ in nothing else. */
const MOST_VALUES = 8;

/** Replicas that are named after their Pods, and whose Pods are replaced every hour of two days. */
const MOST_REPLICAS = 100;

/**
 * The label whose values are the views of a component's targets; `null` where nothing is seen twice, or no label tells
 * the copies apart.
 * @param mayRepeat whether each of the copies may have copies itself, as where replicas scrape two jobs
 */
function findDuplicationLabel(
  targets: readonly AntreaTarget[],
  scrapes: Scrapes,
  processOf: (target: AntreaTarget) => string,
  mayRepeat = false,
): string | null {
  const share = sharesOf(targets, scrapes);
  const isDoubled = (group: readonly Target[]) => isScrapedTwice(group, pointsOf(group, scrapes), share);
  const groups = [...Map.groupBy(targets, processOf).values()].filter(isDoubled);
  if (groups.length === 0) return null;
  const names = new Set(groups.flat().flatMap(({ labels }) => Object.keys(labels)));
  const candidates = [...names].sort().flatMap((name) => {
    const count = new Set(targets.map(({ labels }) => labels[name] ?? '')).size;
    if (count < 2 || count > MOST_REPLICAS) return [];
    const isOnly = isOnlyDifference(groups, name);
    const tells = mayRepeat
      ? isOnly
      : (isOnly || count <= MOST_VALUES) && groups.every((group) => isToldApart(group, name, isDoubled));
    return tells ? [{ name, isOnly }] : [];
  });
  return candidates.find(({ isOnly }) => isOnly)?.name ?? preferred(candidates.map(({ name }) => name));
}

/** Puts values together that see no process twice. */
function groupValues(
  values: readonly string[],
  label: string,
  targets: readonly AntreaTarget[],
  scrapes: Scrapes,
  processOf: (target: AntreaTarget) => string,
): string[][] {
  const share = sharesOf(targets, scrapes);
  const processes = [...Map.groupBy(targets, processOf).values()];
  const isWhole = (copy: readonly string[]) =>
    !processes
      .map((group) => group.filter(({ labels }) => copy.includes(labels[label] ?? '')))
      .some((group) => isScrapedTwice(group, pointsOf(group, scrapes), share));
  const copies: string[][] = [];
  for (const value of values) {
    const fitting = copies.find((copy) => isWhole([...copy, value]));
    if (fitting) fitting.push(value);
    else copies.push([value]);
  }
  return copies;
}

/** The values of a label, the one that saw most first; what is seen only in part counts as nothing. */
function rankValues(label: string, targets: readonly Target[], scrapes: Scrapes): string[] {
  const byValue = Map.groupBy(targets, ({ labels }) => labels[label] ?? '');
  const totals = new Map(
    [...byValue].map(([value, own]) => [
      value,
      total(
        own.filter(({ isPartial }) => !isPartial),
        scrapes,
      ),
    ]),
  );
  const most = Math.max(1, ...totals.values());
  // A scrape more or less decides nothing.
  const rank = (value: string) => Math.round(((totals.get(value) ?? 0) / most) * 100);
  return [...byValue.keys()].sort((a, b) => rank(b) - rank(a) || (a < b ? -1 : 1));
}

/** A key for the process behind a target: an agent is its node's only one, a controller goes by its Pod or address. */
export function processKey(component: Component, target: Target, rule: NodeRule): string {
  const { labels } = target;
  if (component === 'agent') return nodeOf(labels, rule);
  const pods = rule.places.get(labels[rule.label] ?? '')?.pods ?? [];
  return `${nodeOf(labels, rule)} ${labels['pod'] ?? labels['exported_pod'] ?? pods.at(-1) ?? ''}`;
}

function isScrapedTwice(group: readonly Target[], points: number, share: Share): boolean {
  if (group.length < 2) return false;
  return Array.from(
    { length: points },
    (_, index) => group.reduce((sum, target) => sum + share(target, index), 0) >= DOUBLED,
  ).some(Boolean);
}

/** Whether a label separates a group into copies none of which is itself doubled. */
function isToldApart(
  group: readonly Target[],
  name: string,
  isDoubled: (part: readonly Target[]) => boolean,
): boolean {
  const parts = [...Map.groupBy(group, ({ labels }) => labels[name] ?? '').values()];
  return parts.length > 1 && !parts.some(isDoubled);
}

/** Whether the copies have all other labels in common, as those of replicas do. */
function isOnlyDifference(groups: readonly (readonly Target[])[], name: string): boolean {
  const rest = ({ labels: { [name]: _, ...others } }: Target) => labelKey(others);
  return groups.every((group) => {
    const counts = Map.groupBy(group, rest);
    return [...counts.values()].some((same) => same.length > 1);
  });
}

function preferred(names: readonly string[]): string | null {
  return names.find((name) => name === 'job') ?? names[0] ?? null;
}

function total(targets: readonly Target[], scrapes: Scrapes): number {
  return targets.reduce(
    (sum, target) => (scrapes.get(target) ?? []).reduce<number>((inner, count) => inner + (count ?? 0), sum),
    0,
  );
}

/** Whether any process was seen at a time at which the first view saw nothing or hardly anything of it. */
function leavesGaps(
  first: readonly AntreaTarget[],
  all: readonly AntreaTarget[],
  scrapes: Scrapes,
  processOf: (target: AntreaTarget) => string,
): boolean {
  const own = Map.groupBy(first, processOf);
  return [...Map.groupBy(all, processOf)].some(([process, group]) => {
    const mine = own.get(process) ?? [];
    return Array.from({ length: pointsOf(group, scrapes) }, (_, index) => {
      const most = Math.max(...group.map((target) => scrapes.get(target)?.[index] ?? 0));
      const seen = mine.reduce((sum, target) => sum + (scrapes.get(target)?.[index] ?? 0), 0);
      // One scrape more or less is the beat of the scrapes.
      return most - seen > 1;
    }).some(Boolean);
  });
}

/**
 * By component. Copies that a label other than the job tells apart are the same for both, so that a view has the agents
 * and the controller of one replica, whichever saw more of either.
 */
export function findDuplications(
  found: readonly AntreaTarget[],
  scrapes: Scrapes,
  rules: NodeRules,
): Duplication[] {
  const processOf = (target: AntreaTarget) =>
    `${target.component} ${processKey(target.component, target, rules[target.component])}`;
  const labelled = COMPONENTS.flatMap((component) => {
    const own = found.filter((target) => target.component === component);
    const label = findDuplicationLabel(own, scrapes, processOf);
    if (label !== null) return [{ component, label, own }];
    const outer = findDuplicationLabel(own, scrapes, processOf, true);
    return outer === null ? [] : [{ component, label: outer, own }];
  });
  return labelled.flatMap(({ component, label, own }) => {
    // Jobs are mostly those of one component.
    const among =
      label === 'job' ? own : labelled.filter((one) => one.label === label).flatMap((one) => one.own);
    const copies = groupValues(rankValues(label, among, scrapes), label, among, scrapes, processOf);
    const [used = []] = copies;
    const first = own.filter(({ labels }) => used.includes(labels[label] ?? ''));
    const isFilled = leavesGaps(first, own, scrapes, processOf);
    return [{ component, label, copies, isFilled }, ...copiesWithin(component, first, scrapes, processOf)];
  });
}

/** The copies that one copy has itself. Only the first of them is used. */
function copiesWithin(
  component: Component,
  targets: readonly AntreaTarget[],
  scrapes: Scrapes,
  processOf: (target: AntreaTarget) => string,
): Duplication[] {
  const label = findDuplicationLabel(targets, scrapes, processOf);
  if (label === null) return [];
  const copies = groupValues(rankValues(label, targets, scrapes), label, targets, scrapes, processOf);
  return [{ component, label, copies, isFilled: false }];
}
