import { FLOW_EXPORTER_MARKER } from '../model/product.ts';

/** The few shapes that the indicators' PromQL has in common. */

/**
 * Gives every series of Antrea a `node` label to count nodes by: the survey's node label, up to the ";" by which Antrea's
 * own scrape configuration joins node and Pod. Everything that is not counted is grouped by $node and named afterwards
 * (docs/decisions/0012-survey.md).
 */
export function withNode(expression: string): string {
  return `label_replace(${expression}, "node", "$1", $nodeText, "([^;]+)(;.*)?")`;
}

/** The same for series of cAdvisor, which have a `node` label, or the node's name as their `instance`. */
export function withNodeOfKubelet(expression: string): string {
  return `label_replace(label_join(${expression}, "node_instance", ";", "node", "instance"), "node", "$1", "node_instance", ";?([^;]+)(;.*)?")`;
}

/**
 * Mean of the observations of a histogram (or summary) in the rate window, in its own unit. Empty where there was
 * none: "no activity" is not "0 ms". Quantiles are no alternative: Antrea's millisecond histograms end at 10 ms.
 */
export function meanByNode(metric: string, matchers: string, by: readonly string[] = []): string {
  const rates = (suffix: string) =>
    `sum by (${['$node', ...by].join(', ')}) (rate(${metric}_${suffix}{${matchers}}[$window]))`;
  return `${rates('sum')} / (${rates('count')} > 0)`;
}

/** The same over the whole component, for the one that runs once per cluster and may move between nodes. */
export function mean(metric: string, matchers: string): string {
  const rates = (suffix: string) => `sum(rate(${metric}_${suffix}{${matchers}}[$window]))`;
  return `${rates('sum')} / (${rates('count')} > 0)`;
}

/**
 * The rates of a histogram's buckets, for histogram_quantile. Prometheus 3 writes the bound 1 as "1.0". Where an older
 * one wrote "1" into the same storage before, VictoriaMetrics takes them for two bounds over the whole range asked for,
 * and Prometheus 3 refuses to rename one to the other within one selector.
 */
export function bucketRates(metric: string, matchers: string, by: string): string {
  const rates = (bounds: string) => `rate(${metric}_bucket{${matchers},${bounds}}[$window])`;
  const renamed = `label_replace(${rates('le=~".+[.]0"')}, "le", "$1", "le", "(.+)[.]0")`;
  return `(sum by (${by}, le) (${rates('le!~".+[.]0"')}) or sum by (${by}, le) (${renamed}))`;
}

/**
 * How much a counter rose within `duration`. Without a reset, the highest value less the lowest, which is the same on
 * every server: increase() extrapolates to the edges of the window on Prometheus, and counts from the sample before it
 * on VictoriaMetrics. What has to be right to the event is counted by `Indicator.counter` instead.
 */
export function rise(metric: string, matchers: string, duration: string): string {
  const selector = `${metric}{${matchers}}[${duration}]`;
  return `(((max_over_time(${selector}) - min_over_time(${selector})) and resets(${selector}) == 0) or increase(${selector}))`;
}

/**
 * The worst of `expression` within a step: its highest value of every five minutes, so that a step of hours judges
 * what a step of minutes does. A shorter step may lie between two of these moments; then it is the value now.
 */
export function highest(expression: string): string {
  return `(max_over_time(${expression}[$span:5m]) or ${expression})`;
}

/**
 * Only the agents whose Flow Exporter runs: without it, its metrics are a constant 0 that says nothing. The limit of
 * the connection tracking table is the one that is never 0 with it.
 * @param byNode an expression with one series for each value of $node
 */
export function withFlowExporter(byNode: string): string {
  return `${byNode} and on ($node) (max by ($node) (max_over_time(${FLOW_EXPORTER_MARKER}{$agents}[$span])) > 0)`;
}
