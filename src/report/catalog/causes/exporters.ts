import type { CauseRule } from '../../model/cause.ts';

/** Seconds until the flows are programmed again: three times the longest back-off of 300 s, as in restarts.ts. */
const SETTLED = 900;

/** Seconds before the restart is seen in which the effects may begin: kube-state-metrics and cAdvisor lag a scrape. */
const LATE = 120;

/** Seconds between two indicators that have the same cause. */
const SAME_PROBLEM = 600;

/** Seconds by which a memory that grows may precede the kill: the indicator needs half an hour. */
const GROWING = 3600;

const CONTROLLER_SERVES_APIS = {
  effects: ['unavailable-apis', 'failed-webhooks'],
  scope: 'anywhere',
  anchor: 'whole',
  beforeSeconds: SAME_PROBLEM,
  afterSeconds: SETTLED,
  reason: {
    en: 'The controller serves these APIs and webhooks, so they are unavailable without it, and without a certificate that is valid.',
    'zh-CN': '这些 API 和 webhook 由 Controller 提供，Controller 停止或证书失效时都不可用。',
  },
} as const;

/** What other exporters show, and what Antrea's metrics then show of it. */
export const EXPORTER_CAUSES: readonly CauseRule[] = [
  {
    id: 'memory-kill-restart',
    causes: ['out-of-memory-kills'],
    effects: ['process-restarts', 'ovs-restarts', 'containers-not-ready'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: LATE,
    afterSeconds: SETTLED,
    explainsSeconds: SETTLED,
    reason: {
      en: 'A container that is killed for its memory is started again.',
      'zh-CN': '容器因内存耗尽被终止后会重新启动。',
    },
  },
  {
    id: 'ovs-memory-kill',
    causes: ['ovs-memory'],
    effects: ['out-of-memory-kills', 'ovs-restarts'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: LATE,
    afterSeconds: GROWING,
    reason: {
      en: 'OVS is killed when its memory reaches the limit of the container or of the node.',
      'zh-CN': 'OVS 的内存达到容器或节点的上限时会被终止。',
    },
  },
  {
    id: 'ovs-restart-flow-count',
    causes: ['ovs-restarts'],
    // The agent sets the count to 0 at each connection to OVS (ofctrl_bridge.go), and then replays the flows.
    effects: ['ovs-flow-count'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: LATE,
    afterSeconds: SETTLED,
    explainsSeconds: SETTLED,
    explainsWorse: true,
    reason: {
      en: 'After a restart of OVS the agent counts its flows from 0 until it has programmed them all again.',
      'zh-CN': 'OVS 重启后，Agent 从 0 开始统计流表项，直到全部重新下发完成。',
    },
  },
  {
    id: 'ovs-restart-flow-errors',
    causes: ['ovs-restarts'],
    effects: [
      'ovs-flow-operation-errors',
      'flow-operation-error-ratio',
      'ovs-flow-operation-latency',
      'rule-sync-retries',
      'proxy-sync-duration',
    ],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: LATE,
    afterSeconds: SETTLED,
    explainsSeconds: SETTLED,
    explainsWorse: true,
    reason: {
      en: 'While OVS is down, bundles fail and syncs wait; afterwards all flows are programmed at once.',
      'zh-CN': 'OVS 停止期间事务会失败、同步会等待，恢复后又集中下发全部流表项。',
    },
  },
  {
    id: 'ovs-restart-agent',
    causes: ['ovs-restarts'],
    // Since v1.9 the agent's liveness probe checks the connection to OVS.
    effects: ['process-restarts'],
    scope: 'same-subject',
    of: 'agent',
    anchor: 'whole',
    beforeSeconds: LATE,
    afterSeconds: SETTLED,
    reason: {
      en: 'The agent’s container may be restarted when its connection to OVS is lost, because its liveness probe checks that.',
      'zh-CN': 'Agent 与 OVS 的连接中断时，其容器可能被重启，因为存活探针会检查该连接。',
    },
  },
  {
    id: 'ovs-crash-loop',
    causes: ['containers-not-ready'],
    effects: ['ovs-restarts', 'pod-sandbox-failures', 'ovs-flow-count'],
    scope: 'same-subject',
    of: 'agent',
    anchor: 'whole',
    beforeSeconds: SAME_PROBLEM,
    afterSeconds: SAME_PROBLEM,
    reason: {
      en: 'While a container of the agent’s Pod does not run, no Pod on the node gets its network.',
      'zh-CN': 'Agent Pod 中的容器未运行期间，该节点上的 Pod 无法配置网络。',
    },
  },
  {
    id: 'ovs-restart-conditions',
    causes: ['ovs-restarts', 'containers-not-ready'],
    effects: ['agent-conditions'],
    scope: 'same-subject',
    of: 'agent',
    anchor: 'whole',
    beforeSeconds: LATE,
    afterSeconds: SETTLED,
    explainsSeconds: SETTLED,
    reason: {
      en: 'While OVS is down, the agent reports that it is not connected to it.',
      'zh-CN': 'OVS 停止期间，Agent 会上报与 OVS 的连接已断开。',
    },
  },
  {
    id: 'disconnected-agent',
    causes: ['agent-conditions'],
    effects: [
      'ovs-flow-operation-errors',
      'flow-operation-error-ratio',
      'rule-sync-retries',
      'feature-sync-retries',
      'proxy-sync-rounds',
      'pod-sandbox-failures',
    ],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: SAME_PROBLEM,
    afterSeconds: SAME_PROBLEM,
    reason: {
      en: 'An agent that is not connected to OVS cannot install rules or set up Pods.',
      'zh-CN': '与 OVS 断开的 Agent 无法下发规则，也无法为 Pod 配置网络。',
    },
  },
  {
    id: 'disconnected-policies',
    causes: ['agent-conditions', 'agent-heartbeat-age', 'rule-sync-retries'],
    effects: ['unrealized-policies', 'unwatched-agents', 'unassigned-egresses'],
    scope: 'anywhere',
    anchor: 'whole',
    beforeSeconds: SAME_PROBLEM,
    afterSeconds: SAME_PROBLEM,
    reason: {
      en: 'An agent that is disconnected or cannot install rules does not enforce new policies, nor hold the address of an Egress.',
      'zh-CN': '断开连接或无法下发规则的 Agent 不会执行新的策略，也无法承载 Egress 地址。',
    },
  },
  {
    id: 'full-pool',
    causes: ['ip-pool-usage'],
    // Critical means that no address is left; the controller then tries again to allocate one
    // (pkg/controller/egress/controller.go, pkg/controller/serviceexternalip/controller.go).
    severity: 'critical',
    effects: ['unassigned-egresses', 'feature-sync-retries'],
    scope: 'anywhere',
    anchor: 'whole',
    beforeSeconds: SAME_PROBLEM,
    afterSeconds: SAME_PROBLEM,
    reason: {
      en: 'While a pool has no address left, each Egress or Service that needs one gets none and is tried again and again.',
      'zh-CN': '地址池用尽期间，需要地址的 Egress 或 Service 分不到地址，会不断重试。',
    },
  },
  {
    ...CONTROLLER_SERVES_APIS,
    id: 'controller-gone-apis',
    causes: ['controller-instances'],
  },
  {
    ...CONTROLLER_SERVES_APIS,
    id: 'expired-certificate-apis',
    causes: ['expiring-certificates'],
    atMost: 0,
  },
  {
    ...CONTROLLER_SERVES_APIS,
    id: 'controller-restart-apis',
    causes: ['process-restarts'],
    of: 'controller',
  },
  {
    id: 'unavailable-apis-webhooks',
    causes: ['unavailable-apis'],
    effects: ['failed-webhooks'],
    scope: 'anywhere',
    anchor: 'whole',
    beforeSeconds: SAME_PROBLEM,
    afterSeconds: SETTLED,
    reason: {
      en: 'API servers reach the controller’s webhooks through the same Service and certificate as its APIs.',
      'zh-CN': 'API server 经由同一个 Service 和证书访问 Controller 的 API 与 webhook。',
    },
  },
  {
    id: 'full-conntrack',
    causes: ['node-conntrack-usage'],
    effects: ['conntrack-usage'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: SAME_PROBLEM,
    afterSeconds: SAME_PROBLEM,
    // Both say the same.
    explainsSeconds: 3600,
    reason: {
      en: 'The same connection tracking table, once as the kernel counts it and once as Flow Exporter does.',
      'zh-CN': '同一张连接跟踪表，一处取自内核，一处取自 Flow Exporter。',
    },
  },
  {
    id: 'mtu-packet-loss',
    causes: ['gateway-mtu-difference'],
    effects: ['gateway-packet-loss'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: SAME_PROBLEM,
    afterSeconds: SAME_PROBLEM,
    reason: {
      en: 'Packets that are larger than the MTU of the path are dropped.',
      'zh-CN': '超过路径 MTU 的报文会被丢弃。',
    },
  },
  {
    id: 'throttled-agent',
    causes: ['cpu-throttling'],
    effects: [
      'ovs-flow-operation-latency',
      'proxy-sync-duration',
      'pod-sandbox-failures',
      'gateway-packet-loss',
    ],
    scope: 'same-subject',
    of: 'agent',
    anchor: 'whole',
    beforeSeconds: SAME_PROBLEM,
    afterSeconds: SAME_PROBLEM,
    reason: {
      en: 'Agent and OVS that have used up their CPU limit do everything later.',
      'zh-CN': 'Agent 和 OVS 用尽 CPU 上限后，各项工作都会变慢。',
    },
  },
];
