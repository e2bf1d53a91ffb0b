import type { CauseRule } from '../../model/cause.ts';

/**
 * What a start brings is over a quarter of an hour later: three times the longest back-off of Antrea's own queues and
 * of a crashing container, 300 s each (networkpolicy_controller.go; kubelet's CrashLoopBackOff). Image pulls and
 * reboots mostly fit in as well.
 */
const SETTLED = 900;

/** The old process is away before the new one starts, for as long as a reboot or an image pull takes. */
const AWAY = 900;

/** A start shows within so long: connecting to OVS, the first watch and the first scrape take seconds each. */
const SHOWS = 300;

/** An agent that is stopped loses OVS, or its last syncs, in its last moments; Pods get 30 s to terminate. */
const LAST_MOMENTS = 60;

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
    beforeSeconds: AWAY,
    afterSeconds: SHOWS,
    reason: {
      en: 'While a process is stopped and started anew, it cannot be scraped.',
      'zh-CN': '进程从停止到重新启动期间无法采集。',
    },
  },
  {
    ...restart,
    id: 'agent-restart-flow-count',
    of: 'agent',
    // The count is the agent's own book-keeping, set to 0 at each connection to OVS (ofctrl_bridge.go).
    effects: ['ovs-flow-count'],
    scope: 'same-subject',
    beforeSeconds: LAST_MOMENTS,
    afterSeconds: SHOWS,
    reason: {
      en: 'A new agent counts its flows from 0 until it has replayed them all; flows that were in OVS before stay there meanwhile.',
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
    beforeSeconds: LAST_MOMENTS,
    // What failed is tried again after as much as 300 s, and may fail again.
    afterSeconds: SETTLED,
    reason: {
      en: 'An agent that starts programs everything anew; bundles that fail while OVS is not ready yet are tried again.',
      'zh-CN': 'Agent 启动后会重新下发全部流表项，OVS 尚未就绪时失败的事务随后会重试。',
    },
  },
  {
    ...restart,
    id: 'agent-restart-rule-retries',
    of: 'agent',
    effects: ['rule-sync-retries'],
    scope: 'same-subject',
    beforeSeconds: LAST_MOMENTS,
    afterSeconds: SETTLED,
    reason: {
      en: 'An agent that starts realizes all its rules and routes at once; those that fail before their Pods, groups or OVS are ready are retried.',
      'zh-CN': 'Agent 启动后集中下发全部规则和路由，相关 Pod、地址组或 OVS 尚未就绪时会失败并重试。',
    },
  },
  {
    ...restart,
    id: 'agent-restart-slow-syncs',
    of: 'agent',
    effects: ['ovs-flow-operation-latency', 'proxy-sync-duration', 'stuck-workers'],
    scope: 'same-subject',
    beforeSeconds: LAST_MOMENTS,
    // Some of these are not judged for the first minutes after a start (settleSeconds), and begin after them.
    afterSeconds: SETTLED,
    reason: {
      en: 'After its start the agent sends all flows and Services in a few huge bundles, which take longer than the usual small ones.',
      'zh-CN': 'Agent 启动后用少数几个很大的事务下发全部流表项和 Service，耗时比平时的小事务长。',
    },
  },
  {
    ...restart,
    id: 'agent-restart-services',
    of: 'agent',
    effects: ['service-count-difference'],
    scope: 'same-subject',
    beforeSeconds: LAST_MOMENTS,
    afterSeconds: SETTLED,
    reason: {
      en: 'Until its first complete sync a new agent has fewer Services installed than the other nodes.',
      'zh-CN': '新启动的 Agent 在首次完整同步之前，已安装的 Service 比其他节点少。',
    },
  },
  {
    ...restart,
    id: 'agent-restart-collector',
    of: 'agent',
    effects: ['collector-never-connected'],
    scope: 'same-subject',
    beforeSeconds: LAST_MOMENTS,
    afterSeconds: SETTLED,
    reason: {
      en: 'A new agent begins without a connection to the flow collector.',
      'zh-CN': '新启动的 Agent 需要重新连接流收集器。',
    },
  },
  {
    ...restart,
    id: 'agent-restart-reconnections',
    of: 'agent',
    // The counter counts the first connection of a process too: healthy is 1.
    effects: ['collector-reconnections'],
    scope: 'same-subject',
    beforeSeconds: LAST_MOMENTS,
    afterSeconds: SETTLED,
    // The connections of an hour are counted together.
    explainsSeconds: SETTLED + 3600,
    reason: {
      en: 'The first connection of a new agent to the flow collector counts as a reconnection too.',
      'zh-CN': 'Agent 启动后首次连接流收集器也会计入重连次数。',
    },
  },
  {
    ...restart,
    id: 'agent-restart-cluster',
    of: 'agent',
    effects: ['missing-agents', 'unwatched-agents'],
    scope: 'anywhere',
    beforeSeconds: AWAY,
    afterSeconds: SHOWS,
    reason: {
      en: 'An agent that is being restarted is missing from the count until it is scraped and watches the controller again.',
      'zh-CN': '重启中的 Agent 在恢复采集并重新连接 Controller 之前不计入数量。',
    },
  },
  {
    ...restart,
    id: 'controller-restart-instances',
    of: 'controller',
    // One replica and the strategy Recreate: the old Pod goes before the new one comes.
    effects: ['controller-instances'],
    scope: 'anywhere',
    beforeSeconds: AWAY,
    afterSeconds: SHOWS,
    reason: {
      en: 'The controller has one replica, which is stopped before the next one starts, so for a moment there is none.',
      'zh-CN': 'Controller 只有一个副本，先停止旧实例再启动新实例，因此会短暂没有实例。',
    },
  },
  {
    ...restart,
    id: 'controller-restart-watches',
    of: 'controller',
    effects: ['unwatched-agents'],
    scope: 'anywhere',
    beforeSeconds: AWAY,
    afterSeconds: SHOWS,
    reason: {
      en: 'Every agent loses its watch with the old controller and opens another one after the new controller has started.',
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
    beforeSeconds: LAST_MOMENTS,
    // The queues are not judged for the first ten minutes (settleSeconds), and begin after them.
    afterSeconds: SETTLED,
    reason: {
      en: 'A new controller computes every policy and group anew, which fills its queues and slows its syncs for a while.',
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
    // Linked only: their thresholds ask for half an hour, and what has lasted so long is no start-up any more.
    reason: {
      en: 'A process that has just started builds up its state again, and a new version or configuration may need more than the old one.',
      'zh-CN': '刚启动的进程要重新建立全部状态，新的版本或配置占用的资源也可能比原来多。',
    },
  },
];
