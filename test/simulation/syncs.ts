/** The controller's three syncs, which its own metrics and those of its work queues both tell of. */
import { busyness, type Cluster, faultsOf, type Target } from './cluster.ts';
import { type ControllerQueue, contains, type FaultOf, type Sync } from './faults.ts';
import { hash } from './random.ts';
import { type Observed, restarts } from './values.ts';

/** How often a sync happens, and how long it takes in the mean. */
const USUAL: Record<Sync, { perMinute: number; milliseconds: number }> = {
  network_policy: { perMinute: 5, milliseconds: 5 },
  address_group: { perMinute: 9, milliseconds: 3 },
  applied_to_group: { perMinute: 4, milliseconds: 2.5 },
};

/** What the work queue of each is called. */
export const QUEUE_OF: Record<Sync, ControllerQueue> = {
  network_policy: 'internalNetworkPolicy',
  address_group: 'addressGroup',
  applied_to_group: 'appliedToGroup',
};

/** The fault that makes a sync slow at a moment. */
export function slowSync(
  target: Target,
  sync: Sync,
  seconds: number,
): FaultOf<'slow-policy-sync'> | undefined {
  return faultsOf(target, 'slow-policy-sync').find(
    (fault) => fault.sync === sync && contains(fault, seconds),
  );
}

/** Between 22:00 and 05:00 UTC a third of the half-hours see no sync at all: nothing changes in the cluster. */
function activity(cluster: Cluster, target: Target, sync: Sync, seconds: number): number {
  if (slowSync(target, sync, seconds)) return 2;
  const hour = (seconds / 3600) % 24;
  const night = hour >= 22 || hour < 5;
  const isIdle = night && hash(cluster.seed, 'idle', Math.floor(seconds / 1800)) % 3 === 0;
  return isIdle ? 0 : busyness(cluster, seconds);
}

export function syncs(cluster: Cluster, target: Target, sync: Sync): Observed {
  const usual = USUAL[sync];
  return {
    name: `sync/${sync}`,
    perMinute: usual.perMinute,
    activity: (seconds) => activity(cluster, target, sync, seconds),
    value(next, seconds) {
      const drawn = Math.floor(usual.milliseconds * (0.4 + 1.2 * next()) + 0.5);
      return slowSync(target, sync, seconds)?.milliseconds ?? drawn;
    },
    // The first sync of everything that exists, after a start.
    extra: restarts(cluster, target).map((life) => ({ at: life.startedAt + 2, value: 12 })),
  };
}

/** So many times as long as its slow sync takes does an item wait for it. */
export const WAITING_FACTOR = 6;

/** So many items wait while every sync takes a second or longer. */
export const BACKLOG_ITEMS = 60;

/** Items that wait: none, or a few at one scrape in half an hour; a backlog where syncs take a second or longer. */
export function waiting(cluster: Cluster, target: Target, sync: Sync, seconds: number): number {
  if ((slowSync(target, sync, seconds)?.milliseconds ?? 0) >= 1000) return BACKLOG_ITEMS;
  const isMoment = seconds % 1800 < cluster.scrapeIntervalSeconds;
  return isMoment ? hash(target.key, sync, Math.floor(seconds / 1800)) % 4 : 0;
}
