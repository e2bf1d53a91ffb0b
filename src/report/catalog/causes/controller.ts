import type { CauseRule } from '../../model/cause.ts';

/** Seconds within which the means, shares and queue depths of one problem cross their thresholds. */
const SAME_PROBLEM = 600;

/** Seconds until a queue that recovers is empty: three times the longest back-off of 300 s. */
const RECOVERED = 900;

const SYNCS = [
  'network-policy-sync-duration',
  'applied-to-group-sync-duration',
  'address-group-sync-duration',
] as const;

const slowness = {
  scope: 'same-subject',
  anchor: 'whole',
  beforeSeconds: SAME_PROBLEM,
  afterSeconds: SAME_PROBLEM,
  explainsSeconds: RECOVERED,
} as const;

export const CONTROLLER: readonly CauseRule[] = [
  {
    ...slowness,
    id: 'slow-syncs-tail',
    causes: SYNCS,
    effects: ['policy-sync-tail'],
    reason: {
      en: 'Two views of the same slow syncs: their mean, and the share that took longer than a second.',
      'zh-CN': '两者反映的是同一批慢同步：一个看平均耗时，一个看超过 1 秒的占比。',
    },
  },
  {
    ...slowness,
    id: 'slow-syncs-queues',
    causes: [...SYNCS, 'policy-sync-tail'],
    // Each queue has four workers (networkpolicy_controller.go), so four slow items delay all others.
    effects: ['policy-queue-backlog', 'policy-queue-wait', 'stuck-workers'],
    reason: {
      en: 'Four workers serve each queue, so while syncs are slow, everything behind them waits.',
      'zh-CN': '每个队列只有四个工作线程，同步变慢时，后续任务都要排队等待。',
    },
  },
  {
    ...slowness,
    id: 'stuck-worker-queues',
    causes: ['stuck-workers'],
    of: 'controller',
    effects: ['policy-queue-backlog', 'policy-queue-wait'],
    reason: {
      en: 'A stuck worker takes nothing more from its queue, and the other workers cannot keep up.',
      'zh-CN': '卡住的工作线程不再处理队列中的任务，其余线程应付不过来。',
    },
  },
  {
    ...slowness,
    id: 'backlog-wait',
    causes: ['policy-queue-backlog'],
    effects: ['policy-queue-wait'],
    reason: {
      en: 'The longer the queue, the longer each item waits in it.',
      'zh-CN': '队列越长，每个任务等待的时间就越长。',
    },
  },
  {
    id: 'instances-watches',
    causes: ['controller-instances'],
    // Critical means no controller. A warning means two controllers, and both serve watches.
    severity: 'critical',
    effects: ['unwatched-agents'],
    scope: 'anywhere',
    anchor: 'whole',
    beforeSeconds: SAME_PROBLEM,
    afterSeconds: SAME_PROBLEM,
    explainsSeconds: RECOVERED,
    reason: {
      en: 'Without a controller, agents have nothing to connect to; once it is back, they reconnect one by one.',
      'zh-CN': '没有 Controller 时 Agent 无从连接，Controller 恢复后才会陆续重新连接。',
    },
  },
  {
    id: 'full-cidr-retries',
    causes: ['node-cidr-usage'],
    // Critical means that no block is left; the allocator then tries each new node again
    // (third_party/ipam/nodeipam/ipam/range_allocator.go).
    severity: 'critical',
    effects: ['feature-sync-retries'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: SAME_PROBLEM,
    afterSeconds: SAME_PROBLEM,
    reason: {
      en: 'While the cluster CIDR has no block left, each node without one is tried again and again.',
      'zh-CN': '集群 CIDR 用尽期间，控制器会不断尝试为未分得网段的节点分配。',
    },
  },
];
