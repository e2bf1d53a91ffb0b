/** Faults of a simulated cluster, as data. Times are Unix seconds; a fault lasts from `start` until before `end`. */

type Span = { start: number; end: number };
type OnAgent = { node: string };
type OnController = { component: 'controller' };
type OnEither = OnAgent | OnController;

export const OPERATIONS = ['add', 'modify', 'delete'] as const;
export type Operation = (typeof OPERATIONS)[number];

/** The controller's three syncs, named as in their metrics. */
export const SYNCS = ['network_policy', 'address_group', 'applied_to_group'] as const;
export type Sync = (typeof SYNCS)[number];

export const CONTROLLER_QUEUES = [
  'internalNetworkPolicy',
  'addressGroup',
  'appliedToGroup',
  'internalGroup',
  'networkpolicy',
  'egress',
] as const;
export type ControllerQueue = (typeof CONTROLLER_QUEUES)[number];

export const AGENT_QUEUES = [
  'networkpolicyrule',
  'networkpolicystatus',
  'noderoute',
  'egressgroup',
  'multicastgroup',
] as const;
export type AgentQueue = (typeof AGENT_QUEUES)[number];

export const METERS = [
  'PacketInMeterNetworkPolicy',
  'PacketInMeterTraceflow',
  'PacketInMeterDNSInterception',
] as const;
export type Meter = (typeof METERS)[number];

export const EVICTION_REASONS = ['selector_limit', 'total_limit'] as const;
export type EvictionReason = (typeof EVICTION_REASONS)[number];

export const AGENT_CONDITIONS = [
  'AgentHealthy',
  'ControllerConnectionUp',
  'OVSDBConnectionUp',
  'OpenflowConnectionUp',
] as const;
export type AgentCondition = (typeof AGENT_CONDITIONS)[number];

/** The descriptor limit of a process with a fault of descriptors; with Go's usual 1048576 no ratio would be high. */
export const SMALL_DESCRIPTOR_LIMIT = 1024;

/** A queue of one of the two components. */
type OnQueue = (OnAgent & { queue: AgentQueue }) | (OnController & { queue: ControllerQueue });

/** Single events, evenly spread over the span. Several bursts are several faults. */
type Burst =
  /** Failed bundles. */
  | (OnAgent & { kind: 'flow-operation-errors'; operation: Operation; errors: number })
  /** Items that go through the queue again because their sync failed. */
  | (OnQueue & { kind: 'sync-retries'; retries: number })
  | (OnAgent & { kind: 'fqdn-evictions'; reason: EvictionReason; evictions: number })
  | (OnAgent & { kind: 'packet-in-drops'; meter: Meter; packets: number })
  /** The Flow Exporter loses its collector repeatedly and reconnects. */
  | (OnAgent & { kind: 'collector-flapping'; reconnections: number });

/** Processes that end, and targets that Prometheus does not scrape. */
type Absence =
  /** The span is the time without a process: scrapes fail, then the same series continue from 0. */
  | (OnEither & { kind: 'container-restart' })
  /** The span is the time without a Pod: the old target is gone, then there is one with another name. */
  | (OnEither & { kind: 'recreated-pod' })
  /** The same for a long time, while the DaemonSet still wants an agent on the node. */
  | (OnAgent & { kind: 'agent-gone' })
  /** The same for the controller: its Deployment has no Pod. */
  | (OnController & { kind: 'controller-gone' })
  /** No scrapes (`absent`: Prometheus was down or did not know the target), or failed ones (`down`: `up` is 0). */
  | ((OnEither | { everywhere: true }) & { kind: 'scrape-gap'; as: 'absent' | 'down' });

/** Something that has one level for the whole span. */
type State =
  | (OnAgent & { kind: 'pods'; level: number })
  /** Every bundle takes exactly this long, by default for all operations. */
  | (OnAgent & { kind: 'slow-flow-operations'; operation?: Operation; milliseconds: number })
  /** Every sync takes exactly this long, and there are syncs all the time; from one second on, items also pile up. */
  | { kind: 'slow-policy-sync'; sync: Sync; milliseconds: number }
  /** Every item of the queue waits exactly this long before it is processed. */
  | (OnController & { kind: 'slow-queue'; queue: ControllerQueue; seconds: number })
  /** This many items are in the queue all the time. */
  | (OnController & { kind: 'queue-backlog'; queue: ControllerQueue; items: number })
  /** One item is processed for the whole span. */
  | (OnQueue & { kind: 'stuck-worker' })
  /** A second controller runs on the last node, as after a failed update. */
  | (OnController & { kind: 'second-controller' })
  /** This many of the running agents do not watch the controller. */
  | (OnController & { kind: 'lost-watches'; count: number })
  /** Every IPv4 sync takes exactly this long. */
  | (OnAgent & { kind: 'slow-proxy-sync'; seconds: number })
  /** A Service cannot be installed: the sync of Services is retried every 30 s. */
  | (OnAgent & { kind: 'failing-service' })
  /** The node lacks this many of the Service ports that all the others have. */
  | (OnAgent & { kind: 'missing-services'; count: number })
  | (OnAgent & { kind: 'empty-pipeline' })
  | (OnAgent & { kind: 'fqdn-cache'; size: number })
  | (OnAgent & { kind: 'denied-connections'; level: number })
  | (OnAgent & { kind: 'conntrack-full'; ratio: number })
  /** Every poll takes exactly this long. The next one begins after five seconds, or immediately if it took longer. */
  | (OnAgent & { kind: 'slow-conntrack-poll'; seconds: number })
  /** There has been no connection to the collector since the process started. */
  | (OnAgent & { kind: 'collector-unreachable' })
  /** Share of the CIDR blocks that are assigned to nodes; for clusters with `nodeIpam`. */
  | (OnController & { kind: 'node-cidrs'; ratio: number })
  | (OnEither & { kind: 'file-descriptors'; ratio: number })
  | (OnEither & { kind: 'high-cpu'; cores: number })
  /** Rises in a straight line over the first quarter of the span, then stays at `bytes`. */
  | (OnEither & { kind: 'memory-rise'; bytes: number })
  /** Rises in the same way. */
  | (OnEither & { kind: 'goroutine-leak'; count: number });

/** Changes over days, within the thresholds or finally beyond them, in addition to normal activity. */
type Trend =
  /** Resident memory grows from the start of the span or the latest start of the process. */
  | (OnEither & { kind: 'memory-leak'; bytesPerDay: number })
  /** Descriptors grow in the same way. The process has the small limit. */
  | (OnEither & { kind: 'descriptor-leak'; perDay: number })
  | (OnAgent & { kind: 'pods-growth'; perDay: number })
  /** All flow counts of the node are multiplied by this. */
  | (OnAgent & { kind: 'flows-step'; ratio: number });

/** What only other exporters show. */
type Beside =
  /** The span is the time without the container `antrea-ovs`; the agent's metrics do not change. */
  | (OnAgent & { kind: 'ovs-restart' })
  /** The same, after the kernel killed the container for its memory. */
  | (OnAgent & { kind: 'ovs-killed' })
  /** The container does not become ready; kubelet waits between its crashes. */
  | (OnAgent & { kind: 'ovs-crash-loop' })
  | (OnAgent & { kind: 'agent-condition'; condition: AgentCondition })
  /** The agent does not update its AntreaAgentInfo. */
  | (OnAgent & { kind: 'stale-heartbeat' })
  | (OnController & { kind: 'egress-unassigned' })
  | (OnController & { kind: 'ip-pool'; used: number })
  /** This many nodes do not enforce a policy. */
  | (OnController & { kind: 'policy-unrealized'; nodes: number })
  | (OnController & { kind: 'api-unavailable' })
  /** Calls of a webhook that failed, evenly spread. */
  | (OnController & { kind: 'webhook-errors'; failures: number })
  /** The certificate expires this long after the start. */
  | (OnController & { kind: 'certificate'; days: number })
  | (OnAgent & { kind: 'network-unavailable' })
  /** Sandboxes that kubelet could not create, evenly spread. */
  | (OnAgent & { kind: 'sandbox-failures'; failures: number })
  | (OnAgent & { kind: 'ovs-memory'; bytes: number })
  /** Share of the periods; for clusters with `cpuLimit`. */
  | (OnAgent & { kind: 'ovs-throttled'; ratio: number })
  | (OnAgent & { kind: 'node-conntrack'; ratio: number })
  /** Share of the packets of the gateway interface that are dropped. */
  | (OnAgent & { kind: 'gateway-drops'; ratio: number })
  | (OnAgent & { kind: 'gateway-mtu'; bytes: number });

export type Fault = Span & (Burst | Absence | State | Trend | Beside);

export type FaultKind = Fault['kind'];
export type FaultOf<Kind extends FaultKind> = Extract<Fault, { kind: Kind }>;

export function isOf<Kind extends FaultKind>(
  fault: Fault,
  ...kinds: readonly Kind[]
): fault is FaultOf<Kind> {
  return (kinds as readonly FaultKind[]).includes(fault.kind);
}

/** Whether a fault affects this process. `other` is every process that does not belong to Antrea. */
export function concerns(fault: Fault, component: 'agent' | 'controller' | 'other', node: string): boolean {
  if ('everywhere' in fault) return true;
  if ('node' in fault) return component === 'agent' && fault.node === node;
  return component === 'controller';
}

export function contains(span: Span, seconds: number): boolean {
  return seconds >= span.start && seconds < span.end;
}

/** Returns how many seconds of a time range a span covers. */
export function overlap(span: Span, from: number, to: number): number {
  return Math.max(0, Math.min(span.end, to) - Math.max(span.start, from));
}

/** Kinds of faults that consist of single events. */
export const BURST_KINDS = [
  'flow-operation-errors',
  'sync-retries',
  'fqdn-evictions',
  'packet-in-drops',
  'collector-flapping',
] as const;
export type BurstFault = FaultOf<(typeof BURST_KINDS)[number]>;

/** Kinds that end a process; all but the first one also end its Pod. */
export const END_KINDS = ['container-restart', 'recreated-pod', 'agent-gone', 'controller-gone'] as const;
export const POD_END_KINDS = ['recreated-pod', 'agent-gone', 'controller-gone'] as const;

export function eventCount(burst: BurstFault): number {
  switch (burst.kind) {
    case 'flow-operation-errors':
      return burst.errors;
    case 'sync-retries':
      return burst.retries;
    case 'fqdn-evictions':
      return burst.evictions;
    case 'packet-in-drops':
      return burst.packets;
    case 'collector-flapping':
      return burst.reconnections;
  }
}

/** Returns when the events of a burst happen. */
export function eventTimes(burst: BurstFault): number[] {
  const count = eventCount(burst);
  const each = (burst.end - burst.start) / count;
  return Array.from({ length: count }, (_, index) => burst.start + (index + 0.5) * each);
}

/** Returns how many events of a burst are after one moment and not after another. */
export function eventsBetween(burst: BurstFault, from: number, to: number): number {
  const count = eventCount(burst);
  const each = (burst.end - burst.start) / count;
  const until = (seconds: number) =>
    Math.min(count, Math.max(0, Math.floor((seconds - burst.start) / each + 0.5)));
  return until(to) - until(from);
}
