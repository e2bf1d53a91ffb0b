/** What an agent exposes under `antrea_agent_`. */
import { type AntreaVersion, activeFault, type Cluster, faultsOf, type Target } from './cluster.ts';
import { alwaysZero, type Family, plainGauge } from './family.ts';
import { contains, errorTimes, OPERATIONS, type Operation } from './faults.ts';
import { daytime, drift, pick } from './random.ts';
import {
  type Column,
  constant,
  counter,
  emptyTally,
  gauge,
  histogram,
  type Observed,
  restarts,
  tally,
} from './values.ts';

/** Share of the flows in each table; numbers of tables are assigned at run time since Antrea 1.6. */
const TABLES = [
  ['2', 'Classifier', 0.02],
  ['3', 'SpoofGuard', 0.06],
  ['6', 'ConntrackState', 0.01],
  ['10', 'ServiceLB', 0.22],
  ['11', 'EndpointDNAT', 0.29],
  ['12', 'AntreaPolicyEgressRule', 0.08],
  ['13', 'EgressRule', 0.05],
  ['17', 'L3Forwarding', 0.12],
  ['22', 'AntreaPolicyIngressRule', 0.09],
  ['29', 'Output', 0.06],
] as const;

/** Seconds after an agent's start until it has replayed its flows, and how long that one big bundle takes. */
const REPLAY_AFTER = 4;
const REPLAY_MILLISECONDS = 3400;

const BUNDLES_PER_MINUTE: Record<Operation, number> = { add: 3, modify: 0.8, delete: 2.6 };

const POLL_BOUNDS = ['0.01', '0.025', '0.05', '0.1', '0.25', '0.5', '1', '2.5', '5', '10', '+Inf'];

/** 26 to 76 Pods, up to 11 % more or fewer over the day. */
function healthyPods(target: Target, seconds: number): number {
  const usual = pick(26, 76, target.key, 'pods');
  return Math.round(usual * (1 + 0.06 * daytime(seconds) + 0.05 * drift(target.key, seconds, 7200)));
}

function pods(target: Target, seconds: number): number {
  return activeFault(target, 'pods', seconds)?.level ?? healthyPods(target, seconds);
}

function policies(target: Target, seconds: number): number {
  return Math.round(pick(14, 40, target.key, 'policies') + 1.5 * drift(target.key ^ 1, seconds, 14_400));
}

/**
 * Services, routes and policies make most of the flows and each Pod adds a few: a node that fills up with Pods does not
 * double its flows, and so does not pass for one whose pipeline changed.
 */
function flowsOfTable(target: Target, share: number, seconds: number, startedAt: number): number {
  if (seconds < startedAt + REPLAY_AFTER || activeFault(target, 'empty-pipeline', seconds)) return 0;
  return Math.round(share * (2400 + 5 * pods(target, seconds) + 12 * policies(target, seconds)));
}

const flowCount: Family = {
  name: 'antrea_agent_ovs_flow_count',
  type: 'gauge',
  exposedBy: ['agent'],
  *columns(cluster, target): Generator<Column> {
    for (const [id, name, share] of TABLES) {
      const values = gauge(target, (seconds, life) => flowsOfTable(target, share, seconds, life.startedAt));
      yield {
        labels: cluster.antrea === '1.2' ? { table_id: id } : { table_id: id, table_name: name },
        values,
      };
    }
  },
};

const totalFlowCount: Family = {
  name: 'antrea_agent_ovs_total_flow_count',
  type: 'gauge',
  exposedBy: ['agent'],
  columns: (_cluster, target) => [
    {
      values: gauge(target, (seconds, life) =>
        TABLES.reduce((sum, [, , share]) => sum + flowsOfTable(target, share, seconds, life.startedAt), 0),
      ),
    },
  ],
};

/** 0 to 8 ms a bundle, mostly 1 or 2, unless OVS is slow; whole milliseconds, as Antrea records them. */
function bundles(cluster: Cluster, target: Target, operation: Operation): Observed {
  const errors = faultsOf(target, 'flow-operation-errors').filter((fault) => fault.operation === operation);
  const slow = faultsOf(target, 'slow-flow-operations').filter(
    (fault) => (fault.operation ?? operation) === operation,
  );
  const replays = operation === 'add' ? restarts(cluster, target) : [];
  return {
    name: `flow-operations/${operation}`,
    perMinute: BUNDLES_PER_MINUTE[operation],
    activity: (seconds) => 1 + 0.4 * daytime(seconds),
    value(next, seconds) {
      const drawn = Math.floor(9 * next() ** 2.5);
      return slow.find((fault) => contains(fault, seconds))?.milliseconds ?? drawn;
    },
    extra: [
      // A bundle that fails is observed too.
      ...errors.flatMap((fault) => errorTimes(fault).map((at) => ({ at, value: 3 }))),
      ...replays.map((life) => ({ at: life.startedAt + REPLAY_AFTER, value: REPLAY_MILLISECONDS })),
    ],
  };
}

function failures(cluster: Cluster, target: Target, operation: Operation): Float64Array {
  const moments = faultsOf(target, 'flow-operation-errors')
    .filter((fault) => fault.operation === operation)
    .flatMap(errorTimes);
  return counter(cluster, target, (from, to) => moments.filter((at) => at > from && at <= to).length);
}

/** One series for each operation. */
function byOperation(
  name: string,
  values: (cluster: Cluster, target: Target, operation: Operation) => Float64Array,
): Family {
  const columns = (cluster: Cluster, target: Target) =>
    OPERATIONS.map((operation) => ({ labels: { operation }, values: values(cluster, target, operation) }));
  return { name, type: 'counter', exposedBy: ['agent'], columns };
}

const flowOperations = byOperation('antrea_agent_ovs_flow_ops_count', (cluster, target, operation) => {
  const failed = failures(cluster, target, operation);
  const observed = tally(cluster, target, bundles(cluster, target, operation), []);
  return observed.count.map((count, index) => count - (failed[index] ?? 0));
});

const flowOperationErrors = byOperation('antrea_agent_ovs_flow_ops_error_count', failures);

const flowOperationLatency: Family = {
  name: 'antrea_agent_ovs_flow_ops_latency_milliseconds',
  type: 'histogram',
  exposedBy: ['agent'],
  *columns(cluster, target) {
    for (const operation of OPERATIONS) {
      yield* histogram(tally(cluster, target, bundles(cluster, target, operation)), { operation });
    }
  },
};

/** A gauge that only the Flow Exporter writes. */
function ofFlowExporter(name: string, valueAt: (target: Target, seconds: number) => number): Family {
  return plainGauge(
    name,
    'agent',
    (cluster, target) => (seconds) => (cluster.flowExporter ? valueAt(target, seconds) : 0),
  );
}

function connections(target: Target, seconds: number): number {
  const usual = pick(600, 2400, target.key, 'connections');
  return Math.round(usual * (1 + 0.25 * daytime(seconds) + 0.15 * drift(target.key ^ 2, seconds, 1800)));
}

const connectionPoll: Family = {
  name: 'antrea_agent_conntrack_poll_cycle_duration_seconds',
  type: 'histogram',
  exposedBy: ['agent'],
  columns(cluster, target) {
    if (!cluster.flowExporter) return histogram(emptyTally(target, POLL_BOUNDS));
    const polls: Observed = { name: 'polls', perMinute: 12, value: (next) => 0.008 + 0.04 * next() };
    return histogram(tally(cluster, target, polls, POLL_BOUNDS));
  },
};

const METERS = ['PacketInMeterNetworkPolicy', 'PacketInMeterTraceflow', 'PacketInMeterDNSInterception'];

const SINCE_1_2: readonly Family[] = [
  plainGauge(
    'antrea_agent_local_pod_count',
    'agent',
    (_cluster, target) => (seconds) => pods(target, seconds),
  ),
  plainGauge(
    'antrea_agent_networkpolicy_count',
    'agent',
    (_cluster, target) => (seconds) => policies(target, seconds),
  ),
  plainGauge(
    'antrea_agent_ingress_networkpolicy_rule_count',
    'agent',
    (_cluster, target) => (seconds) => Math.round(2.2 * policies(target, seconds)),
  ),
  plainGauge(
    'antrea_agent_egress_networkpolicy_rule_count',
    'agent',
    (_cluster, target) => (seconds) => Math.round(0.9 * policies(target, seconds)),
  ),
  totalFlowCount,
  flowCount,
  flowOperations,
  flowOperationErrors,
  flowOperationLatency,
  ofFlowExporter('antrea_agent_conntrack_total_connection_count', connections),
  ofFlowExporter('antrea_agent_conntrack_antrea_connection_count', (target, seconds) =>
    Math.round(0.6 * connections(target, seconds)),
  ),
  ofFlowExporter('antrea_agent_conntrack_max_connection_count', () => 262_144),
  ofFlowExporter('antrea_agent_denied_connection_count', (target, seconds) =>
    Math.round(6 + 5 * drift(target.key ^ 3, seconds, 900)),
  ),
];

const SINCE_1_13: readonly Family[] = [
  ofFlowExporter('antrea_agent_flow_collector_reconnection_count', () => 1),
  alwaysZero('antrea_agent_ovs_meter_packet_dropped_count', 'gauge', 'agent', 'meter_id', METERS),
];

const SINCE_2_7: readonly Family[] = [
  connectionPoll,
  {
    name: 'antrea_agent_fqdn_cache_size',
    type: 'gauge',
    exposedBy: ['agent'],
    columns: (_cluster, target) => [
      { values: constant(target, Math.round(pick(8, 60, target.key, 'names'))) },
    ],
  },
  alwaysZero('antrea_agent_fqdn_cache_eviction_count', 'counter', 'agent', 'reason', [
    'selector_limit',
    'total_limit',
  ]),
];

export function agentFamilies(antrea: AntreaVersion): Family[] {
  if (antrea === '1.2') return [...SINCE_1_2];
  return antrea === '1.13' ? [...SINCE_1_2, ...SINCE_1_13] : [...SINCE_1_2, ...SINCE_1_13, ...SINCE_2_7];
}
