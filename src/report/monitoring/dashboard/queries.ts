import type { Indicator } from '../../model/indicator.ts';
import { MARKERS } from '../../model/product.ts';
import {
  type ComponentSelection,
  type DurationTexts,
  type Matcher,
  matcherText,
  type Selection,
} from '../../promql/placeholders.ts';
import { durationOf, isPerNode, openQueries } from '../queries.ts';
import type { MonitoredTargets } from '../targets.ts';

/** The shortest distance of two points, for which the thresholds are made: that of a report on a day. */
export const MIN_INTERVAL = '5m';

/** The queries of a dashboard, with its variables. */
export type DashboardQueries = {
  ofIndicator(indicator: Indicator): string;
  /** The queries for the values of the variables. */
  clusters: string;
  nodes: string;
  /** What of a value is the name of a node. */
  nodePattern: string;
  /** The cluster that is chosen at first; `null` to take the first one. */
  cluster: string | null;
};

/** The label that separates clusters where neither a survey nor the configuration names another one. */
const USUAL_CLUSTER_LABEL = 'cluster';

export function openDashboardQueries(targets: MonitoredTargets): DashboardQueries {
  const [clusterLabel = USUAL_CLUSTER_LABEL] = Object.keys(targets.cluster);
  const { selection } = targets;
  const withCluster = (matchers: readonly Matcher[]) => [
    ...matchers.filter(({ label }) => label !== clusterLabel),
    // Without such a label the variable is empty, and an empty value selects the series without the label.
    equal(clusterLabel, '$cluster'),
  ];
  const ofCluster: Selection = {
    agent: { ...selection.agent, matchers: withCluster(selection.agent.matchers) },
    controller: { ...selection.controller, matchers: withCluster(selection.controller.matchers) },
    others: withCluster(selection.others),
  };
  const ofNodes: Selection = { ...ofCluster, agent: withNodes(ofCluster.agent) };
  const durations = durationsFor(targets.scrapeIntervalSeconds);
  const [all, chosen] = [ofCluster, ofNodes].map((selected) =>
    openQueries({ selection: selected, forms: targets.forms }, durations),
  );
  const { nodeLabel } = selection.agent;
  const marker = (matchers: readonly Matcher[]) => `${MARKERS.agent}{${matcherText(matchers)}}`;
  const everyCluster = selection.agent.matchers.filter(({ label }) => label !== clusterLabel);
  return {
    ofIndicator: (indicator) =>
      ((comparesNodes(indicator) ? all : chosen) ?? all)?.bySubject(indicator) ?? '',
    clusters: `label_values(${marker(everyCluster)}, ${clusterLabel})`,
    nodes: `label_values(${marker(ofCluster.agent.matchers)}, ${nodeLabel})`,
    nodePattern: nodeLabel === 'node' ? '' : '/([^;]+)/',
    cluster: targets.cluster[clusterLabel] ?? null,
  };
}

/**
 * Whether the result for a node depends on other nodes, as a number of nodes or a distance from their median does. The
 * variable for nodes does not apply to such an indicator.
 */
function comparesNodes(indicator: Indicator): boolean {
  return !isPerNode(indicator) || /\bby \((?!\$node\b)/.test(indicator.query);
}

function withNodes(selection: ComponentSelection): ComponentSelection {
  const { nodeLabel, matchers } = selection;
  const value = nodeLabel === 'node' ? '$node' : '($node)(;.*)?';
  return { ...selection, matchers: [...matchers, { label: nodeLabel, operator: '=~', value }] };
}

const equal = (label: string, value: string): Matcher => ({ label, operator: '=', value });

/** Grafana's `$__rate_interval` is the interval and one scrape more, as the rate window of a report. */
function durationsFor(scrapeIntervalSeconds: number): DurationTexts {
  return {
    window: '$__rate_interval',
    span: '$__interval',
    interval: durationOf(scrapeIntervalSeconds),
    step: '$__interval',
    period: '$__range',
  };
}
