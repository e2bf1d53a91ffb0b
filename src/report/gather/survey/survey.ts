import { COMPONENTS, type Component } from '../../model/indicator.ts';
import { MARKERS } from '../../model/product.ts';
import type { Grid, Series } from '../../model/series.ts';
import type { TargetSettings } from '../../model/survey.ts';
import { type Matcher, matcherText } from '../../promql/placeholders.ts';
import { attempt } from '../attempt.ts';
import { planProbe } from '../plan.ts';
import type { Source } from '../source.ts';
import { type ClusterChoice, clusterOf } from './clusters.ts';
import { type Duplication, duplicationsOf } from './duplications.ts';
import { askKubernetes, type NodeRules, needsKubernetes, nodeLabelOf, nodeRuleOf } from './nodes.ts';
import { selectorsOf } from './selectors.ts';
import {
  type Found,
  findTargets,
  isFound,
  matchersIn,
  type SurveyOptions,
  scrapesByTarget,
  type Target,
} from './targets.ts';
import { isSeenBy, type View, viewsOf } from './views.ts';

/**
 * The survey decides, once for each report and from what the server has, who the targets are and what their labels
 * mean. Everything else that is asked follows from it.
 */

export type Survey = {
  /** What every report asks, and, where there are copies with something to add, the views that fill its gaps. */
  views: readonly [View, ...View[]];
  /** The targets of the first view, those that never answered included. */
  targets: readonly Found[];
  cluster: ClusterChoice | null;
  duplications: readonly Duplication[];
  /** How often `up` was scraped in each look-back of the probe, for the interval and for what fills what. */
  probe: { grid: Grid; series: readonly Series[] };
};

/**
 * @throws GatherError where the server has several clusters and none of them is named
 */
export async function makeSurvey(source: Source, options: SurveyOptions): Promise<Survey> {
  const { period, targetSettings } = options;
  const all = await findTargets(source, period, targetSettings);
  const found = all.filter(isFound);
  const probed = planProbe(period.start, period.end);
  const [series, kubernetes] = await Promise.all([
    probe(source, all, targetSettings, probed),
    askForNodes(source, found, options),
  ]);
  const scrapes = scrapesByTarget(series, all);
  const rulesOf = (targets: readonly Found[]) => ruleSet(targets, targetSettings, kubernetes);
  const cluster = await clusterOf(source, { found, scrapes, rules: rulesOf(found) }, options);
  const own = found.filter(
    ({ labels }) => cluster === null || (labels[cluster.label] ?? '') === cluster.value,
  );
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

/** Where there is no `up`, a gauge that every scrape brings is counted instead. */
async function probe(
  source: Source,
  all: readonly Target[],
  targetSettings: TargetSettings,
  { grid, lookBackSeconds }: ReturnType<typeof planProbe>,
): Promise<Series[]> {
  const found = all.filter(isFound);
  if (found.length === 0) return [];
  const countOf = (name: string, matchers: readonly Matcher[]) =>
    `count_over_time(${name}{${matcherText(matchers)}}[${lookBackSeconds}s])`;
  const lacking = new Set(found.filter(({ lacksUp }) => lacksUp).map(({ component }) => component));
  const selectors = selectorsOf(found, all, targetSettings);
  const parts = [
    ...selectors.map(({ matchers }) => countOf('up', matchers)),
    ...selectors
      .filter(({ component }) => lacking.has(component))
      .map(({ component, matchers }) => countOf(MARKERS[component], matchers)),
  ];
  const answer = await attempt(() => source.range([...new Set(parts)].join(' or '), grid));
  return answer.ok ? answer.value.series : [];
}

async function askForNodes(
  source: Source,
  found: readonly Found[],
  { period, targetSettings }: SurveyOptions,
) {
  const isOpen = COMPONENTS.some((component) => {
    const { own, nodeLabel } = nodeLabelIn(found, component, targetSettings);
    return needsKubernetes(own, nodeLabel);
  });
  return isOpen ? askKubernetes(source, period, matchersIn(targetSettings, 'others')) : [];
}

function ruleSet(
  targets: readonly Found[],
  targetSettings: TargetSettings,
  kubernetes: Awaited<ReturnType<typeof askKubernetes>>,
): NodeRules {
  const ruleOf = (component: Component) => {
    const { own, nodeLabel } = nodeLabelIn(targets, component, targetSettings);
    return nodeRuleOf(component, own, nodeLabel, kubernetes);
  };
  return { agent: ruleOf('agent'), controller: ruleOf('controller') };
}

function nodeLabelIn(targets: readonly Found[], component: Component, { nodeLabels }: TargetSettings) {
  const of = (one: Component) => targets.filter((target) => target.component === one);
  const own = of(component);
  return { own, nodeLabel: nodeLabelOf(own, nodeLabels[component], of('agent')) };
}
