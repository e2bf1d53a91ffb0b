/** A fault for each indicator, from 8:00 on. */
import type { Fault } from './faults.ts';

/** The day of these faults. */
const DAY = Date.UTC(2026, 10, 20) / 1000;

/** A time of the day in UTC, such as "13:20". */
export function at(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return DAY + hours * 3600 + minutes * 60;
}

export function span(from: string, to: string) {
  return { start: at(from), end: at(to) };
}

const CONTROLLER = { component: 'controller' } as const;

/**
 * Faults for the indicators in addition to the twelve of the article. Each has a separate node or a separate time; those of
 * the controller follow each other.
 */
export const EXTRA_FAULTS: readonly Fault[] = [
  { kind: 'controller-gone', ...CONTROLLER, ...span('8:35', '8:55') },
  { kind: 'lost-watches', ...CONTROLLER, ...span('9:10', '9:50'), count: 2 },
  { kind: 'node-cidrs', ...CONTROLLER, ...span('9:20', '10:00'), ratio: 0.95 },
  {
    kind: 'sync-retries',
    ...CONTROLLER,
    queue: 'internalNetworkPolicy',
    ...span('9:30', '9:50'),
    retries: 9,
  },
  { kind: 'queue-backlog', ...CONTROLLER, queue: 'appliedToGroup', ...span('10:00', '10:40'), items: 250 },
  { kind: 'slow-policy-sync', sync: 'network_policy', ...span('11:10', '11:50'), milliseconds: 2400 },
  { kind: 'second-controller', ...CONTROLLER, ...span('12:10', '12:40') },
  { kind: 'agent-gone', node: 'worker-01', ...span('9:00', '10:00') },
  {
    kind: 'sync-retries',
    node: 'worker-02',
    queue: 'networkpolicyrule',
    ...span('9:00', '9:40'),
    retries: 24,
  },
  { kind: 'sync-retries', ...CONTROLLER, queue: 'egress', ...span('9:20', '10:50'), retries: 36 },
  { kind: 'sync-retries', node: 'worker-01', queue: 'egressgroup', ...span('10:30', '12:00'), retries: 36 },
  // Too short for a finding.
  { kind: 'sync-retries', node: 'worker-03', queue: 'egressgroup', ...span('11:00', '11:15'), retries: 9 },
  { kind: 'stuck-worker', node: 'worker-02', queue: 'noderoute', ...span('10:30', '11:30') },
  {
    kind: 'fqdn-evictions',
    node: 'worker-03',
    reason: 'total_limit',
    ...span('9:00', '9:10'),
    evictions: 40,
  },
  { kind: 'fqdn-cache', node: 'worker-03', ...span('9:00', '10:00'), size: 9200 },
  { kind: 'failing-service', node: 'worker-04', ...span('10:30', '11:30') },
  { kind: 'missing-services', node: 'worker-04', ...span('9:00', '10:00'), count: 3 },
  {
    kind: 'flow-operation-errors',
    node: 'worker-05',
    operation: 'add',
    ...span('9:00', '9:30'),
    errors: 600,
  },
  {
    kind: 'packet-in-drops',
    node: 'worker-06',
    meter: 'PacketInMeterDNSInterception',
    ...span('9:00', '9:05'),
    packets: 5000,
  },
  { kind: 'denied-connections', node: 'worker-07', ...span('10:00', '11:00'), level: 240 },
  { kind: 'conntrack-full', node: 'worker-08', ...span('9:30', '10:30'), ratio: 0.94 },
  { kind: 'slow-conntrack-poll', node: 'worker-08', ...span('11:00', '12:00'), seconds: 4 },
  { kind: 'collector-flapping', node: 'worker-09', ...span('9:00', '9:40'), reconnections: 12 },
  { kind: 'container-restart', node: 'worker-10', start: at('9:00') - 40, end: at('9:00') },
  { kind: 'collector-unreachable', node: 'worker-10', ...span('9:00', '10:00') },
  { kind: 'goroutine-leak', node: 'worker-11', ...span('9:00', '11:00'), count: 2500 },
];

/** Faults for the other indicators, and worse ones, after the faults above and on other nodes. */
export const OTHER_FAULTS: readonly Fault[] = [
  { kind: 'slow-policy-sync', sync: 'address_group', ...span('13:00', '13:40'), milliseconds: 2400 },
  { kind: 'slow-policy-sync', sync: 'applied_to_group', ...span('14:00', '14:40'), milliseconds: 2400 },
  { kind: 'node-cidrs', ...CONTROLLER, ...span('13:00', '13:40'), ratio: 1 },
  { kind: 'sync-retries', ...CONTROLLER, queue: 'internalGroup', ...span('13:00', '14:30'), retries: 60 },
  { kind: 'high-cpu', ...CONTROLLER, ...span('14:00', '15:30'), cores: 2.6 },
  {
    kind: 'sync-retries',
    node: 'worker-12',
    queue: 'noderoute',
    ...span('13:00', '14:30'),
    retries: 60,
  },
  { kind: 'slow-proxy-sync', node: 'worker-13', ...span('13:00', '14:00'), seconds: 1.8 },
  { kind: 'slow-flow-operations', node: 'worker-14', ...span('13:00', '14:00'), milliseconds: 2400 },
  { kind: 'empty-pipeline', node: 'worker-15', ...span('13:00', '13:40') },
  { kind: 'slow-conntrack-poll', node: 'worker-16', ...span('13:00', '14:00'), seconds: 8 },
  { kind: 'memory-rise', node: 'worker-17', ...span('13:00', '15:30'), bytes: 900 * 1024 ** 2 },
  { kind: 'file-descriptors', node: 'worker-18', ...span('13:00', '14:00'), ratio: 0.92 },
  { kind: 'pods', node: 'worker-19', ...span('13:00', '14:00'), level: 246 },
  { kind: 'container-restart', node: 'worker-20', ...span('13:00', '13:01') },
  { kind: 'container-restart', node: 'worker-20', ...span('13:40', '13:41') },
  { kind: 'container-restart', node: 'worker-20', ...span('14:20', '14:21') },
  { kind: 'scrape-gap', node: 'worker-21', ...span('13:00', '13:40'), as: 'down' },
  { kind: 'scrape-gap', ...CONTROLLER, ...span('15:40', '16:00'), as: 'down' },
];
