import { sum } from 'd3-array';
import { COMPONENTS, type Component } from '../../model/indicator.ts';
import { knownValues, labelKey, labelOf } from '../../model/series.ts';
import { type NodeRules, nodeOf } from './nodes.ts';
import { inAnyLookBack, type Scrapes, scrapeCount, scrapeShares } from './scrapes.ts';
import { type AntreaTarget, labelValues, type Target, targetsOf } from './targets.ts';

/**
 * Several targets may be the same process: two replicas of Prometheus or two jobs scrape it. Such copies of the targets
 * are recognized by a label. A report uses one copy, and the others for its gaps. Shards of Prometheus, and
 * replicas that succeed each other, form one copy together.
 */
export type Duplication = {
  component: Component;
  /** The label by which the copies differ. */
  label: string;
  /** For each copy the values of the label. The copy that was scraped most comes first. */
  copies: readonly (readonly string[])[];
  /** Whether the other copies have data for times without data in the first. */
  isFilled: boolean;
};

/** More scrapes of one process, as a share of those of one scraper, with a margin for a Pod that replaces another. */
const DUPLICATED_SHARE = 1.5;

/** A label with more values identifies targets rather than copies, unless the copies differ in nothing else. */
const MAX_VALUES = 8;

/** Enough for two replicas named after their Pods, if the Pods are replaced every hour of two days. */
const MAX_REPLICAS = 100;

type Context = {
  scrapes: Scrapes;
  /** Returns a key for the process behind a target. */
  processOf: (target: AntreaTarget) => string;
};

/**
 * Returns the duplications of each component. Copies that differ in another label than the job are the same for agents
 * and controller, so that both are taken from the same replica, whichever saw more of either.
 */
export function findDuplications(
  found: readonly AntreaTarget[],
  scrapes: Scrapes,
  rules: NodeRules,
): Duplication[] {
  const processOf = (target: AntreaTarget) => `${target.component} ${processKey(target, rules)}`;
  const context = { scrapes, processOf };
  const duplicated = COMPONENTS.flatMap((component) => {
    const targets = targetsOf(component, found);
    const label =
      findDuplicationLabel(targets, context) ?? findDuplicationLabel(targets, context, { isOuter: true });
    return label === null ? [] : [{ component, label, targets }];
  });
  return duplicated.flatMap(({ component, label, targets }) => {
    // A job mostly has targets of one component.
    const ranked =
      label === 'job' ? targets : duplicated.flatMap((other) => (other.label === label ? other.targets : []));
    const copies = groupIntoCopies(label, ranked, context);
    const first = targetsOfFirst(copies, label, targets);
    const isFilled = leavesGaps(first, targets, context);
    // The first copy may itself contain copies; only the first of these is used.
    const inner = findDuplicationLabel(first, context);
    return [
      { component, label, copies, isFilled },
      ...(inner === null
        ? []
        : [{ component, label: inner, copies: groupIntoCopies(inner, first, context), isFilled: false }]),
    ];
  });
}

/** Returns a key for the process behind a target: an agent is the only one of its node, a controller has its own Pod. */
export function processKey({ component, labels }: AntreaTarget, rules: NodeRules): string {
  const rule = rules[component];
  if (component === 'agent') return nodeOf(labels, rule);
  const pods = rule.nodes.get(labelOf(labels, rule.label))?.pods ?? [];
  return `${nodeOf(labels, rule)} ${labels['pod'] ?? labels['exported_pod'] ?? pods.at(-1) ?? ''}`;
}

function targetsOfFirst([first = []]: string[][], label: string, targets: readonly AntreaTarget[]) {
  return targets.filter(({ labels }) => first.includes(labelOf(labels, label)));
}

/**
 * Returns the label by which copies of a component's targets differ; `null` if no process is scraped twice, or if no
 * label separates the copies.
 * @param isOuter whether each copy may contain copies itself, as if two replicas scrape two jobs
 */
function findDuplicationLabel(
  targets: readonly AntreaTarget[],
  { scrapes, processOf }: Context,
  { isOuter = false } = {},
): string | null {
  const isDuplicated = duplicationTest(targets, scrapes);
  const processes = [...Map.groupBy(targets, processOf).values()].filter(isDuplicated);
  if (processes.length === 0) return null;
  const separates = (name: string, process: readonly Target[]) => {
    const parts = [...Map.groupBy(process, ({ labels }) => labelOf(labels, name)).values()];
    return parts.length > 1 && !parts.some(isDuplicated);
  };
  const names = new Set(processes.flat().flatMap(({ labels }) => Object.keys(labels)));
  const candidates = [...names].sort().flatMap((name) => {
    const count = labelValues(targets, name).length;
    if (count < 2 || count > MAX_REPLICAS) return [];
    const isOnly = isOnlyDifference(name, processes);
    const isCandidate = isOuter
      ? isOnly
      : (isOnly || count <= MAX_VALUES) && processes.every((process) => separates(name, process));
    return isCandidate ? [{ name, isOnly }] : [];
  });
  const best =
    candidates.find(({ isOnly }) => isOnly) ?? candidates.find(({ name }) => name === 'job') ?? candidates[0];
  return best?.name ?? null;
}

/** Returns a test for whether the targets of one process were scraped by several scrapers at the same time. */
function duplicationTest(all: readonly Target[], scrapes: Scrapes): (process: readonly Target[]) => boolean {
  const share = scrapeShares(all, scrapes);
  return (process) =>
    process.length > 1 &&
    inAnyLookBack(
      process,
      scrapes,
      (lookBack) => process.reduce((sum, target) => sum + share(target, lookBack), 0) >= DUPLICATED_SHARE,
    );
}

/** Whether the copies of each process have all other labels in common, as those of replicas do. */
function isOnlyDifference(name: string, processes: readonly (readonly Target[])[]): boolean {
  const otherLabels = ({ labels: { [name]: _, ...others } }: Target) => labelKey(others);
  return processes.every((process) =>
    [...Map.groupBy(process, otherLabels).values()].some((same) => same.length > 1),
  );
}

/** Groups the values of a label into copies that each scrape no process twice. */
function groupIntoCopies(
  label: string,
  targets: readonly AntreaTarget[],
  { scrapes, processOf }: Context,
): string[][] {
  const isDuplicated = duplicationTest(targets, scrapes);
  const processes = [...Map.groupBy(targets, processOf).values()];
  const isOneCopy = (values: readonly string[]) =>
    !processes.some((process) =>
      isDuplicated(process.filter(({ labels }) => values.includes(labelOf(labels, label)))),
    );
  const copies: string[][] = [];
  for (const value of rankValues(label, targets, scrapes)) {
    const fitting = copies.find((copy) => isOneCopy([...copy, value]));
    if (fitting) fitting.push(value);
    else copies.push([value]);
  }
  return copies;
}

/** Returns the values of a label, the one with most scrapes first. Scrapes of incomplete targets do not count. */
function rankValues(label: string, targets: readonly Target[], scrapes: Scrapes): string[] {
  const byValue = Map.groupBy(targets, ({ labels }) => labelOf(labels, label));
  const totals = new Map([...byValue].map(([value, group]) => [value, countScrapes(group, scrapes)]));
  const most = Math.max(1, ...totals.values());
  // A percent is the precision, so that a scrape more or less does not decide.
  const rank = (value: string) => Math.round(((totals.get(value) ?? 0) / most) * 100);
  return [...byValue.keys()].sort((a, b) => rank(b) - rank(a) || (a < b ? -1 : 1));
}

function countScrapes(targets: readonly Target[], scrapes: Scrapes): number {
  return targets
    .filter(({ isPartial }) => !isPartial)
    .flatMap((target) => scrapes.get(target) ?? [])
    .reduce((total, series) => total + sum(knownValues(series.values)), 0);
}

/** Whether any process was scraped while the first copy had no or almost no scrapes of it. */
function leavesGaps(
  first: readonly AntreaTarget[],
  all: readonly AntreaTarget[],
  { scrapes, processOf }: Context,
): boolean {
  const firstByProcess = Map.groupBy(first, processOf);
  return [...Map.groupBy(all, processOf)].some(([process, group]) =>
    inAnyLookBack(group, scrapes, (lookBack) => {
      const countOf = (target: Target) => scrapeCount(target, lookBack, scrapes);
      const most = Math.max(...group.map(countOf));
      const seen = (firstByProcess.get(process) ?? []).reduce((sum, target) => sum + countOf(target), 0);
      // One scrape of difference is a matter of phase.
      return most - seen > 1;
    }),
  );
}
