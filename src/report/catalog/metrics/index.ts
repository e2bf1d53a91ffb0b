import type { Metric } from '../../model/metric.ts';
import { AGENT_FLOW_EXPORTER_METRICS } from './agent-flow-exporter.ts';
import { AGENT_FQDN_METRICS } from './agent-fqdn.ts';
import { AGENT_OVS_METRICS } from './agent-ovs.ts';
import { AGENT_POD_AND_POLICY_METRICS } from './agent-pods-and-policies.ts';
import { CONTROLLER_COMPUTATION_METRICS } from './controller-computation.ts';
import { CONTROLLER_STATUS_METRICS } from './controller-status.ts';
import { INFRASTRUCTURE_METRICS } from './infrastructure.ts';
import { NODE_IPAM_METRICS } from './node-ipam.ts';
import { PROCESS_METRICS } from './process.ts';
import { PROXY_METRICS } from './proxy.ts';

/** Every metric that the report explains, in the order of the report: controller, agent, process, infrastructure. */
export const METRICS: readonly Metric[] = [
  ...CONTROLLER_COMPUTATION_METRICS,
  ...CONTROLLER_STATUS_METRICS,
  ...NODE_IPAM_METRICS,
  ...AGENT_POD_AND_POLICY_METRICS,
  ...AGENT_OVS_METRICS,
  ...PROXY_METRICS,
  ...AGENT_FQDN_METRICS,
  ...AGENT_FLOW_EXPORTER_METRICS,
  ...PROCESS_METRICS,
  ...INFRASTRUCTURE_METRICS,
];
