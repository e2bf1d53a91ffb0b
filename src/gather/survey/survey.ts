import { COMPONENTS, type Component } from '../../model/indicator.ts';
import type { Grid, Series } from '../../model/series.ts';
import type { TargetSettings } from '../../model/survey.ts';
import { type Matcher, matcherText } from '../../promql/placeholders.ts';
import { attempt } from '../attempt.ts';
import { planProbe } from '../plan.ts';
import type { Source } from '../source.ts';
import { type Found, isSeenBy, type View, viewsOf } from './build-views.ts';
import { type ClusterChoice, chooseCluster, knownClusterLabel, unusualClusterLabel } from './clusters.ts';
import { askKubernetes, type NodeRule, needsKubernetes, nodeLabelOf, nodeRuleOf } from './nodes.ts';
import { selectorOf } from './selectors.ts';
import { findTargets, matchersIn, scrapesByTarget, type Target, valuesByTarget } from './targets.ts';
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

function isFound(target: Target): target is Found {
  return target.component !== null;
}
