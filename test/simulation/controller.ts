/** What the controller exposes under `antrea_controller_`. */
import type { AntreaVersion } from './cluster.ts';
import type { Family } from './family.ts';
import { SYNCS, type Sync } from './faults.ts';
import { syncs, waiting } from './syncs.ts';
import { eventCounter, gauge, histogram, tally } from './values.ts';

function ofSync(sync: Sync): Family[] {
  const waitingItems: Family['columns'] = (cluster, target) => [
    { values: gauge(target, (seconds) => waiting(cluster, target, sync, seconds)) },
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
  ];
}
