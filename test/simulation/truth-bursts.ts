/** What a report counts over its whole period: the events of all bursts, regardless of counter restarts. */
import { usualBundlesPerMinute } from './agent.ts';
import { type Cluster, controllerNode } from './cluster.ts';
import { BURST_KINDS, type BurstFault, eventCount, type FaultOf, isOf } from './faults.ts';
import type { Truth } from './truth.ts';

type Counted = Pick<Truth, 'check' | 'component' | 'node' | 'split'>;

/** The queues with retries that mean a failure; the others only write a status. */
const JUDGED_QUEUES: readonly string[] = [
  'internalNetworkPolicy',
  'appliedToGroup',
  'addressGroup',
  'internalGroup',
  'networkpolicyrule',
  'noderoute',
];

/** The queues of features, whose retries are found if they continue for half an hour; the highest number in a window. */
const FEATURE_QUEUES: readonly string[] = ['egress', 'egressgroup'];
const CONTINUED_SECONDS = 1800;
const WINDOW_SECONDS = 300;

/** What is counted per hour rather than over the period, and how many are allowed per hour. */
const HOUR = 3600;
const RECONNECTIONS_OF_AN_HOUR = 3;

/** Errors at least this dense are in every look-back of five minutes, … */
const DENSE_SECONDS = 120;

/** … and if they last this long, they fill a quarter of an hour of look-backs. */
const LASTING_SECONDS = 1200;

export function burstTruths(cluster: Cluster): Truth[] {
  const bursts = cluster.faults.filter((fault) => isOf(fault, ...BURST_KINDS)).filter(isJudged);
  const groups = Map.groupBy(bursts, (burst) => JSON.stringify(countedAs(cluster, burst)));
  const totals = [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ ...countedAs(cluster, first), ...totalOf(group) }] : [];
  });
  return [...totals, ...bursts.flatMap((burst) => ratioTruths(cluster, burst))];
}

function isJudged(burst: BurstFault): boolean {
  if (isOfFeature(burst)) return burst.end - burst.start >= CONTINUED_SECONDS;
  if (isOf(burst, 'sync-retries')) return JUDGED_QUEUES.includes(burst.queue);
  return !isOf(burst, 'collector-flapping') || ofAnHour(burst) > RECONNECTIONS_OF_AN_HOUR;
}

function isOfFeature(burst: BurstFault): boolean {
  return isOf(burst, 'sync-retries') && FEATURE_QUEUES.includes(burst.queue);
}

function ofAnHour(burst: BurstFault): number {
  return Math.round(eventCount(burst) * Math.min(1, HOUR / (burst.end - burst.start)));
}

/** Returns how many events of a burst are counted together. */
function countOf(burst: BurstFault): number {
  if (isOf(burst, 'collector-flapping')) return ofAnHour(burst);
  const count = eventCount(burst);
  return isOfFeature(burst) ? Math.round((count * WINDOW_SECONDS) / (burst.end - burst.start)) : count;
}

/** Returns all events of the period, but those of the worst hour or window where only these count. */
function totalOf(group: readonly BurstFault[]): Pick<Truth, 'value' | 'start' | 'end'> {
  const counts = group.map(countOf);
  const isWorst = group.every((burst) => isOf(burst, 'collector-flapping') || isOfFeature(burst));
  return {
    value: isWorst ? Math.max(...counts) : counts.reduce((sum, count) => sum + count, 0),
    start: Math.min(...group.map((burst) => burst.start)),
    end: Math.max(...group.map((burst) => burst.end)),
  };
}

/** Errors without a break are a share of all bundles; the usual number of bundles succeeds. */
function ratioTruths(cluster: Cluster, burst: BurstFault): Truth[] {
  if (!isOf(burst, 'flow-operation-errors')) return [];
  const { node, start, end, errors } = burst;
  if (end - start < LASTING_SECONDS || (end - start) / errors > DENSE_SECONDS) return [];
  const failed = (60 * errors) / (end - start);
  const value = failed / (failed + usualBundlesPerMinute(cluster, (start + end) / 2));
  return [{ check: 'flow-operation-error-ratio', component: 'agent', node, value, start, end }];
}

function countedAs(cluster: Cluster, burst: BurstFault): Counted {
  const on = (check: string, split?: Record<string, string>): Counted => ({
    check,
    ...('node' in burst
      ? { component: 'agent', node: burst.node }
      : { component: 'controller', node: controllerNode(cluster) }),
    ...(split ? { split } : {}),
  });
  switch (burst.kind) {
    case 'flow-operation-errors':
      return on('ovs-flow-operation-errors', { operation: burst.operation });
    case 'sync-retries':
      return on(retriesOf(burst), { name: burst.queue });
    case 'fqdn-evictions':
      return on('fqdn-cache-evictions', { reason: burst.reason });
    case 'packet-in-drops':
      return on('packet-in-drops', { meter_id: burst.meter });
    case 'collector-flapping':
      return on('collector-reconnections');
  }
}

function retriesOf(burst: FaultOf<'sync-retries'>): string {
  if (isOfFeature(burst)) return 'feature-sync-retries';
  return 'node' in burst ? 'rule-sync-retries' : 'policy-sync-retries';
}
