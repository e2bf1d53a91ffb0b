import type { ReleaseRange } from '../model/releases.ts';

/**
 * What the presence or absence of a metric says about the Antrea version. Only metrics qualify that every agent or
 * controller exposes from its start, whatever features are on, so that absence means an older release (or a newer one,
 * for a name that was removed). The releases were determined from the release tags of antrea-io/antrea.
 */
export type VersionEvidence = {
  metric: string;
  component: 'agent' | 'controller';
  /** If the metric is present: the first release that exposes it, the lowest if it was back-ported. */
  since?: string;
  /** If the metric is absent: the first release since which every release exposes it. */
  everySince?: string;
  /** If the metric is present: the first release that no longer exposes it. */
  until?: string;
  /** The releases before `everySince` that always expose it, if it was back-ported. */
  backported?: readonly ReleaseRange[];
};

export const VERSION_EVIDENCE: readonly VersionEvidence[] = [
  // Added in pkg/agent/metrics/prometheus.go by antrea-io/antrea#2112.
  {
    metric: 'antrea_agent_denied_connection_count',
    component: 'agent',
    since: '1.1.0',
    everySince: '1.1.0',
  },
  // Added by antrea-io/antrea#2668.
  {
    metric: 'antrea_agent_flow_collector_reconnection_count',
    component: 'agent',
    since: '1.4.0',
    everySince: '1.4.0',
  },
  // Renamed to `antrea_controller_annp_status_updates` by antrea-io/antrea#5081.
  {
    metric: 'antrea_controller_anp_status_updates',
    component: 'controller',
    since: '0.13.0',
    until: '1.13.0',
  },
  { metric: 'antrea_controller_annp_status_updates', component: 'controller', since: '1.13.0' },
  // Added by antrea-io/antrea#5165. In v1.13.0 it appears with its first use, since v1.13.1 from the start (#5413).
  {
    metric: 'antrea_agent_ovs_meter_packet_dropped_count',
    component: 'agent',
    since: '1.13.0',
    everySince: '1.13.1',
  },
  // Added by antrea-io/antrea#7460.
  {
    metric: 'antrea_agent_conntrack_poll_cycle_duration_seconds',
    component: 'agent',
    since: '2.5.0',
    everySince: '2.5.0',
  },
  // Added by antrea-io/antrea#8251 and back-ported to v2.5.3 and v2.6.3.
  {
    metric: 'antrea_agent_fqdn_cache_size',
    component: 'agent',
    since: '2.5.3',
    everySince: '2.7.0',
    backported: [
      { since: '2.5.3', before: '2.6.0' },
      { since: '2.6.3', before: '2.7.0' },
    ],
  },
];
