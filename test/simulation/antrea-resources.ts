/** What kube-state-metrics exposes with deploy/kube-state-metrics/antrea.yaml. */
import type { Cluster, Target } from './cluster.ts';
import { faultsOn } from './containers.ts';
import type { Family } from './family.ts';
import { AGENT_CONDITIONS, contains, type FaultKind, type FaultOf, isOf } from './faults.ts';
import { DAY_SECONDS } from './levels.ts';
import { gauge } from './values.ts';

function exposed(name: string, columns: Family['columns']): Family {
  return { name: `antrea_state_${name}`, type: 'gauge', exposedBy: ['kube-state-metrics'], columns };
}

const resource = (customresource_kind: string) => ({
  customresource_group: 'crd.antrea.io',
  customresource_version: 'v1beta1',
  customresource_kind,
});

function faultsOfCluster<Kind extends FaultKind>({ faults }: Cluster, kind: Kind): FaultOf<Kind>[] {
  return faults.filter((fault) => isOf(fault, kind));
}

const conditions = exposed('agent_condition', (cluster, target) =>
  cluster.nodes.flatMap((node) =>
    AGENT_CONDITIONS.map((condition) => {
      const faults = faultsOn(cluster, node, 'agent-condition').filter(
        (fault) => fault.condition === condition,
      );
      return {
        labels: { ...resource('AntreaAgentInfo'), node, condition },
        values: gauge(target, (seconds) => Number(!faults.some((fault) => contains(fault, seconds)))),
      };
    }),
  ),
);

/** Agents report once a minute. */
const REPORT_SECONDS = 60;

const heartbeats = exposed('agent_heartbeat_timestamp_seconds', (cluster, target) =>
  cluster.nodes.map((node, index) => {
    const faults = faultsOn(cluster, node, 'stale-heartbeat');
    const lastBefore = (seconds: number) =>
      Math.floor((seconds - index) / REPORT_SECONDS) * REPORT_SECONDS + index;
    return {
      labels: { ...resource('AntreaAgentInfo'), node },
      values: gauge(target, (seconds) =>
        lastBefore(faults.find((fault) => contains(fault, seconds))?.start ?? seconds),
      ),
    };
  }),
);

export const FAULTY_EGRESS = 'egress-prod-web';

const egresses = exposed('egress_condition', (cluster, target) =>
  [FAULTY_EGRESS, 'egress-staging'].flatMap((egress) =>
    ['IPAllocated', 'IPAssigned'].map((condition) => {
      const isAffected = egress === FAULTY_EGRESS && condition === 'IPAssigned';
      const faults = isAffected ? faultsOfCluster(cluster, 'egress-unassigned') : [];
      return {
        labels: { ...resource('Egress'), egress, condition },
        values: gauge(target, (seconds) => Number(!faults.some((fault) => contains(fault, seconds)))),
      };
    }),
  ),
);

export const POOL = { customresource_kind: 'ExternalIPPool', pool: 'external' };
export const POOL_ADDRESSES = 40;

/** Series of a pool of each kind. The other one is empty, as before the first Pod uses it. */
function pools(name: string, valueAt: (cluster: Cluster, seconds: number) => number, other: number): Family {
  return exposed(name, (cluster: Cluster, target: Target) => [
    {
      labels: { ...resource('ExternalIPPool'), pool: POOL.pool },
      values: gauge(target, (seconds) => valueAt(cluster, seconds)),
    },
    { labels: { ...resource('IPPool'), pool: 'external' }, values: gauge(target, () => other) },
  ]);
}

function usedAddresses(cluster: Cluster, seconds: number): number {
  return faultsOfCluster(cluster, 'ip-pool').find((fault) => contains(fault, seconds))?.used ?? 12;
}

export const POLICY = { policy_namespace: 'shop', policy: 'allow-web' };

function policies(name: string, missing: (cluster: Cluster, seconds: number) => number): Family {
  return exposed(name, (cluster, target) => [
    {
      labels: { ...resource('NetworkPolicy'), ...POLICY },
      values: gauge(target, (seconds) => cluster.nodes.length - missing(cluster, seconds)),
    },
    {
      labels: { ...resource('ClusterNetworkPolicy'), policy: 'default-deny' },
      values: gauge(target, () => 3),
    },
  ]);
}

export const RESOURCE_FAMILIES: readonly Family[] = [
  conditions,
  heartbeats,
  egresses,
  pools('ip_pool_used_addresses', usedAddresses, 0),
  pools('ip_pool_addresses', () => POOL_ADDRESSES, 250),
  policies('policy_nodes_desired', () => 0),
  policies(
    'policy_nodes_realized',
    (cluster, seconds) =>
      faultsOfCluster(cluster, 'policy-unrealized').find((fault) => contains(fault, seconds))?.nodes ?? 0,
  ),
];

export const FAULTY_API = 'v1beta2.controlplane.antrea.io';

/** The APIs of Antrea's controller, and another one that is never available. */
export const API_SERVICES: Family = {
  name: 'aggregator_unavailable_apiservice',
  type: 'gauge',
  exposedBy: ['kube-apiserver'],
  columns: (cluster, target) => {
    const faults = faultsOfCluster(cluster, 'api-unavailable');
    const isFaulty = (seconds: number) => faults.some((fault) => contains(fault, seconds));
    return [FAULTY_API, 'v1alpha1.stats.antrea.io', 'v1beta1.metrics.k8s.io'].map((name) => ({
      labels: { name },
      values: gauge(target, (seconds) =>
        Number(name.endsWith('k8s.io') || (name === FAULTY_API && isFaulty(seconds))),
      ),
    }));
  },
};

export const CERTIFICATE = { secret_name: 'antrea-controller-tls' };

/** Half a year is left, and a certificate of others has expired. */
export const CERTIFICATES: Family = {
  name: 'x509_cert_not_after',
  type: 'gauge',
  exposedBy: ['x509-exporter'],
  columns: (cluster, target) => {
    const usual = cluster.start + 180 * DAY_SECONDS;
    const notAfter = (seconds: number) => {
      const fault = faultsOfCluster(cluster, 'certificate').find((one) => contains(one, seconds));
      return fault === undefined ? usual : fault.start + fault.days * DAY_SECONDS;
    };
    return [
      { labels: { ...CERTIFICATE, secret_namespace: 'kube-system' }, values: gauge(target, notAfter) },
      {
        labels: { secret_name: 'web-tls', secret_namespace: 'shop' },
        values: gauge(target, () => cluster.start - 60),
      },
    ];
  },
};
