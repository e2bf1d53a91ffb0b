/** The controller's API server: each agent keeps watches open on the policies computed for it. */
import { type AntreaVersion, type Cluster, controllerNode, faultsOf, type Target } from './cluster.ts';
import type { Family } from './family.ts';
import { concerns, contains, END_KINDS, type Fault, isOf } from './faults.ts';
import { gauge } from './values.ts';

const RESOURCES = ['networkpolicies', 'addressgroups', 'appliedtogroups'] as const;

/** Seconds after a controller's restart until all agents are connected again. */
const RETURNING = 12;

function isAlive(ends: readonly Fault[], node: string, seconds: number): boolean {
  return !ends.some((fault) => concerns(fault, 'agent', node) && contains(fault, seconds));
}

function watches(cluster: Cluster, target: Target): Float64Array {
  // With two controllers, one has all agents, because they keep their connections.
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
        // Requests of agents that are not watches.
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
