/**
 * What a report on a simulated cluster has to find, derived from the faults only, never from the samples.
 *
 * `start` and `end` are those of the fault itself. Queries that look back (rate windows, `max_over_time`) show it from
 * the first point after `start` until one look-back after `end`. A mean over a window exceeds a threshold once enough
 * of the window's observations are slow. So tests compare times with a tolerance of one look-back and one step. The
 * databases have no staleness markers: instant selectors return a target for five minutes after it is gone. So tests
 * compare gaps with that tolerance too, or count scrapes in ranges.
 */
import { CLUSTER_SUBJECT, CONTROLLER_SUBJECT, PROMETHEUS_SUBJECT } from '../../src/report/model/report.ts';
import { type Cluster, clusterOf, controllerNode, type Simulation } from './cluster.ts';
import { type Fault, OPERATIONS, SMALL_DESCRIPTOR_LIMIT, type Sync } from './faults.ts';
import { POLL_BOUNDS } from './flow-exporter.ts';
import { RETRIED_SYNCS } from './proxy.ts';
import { BACKLOG_ITEMS, QUEUE_OF, WAITING_FACTOR } from './syncs.ts';
import { absenceTruths } from './truth-absences.ts';
import { burstTruths } from './truth-bursts.ts';
import { exporterTruths } from './truth-exporters.ts';
import { trendTruths } from './truth-trends.ts';
import { bucketQuantile } from './values.ts';
import { boundsOf } from './workqueues.ts';

export type Truth = {
  /** Id of the indicator or of the coverage check. */
  check: string;
  /** `cluster`: the finding is not about a single process. `prometheus`: it is about Prometheus itself. */
  component: 'agent' | 'controller' | 'cluster' | 'prometheus';
  /** Absent if it is about the whole component, for instance the controller's syncs. */
  node?: string;
  /** The labels that distinguish several series of the node. */
  split?: Readonly<Record<string, string>>;
  /** The reading in the indicator's unit; seconds without a scrape, or restarts, for coverage checks. */
  value: number;
  start: number;
  end: number;
};

/** Returns the subject in a report that knows the names of nodes. */
export function subjectOf({ component, node }: Truth): string {
  if (component === 'controller') return CONTROLLER_SUBJECT;
  if (component === 'prometheus') return PROMETHEUS_SUBJECT;
  return component === 'cluster' ? CLUSTER_SUBJECT : (node ?? '');
}

const SYNC_INDICATORS: Record<Sync, string> = {
  network_policy: 'network-policy-sync-duration',
  address_group: 'address-group-sync-duration',
  applied_to_group: 'applied-to-group-sync-duration',
};

export function truthsOf(simulation: Simulation): Truth[] {
  const cluster = clusterOf(simulation);
  return [
    ...cluster.faults.flatMap((fault) => stateTruths(cluster, fault)),
    ...trendTruths(cluster),
    ...absenceTruths(cluster),
    ...burstTruths(cluster),
    ...exporterTruths(cluster),
  ];
}

/** Returns the truths of faults with one level for their whole span. */
function stateTruths(cluster: Cluster, fault: Fault): Truth[] {
  const { start, end } = fault;
  const truth = (check: string, value: number, split?: Record<string, string>): Truth => {
    return { check, ...placeOf(cluster, fault), ...(split ? { split } : {}), value, start, end };
  };
  switch (fault.kind) {
    case 'pods':
      return [truth('local-pod-count', fault.level)];
    case 'slow-flow-operations':
      return (fault.operation ? [fault.operation] : OPERATIONS).map((operation) =>
        truth('ovs-flow-operation-latency', fault.milliseconds, { operation }),
      );
    case 'slow-policy-sync':
      return [
        truth(SYNC_INDICATORS[fault.sync], fault.milliseconds),
        ...pileUp(cluster, fault.milliseconds, QUEUE_OF[fault.sync], truth),
      ];
    case 'slow-queue':
      return queueWait(cluster, fault.seconds, fault.queue, truth);
    case 'queue-backlog':
      return [truth('policy-queue-backlog', fault.items, { name: fault.queue })];
    case 'stuck-worker':
      return [truth('stuck-workers', end - start, { name: fault.queue })];
    case 'lost-watches':
      return [{ check: 'unwatched-agents', component: 'cluster', value: fault.count, start, end }];
    case 'slow-proxy-sync':
      return [truth('proxy-sync-duration', fault.seconds, { ip_family: 'v4' })];
    case 'failing-service':
      return [truth('proxy-sync-rounds', RETRIED_SYNCS, { ip_family: 'v4' })];
    case 'missing-services':
      return [truth('service-count-difference', fault.count)];
    case 'empty-pipeline':
      return [truth('ovs-flow-count', 0)];
    case 'fqdn-cache':
      return [truth('fqdn-cache-size', fault.size)];
    case 'denied-connections':
      return [truth('denied-connections', fault.level)];
    case 'conntrack-full':
      return [truth('conntrack-usage', fault.ratio)];
    case 'slow-conntrack-poll':
      return [truth('conntrack-poll-duration', bucketQuantile(0.95, fault.seconds, POLL_BOUNDS))];
    case 'collector-unreachable':
      return [truth('collector-never-connected', 0)];
    case 'node-cidrs':
      return [truth('node-cidr-usage', fault.ratio)];
    case 'file-descriptors':
      return [
        truth(
          'open-file-descriptors',
          Math.round(fault.ratio * SMALL_DESCRIPTOR_LIMIT) / SMALL_DESCRIPTOR_LIMIT,
        ),
      ];
    case 'high-cpu':
      return [truth('cpu-usage', fault.cores)];
    case 'memory-rise':
      return [truth('resident-memory', fault.bytes)];
    case 'goroutine-leak':
      return [truth('goroutines', fault.count)];
    default:
      // Absences, bursts and trends: several of them can be one finding.
      return [];
  }
}

type MakeTruth = (check: string, value: number, split?: Record<string, string>) => Truth;

/** Returns what follows if the workers of a queue take at least a second for each item. */
function pileUp(cluster: Cluster, milliseconds: number, queue: string, truth: MakeTruth): Truth[] {
  if (milliseconds < 1000) return [];
  return [
    truth('policy-sync-tail', 1, { name: queue }),
    ...queueWait(cluster, (WAITING_FACTOR * milliseconds) / 1000, queue, truth),
    truth('policy-queue-backlog', BACKLOG_ITEMS, { name: queue }),
  ];
}

/** Returns a 99th percentile as the buckets show it, one per decade; old ones end with ten seconds. */
function queueWait(cluster: Cluster, seconds: number, queue: string, truth: MakeTruth): Truth[] {
  return [
    truth('policy-queue-wait', bucketQuantile(0.99, seconds, boundsOf(cluster.antrea)), { name: queue }),
  ];
}

function placeOf(cluster: Cluster, fault: Fault): Pick<Truth, 'component' | 'node'> {
  if ('node' in fault) return { component: 'agent', node: fault.node };
  if ('everywhere' in fault) return { component: 'prometheus' };
  return 'component' in fault
    ? { component: 'controller', node: controllerNode(cluster) }
    : { component: 'controller' };
}
