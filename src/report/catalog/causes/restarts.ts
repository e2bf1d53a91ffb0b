import type { CauseRule } from '../../model/cause.ts';

/**
 * Seconds until the effects of a start are over: three times the longest back-off, which is 300 s both for Antrea's
 * queues (networkpolicy_controller.go) and for a crashing container (kubelet's CrashLoopBackOff). Image pulls and
 * reboots usually take less.
 */
const SETTLED = 900;

/** Seconds for which no process may run before the new one starts: the time of a reboot or an image pull. */
const DOWN = 900;

/** Seconds until a start shows: connecting to OVS, the first watch and the first scrape take seconds each. */
const VISIBLE = 300;

/** Seconds before a restart in which the stopping process may lose OVS or fail syncs. Pods get 30 s to terminate. */
const STOPPING = 60;

const restart = {
  causes: ['process-restarts'],
  anchor: 'whole',
  explainsSeconds: SETTLED,
  explainsWorse: true,
} as const;

export const RESTARTS: readonly CauseRule[] = [
  {
    ...restart,
    id: 'restart-gap',
    effects: ['scrape-coverage'],
    scope: 'same-subject',
    beforeSeconds: DOWN,
    afterSeconds: VISIBLE,
    reason: {
      en: 'While a process is stopped and restarted, it cannot be scraped.',
      'zh-CN': '进程从停止到重新启动期间无法采集。',
    },
  },
  {
    ...restart,
    id: 'agent-restart-flow-count',
    of: 'agent',
    // The agent keeps the count itself and sets it to 0 at each connection to OVS (ofctrl_bridge.go).
    effects: ['ovs-flow-count'],
    scope: 'same-subject',
    beforeSeconds: STOPPING,
    afterSeconds: VISIBLE,
    reason: {
      en: 'A restarted agent counts its flows from 0 until it has replayed them all; flows that were already in OVS stay there meanwhile.',
      'zh-CN':
        '新启动的 Agent 从 0 开始统计流表项，直到全部重放完成；此前已在 OVS 中的流表项在此期间仍然保留。',
    },
  },
  {
    ...restart,
    id: 'agent-restart-flow-errors',
    of: 'agent',
    effects: ['ovs-flow-operation-errors', 'flow-operation-error-ratio'],
    scope: 'same-subject',
    beforeSeconds: STOPPING,
    // Failed bundles are retried after up to 300 s and may fail again.
    afterSeconds: SETTLED,
    reason: {
      en: 'An agent that starts programs all flows again; bundles that fail because OVS is not ready yet are retried.',
      'zh-CN': 'Agent 启动后会重新下发全部流表项，OVS 尚未就绪时失败的事务随后会重试。',
    },
  },
  {
    ...restart,
    id: 'agent-restart-rule-retries',
    of: 'agent',
    effects: ['rule-sync-retries'],
    scope: 'same-subject',
    beforeSeconds: STOPPING,
    afterSeconds: SETTLED,
    reason: {
      en: 'An agent that starts installs all its rules and routes at once; those that fail because their Pods, groups or OVS are not ready yet are retried.',
      'zh-CN': 'Agent 启动后集中下发全部规则和路由，相关 Pod、地址组或 OVS 尚未就绪时会失败并重试。',
    },
  },
  {
    ...restart,
    id: 'agent-restart-slow-syncs',
    of: 'agent',
    effects: ['ovs-flow-operation-latency', 'proxy-sync-duration', 'stuck-workers'],
    scope: 'same-subject',
    beforeSeconds: STOPPING,
    // Some of these indicators are not judged in the first minutes after a start (settleSeconds).
    afterSeconds: SETTLED,
    reason: {
      en: 'After its start the agent sends all flows and Services in a few very large bundles, which take longer than the usual small ones.',
      'zh-CN': 'Agent 启动后用少数几个很大的事务下发全部流表项和 Service，耗时比平时的小事务长。',
    },
  },
  {
    ...restart,
    id: 'agent-restart-services',
    of: 'agent',
    effects: ['service-count-difference'],
    scope: 'same-subject',
    beforeSeconds: STOPPING,
    afterSeconds: SETTLED,
    reason: {
      en: 'Until its first complete sync, a restarted agent has fewer Services installed than the other nodes.',
      'zh-CN': '新启动的 Agent 在首次完整同步之前，已安装的 Service 比其他节点少。',
    },
  },
  {
    ...restart,
    id: 'agent-restart-collector',
    of: 'agent',
    effects: ['collector-never-connected'],
    scope: 'same-subject',
    beforeSeconds: STOPPING,
    afterSeconds: SETTLED,
    reason: {
      en: 'A restarted agent begins without a connection to the flow collector.',
      'zh-CN': 'Agent 重启后最初没有到流收集器的连接，需要重新建立。',
    },
  },
  {
    ...restart,
    id: 'agent-restart-reconnections',
    of: 'agent',
    // The counter includes the first connection of a process, so 1 is normal.
    effects: ['collector-reconnections'],
    scope: 'same-subject',
    beforeSeconds: STOPPING,
    afterSeconds: SETTLED,
    // The indicator counts the connections of a whole hour.
    explainsSeconds: SETTLED + 3600,
    reason: {
      en: 'The first connection of a restarted agent to the flow collector also counts as a reconnection.',
      'zh-CN': 'Agent 启动后首次连接流收集器也会计入重连次数。',
    },
  },
  {
    ...restart,
    id: 'agent-restart-cluster',
    of: 'agent',
    effects: ['missing-agents', 'unwatched-agents'],
    scope: 'anywhere',
    beforeSeconds: DOWN,
    afterSeconds: VISIBLE,
    reason: {
      en: 'A restarting agent is missing from the count until it is scraped and watches the controller again.',
      'zh-CN': '重启中的 Agent 在恢复采集并重新连接 Controller 之前不计入数量。',
    },
  },
  {
    ...restart,
    id: 'controller-restart-instances',
    of: 'controller',
    // The Deployment has one replica and the strategy Recreate: the old Pod ends before the new one starts.
    effects: ['controller-instances'],
    scope: 'anywhere',
    beforeSeconds: DOWN,
    afterSeconds: VISIBLE,
    reason: {
      en: 'The controller has one replica, which stops before the next one starts, so for a moment there is none.',
      'zh-CN': 'Controller 只有一个副本，先停止旧实例再启动新实例，因此会短暂没有实例。',
    },
  },
  {
    ...restart,
    id: 'controller-restart-watches',
    of: 'controller',
    effects: ['unwatched-agents'],
    scope: 'anywhere',
    beforeSeconds: DOWN,
    afterSeconds: VISIBLE,
    reason: {
      en: 'Every agent loses its watch when the old controller stops and opens a new one after the new controller has started.',
      'zh-CN': '旧 Controller 停止后，所有 Agent 的 watch 都会中断，新 Controller 启动后才会重新建立。',
    },
  },
  {
    ...restart,
    id: 'controller-restart-syncs',
    of: 'controller',
    effects: [
      'network-policy-sync-duration',
      'applied-to-group-sync-duration',
      'address-group-sync-duration',
      'policy-sync-tail',
      'policy-queue-backlog',
      'policy-queue-wait',
      'policy-sync-retries',
      'stuck-workers',
    ],
    scope: 'same-subject',
    beforeSeconds: STOPPING,
    // The queues are not judged in the first ten minutes after a start (settleSeconds).
    afterSeconds: SETTLED,
    reason: {
      en: 'A restarted controller computes every policy and group again, which fills its queues and slows its syncs for a while.',
      'zh-CN': '新启动的 Controller 会重新计算所有策略和组，因此队列会暂时积压、同步会暂时变慢。',
    },
  },
  {
    id: 'restart-levels',
    causes: ['process-restarts'],
    effects: ['cpu-usage', 'resident-memory', 'goroutines'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: 0,
    afterSeconds: SETTLED,
    // Linked but not explained: the thresholds require half an hour, and start-up work does not take that long.
    reason: {
      en: 'A process that has just started rebuilds its state, and a new version or configuration may need more resources than the old one.',
      'zh-CN': '刚启动的进程要重新建立全部状态，新的版本或配置占用的资源也可能比原来多。',
    },
  },
];
