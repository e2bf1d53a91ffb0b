/** Metrics of the Flow Exporter, which runs in the agent. Without it, all of them stay 0. */
import { type AntreaVersion, activeFault, busyness, type Cluster, faultsOf, type Target } from './cluster.ts';
import { countedEvents, type Family, plainGauge } from './family.ts';
import { contains } from './faults.ts';
import { daytime, drift, pick } from './random.ts';
import { emptyTally, histogram, type Observed, tally } from './values.ts';

/** The kernel's default on a node with much memory, net.netfilter.nf_conntrack_max. */
const MOST_CONNECTIONS = 262_144;

/** `flowPollInterval`, in seconds. */
const POLL_INTERVAL = 5;

export const POLL_BOUNDS = ['0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '+Inf'];

/** A gauge that only the Flow Exporter writes. */
function written(
  name: string,
  valueAt: (cluster: Cluster, target: Target, seconds: number) => number,
): Family {
  return plainGauge(
    name,
    'agent',
    (cluster, target) => (seconds) => (cluster.flowExporter ? valueAt(cluster, target, seconds) : 0),
  );
}

function connections(cluster: Cluster, target: Target, seconds: number): number {
  const full = activeFault(target, 'conntrack-full', seconds);
  if (full) return Math.round(full.ratio * MOST_CONNECTIONS);
  const usual = pick(600, 2400, target.key, 'connections') * busyness(cluster, seconds);
  return Math.round(usual * (1 + 0.25 * daytime(seconds) + 0.15 * drift(target.key ^ 2, seconds, 1800)));
}

/** 1 to 11 of them are tracked at a time, without the fault of denied connections. */
function denied(target: Target, seconds: number): number {
  const fault = activeFault(target, 'denied-connections', seconds);
  return fault ? fault.level : Math.round(6 + 5 * drift(target.key ^ 3, seconds, 900));
}

/** The first connection counts too, so 1 is healthy and 0 is not. */
const reconnections: Family = {
  name: 'antrea_agent_flow_collector_reconnection_count',
  // A gauge for Prometheus, but Antrea only adds to it.
  type: 'gauge',
  exposedBy: ['agent'],
  columns(cluster, target) {
    const more = countedEvents(cluster, target, faultsOf(target, 'collector-flapping'));
    const values = more.map((count, index) => {
      const seconds = (target.scrapes[index] ?? 0) / 1000;
      return activeFault(target, 'collector-unreachable', seconds) ? 0 : 1 + count;
    });
    return [{ values: cluster.flowExporter ? values : values.fill(0) }];
  },
};

/** 8 to 48 ms per poll. */
function polls(target: Target): Observed {
  const slow = faultsOf(target, 'slow-conntrack-poll');
  const now = (seconds: number) => slow.find((fault) => contains(fault, seconds))?.seconds;
  return {
    name: 'polls',
    perMinute: 60 / POLL_INTERVAL,
    activity: (seconds) => POLL_INTERVAL / Math.max(POLL_INTERVAL, now(seconds) ?? 0),
    value(next, seconds) {
      const drawn = 0.008 + 0.04 * next();
      return now(seconds) ?? drawn;
    },
  };
}

const pollDuration: Family = {
  name: 'antrea_agent_conntrack_poll_cycle_duration_seconds',
  type: 'histogram',
  exposedBy: ['agent'],
  columns: (cluster, target) =>
    histogram(
      cluster.flowExporter
        ? tally(cluster, target, polls(target), POLL_BOUNDS)
        : emptyTally(target, POLL_BOUNDS),
    ),
};

const SINCE_1_2: readonly Family[] = [
  written('antrea_agent_conntrack_total_connection_count', connections),
  written('antrea_agent_conntrack_antrea_connection_count', (cluster, target, seconds) =>
    Math.round(0.6 * connections(cluster, target, seconds)),
  ),
  written('antrea_agent_conntrack_max_connection_count', () => MOST_CONNECTIONS),
  written('antrea_agent_denied_connection_count', (_cluster, target, seconds) => denied(target, seconds)),
];

/** Since v1.4.0. */
const SINCE_1_13: readonly Family[] = [reconnections];

/** Since v2.5.0. */
const SINCE_2_7: readonly Family[] = [pollDuration];

export function flowExporterFamilies(antrea: AntreaVersion): Family[] {
  if (antrea === '1.2') return [...SINCE_1_2];
  return antrea === '1.13' ? [...SINCE_1_2, ...SINCE_1_13] : [...SINCE_1_2, ...SINCE_1_13, ...SINCE_2_7];
}
