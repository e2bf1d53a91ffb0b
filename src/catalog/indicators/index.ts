import type { Indicator } from '../../model/indicator.ts';
import { indicator as addressGroupSyncDuration } from './address-group-sync-duration.ts';
import { indicator as appliedToGroupSyncDuration } from './applied-to-group-sync-duration.ts';
import { indicator as cpuUsage } from './cpu-usage.ts';
import { indicator as localPodCount } from './local-pod-count.ts';
import { indicator as networkPolicySyncDuration } from './network-policy-sync-duration.ts';
import { indicator as openFileDescriptors } from './open-file-descriptors.ts';
import { indicator as ovsFlowCount } from './ovs-flow-count.ts';
import { indicator as ovsFlowOperationErrors } from './ovs-flow-operation-errors.ts';
import { indicator as ovsFlowOperationLatency } from './ovs-flow-operation-latency.ts';
import { indicator as proxySyncDuration } from './proxy-sync-duration.ts';
import { indicator as residentMemory } from './resident-memory.ts';
import { indicator as virtualMemory } from './virtual-memory.ts';

/** The key indicators, in the order in which a report shows them: section by section, `SECTIONS` first to last. */
export const INDICATORS: readonly Indicator[] = [
  networkPolicySyncDuration,
  appliedToGroupSyncDuration,
  addressGroupSyncDuration,
  proxySyncDuration,
  ovsFlowOperationLatency,
  ovsFlowOperationErrors,
  ovsFlowCount,
  localPodCount,
  cpuUsage,
  residentMemory,
  virtualMemory,
  openFileDescriptors,
];
