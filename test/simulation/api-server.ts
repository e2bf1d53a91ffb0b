/** What the controller's API server says of the agents: each keeps watches open on the policies computed for it. */
import { type AntreaVersion, type Cluster, controllerNode, faultsOf, type Target } from './cluster.ts';
import type { Family } from './family.ts';
import { concerns, contains, END_KINDS, type Fault, isOf } from './faults.ts';
import { gauge } from './values.ts';

const RESOURCES = ['networkpolicies', 'addressgroups', 'appliedtogroups'] as const;

/** Seconds that a restarted controller is up before all the agents are back. */
const RETURNING = 12;

function isAlive(ends: readonly Fault[], node: string, seconds: number): boolean {
  return !ends.some((fault) => concerns(fault, 'agent', node) && contains(fault, seconds));
}

function watches(cluster: Cluster, target: Target): Float64Array {
  // Of two controllers one has them all: the agents go on with the connections that they have.
  if (target.node !== controllerNode(cluster)) return gauge(target, () => 0);
  const ends = cluster.faults.filter((fault) => isOf(fault, ...END_KINDS));
  const lost = faultsOf(target, 'lost-watches');
  return gauge(target, (seconds, life) => {
    if (seconds < life.startedAt + RETURNING) return 0;
    const live = cluster.nodes.filter((node) => isAlive(ends, node, seconds)).length;
    return live - (lost.find((fault) => contains(fault, seconds))?.count ?? 0);
  });
}

function longRunning(name: string): Family {
  return {
    name,
    type: 'gauge',
    exposedBy: ['controller'],
    columns(cluster, target) {
      const values = watches(cluster, target);
      const group = { component: '', group: 'controlplane.antrea.io', scope: 'cluster', subresource: '' };
      return [
        ...RESOURCES.map((resource) => ({
          labels: { ...group, resource, verb: 'WATCH', version: 'v1beta2' },
          values,
        })),
        // Requests of agents that are none of their watches.
        {
          labels: { ...group, resource: 'networkpolicies', verb: 'GET', version: 'v1beta2' },
          values: gauge(target, () => 2),
        },
      ];
    },
  };
}

/** Renamed in v1.7. */
export function apiServerFamilies(antrea: AntreaVersion): Family[] {
  return [longRunning(antrea === '1.2' ? 'apiserver_longrunning_gauge' : 'apiserver_longrunning_requests')];
}
