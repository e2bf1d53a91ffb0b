/** Metrics of node-exporter about connection tracking and network interfaces. */
import type { Cluster, Target } from './cluster.ts';
import { faultsOn } from './containers.ts';
import type { Family } from './family.ts';
import { contains, overlap } from './faults.ts';
import { daytime, drift, pick } from './random.ts';
import { constant, counter, gauge } from './values.ts';

function exposed(name: string, type: Family['type'], columns: Family['columns']): Family {
  return { name, type, exposedBy: ['node-exporter'], columns };
}

/** The kernel's default for a node with much memory. */
export const CONNTRACK_LIMIT = 262_144;

/** 4 to 14 % of the table. */
function connections(cluster: Cluster, target: Target): Float64Array {
  const faults = faultsOn(cluster, target.node, 'node-conntrack');
  const usual = pick(0.06, 0.1, target.key, 'conntrack');
  return gauge(target, (seconds) => {
    const ratio = faults.find((fault) => contains(fault, seconds))?.ratio;
    return Math.round(
      CONNTRACK_LIMIT *
        (ratio ?? usual + 0.02 * daytime(seconds) + 0.02 * drift(target.key ^ 9, seconds, 900)),
    );
  });
}

/** The interface of Antrea's gateway, a tunnel of OVS, and two that must not count. */
const DEVICES = ['antrea-gw0', 'genev_sys_6081', 'eth0', 'lo'] as const;

const PACKETS_PER_SECOND = 800;

/** A healthy interface drops one packet in some thousands. */
const USUAL_DROPS = 0.0002;

function packets(direction: 'receive' | 'transmit'): Family {
  return exposed(`node_network_${direction}_packets_total`, 'counter', (cluster, target) =>
    DEVICES.map((device) => ({
      labels: { device },
      values: counter(cluster, target, (from, to) => Math.round(PACKETS_PER_SECOND * (to - from))),
    })),
  );
}

/** `eth0` drops many packets, which is the business of others. */
function drops(direction: 'receive' | 'transmit', kind: 'drop' | 'errs'): Family {
  return exposed(`node_network_${direction}_${kind}_total`, 'counter', (cluster, target) =>
    DEVICES.map((device) => {
      const faults =
        device === 'antrea-gw0' && direction === 'receive' && kind === 'drop'
          ? faultsOn(cluster, target.node, 'gateway-drops')
          : [];
      const usual = device === 'eth0' ? 0.2 : kind === 'drop' ? USUAL_DROPS : 0;
      return {
        labels: { device },
        values: counter(cluster, target, (from, to) => {
          // The share is of the packets of both directions.
          const faulty = faults.reduce((sum, fault) => sum + 2 * overlap(fault, from, to) * fault.ratio, 0);
          return Math.round(PACKETS_PER_SECOND * (usual * (to - from) + faulty));
        }),
      };
    }),
  );
}

export const USUAL_MTU = 1450;

function mtu(cluster: Cluster, target: Target): Float64Array {
  const faults = faultsOn(cluster, target.node, 'gateway-mtu');
  return gauge(target, (seconds) => faults.find((fault) => contains(fault, seconds))?.bytes ?? USUAL_MTU);
}

export const NODE_EXPORTER_FAMILIES: readonly Family[] = [
  exposed('node_uname_info', 'gauge', (_cluster, target) => [
    { labels: { nodename: target.node, sysname: 'Linux' }, values: constant(target, 1) },
  ]),
  exposed('node_nf_conntrack_entries', 'gauge', (cluster, target) => [
    { values: connections(cluster, target) },
  ]),
  exposed('node_nf_conntrack_entries_limit', 'gauge', (_cluster, target) => [
    { values: constant(target, CONNTRACK_LIMIT) },
  ]),
  ...(['receive', 'transmit'] as const).flatMap((direction) => [
    packets(direction),
    drops(direction, 'drop'),
    drops(direction, 'errs'),
  ]),
  exposed('node_network_mtu_bytes', 'gauge', (cluster, target) => [
    { labels: { device: 'antrea-gw0' }, values: mtu(cluster, target) },
    // Interfaces of Pods.
    { labels: { device: 'eth0' }, values: constant(target, 9001) },
  ]),
];
