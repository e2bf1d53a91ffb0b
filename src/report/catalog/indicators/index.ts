import type { Indicator } from '../../model/indicator.ts';
import { indicator as addressGroupSyncDuration } from './address-group-sync-duration.ts';
import { indicator as agentConditions } from './agent-conditions.ts';
import { indicator as agentHeartbeatAge } from './agent-heartbeat-age.ts';
import { indicator as appliedToGroupSyncDuration } from './applied-to-group-sync-duration.ts';
import { indicator as collectorNeverConnected } from './collector-never-connected.ts';
import { indicator as collectorReconnections } from './collector-reconnections.ts';
import { indicator as conntrackPollDuration } from './conntrack-poll-duration.ts';
import { indicator as conntrackUsage } from './conntrack-usage.ts';
import { indicator as containersNotReady } from './containers-not-ready.ts';
import { indicator as controllerInstances } from './controller-instances.ts';
import { indicator as cpuThrottling } from './cpu-throttling.ts';
import { indicator as cpuUsage } from './cpu-usage.ts';
import { indicator as deniedConnections } from './denied-connections.ts';
import { indicator as expiringCertificates } from './expiring-certificates.ts';
import { indicator as failedWebhooks } from './failed-webhooks.ts';
import { indicator as featureSyncRetries } from './feature-sync-retries.ts';
import { indicator as flowOperationErrorRatio } from './flow-operation-error-ratio.ts';
import { indicator as fqdnCacheEvictions } from './fqdn-cache-evictions.ts';
import { indicator as fqdnCacheSize } from './fqdn-cache-size.ts';
import { indicator as gatewayMtuDifference } from './gateway-mtu-difference.ts';
import { indicator as gatewayPacketLoss } from './gateway-packet-loss.ts';
import { indicator as goroutines } from './goroutines.ts';
import { indicator as ipPoolUsage } from './ip-pool-usage.ts';
import { indicator as localPodCount } from './local-pod-count.ts';
import { indicator as missingAgents } from './missing-agents.ts';
import { indicator as networkPolicySyncDuration } from './network-policy-sync-duration.ts';
import { indicator as networkUnavailable } from './network-unavailable.ts';
import { indicator as nodeCidrUsage } from './node-cidr-usage.ts';
import { indicator as nodeConntrackUsage } from './node-conntrack-usage.ts';
import { indicator as openFileDescriptors } from './open-file-descriptors.ts';
import { indicator as outOfMemoryKills } from './out-of-memory-kills.ts';
import { indicator as ovsFlowCount } from './ovs-flow-count.ts';
import { indicator as ovsFlowOperationErrors } from './ovs-flow-operation-errors.ts';
import { indicator as ovsFlowOperationLatency } from './ovs-flow-operation-latency.ts';
import { indicator as ovsMemory } from './ovs-memory.ts';
import { indicator as ovsRestarts } from './ovs-restarts.ts';
import { indicator as packetInDrops } from './packet-in-drops.ts';
import { indicator as podSandboxFailures } from './pod-sandbox-failures.ts';
import { indicator as policyQueueBacklog } from './policy-queue-backlog.ts';
import { indicator as policyQueueWait } from './policy-queue-wait.ts';
import { indicator as policySyncRetries } from './policy-sync-retries.ts';
import { indicator as policySyncTail } from './policy-sync-tail.ts';
import { indicator as proxySyncDuration } from './proxy-sync-duration.ts';
import { indicator as proxySyncRounds } from './proxy-sync-rounds.ts';
import { indicator as residentMemory } from './resident-memory.ts';
import { indicator as ruleSyncRetries } from './rule-sync-retries.ts';
import { indicator as serviceCountDifference } from './service-count-difference.ts';
import { indicator as stuckWorkers } from './stuck-workers.ts';
import { indicator as unassignedEgresses } from './unassigned-egresses.ts';
import { indicator as unavailableApis } from './unavailable-apis.ts';
import { indicator as unrealizedPolicies } from './unrealized-policies.ts';
import { indicator as unwatchedAgents } from './unwatched-agents.ts';
import { indicator as virtualMemory } from './virtual-memory.ts';

/** All indicators in the order in which a report shows them, grouped by section in the order of `SECTIONS`. */
export const INDICATORS: readonly Indicator[] = [
  missingAgents,
  controllerInstances,
  unwatchedAgents,
  containersNotReady,
  networkUnavailable,
  podSandboxFailures,
  agentConditions,
  agentHeartbeatAge,
  unassignedEgresses,
  unavailableApis,
  failedWebhooks,
  expiringCertificates,
  featureSyncRetries,
  networkPolicySyncDuration,
  appliedToGroupSyncDuration,
  addressGroupSyncDuration,
  policySyncTail,
  policyQueueWait,
  policyQueueBacklog,
  policySyncRetries,
  ruleSyncRetries,
  stuckWorkers,
  unrealizedPolicies,
  fqdnCacheEvictions,
  fqdnCacheSize,
  proxySyncDuration,
  serviceCountDifference,
  proxySyncRounds,
  ovsFlowOperationLatency,
  ovsFlowOperationErrors,
  flowOperationErrorRatio,
  ovsFlowCount,
  packetInDrops,
  ovsRestarts,
  gatewayPacketLoss,
  gatewayMtuDifference,
  collectorNeverConnected,
  collectorReconnections,
  deniedConnections,
  conntrackUsage,
  conntrackPollDuration,
  localPodCount,
  nodeCidrUsage,
  ipPoolUsage,
  nodeConntrackUsage,
  cpuUsage,
  residentMemory,
  virtualMemory,
  openFileDescriptors,
  goroutines,
  ovsMemory,
  outOfMemoryKills,
  cpuThrottling,
];
