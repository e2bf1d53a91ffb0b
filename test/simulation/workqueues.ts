/** The metrics of Kubernetes' work queues, `workqueue_`. Three queues of the controller are those of its syncs. */
import { type AntreaVersion, activeFault, type Cluster, faultsOf, type Target } from './cluster.ts';
import { countedEvents, type Family } from './family.ts';
import {
  AGENT_QUEUES,
  type AgentQueue,
  CONTROLLER_QUEUES,
  type ControllerQueue,
  SYNCS,
  type Sync,
} from './faults.ts';
import { QUEUE_OF, slowSync, syncs, WAITING_FACTOR, waiting } from './syncs.ts';
import { constant, eventCounter, gauge, histogram, type Observed, tally } from './values.ts';

type Queue = AgentQueue | ControllerQueue;

/** Returns the sync of a queue; the controller also has queues for other work. */
function syncOf(queue: Queue): Sync | undefined {
  return SYNCS.find((sync) => QUEUE_OF[sync] === queue);
}

/** One bound per decade; the inexact number is Go's (1e-06 times ten, twice). */
const BOUNDS = [
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

/** The bounds of older component-base, from 1e-08 on: 10 seconds and a thousand are in the same bucket. */
const OLD_BOUNDS = [
  '1e-08',
  '1e-07',
  '1e-06',
  '9.999999999999999e-06',
  '9.999999999999999e-05',
  '0.001',
  '0.01',
  '0.1',
  '1',
  '10',
  '+Inf',
];

/** Both have a bound at exactly one second. */
export function boundsOf(antrea: AntreaVersion): readonly string[] {
  return antrea === '2.7' ? BOUNDS : OLD_BOUNDS;
}

function queuesOf(target: Target): readonly Queue[] {
  return target.kind === 'agent' ? AGENT_QUEUES : CONTROLLER_QUEUES;
}

/** The items of a queue with their processing time in milliseconds. */
function items(cluster: Cluster, target: Target, queue: Queue): Observed {
  const sync = syncOf(queue);
  if (sync) return syncs(cluster, target, sync);
  return { name: `queue/${queue}`, perMinute: 3, value: (next) => Math.floor(1 + 3 * next()) };
}

/** The same observations as those in milliseconds, in seconds. */
function inSeconds(observed: Observed, convert: (milliseconds: number, seconds: number) => number): Observed {
  const extra = (observed.extra ?? []).map(({ at, value }) => ({ at, value: convert(value, at) }));
  return { ...observed, extra, value: (next, at) => convert(observed.value(next, at), at) };
}

/** Returns the items retried so far. The queue of multicast groups also delays items without an error. */
function retries(cluster: Cluster, target: Target, queue: Queue): Float64Array {
  if (queue === 'multicastgroup') return eventCounter(cluster, target, `retries/${queue}`, 2);
  const bursts = faultsOf(target, 'sync-retries').filter((fault) => fault.queue === queue);
  return countedEvents(cluster, target, bursts);
}

/** Returns for how long the oldest item has been processed. */
function oldest(target: Target, queue: Queue, seconds: number): number {
  const stuck = faultsOf(target, 'stuck-worker').find(
    (fault) => fault.queue === queue && seconds >= fault.start && seconds < fault.end,
  );
  if (stuck) return seconds - stuck.start;
  const sync = syncOf(queue);
  return sync ? (slowSync(target, sync, seconds)?.milliseconds ?? 0) / 1000 : 0;
}

/** While syncs are slow, all four workers are busy, on average halfway through. */
function unfinished(target: Target, queue: Queue, seconds: number): number {
  const sync = syncOf(queue);
  const slow = sync && slowSync(target, sync, seconds);
  return slow ? (4 * slow.milliseconds) / 2000 : oldest(target, queue, seconds);
}

function depth(cluster: Cluster, target: Target, queue: Queue, seconds: number): number {
  const backlog = activeFault(target, 'queue-backlog', seconds);
  if (backlog?.queue === queue) return backlog.items;
  const sync = syncOf(queue);
  return sync ? waiting(cluster, target, sync, seconds) : 0;
}

/** Returns how long an item waits before it is processed, in seconds. */
function wait(target: Target, queue: Queue, milliseconds: number, seconds: number): number {
  const slow = faultsOf(target, 'slow-queue').find(
    (fault) => fault.queue === queue && seconds >= fault.start && seconds < fault.end,
  );
  if (slow) return slow.seconds;
  return milliseconds < 1000 ? 0.00002 : WAITING_FACTOR * (milliseconds / 1000);
}

/** One series per queue. */
function byQueue(
  name: string,
  type: 'gauge' | 'counter',
  values: (cluster: Cluster, target: Target, queue: Queue) => Float64Array,
): Family {
  const columns = (cluster: Cluster, target: Target) =>
    queuesOf(target).map((queue) => ({ labels: { name: queue }, values: values(cluster, target, queue) }));
  return { name, type, exposedBy: ['agent', 'controller'], columns };
}

/** Only of the controller: no indicator uses the agents' histograms, which would be half of all their series. */
function queueHistogram(
  name: string,
  secondsOf: (target: Target, queue: Queue, milliseconds: number, seconds: number) => number,
): Family {
  return {
    name,
    type: 'histogram',
    exposedBy: ['controller'],
    *columns(cluster, target) {
      for (const queue of CONTROLLER_QUEUES) {
        const observed = inSeconds(items(cluster, target, queue), (milliseconds, seconds) =>
          secondsOf(target, queue, milliseconds, seconds),
        );
        yield* histogram(tally(cluster, target, observed, boundsOf(cluster.antrea)), { name: queue });
      }
    },
  };
}

export const QUEUE_FAMILIES: readonly Family[] = [
  byQueue('workqueue_adds_total', 'counter', (cluster, target, queue) =>
    target.kind === 'agent'
      ? eventCounter(cluster, target, `adds/${queue}`, 1.5)
      : tally(cluster, target, items(cluster, target, queue), []).count,
  ),
  byQueue('workqueue_depth', 'gauge', (cluster, target, queue) =>
    target.kind === 'agent'
      ? constant(target, 0)
      : gauge(target, (seconds) => depth(cluster, target, queue, seconds)),
  ),
  byQueue('workqueue_retries_total', 'counter', retries),
  byQueue('workqueue_unfinished_work_seconds', 'gauge', (_cluster, target, queue) =>
    gauge(target, (seconds) => unfinished(target, queue, seconds)),
  ),
  byQueue('workqueue_longest_running_processor_seconds', 'gauge', (_cluster, target, queue) =>
    gauge(target, (seconds) => oldest(target, queue, seconds)),
  ),
  // The sync's own histogram truncates to whole milliseconds, so the work took slightly longer than it shows.
  queueHistogram(
    'workqueue_work_duration_seconds',
    (_target, _queue, milliseconds) => (milliseconds + 0.4) / 1000,
  ),
  queueHistogram('workqueue_queue_duration_seconds', wait),
];
