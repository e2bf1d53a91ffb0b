/** What the controller exposes: `antrea_controller_` and the work queues of its three syncs. */
import { type AntreaVersion, type Cluster, faultsOf, type Target } from './cluster.ts';
import type { Family } from './family.ts';
import { contains, type FaultOf, SYNCS, type Sync } from './faults.ts';
import { hash } from './random.ts';
import { constant, eventCounter, gauge, histogram, type Observed, restarts, tally } from './values.ts';

/** How often a sync happens, how long it takes in the mean, and what its queue is called. */
const USUAL: Record<Sync, { perMinute: number; milliseconds: number; queue: string }> = {
  network_policy: { perMinute: 5, milliseconds: 5, queue: 'internalNetworkPolicy' },
  address_group: { perMinute: 9, milliseconds: 3, queue: 'addressGroup' },
  applied_to_group: { perMinute: 4, milliseconds: 2.5, queue: 'appliedToGroup' },
};

/** One bound per decade; the floating-point noise is Go's own (1e-06 times ten, twice). */
const QUEUE_BOUNDS = [
  '1e-06',
  '9.999999999999999e-06',
  '9.999999999999999e-05',
  '0.001',
  '0.01',
  '0.1',
  '1',
  '10',
  '100',
  '1000',
  '+Inf',
];

function slow(target: Target, sync: Sync, seconds: number): FaultOf<'slow-policy-sync'> | undefined {
  return faultsOf(target, 'slow-policy-sync').find(
    (fault) => fault.sync === sync && contains(fault, seconds),
  );
}

/** Between 22:00 and 05:00 UTC a third of the half-hours see no sync at all: nothing changes in the cluster. */
function activity(cluster: Cluster, target: Target, sync: Sync, seconds: number): number {
  if (slow(target, sync, seconds)) return 2;
  const hour = (seconds / 3600) % 24;
  const night = hour >= 22 || hour < 5;
  return night && hash(cluster.seed, 'idle', Math.floor(seconds / 1800)) % 3 === 0 ? 0 : 1;
}

function syncs(cluster: Cluster, target: Target, sync: Sync): Observed {
  const usual = USUAL[sync];
  return {
    name: `sync/${sync}`,
    perMinute: usual.perMinute,
    activity: (seconds) => activity(cluster, target, sync, seconds),
    value(next, seconds) {
      const drawn = Math.floor(usual.milliseconds * (0.4 + 1.2 * next()) + 0.5);
      return slow(target, sync, seconds)?.milliseconds ?? drawn;
    },
    // The first sync of everything that exists, after a start.
    extra: restarts(cluster, target).map((life) => ({ at: life.startedAt + 2, value: 12 })),
  };
}

/** Items that wait: none or a few, a backlog while syncs are slow. */
function waiting(target: Target, sync: Sync, seconds: number): number {
  return slow(target, sync, seconds)
    ? 40 + (hash(target.key, sync, seconds) % 80)
    : Math.max(0, (hash(sync, seconds) % 8) - 6);
}

function ofSync(sync: Sync): Family[] {
  const waitingItems: Family['columns'] = (_cluster, target) => [
    { values: gauge(target, (seconds) => waiting(target, sync, seconds)) },
  ];
  return [
    {
      name: `antrea_controller_${sync}_sync_duration_milliseconds`,
      type: 'histogram',
      exposedBy: ['controller'],
      columns: (cluster, target) => histogram(tally(cluster, target, syncs(cluster, target, sync))),
    },
    {
      name: `antrea_controller_${sync}_processed`,
      type: 'counter',
      exposedBy: ['controller'],
      columns: (cluster, target) => [
        { values: tally(cluster, target, syncs(cluster, target, sync), []).count },
      ],
    },
    {
      name: `antrea_controller_length_${sync}_queue`,
      type: 'gauge',
      exposedBy: ['controller'],
      columns: waitingItems,
    },
  ];
}

/** One series per queue, of what `values` makes of its sync. */
function byQueue(
  name: string,
  type: 'gauge' | 'counter',
  values: (cluster: Cluster, target: Target, sync: Sync) => Float64Array,
): Family {
  const columns = (cluster: Cluster, target: Target) =>
    SYNCS.map((sync) => ({ labels: { name: USUAL[sync].queue }, values: values(cluster, target, sync) }));
  return { name, type, exposedBy: ['controller'], columns };
}

/** The same observations as the sync's own histogram, in seconds and with a bound at exactly one second. */
function inSeconds(observed: Observed, seconds: (milliseconds: number) => number): Observed {
  const extra = (observed.extra ?? []).map(({ at, value }) => ({ at, value: seconds(value) }));
  return { ...observed, extra, value: (next, at) => seconds(observed.value(next, at)) };
}

function queueHistogram(name: string, seconds: (milliseconds: number) => number): Family {
  return {
    name,
    type: 'histogram',
    exposedBy: ['controller'],
    *columns(cluster, target) {
      for (const sync of SYNCS) {
        const observed = inSeconds(syncs(cluster, target, sync), seconds);
        yield* histogram(tally(cluster, target, observed, QUEUE_BOUNDS), { name: USUAL[sync].queue });
      }
    },
  };
}

const QUEUES: readonly Family[] = [
  byQueue(
    'workqueue_adds_total',
    'counter',
    (cluster, target, sync) => tally(cluster, target, syncs(cluster, target, sync), []).count,
  ),
  byQueue('workqueue_depth', 'gauge', (_cluster, target, sync) =>
    gauge(target, (seconds) => waiting(target, sync, seconds)),
  ),
  byQueue('workqueue_retries_total', 'counter', (_cluster, target) => constant(target, 0)),
  byQueue('workqueue_unfinished_work_seconds', 'gauge', (_cluster, target, sync) =>
    gauge(target, (seconds) => (4 * (slow(target, sync, seconds)?.milliseconds ?? 0)) / 2000),
  ),
  byQueue('workqueue_longest_running_processor_seconds', 'gauge', (_cluster, target, sync) =>
    gauge(target, (seconds) => (slow(target, sync, seconds)?.milliseconds ?? 0) / 1000),
  ),
  // Whole milliseconds are cut off, so the work took a little longer than the sync's own histogram says.
  queueHistogram('workqueue_work_duration_seconds', (milliseconds) => (milliseconds + 0.4) / 1000),
  queueHistogram('workqueue_queue_duration_seconds', (milliseconds) =>
    milliseconds < 100 ? 0.00002 : 6 * (milliseconds / 1000),
  ),
];

function statusUpdates(name: string): Family {
  return {
    name,
    type: 'counter',
    exposedBy: ['controller'],
    columns: (cluster, target) => [{ values: eventCounter(cluster, target, name, 0.4) }],
  };
}

export function controllerFamilies(antrea: AntreaVersion): Family[] {
  return [
    ...SYNCS.flatMap(ofSync),
    statusUpdates('antrea_controller_acnp_status_updates'),
    statusUpdates(`antrea_controller_${antrea === '1.2' ? 'anp' : 'annp'}_status_updates`),
    ...QUEUES,
  ];
}
