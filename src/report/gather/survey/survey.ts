import { COMPONENTS, type Component } from '../../model/indicator.ts';
import { MARKERS } from '../../model/product.ts';
import type { Grid, Series } from '../../model/series.ts';
import { labelOf } from '../../model/series.ts';
import { type Matcher, matcherText } from '../../promql/placeholders.ts';
import { union } from '../../promql/shapes.ts';
import { attempt } from '../attempt.ts';
import { planProbe } from '../plan.ts';
import type { Source } from '../source.ts';
import {
  type ClusterChoice,
  chooseCluster,
  findKnownClusterLabel,
  findUnusualClusterLabel,
} from './clusters.ts';
import { buildViews, type TargetView, targetsInView } from './deduplicated-views.ts';
import { type Duplication, findDuplications } from './duplications.ts';
import { findTargets } from './find-targets.ts';
import { findByTarget } from './join-targets.ts';
import { askKubernetes, type KnownNode, needsKubernetes } from './kubernetes.ts';
import { findNodeLabel } from './node-label.ts';
import { makeNodeRule, type NodeRules } from './nodes.ts';
import { buildSelectors } from './selectors.ts';
import {
  type AntreaTarget,
  isAntreaTarget,
  requiredMatchers,
  type SurveyOptions,
  type Target,
  targetsOf,
} from './targets.ts';

/** The targets that a report is about, and what their labels mean. All other queries follow from it. */
export type Survey = {
  /** The view that every query uses, and the views that fill its gaps. */
  views: readonly [TargetView, ...TargetView[]];
  /** The targets of the first view, also those that never answered. */
  targets: readonly AntreaTarget[];
  cluster: ClusterChoice | null;
  duplications: readonly Duplication[];
  /** How often `up` was scraped in each look-back, from which the scrape interval and the gaps of views follow. */
  probe: { grid: Grid; series: readonly Series[] };
  /** Whether kube-state-metrics named nodes or Pods; it is asked only if labels do not. */
  hasKubernetesNames: boolean;
};

/**
 * Finds out from the series of the server which targets are Antrea's and what their labels mean
 * (docs/decisions/0012-survey.md).
 * @throws GatherError if the server does not answer, or if it has several clusters and none of them is chosen
 */
export async function makeSurvey(source: Source, options: SurveyOptions): Promise<Survey> {
  const { targetSettings } = options;
  const allTargets = await findTargets(source, options);
  const found = allTargets.filter(isAntreaTarget);
  const [probe, knownNodes] = await Promise.all([
    probeScrapes(source, allTargets, options),
    askKubernetesIfNeeded(source, found, options),
  ]);
  const scrapes = findByTarget(allTargets, probe.series);
  const makeRules = (targets: readonly AntreaTarget[]) => makeNodeRules(targets, options, knownNodes);

  const knownLabel = findKnownClusterLabel(found);
  const rules = makeRules(found);
  const duplicationsOfAll = knownLabel === null ? findDuplications(found, scrapes, rules) : [];
  const findings = { found, scrapes, rules, duplications: duplicationsOfAll };
  const label = knownLabel ?? (await findUnusualClusterLabel(source, findings, options));
  const cluster = label === null ? null : chooseCluster(found, label, options.cluster);
  const targets = found.filter(
    ({ labels }) => cluster === null || labelOf(labels, cluster.label) === cluster.value,
  );
  const duplications =
    cluster === null ? duplicationsOfAll : findDuplications(targets, scrapes, makeRules(targets));
  return {
    views: buildViews({ targets, allTargets, targetSettings, cluster, duplications, makeRules }),
    targets: targetsInView(0, targets, duplications),
    cluster,
    duplications,
    probe,
    hasKubernetesNames: knownNodes.length > 0,
  };
}

/** Counts the samples of `up`, or those of the marker for a component with targets that lack `up`. */
async function probeScrapes(
  source: Source,
  allTargets: readonly Target[],
  { period, targetSettings }: SurveyOptions,
): Promise<Survey['probe']> {
  const { grid, lookBackSeconds } = planProbe(period.start, period.end);
  const found = allTargets.filter(isAntreaTarget);
  if (found.length === 0) return { grid, series: [] };
  const count = (name: string, matchers: readonly Matcher[]) =>
    `count_over_time(${name}{${matcherText(matchers)}}[${lookBackSeconds}s])`;
  const lackUp = new Set(found.filter(({ lacksUp }) => lacksUp).map(({ component }) => component));
  const selectors = buildSelectors(found, allTargets, targetSettings);
  const parts = [
    ...selectors.map(({ matchers }) => count('up', matchers)),
    ...selectors
      .filter(({ component }) => lackUp.has(component))
      .map(({ component, matchers }) => count(MARKERS[component], matchers)),
  ];
  const answer = await attempt(() => source.range(union(parts), grid));
  return { grid, series: answer.ok ? answer.value.series : [] };
}

async function askKubernetesIfNeeded(
  source: Source,
  found: readonly AntreaTarget[],
  options: SurveyOptions,
): Promise<readonly KnownNode[]> {
  const isNeeded = COMPONENTS.some((component) => {
    const { targets, nodeLabel } = labelledTargets(component, found, options);
    return needsKubernetes(targets, nodeLabel);
  });
  return isNeeded
    ? askKubernetes(source, options.period, requiredMatchers(options.targetSettings, 'others'))
    : [];
}

function makeNodeRules(
  found: readonly AntreaTarget[],
  options: SurveyOptions,
  known: readonly KnownNode[],
): NodeRules {
  const makeRule = (component: Component) => {
    const { targets, nodeLabel } = labelledTargets(component, found, options);
    return makeNodeRule(targets, { component, nodeLabel, known });
  };
  return { agent: makeRule('agent'), controller: makeRule('controller') };
}

/** Returns the targets of a component with the label that names their nodes. */
function labelledTargets(
  component: Component,
  found: readonly AntreaTarget[],
  { targetSettings: { nodeLabels } }: SurveyOptions,
) {
  const targets = targetsOf(component, found);
  return { targets, nodeLabel: findNodeLabel(targets, nodeLabels[component], targetsOf('agent', found)) };
}
