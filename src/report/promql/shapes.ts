import { FLOW_EXPORTER_MARKER, WORKLOAD_PATTERN } from '../model/product.ts';

/** Expressions that several queries have in common. */

/** Returns a query for the series of several queries, without repeating any of them. */
export function union(queries: readonly string[]): string {
  return [...new Set(queries)].join(' or ');
}

/**
 * Gives every series of Antrea a label `node`, for counting nodes: the value of the survey's node label up to ";", with
 * which Antrea's own scrape configuration joins node and Pod. Queries that do not count nodes group by $node, and the node
 * is named afterwards (docs/decisions/0012-survey.md).
 */
export function withNode(expression: string): string {
  return `label_replace(${expression}, "node", "$1", $nodeText, "([^;]+)(;.*)?")`;
}

/**
 * Does the same for series of kubelet, cAdvisor and node-exporter, which have a label `node`, or else the node's name or
 * address as their `instance`. In a report, addresses become names (gather/survey/exporters.ts).
 */
export function withNodeOfExporter(expression: string): string {
  return `label_replace(label_join(${expression}, "node_instance", ";", "node", "instance"), "node", "$1", "node_instance", ";?([^;]+)(;.*)?")`;
}

/** The RE2 expression of Antrea's containers that indicators of containers are about. */
export const CONTAINERS = 'antrea-(agent|ovs|controller)';

/** Gives series about containers of Antrea the label `component`. */
export function withComponent(expression: string): string {
  const ofAgents = `label_replace(${expression}, "component", "agent", "container", "antrea-(agent|ovs)")`;
  return `label_replace(${ofAgents}, "component", "controller", "container", "antrea-controller")`;
}

/** Gives series of kube-state-metrics about Antrea's Pods a label `node`. Pods that are not scheduled yet have none. */
export function withNodeOfPod(expression: string): string {
  const nodes = `max by (namespace, pod, node) (max_over_time(kube_pod_info{pod=~"${WORKLOAD_PATTERN}-.+",node!="",$others}[$span]))`;
  return `(${expression}) * on (namespace, pod) group_left (node) ${nodes}`;
}

/**
 * Returns the mean of a histogram's or summary's observations in the rate window, in the metric's unit. It is empty if
 * there were none: "no activity" is not "0 ms". Quantiles are no alternative, since Antrea's histograms in milliseconds
 * end at 10 ms.
 * @param by labels to group by in addition to the node
 */
export function meanByNode(metric: string, matchers: string, by: readonly string[] = []): string {
  const rates = (suffix: string) =>
    `sum by (${['$node', ...by].join(', ')}) (rate(${metric}_${suffix}{${matchers}}[$window]))`;
  return `${rates('sum')} / (${rates('count')} > 0)`;
}

/** Returns the mean over the whole component, for the one that runs once per cluster and may move between nodes. */
export function mean(metric: string, matchers: string): string {
  const rates = (suffix: string) => `sum(rate(${metric}_${suffix}{${matchers}}[$window]))`;
  return `${rates('sum')} / (${rates('count')} > 0)`;
}

/**
 * Returns the rates of a histogram's buckets, for histogram_quantile. Prometheus 3 writes the bound 1 as "1.0". If an
 * older version wrote "1" into the same storage before, VictoriaMetrics takes them for two bounds over the whole range of
 * the query, and Prometheus 3 refuses to rename one to the other in one selector.
 */
export function bucketRates(metric: string, matchers: string, by: string): string {
  const rates = (bounds: string) => `rate(${metric}_bucket{${matchers},${bounds}}[$window])`;
  const renamed = `label_replace(${rates('le=~".+[.]0"')}, "le", "$1", "le", "(.+)[.]0")`;
  return `(sum by (${by}, le) (${rates('le!~".+[.]0"')}) or sum by (${by}, le) (${renamed}))`;
}

/**
 * Returns how much a counter rose in `duration`. If it was not reset, that is its highest value minus its lowest,
 * which is the same on every server: increase() extrapolates to the edges of the window on Prometheus, and counts from the
 * sample before it on VictoriaMetrics. Exact numbers of events come from `Indicator.counter` instead.
 */
export function rise(metric: string, matchers: string, duration: string): string {
  const selector = `${metric}{${matchers}}[${duration}]`;
  return `(((max_over_time(${selector}) - min_over_time(${selector})) and resets(${selector}) == 0) or increase(${selector}))`;
}

/**
 * Returns the highest value of an expression in a step, sampled every five minutes, so that steps of hours and of
 * minutes are judged alike. A step shorter than five minutes may contain none of these times; it has the value at its end.
 */
export function highest(expression: string): string {
  return `(max_over_time(${expression}[$span:5m]) or ${expression})`;
}

/**
 * Keeps only agents whose Flow Exporter runs; without it, its metrics are a meaningless constant 0.
 * @param byNode an expression with one series for each value of $node
 */
export function withFlowExporter(byNode: string): string {
  return `${byNode} and on ($node) (max by ($node) (max_over_time(${FLOW_EXPORTER_MARKER}{$agents}[$span])) > 0)`;
}
