/**
 * What a metric's name tells of the Antrea version: only names that every agent or controller exposes from its start
 * on, whatever is switched on, so that absence means "older" (or "newer", for names that are gone). Found by testing
 * each release tag of antrea-io/antrea.
 */
export type VersionEvidence = {
  metric: string;
  component: 'agent' | 'controller';
  /** Where it is there: the first release that has it; of back-ported ones the lowest. */
  since?: string;
  /** Where it is absent: the release from which on all have it. */
  everySince?: string;
  /** Where it is there: the first release that has it no more. */
  until?: string;
};

export const VERSION_EVIDENCE: readonly VersionEvidence[] = [
  // pkg/agent/metrics/prometheus.go, antrea-io/antrea#2112
  {
    metric: 'antrea_agent_denied_connection_count',
    component: 'agent',
    since: '1.1.0',
    everySince: '1.1.0',
  },
  // antrea-io/antrea#2668
  {
    metric: 'antrea_agent_flow_collector_reconnection_count',
    component: 'agent',
    since: '1.4.0',
    everySince: '1.4.0',
  },
  // pkg/controller/metrics/prometheus.go: renamed by antrea-io/antrea#5081
  {
    metric: 'antrea_controller_anp_status_updates',
    component: 'controller',
    since: '0.13.0',
    until: '1.13.0',
  },
  { metric: 'antrea_controller_annp_status_updates', component: 'controller', since: '1.13.0' },
  // antrea-io/antrea#5165; on first use in v1.13.0, from the start on since v1.13.1 (#5413)
  {
    metric: 'antrea_agent_ovs_meter_packet_dropped_count',
    component: 'agent',
    since: '1.13.0',
    everySince: '1.13.1',
  },
  // antrea-io/antrea#7460
  {
    metric: 'antrea_agent_conntrack_poll_cycle_duration_seconds',
    component: 'agent',
    since: '2.5.0',
    everySince: '2.5.0',
  },
  // antrea-io/antrea#8251, back-ported to v2.5.3 and v2.6.3
  { metric: 'antrea_agent_fqdn_cache_size', component: 'agent', since: '2.5.3', everySince: '2.7.0' },
];
