import { COMPONENTS, type Component } from '../../model/indicator.ts';
import type { Grid, Series } from '../../model/series.ts';
import type { ReportSurvey, TargetSettings } from '../../model/survey.ts';
import {
  type ComponentSelection,
  type Matcher,
  matcherText,
  matches,
  oneOf,
  type Selection,
} from '../../promql/placeholders.ts';
import { attempt } from '../attempt.ts';
import type { Forms } from '../forms.ts';
import { planProbe } from '../plan.ts';
import type { Source } from '../source.ts';
import {
  type ClusterChoice,
  chooseCluster,
  clusterMatchers,
  isOfTarget,
  knownClusterLabel,
  unusualClusterLabel,
} from './clusters.ts';
import {
  askKubernetes,
  type NodeRule,
  needsKubernetes,
  nodeLabelOf,
  nodeRuleOf,
  windowsMatcher,
} from './nodes.ts';
import { selectorOf } from './selectors.ts';
import {
  findTargets,
  matchersIn,
  SAMPLE_JOBS,
  scrapesByTarget,
  type Target,
  valuesByTarget,
} from './targets.ts';
import { type Duplication, findDuplication, processKey } from './views.ts';

/**
 * The survey decides, once for each report and from what the server has, who the targets are and what their labels
 * mean. Everything else that is asked follows from it.
 */

export type SurveyOptions = {
  /** The name that the user gives the cluster; where one server holds several, the value of the label. */
  cluster: string;
  /** Unix seconds. */
  period: { start: number; end: number };
  targetSettings: TargetSettings;
};

/** One way to see every process once. */
export type View = {
  selection: Selection;
  rules: Readonly<Record<Component, NodeRule>>;
  /** By the value of this view's node label: the labels by which the first view knows the same process. */
  twins: Readonly<Record<Component, ReadonlyMap<string, Target['labels']>>>;
};

export type Survey = {
  /** What every report asks, and, where there are copies with something to add, the views that fill its gaps. */
  views: readonly [View, ...View[]];
  /** The targets of the first view, those that never answered included. */
  targets: readonly (Target & { component: Component })[];
  cluster: ClusterChoice | null;
  duplications: readonly Duplication[];
  /** How often `up` was scraped in each look-back of the probe, for the interval and for what fills what. */
  probe: { grid: Grid; series: readonly Series[] };
};

type Found = Target & { component: Component };
type Scrapes = ReadonlyMap<Target, Series['values']>;

/**
 * @throws GatherError where the server has several clusters and none of them is named
 */
export async function makeSurvey(source: Source, options: SurveyOptions): Promise<Survey> {
  const { period, targetSettings } = options;
  const all = await findTargets(source, period, targetSettings);
  const everybody = selectionsOf(all.filter(isFound), all, targetSettings);
  const probed = planProbe(period.start, period.end);
  const [series, kubernetes] = await Promise.all([
    probe(source, everybody, probed),
    askForNodes(source, all.filter(isFound), options),
  ]);
  const scrapes = scrapesByTarget(series, all);
  const rulesOf = (targets: readonly Found[]) => ruleSet(targets, targetSettings, kubernetes);
  const found = all.filter(isFound);
  const cluster = await clusterOf(source, found, scrapes, rulesOf(found), options);
  const own = found.filter(({ labels }) => cluster === null || labels[cluster.label] === cluster.value);
  const duplications = duplicationsOf(own, scrapes, rulesOf(own));
  const views = viewsOf({ own, all, targetSettings, cluster, duplications, rulesOf });
  return {
    views,
    targets: own.filter((target) => isSeenBy(target, 0, duplications)),
    cluster,
    duplications,
    probe: { grid: probed.grid, series },
  };
}

function isFound(target: Target): target is Found {
  return target.component !== null;
}

async function probe(
  source: Source,
  selectors: readonly (readonly Matcher[])[],
  { grid, lookBackSeconds }: ReturnType<typeof planProbe>,
): Promise<Series[]> {
  if (selectors.length === 0) return [];
  const parts = selectors.map((one) => `count_over_time(up{${matcherText(one)}}[${lookBackSeconds}s])`);
  const answer = await attempt(() => source.range([...new Set(parts)].join(' or '), grid));
  return answer.ok ? answer.value.series : [];
}

/** Selectors of the components that there are. */
function selectionsOf(
  found: readonly Found[],
  all: readonly Target[],
  targetSettings: TargetSettings,
): readonly (readonly Matcher[])[] {
  return COMPONENTS.flatMap((component) => {
    const own = found.filter((target) => target.component === component);
    const others = all.filter((target) => target.component !== component);
    return own.length === 0 ? [] : [selectorOf(own, others, matchersIn(targetSettings, component))];
  });
}

async function askForNodes(
  source: Source,
  found: readonly Found[],
  { period, targetSettings }: SurveyOptions,
) {
  const isOpen = COMPONENTS.some((component) => {
    const own = found.filter((target) => target.component === component);
    return needsKubernetes(own, nodeLabelOf(own, targetSettings.nodeLabels[component]));
  });
  return isOpen ? askKubernetes(source, period, matchersIn(targetSettings, 'others')) : [];
}

function ruleSet(
  targets: readonly Found[],
  { nodeLabels }: TargetSettings,
  kubernetes: Awaited<ReturnType<typeof askKubernetes>>,
): Record<Component, NodeRule> {
  const ruleOf = (component: Component) => {
    const own = targets.filter((target) => target.component === component);
    return nodeRuleOf(component, own, nodeLabelOf(own, nodeLabels[component]), kubernetes);
  };
  return { agent: ruleOf('agent'), controller: ruleOf('controller') };
}

/** @throws GatherError where there are several clusters and none of them has the wanted name */
async function clusterOf(
  source: Source,
  found: readonly Found[],
  scrapes: Scrapes,
  rules: Record<Component, NodeRule>,
  options: SurveyOptions,
): Promise<ClusterChoice | null> {
  const { cluster: wanted } = options;
  const known = knownClusterLabel(found);
  if (known !== null) return chooseCluster(found, known, wanted);
  const duplications = duplicationsOf(found, scrapes, rules);
  const mixed = await findMixed(source, options, found, duplications, rules);
  const label =
    mixed ??
    unusualClusterLabel(
      found,
      scrapes,
      duplications.map((one) => one.label),
    );
  return label === null ? null : chooseCluster(found, label, wanted);
}

/** Two scrapes of one process agree on its start, but for a second (client_golang#289). */
const SAME_START_SECONDS = 60;

/**
 * The label of what looks like copies of the same targets but is other processes: of clusters with nodes of the same
 * names. One process has one start.
 */
async function findMixed(
  source: Source,
  { period: { start, end }, targetSettings }: SurveyOptions,
  found: readonly Found[],
  duplications: readonly Duplication[],
  rules: Record<Component, NodeRule>,
): Promise<string | null> {
  if (duplications.length === 0) return null;
  const parts = selectionsOf(found, found, targetSettings).map(
    (one) => `max_over_time(process_start_time_seconds{${matcherText(one)}}[${end - start}s])`,
  );
  const answer = await attempt(() => source.instant([...new Set(parts)].join(' or '), end));
  if (!answer.ok) return null;
  const starts = valuesByTarget(answer.value.samples, found);
  const mixed = duplications.find(({ component, label }) => {
    const own = found.filter((target) => target.component === component);
    const groups = [
      ...Map.groupBy(own, (target) => processKey(component, target, rules[component])).values(),
    ];
    const spans = groups.flatMap((group) => {
      const latest = [...Map.groupBy(group, ({ labels }) => labels[label] ?? '').values()].map((copies) =>
        Math.max(...copies.map((target) => starts.get(target) ?? Number.NaN)),
      );
      return latest.length < 2 || latest.some(Number.isNaN)
        ? []
        : [Math.max(...latest) - Math.min(...latest)];
    });
    return spans.filter((span) => span > SAME_START_SECONDS).length > spans.length / 2;
  });
  return mixed?.label ?? null;
}

function duplicationsOf(
  found: readonly Found[],
  scrapes: Scrapes,
  rules: Record<Component, NodeRule>,
): Duplication[] {
  return COMPONENTS.flatMap((component) => {
    const own = found.filter((target) => target.component === component);
    return (
      findDuplication(component, own, scrapes, (target) => processKey(component, target, rules[component])) ??
      []
    );
  });
}

/** Whether a view sees a target; one of a component that has no copies is seen by all of them. */
function isSeenBy(target: Found, view: number, duplications: readonly Duplication[]): boolean {
  const own = duplications.find(({ component }) => component === target.component);
  return (
    own === undefined ||
    own.values[Math.min(view, own.values.length - 1)] === (target.labels[own.label] ?? '')
  );
}

type ViewsRequest = {
  own: readonly Found[];
  all: readonly Target[];
  targetSettings: TargetSettings;
  cluster: ClusterChoice | null;
  duplications: readonly Duplication[];
  rulesOf: (targets: readonly Found[]) => Record<Component, NodeRule>;
};

function viewsOf({
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
  const count = Math.max(1, ...filled.map(({ values }) => values.length));
  const viewOf = (index: number): View => {
    const seen = own.filter((target) => isSeenBy(target, index, duplications));
    const rules = rulesOf(seen);
    const selection = (component: Component): ComponentSelection => {
      const mine = seen.filter((target) => target.component === component);
      const others = all.filter((target) => !mine.includes(target as Found));
      const copies = duplications.find((one) => one.component === component);
      const value = copies?.values[Math.min(index, copies.values.length - 1)] ?? '';
      const only: Matcher[] =
        copies && copies.label !== 'job' ? [{ label: copies.label, operator: '=', value }] : [];
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
        others: othersOf(own, baseOf('others'), duplications),
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
): Matcher[] {
  const replicas = duplications.find(
    ({ label }) => !isOfTarget(label) && own.every(({ labels }) => labels[label] !== undefined),
  );
  const [value] = replicas?.values ?? [];
  return replicas && value !== undefined
    ? [...base, { label: replicas.label, operator: '=', value }]
    : [...base];
}

/** Of some thirty questions of a period, three are answered by target, which a recreated Pod changes. */
const QUESTIONS_BY_TARGET = 1 / 10;

/**
 * How many lines to expect of an indicator: one for each process, however often its Pod was recreated. Where that was
 * very often, what is asked by target counts as well.
 */
export function countLines({ targets, views: [{ rules }] }: Survey): number {
  const lines = new Set(
    targets.map((target) => processKey(target.component, target, rules[target.component])),
  );
  return Math.max(lines.size, Math.ceil(targets.length * QUESTIONS_BY_TARGET));
}

/** The Pods of each node, the newest last, by component. */
export function podsByNode({ views: [{ rules }] }: Survey): Record<Component, Record<string, string[]>> {
  const ofRule = ({ places }: NodeRule) => {
    const byNode = Map.groupBy(places.values(), ({ node }) => node);
    return Object.fromEntries([...byNode].map(([node, own]) => [node, own.flatMap(({ pods }) => [...pods])]));
  };
  return { agent: ofRule(rules.agent), controller: ofRule(rules.controller) };
}

/** The survey as a report says it. */
export function describeSurvey(
  survey: Survey,
  forms: Forms,
  elsewhere: ReportSurvey['elsewhere'],
): ReportSurvey {
  const { targets, cluster, duplications } = survey;
  const [{ selection, rules }] = survey.views;
  const describe = (component: Component) => {
    const own = targets.filter((target) => target.component === component);
    return {
      targets: own.length,
      selector: matcherText(selection[component].matchers),
      jobs: [...new Set(own.map(({ labels }) => labels['job'] ?? ''))].sort(),
      foundBy: own.some(({ foundBy }) => foundBy === 'metrics') ? ('metrics' as const) : ('names' as const),
      nodeFrom: rules[component].source,
      nodeLabel: rules[component].label,
    };
  };
  const { windows } = selection.agent;
  return {
    agent: describe('agent'),
    controller: describe('controller'),
    windowsAgents: windows === null ? 0 : targets.filter(({ labels }) => matches(labels, [windows])).length,
    cluster: cluster && { ...cluster, others: [...cluster.others] },
    duplications: duplications.map((one) => ({ ...one, values: [...one.values] })),
    forms: [
      ...(forms.withTotal.size > 0 ? (['total-suffix'] as const) : []),
      ...(forms.native.size > 0 ? (['native-histograms'] as const) : []),
    ],
    elsewhere,
  };
}
