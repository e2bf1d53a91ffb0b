/** The few shapes that the indicators' PromQL has in common. */

/**
 * Gives every series of `expression` a `node` label, whatever the scrape configuration: the label named $nodeLabel
 * where the series has it, else the part of `instance` before ";" (Antrea's own relabelling joins node and pod with
 * it), else the whole `instance`. A pod that was recreated on a node is thereby still the same node.
 * @param label of other exporters, whose series may be labelled in another way than Antrea's
 */
export function withNode(expression: string, label = '$nodeLabel'): string {
  return `label_replace(label_join(${expression}, "node_instance", ";", "${label}", "instance"), "node", "$1", "node_instance", ";?([^;]+)(;.*)?")`;
}

/**
 * Mean of the observations of a histogram (or summary) in the rate window, in its own unit. Empty where there was
 * none: "no activity" is not "0 ms". Quantiles are no alternative: Antrea's millisecond histograms end at 10 ms.
 */
export function meanByNode(metric: string, matchers: string, by: readonly string[]): string {
  const rates = (suffix: string) =>
    `sum by (${by.join(', ')}) (${withNode(`rate(${metric}_${suffix}{${matchers}}[$window])`)})`;
  return `${rates('sum')} / (${rates('count')} > 0)`;
}

/** The same over the whole component, for the one that runs once per cluster and may move between nodes. */
export function mean(metric: string, matchers: string): string {
  const rates = (suffix: string) => `sum(rate(${metric}_${suffix}{${matchers}}[$window]))`;
  return `${rates('sum')} / (${rates('count')} > 0)`;
}

/**
 * How much a counter rose over the whole period, exactly where that can be had: without a reset, last less first.
 * increase() extrapolates to the edges of the period, which for a pod that lived ten minutes adds up to a tenth; with
 * a reset inside the series it is still the best there is, and rounding makes it whole again.
 */
export function rise(metric: string, matchers: string): string {
  const selector = `${metric}{${matchers}}[$period]`;
  return `(((max_over_time(${selector}) - min_over_time(${selector})) and resets(${selector}) == 0) or increase(${selector}))`;
}

/** The controller's queues of policy computation; `networkpolicy` beside them only writes the status of policies. */
export const POLICY_QUEUES = 'name=~"internalNetworkPolicy|appliedToGroup|addressGroup|internalGroup"';

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
 */
export function withFlowExporter(expression: string): string {
  return `${expression} and on (job, instance, $nodeLabel) (max_over_time(antrea_agent_conntrack_max_connection_count{$agents}[$span]) > 0)`;
}
