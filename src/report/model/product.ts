import type { Component } from './indicator.ts';

/**
 * What this program knows about Antrea, the product that it monitors: the names in Antrea's manifests and metrics.
 * The records in `catalog/` are about Antrea as well, but spell names out, because people copy their queries and
 * commands. A second network plugin gets a sibling of this file and a sibling of `catalog/`.
 *
 * What depends on this file:
 * - `gather/` recognizes agents and controllers by their metrics, jobs, Pods and containers, and reads from
 *   kube-state-metrics how many agents the DaemonSets want.
 * - `promql/shapes.ts` limits queries to agents that run the Flow Exporter.
 * - `render/kit/command.ts` puts the namespace and the containers into commands.
 * - `cli/check/` prints a scrape configuration and commands, and lists the features that are on.
 *
 * A change to a name that appears in a query makes recorded captures unusable: they store answers by query.
 */

/** The namespace of everything that Antrea's manifests install. */
export const NAMESPACE = 'kube-system';

/**
 * The DaemonSet and the Deployment (build/charts/antrea/templates). The main container and the label `component` have
 * the same name; a Pod's name begins with it.
 */
export const WORKLOADS: Readonly<Record<Component, string>> = {
  agent: 'antrea-agent',
  controller: 'antrea-controller',
};

/** An RE2 expression that matches the names in `WORKLOADS`. */
export const WORKLOAD_PATTERN = 'antrea-(agent|controller)';

/** The DaemonSet of the agents on Windows nodes (build/yamls/antrea-windows*.yml). */
export const WINDOWS_DAEMON_SET = 'antrea-agent-windows';

/** All DaemonSets that run agents. */
export const AGENT_DAEMON_SETS: readonly string[] = [WORKLOADS.agent, WINDOWS_DAEMON_SET];

/** The label selector of a component's Pods; it selects the agents on Windows too. */
export const podSelector = (component: Component) => `app=antrea,component=${WORKLOADS[component]}`;

/** The jobs in Antrea's sample configuration, build/yamls/antrea-prometheus.yml. */
export const SAMPLE_JOBS: Readonly<Record<Component, string>> = {
  agent: 'antrea-agents',
  controller: 'antrea-controllers',
};

/** How the names of the metrics begin that only this component exposes. */
export const METRIC_PREFIXES: Readonly<Record<Component, string>> = {
  agent: 'antrea_agent_',
  controller: 'antrea_controller_',
};

/** Gauges without labels that every release since v0.6 exposes as soon as the process starts. */
export const MARKERS: Readonly<Record<Component, string>> = {
  agent: 'antrea_agent_local_pod_count',
  controller: 'antrea_controller_length_network_policy_queue',
};

/** The labels that Antrea gives its metrics, as opposed to the labels of the target; see `catalog/metrics/`. */
export const METRIC_LABELS = 'operation,table_id,table_name,meter_id,reason,le,ip_family,clusterCIDR';

/** Features whose metrics are absent while the feature is off. */
export const FEATURES = [
  { name: 'Antrea Proxy', prefix: 'antrea_proxy_' },
  { name: 'FQDN metrics', prefix: 'antrea_agent_fqdn_' },
  { name: 'Node IPAM', prefix: 'antrea_node_ipam_' },
] as const;

/**
 * The limit of the connection tracking table. The Flow Exporter sets it at every poll, never to 0, so a value above 0
 * shows that the Flow Exporter runs. Without it, this and all of its other metrics are a constant 0.
 */
export const FLOW_EXPORTER_MARKER = 'antrea_agent_conntrack_max_connection_count';

/** The controller's queues that compute policies. Its queue `networkpolicy` only writes the status of policies. */
export const POLICY_QUEUES = 'name=~"internalNetworkPolicy|appliedToGroup|addressGroup|internalGroup"';
