/** What an agent exposes under `antrea_agent_`. */
import { type AntreaVersion, activeFault, busyness, type Cluster, faultsOf, type Target } from './cluster.ts';
import { countedEvents, eventFamily, type Family, plainGauge } from './family.ts';
import { contains, EVICTION_REASONS, eventTimes, METERS, OPERATIONS, type Operation } from './faults.ts';
import { grown, usualPods } from './levels.ts';
import { daytime, drift, pick } from './random.ts';
import { type Column, gauge, histogram, NO_BOUNDS, type Observed, restarts, tally } from './values.ts';

/** Share of the flows in each table. Since Antrea 1.6, the numbers of tables are assigned at run time. */
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

/** Seconds from an agent's start until it has replayed its flows, and the duration of that one large bundle. */
const REPLAY_AFTER = 4;
const REPLAY_MILLISECONDS = 3400;

const BUNDLES_PER_MINUTE: Record<Operation, number> = { add: 3, modify: 0.8, delete: 2.6 };

/** 26 to 76 Pods, which vary by up to 11 % over the day. */
function healthyPods(cluster: Cluster, target: Target, seconds: number): number {
  const usual = usualPods(target.key) * busyness(cluster, seconds);
  return usual * (1 + 0.06 * daytime(seconds) + 0.05 * drift(target.key, seconds, 7200));
}

function pods(cluster: Cluster, target: Target, seconds: number): number {
  const level = activeFault(target, 'pods', seconds)?.level;
  if (level !== undefined) return level;
  const growth = activeFault(target, 'pods-growth', seconds);
  const more = growth ? grown(growth.perDay, growth.start, seconds) : 0;
  return Math.round(healthyPods(cluster, target, seconds) + more);
}

function policies(cluster: Cluster, target: Target, seconds: number): number {
  const usual = pick(14, 40, target.key, 'policies') * (0.5 + 0.5 * busyness(cluster, seconds));
  return Math.round(usual + 1.5 * drift(target.key ^ 1, seconds, 14_400));
}

/**
 * Most flows result from Services, routes and policies, and each Pod adds a few. So a node that fills up with Pods does
 * not double its flows, which would look like a change of its pipeline.
 */
function flows(cluster: Cluster, target: Target, seconds: number, startedAt: number): number {
  if (seconds < startedAt + REPLAY_AFTER || activeFault(target, 'empty-pipeline', seconds)) return 0;
  const ratio = activeFault(target, 'flows-step', seconds)?.ratio ?? 1;
  return ratio * (2400 + 5 * pods(cluster, target, seconds) + 12 * policies(cluster, target, seconds));
}

const flowCount: Family = {
  name: 'antrea_agent_ovs_flow_count',
  type: 'gauge',
  exposedBy: ['agent'],
  *columns(cluster, target): Generator<Column> {
    const all = gauge(target, (seconds, life) => flows(cluster, target, seconds, life.startedAt));
    for (const [id, name, share] of TABLES) {
      const values = all.map((count) => Math.round(share * count));
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
  columns(cluster, target) {
    const all = gauge(target, (seconds, life) => flows(cluster, target, seconds, life.startedAt));
    const total = (count: number) => TABLES.reduce((sum, [, , share]) => sum + Math.round(share * count), 0);
    return [{ values: all.map(total) }];
  },
};

/** Bundles of all operations, at all hours. */
export function usualBundlesPerMinute(cluster: Cluster, seconds: number): number {
  const all = OPERATIONS.reduce((sum, operation) => sum + BUNDLES_PER_MINUTE[operation], 0);
  return all * bundleActivity(cluster, seconds);
}

function bundleActivity(cluster: Cluster, seconds: number): number {
  return (1 + 0.4 * daytime(seconds)) * busyness(cluster, seconds);
}

/** 0 to 8 ms per bundle, mostly 1 or 2, unless OVS is slow; in whole milliseconds, as Antrea records them. */
function bundles(cluster: Cluster, target: Target, operation: Operation): Observed {
  const errors = faultsOf(target, 'flow-operation-errors').filter((fault) => fault.operation === operation);
  const slow = faultsOf(target, 'slow-flow-operations').filter(
    (fault) => (fault.operation ?? operation) === operation,
  );
  const replays = operation === 'add' ? restarts(cluster, target) : [];
  return {
    name: `flow-operations/${operation}`,
    perMinute: BUNDLES_PER_MINUTE[operation],
    activity: (seconds) => bundleActivity(cluster, seconds),
    value(next, seconds) {
      const drawn = Math.floor(9 * next() ** 2.5);
      return slow.find((fault) => contains(fault, seconds))?.milliseconds ?? drawn;
    },
    extra: [
      // Failed bundles are observed too.
      ...errors.flatMap((fault) => eventTimes(fault).map((at) => ({ at, value: 3 }))),
      ...replays.map((life) => ({ at: life.startedAt + REPLAY_AFTER, value: REPLAY_MILLISECONDS })),
    ],
  };
}

function failures(cluster: Cluster, target: Target, operation: Operation): Float64Array {
  const bursts = faultsOf(target, 'flow-operation-errors').filter((fault) => fault.operation === operation);
  return countedEvents(cluster, target, bursts);
}

/** One series per operation. */
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
      yield* histogram(tally(cluster, target, bundles(cluster, target, operation), NO_BOUNDS), { operation });
    }
  },
};

/** The FQDN rules of the node. */
const cachedNames: Family = plainGauge('antrea_agent_fqdn_cache_size', 'agent', (_cluster, target) => {
  const usual = Math.round(pick(8, 60, target.key, 'names'));
  return (seconds) => activeFault(target, 'fqdn-cache', seconds)?.size ?? usual;
});

const evictions = eventFamily(
  'antrea_agent_fqdn_cache_eviction_count',
  'counter',
  'reason',
  EVICTION_REASONS,
  (target, reason) => faultsOf(target, 'fqdn-evictions').filter((fault) => fault.reason === reason),
);

/** A counter of Antrea that it exposes as a gauge. */
const meterDrops = eventFamily(
  'antrea_agent_ovs_meter_packet_dropped_count',
  'gauge',
  'meter_id',
  METERS,
  (target, meter) => faultsOf(target, 'packet-in-drops').filter((fault) => fault.meter === meter),
);

const SINCE_1_2: readonly Family[] = [
  plainGauge(
    'antrea_agent_local_pod_count',
    'agent',
    (cluster, target) => (seconds) => pods(cluster, target, seconds),
  ),
  plainGauge(
    'antrea_agent_networkpolicy_count',
    'agent',
    (cluster, target) => (seconds) => policies(cluster, target, seconds),
  ),
  plainGauge(
    'antrea_agent_ingress_networkpolicy_rule_count',
    'agent',
    (cluster, target) => (seconds) => Math.round(2.2 * policies(cluster, target, seconds)),
  ),
  plainGauge(
    'antrea_agent_egress_networkpolicy_rule_count',
    'agent',
    (cluster, target) => (seconds) => Math.round(0.9 * policies(cluster, target, seconds)),
  ),
  totalFlowCount,
  flowCount,
  flowOperations,
  flowOperationErrors,
  flowOperationLatency,
];

/** All three meters from the start on, as in v1.13.1. */
const SINCE_1_13: readonly Family[] = [meterDrops];

const SINCE_2_7: readonly Family[] = [cachedNames, evictions];

export function agentFamilies(antrea: AntreaVersion): Family[] {
  if (antrea === '1.2') return [...SINCE_1_2];
  return antrea === '1.13' ? [...SINCE_1_2, ...SINCE_1_13] : [...SINCE_1_2, ...SINCE_1_13, ...SINCE_2_7];
}
