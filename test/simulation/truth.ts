/**
 * What a report on a simulated cluster has to find: worked out from the faults alone, never from the samples.
 *
 * `start` and `end` are when the fault itself began and ended. Queries that look back (rate windows, `max_over_time`)
 * show it from the first point after `start` until one look-back after `end`; a mean over a window passes a threshold
 * when enough of the window's observations are slow. Compare times with a tolerance of one look-back and one step.
 * The databases are filled without staleness markers: a target that went away is seen by instant selectors for five
 * more minutes, so compare gaps with that tolerance too, or count scrapes in ranges instead.
 */
import { type Cluster, clusterOf, controllerNode, type Simulation } from './cluster.ts';
import { type Fault, type FaultOf, isOf, OPERATIONS, SMALL_DESCRIPTOR_LIMIT, type Sync } from './faults.ts';

export type Truth = {
  /** Id of the indicator or of the coverage check. */
  check: string;
  component: 'agent' | 'controller';
  /** Absent where the whole component is meant: the controller's syncs, and gaps of everything. */
  node?: string;
  /** The labels that tell several series of the node apart. */
  split?: Readonly<Record<string, string>>;
  /** The reading, in the indicator's unit; seconds without a scrape for `scrape-coverage`, restarts for `process-restarts`. */
  value: number;
  start: number;
  end: number;
};

const SYNC_INDICATORS: Record<Sync, string> = {
  network_policy: 'network-policy-sync-duration',
  address_group: 'address-group-sync-duration',
  applied_to_group: 'applied-to-group-sync-duration',
};

export function truthsOf(simulation: Simulation): Truth[] {
  const cluster = clusterOf(simulation);
  const single = cluster.faults.flatMap((fault) => truthsOfFault(cluster, fault));
  return [...single, ...errorTruths(cluster.faults)];
}

/** What the report's `total` must be: all bursts of an operation on a node together, however often the counter restarted. */
function errorTruths(faults: readonly Fault[]): Truth[] {
  const bursts = faults.filter((fault) => isOf(fault, 'flow-operation-errors'));
  const groups = Map.groupBy(bursts, (burst) => JSON.stringify([burst.node, burst.operation]));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    return first ? [errorTruth(first, group)] : [];
  });
}

function errorTruth(
  first: FaultOf<'flow-operation-errors'>,
  bursts: readonly FaultOf<'flow-operation-errors'>[],
): Truth {
  return {
    check: 'ovs-flow-operation-errors',
    component: 'agent',
    node: first.node,
    split: { operation: first.operation },
    value: bursts.reduce((sum, burst) => sum + burst.errors, 0),
    start: Math.min(...bursts.map((burst) => burst.start)),
    end: Math.max(...bursts.map((burst) => burst.end)),
  };
}

function truthsOfFault(cluster: Cluster, fault: Fault): Truth[] {
  const truth = (check: string, value: number, split?: Record<string, string>): Truth => ({
    check,
    ...placeOf(cluster, fault),
    ...(split ? { split } : {}),
    value,
    start: fault.start,
    end: fault.end,
  });
  switch (fault.kind) {
    case 'pods':
      return [truth('local-pod-count', fault.level)];
    case 'slow-flow-operations':
      return (fault.operation ? [fault.operation] : OPERATIONS).map((operation) =>
        truth('ovs-flow-operation-latency', fault.milliseconds, { operation }),
      );
    case 'slow-policy-sync':
      return [truth(SYNC_INDICATORS[fault.sync], fault.milliseconds)];
    case 'slow-proxy-sync':
      return [truth('proxy-sync-duration', fault.seconds, { ip_family: 'v4' })];
    case 'empty-pipeline':
      return [truth('ovs-flow-count', 0)];
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
    case 'container-restart':
    case 'recreated-pod':
      return [truth('process-restarts', 1)];
    case 'scrape-gap':
      return gapTruths(fault, truth('scrape-coverage', fault.end - fault.start));
    case 'flow-operation-errors':
      return [];
  }
}

/** A gap of everything is a gap of both components. */
function gapTruths(fault: FaultOf<'scrape-gap'>, truth: Truth): Truth[] {
  return 'everywhere' in fault ? [truth, { ...truth, component: 'controller' }] : [truth];
}

function placeOf(cluster: Cluster, fault: Fault): Pick<Truth, 'component' | 'node'> {
  if ('node' in fault) return { component: 'agent', node: fault.node };
  if ('everywhere' in fault) return { component: 'agent' };
  return 'component' in fault
    ? { component: 'controller', node: controllerNode(cluster) }
    : { component: 'controller' };
}
