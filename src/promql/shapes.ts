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
 * How much a counter rose within `duration`, in whole events: the highest value less the one that was there before.
 * Not by increase(), which Prometheus extrapolates to the edges of the window, while VictoriaMetrics counts from the
 * sample before the window and takes a new series for one that began at 0: events of neighbouring steps would be
 * counted twice, or be fractions. A series that was not there before counts from its first value. After a reset, what
 * was counted up to it and what is counted since are added.
 */
export function rise(metric: string, matchers: string, duration: '$step' | '$period' | '1h'): string {
  const series = `${metric}{${matchers}}`;
  const [highest, lowest, last] = ['max', 'min', 'last'].map(
    (name) => `${name}_over_time(${series}[${duration}])`,
  );
  const before = `(last_over_time(${series}[$window] offset ${duration}) or ${lowest})`;
  const ofPeriod = `increase(${series}[${duration}])`;
  const acrossReset = `clamp_min(${highest} - ${before}, 0) * (${highest} > bool ${last}) + ${last}`;
  return `((${highest} - ${before} >= 0 and resets(${series}[${duration}]) == 0) or ${duration === '$period' ? ofPeriod : `(${acrossReset})`})`;
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
 * @param byNode an expression with one series for each value of $node
 */
export function withFlowExporter(byNode: string): string {
  return `${byNode} and on ($node) (max by ($node) (max_over_time(antrea_agent_conntrack_max_connection_count{$agents}[$span])) > 0)`;
}
