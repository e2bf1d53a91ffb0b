/** The controller's three syncs, which its own metrics and those of its work queues both measure. */
import { busyness, type Cluster, faultsOf, type Target } from './cluster.ts';
import { type ControllerQueue, contains, type FaultOf, type Sync } from './faults.ts';
import { hash } from './random.ts';
import { type Observed, restarts } from './values.ts';

/** The rate and the mean duration of a sync. */
const USUAL: Record<Sync, { perMinute: number; milliseconds: number }> = {
  network_policy: { perMinute: 5, milliseconds: 5 },
  address_group: { perMinute: 9, milliseconds: 3 },
  applied_to_group: { perMinute: 4, milliseconds: 2.5 },
};

/** The name of each work queue. */
export const QUEUE_OF: Record<Sync, ControllerQueue> = {
  network_policy: 'internalNetworkPolicy',
  address_group: 'addressGroup',
  applied_to_group: 'appliedToGroup',
};

/** Returns the fault that makes a sync slow at a moment. */
export function slowSync(
  target: Target,
  sync: Sync,
  seconds: number,
): FaultOf<'slow-policy-sync'> | undefined {
  return faultsOf(target, 'slow-policy-sync').find(
    (fault) => fault.sync === sync && contains(fault, seconds),
  );
}

/** Between 22:00 and 05:00 UTC there are no syncs in a third of the half-hours, because nothing changes. */
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
    // After a start, everything that exists is synchronized once.
    extra: restarts(cluster, target).map((life) => ({ at: life.startedAt + 2, value: 12 })),
  };
}

/** An item waits for this many times the duration of a slow sync. */
export const WAITING_FACTOR = 6;

/** This many items wait while every sync takes at least a second. */
export const BACKLOG_ITEMS = 60;

/** Waiting items: none, or a few at one scrape in half an hour, or a backlog if syncs take at least a second. */
export function waiting(cluster: Cluster, target: Target, sync: Sync, seconds: number): number {
  if ((slowSync(target, sync, seconds)?.milliseconds ?? 0) >= 1000) return BACKLOG_ITEMS;
  const isMoment = seconds % 1800 < cluster.scrapeIntervalSeconds;
  return isMoment ? hash(target.key, sync, Math.floor(seconds / 1800)) % 4 : 0;
}
