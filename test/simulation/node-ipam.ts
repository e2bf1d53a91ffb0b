/** Metrics of the controller about the CIDRs that it assigns to nodes. */
import { activeFault, type Cluster, type Target } from './cluster.ts';
import type { Family } from './family.ts';
import { constant, gauge, histogram, type Observed, tally } from './values.ts';

const CLUSTER_CIDR = { clusterCIDR: '10.244.0.0/16' };

/** Blocks of /24 in a /16. */
const BLOCKS = 256;

const TRIES_BOUNDS = ['1', '5', '25', '125', '625', '+Inf'];

function exposed(
  name: string,
  type: 'gauge' | 'counter',
  values: (cluster: Cluster, target: Target) => Float64Array,
): Family {
  return {
    name: `antrea_node_ipam_controller_cidrset_${name}`,
    type,
    exposedBy: ['controller'],
    columns: (cluster, target) => [{ labels: CLUSTER_CIDR, values: values(cluster, target) }],
  };
}

/** A fraction, although its help text says percentage. */
const usage = exposed('usage_cidrs', 'gauge', (cluster, target) =>
  gauge(
    target,
    (seconds) => activeFault(target, 'node-cidrs', seconds)?.ratio ?? cluster.nodes.length / BLOCKS,
  ),
);

const tries: Family = {
  name: 'antrea_node_ipam_controller_cidrset_allocation_tries_per_request',
  type: 'histogram',
  exposedBy: ['controller'],
  columns(cluster, target) {
    const nodes: Observed = {
      name: 'cidrs',
      perMinute: 0,
      value: () => 0,
      // One request per node when the controller starts.
      extra: target.lives.map((life) => ({ at: Math.max(life.startedAt, cluster.start) + 1, value: 0 })),
    };
    return histogram(tally(cluster, target, nodes, TRIES_BOUNDS), CLUSTER_CIDR);
  },
};

export const NODE_IPAM_FAMILIES: readonly Family[] = [
  usage,
  exposed('cidrs_allocations_total', 'counter', (cluster, target) => constant(target, cluster.nodes.length)),
  exposed('cidrs_releases_total', 'counter', (_cluster, target) => constant(target, 0)),
  tries,
];
