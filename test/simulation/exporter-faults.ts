/** A fault for each indicator that reads another exporter, each on a separate node or at a separate time. */
import type { Fault } from './faults.ts';
import { at, span } from './indicator-faults.ts';

const restart = (node: string, time: string): Fault => ({
  kind: 'ovs-restart',
  node,
  start: at(time) - 30,
  end: at(time),
});

export const EXPORTER_FAULTS: readonly Fault[] = [
  restart('worker-01', '9:12'),
  { kind: 'ovs-killed', node: 'worker-02', start: at('9:20') - 20, end: at('9:20') },
  { kind: 'ovs-crash-loop', node: 'worker-03', ...span('9:00', '10:00') },
  { kind: 'network-unavailable', node: 'worker-04', ...span('9:00', '9:40') },
  { kind: 'sandbox-failures', node: 'worker-05', ...span('9:00', '10:00'), failures: 240 },
  { kind: 'ovs-memory', node: 'worker-06', ...span('9:00', '10:30'), bytes: 900 * 1024 ** 2 },
  { kind: 'ovs-throttled', node: 'worker-07', ...span('9:00', '10:00'), ratio: 0.6 },
  { kind: 'node-conntrack', node: 'worker-08', ...span('9:00', '9:40'), ratio: 0.8 },
  { kind: 'gateway-drops', node: 'worker-09', ...span('9:00', '10:00'), ratio: 0.04 },
  {
    kind: 'agent-condition',
    node: 'worker-11',
    condition: 'OpenflowConnectionUp',
    ...span('9:00', '9:40'),
  },
  { kind: 'stale-heartbeat', node: 'worker-11', ...span('10:00', '11:00') },
  { kind: 'egress-unassigned', component: 'controller', ...span('9:00', '9:40') },
  { kind: 'ip-pool', component: 'controller', ...span('9:00', '10:00'), used: 38 },
  { kind: 'policy-unrealized', component: 'controller', ...span('10:00', '11:00'), nodes: 2 },
  { kind: 'api-unavailable', component: 'controller', ...span('10:00', '10:40') },
  { kind: 'webhook-errors', component: 'controller', ...span('11:00', '11:40'), failures: 48 },
  { kind: 'certificate', component: 'controller', ...span('9:00', '10:00'), days: 20 },
  { kind: 'gateway-mtu', node: 'worker-10', ...span('9:00', '10:00'), bytes: 1400 },
];

/**
 * Worse ones, after the faults above. A report sees three restarts, but an alert may fire only at the next one, when the
 * steps of three are recorded.
 */
export const WORSE_EXPORTER_FAULTS: readonly Fault[] = [
  ...['13:10', '13:40', '14:10', '14:40'].map((time) => restart('worker-01', time)),
  ...['13:10', '13:40', '14:10', '14:40'].map(
    (time): Fault => ({ kind: 'ovs-killed', node: 'worker-02', start: at(time) - 20, end: at(time) }),
  ),
  { kind: 'sandbox-failures', node: 'worker-03', ...span('13:00', '14:00'), failures: 1800 },
  { kind: 'certificate', component: 'controller', ...span('13:00', '14:00'), days: 10 },
  { kind: 'ip-pool', component: 'controller', ...span('13:00', '14:00'), used: 40 },
  { kind: 'node-conntrack', node: 'worker-04', ...span('13:00', '13:40'), ratio: 0.94 },
  { kind: 'gateway-drops', node: 'worker-05', ...span('13:00', '14:00'), ratio: 0.25 },
];
