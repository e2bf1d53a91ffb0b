/** Metrics of an agent under `antrea_proxy_`, always for IPv4 and IPv6, although these clusters have only IPv4. */
import { activeFault, busyness, type Cluster, faultsOf, type Target } from './cluster.ts';
import type { Family } from './family.ts';
import { daytime, pick } from './random.ts';
import {
  type Column,
  constant,
  emptyTally,
  eventCounter,
  gauge,
  histogram,
  NO_BOUNDS,
  type Observed,
  restarts,
  tally,
} from './values.ts';

/** The proxy on each node handles all Services of the cluster, so every node reports the same number of Services. */
function services(cluster: Cluster, seconds: number): number {
  return Math.round(pick(150, 220, cluster.seed, 'services') + 6 * daytime(seconds));
}

function installed(cluster: Cluster, target: Target, seconds: number): number {
  return services(cluster, seconds) - (activeFault(target, 'missing-services', seconds)?.count ?? 0);
}

/** Since v2.5 there are syncs for changes only, and of a Service that failed: after 30 s. */
const SYNCS_PER_MINUTE = { '1.2': 2, '1.13': 2, '2.7': 0.7 } as const;
const RETRY_SECONDS = 30;

/** How many more syncs there are in five minutes while a Service fails. */
export const RETRIED_SYNCS = 300 / RETRY_SECONDS;

/** A mean of 8 to 26 ms, different for each node; the first sync after a start takes longer. */
function syncs(cluster: Cluster, target: Target): Observed {
  const usual = pick(0.008, 0.026, target.key, 'proxy-sync');
  return {
    name: 'proxy-sync',
    perMinute: SYNCS_PER_MINUTE[cluster.antrea],
    activity: (seconds) => (1 + 0.3 * daytime(seconds)) * busyness(cluster, seconds),
    value(next, seconds) {
      const drawn = usual * (0.5 + next());
      return activeFault(target, 'slow-proxy-sync', seconds)?.seconds ?? drawn;
    },
    extra: [
      ...restarts(cluster, target).map((life) => ({ at: life.startedAt + 3, value: 0.35 })),
      ...faultsOf(target, 'failing-service').flatMap(({ start, end }) =>
        Array.from({ length: Math.floor((end - start) / RETRY_SECONDS) }, (_, retry) => ({
          at: start + retry * RETRY_SECONDS,
          value: usual,
        })),
      ),
    ],
  };
}

const syncDuration: Family = {
  name: 'antrea_proxy_sync_proxy_rules_duration_seconds',
  type: 'histogram',
  exposedBy: ['agent'],
  *columns(cluster, target) {
    yield* histogram(tally(cluster, target, syncs(cluster, target), NO_BOUNDS), { ip_family: 'v4' });
    yield* histogram(emptyTally(target, NO_BOUNDS), { ip_family: 'v6' });
  },
};

function bothFamilies(
  name: string,
  type: 'gauge' | 'counter',
  valuesOfIpv4: (cluster: Cluster, target: Target) => Float64Array,
): Family {
  const columns = (cluster: Cluster, target: Target): Column[] => [
    { labels: { ip_family: 'v4' }, values: valuesOfIpv4(cluster, target) },
    { labels: { ip_family: 'v6' }, values: constant(target, 0) },
  ];
  return { name, type, exposedBy: ['agent'], columns };
}

/** Every informer delivers everything again once a minute, so the rate of updates is proportional to the Services. */
function updates(name: string, perService: (cluster: Cluster) => number): Family {
  return bothFamilies(name, 'counter', (cluster, target) =>
    eventCounter(cluster, target, name, perService(cluster) * services(cluster, cluster.start)),
  );
}

export const PROXY_FAMILIES: readonly Family[] = [
  syncDuration,
  bothFamilies('antrea_proxy_total_services_installed', 'gauge', (cluster, target) =>
    gauge(target, (seconds) => installed(cluster, target, seconds)),
  ),
  bothFamilies('antrea_proxy_total_endpoints_installed', 'gauge', (cluster, target) =>
    gauge(target, (seconds) => Math.round(3.4 * installed(cluster, target, seconds))),
  ),
  updates('antrea_proxy_total_services_updates', () => 1),
  // With EndpointSlices, the default since v1.11, they were not counted until v2.5.0.
  updates('antrea_proxy_total_endpoints_updates', ({ antrea }) => (antrea === '1.13' ? 0 : 1.2)),
];
