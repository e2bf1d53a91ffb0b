import type { CauseRule } from '../../model/cause.ts';

/** Targets are scraped at different moments, and what one failed scrape hides comes back with the next good ones. */
const SHOWS = 300;

/** After an outage watches, connections and queues recover by back-offs of at most 300 s (networkpolicy_controller.go). */
const SETTLED = 900;

export const COVERAGE: readonly CauseRule[] = [
  {
    id: 'outage-gaps',
    causes: ['scrape-coverage'],
    of: 'prometheus',
    effects: ['scrape-coverage', 'missing-agents', 'controller-instances', 'unwatched-agents'],
    scope: 'anywhere',
    anchor: 'whole',
    beforeSeconds: SHOWS,
    afterSeconds: SHOWS,
    explainsSeconds: SETTLED,
    // A count of 0 that nobody could take says nothing of what was to be counted.
    explainsWorse: true,
    reason: {
      en: 'While no target could be scraped at all (Prometheus was away, or the API server that checks its token), counts of what is there say nothing.',
      'zh-CN':
        '所有目标都无法采集时（Prometheus 自身不可用，或校验其令牌的 API server 不可用），各项数量统计没有意义。',
    },
  },
  {
    id: 'outage-restarts',
    causes: ['scrape-coverage'],
    of: 'prometheus',
    effects: ['process-restarts'],
    scope: 'anywhere',
    anchor: 'whole',
    beforeSeconds: SHOWS,
    afterSeconds: SETTLED,
    reason: {
      en: 'Processes that start while or just after nothing could be scraped point to what they all share: the API server, the network or the power of the nodes.',
      'zh-CN':
        '进程在所有目标都无法采集期间或刚恢复时启动，原因多半出在公共环节：API server、网络或节点电源。',
    },
  },
  {
    id: 'gap-missing-agents',
    causes: ['scrape-coverage'],
    of: 'agent',
    effects: ['missing-agents'],
    scope: 'anywhere',
    anchor: 'whole',
    beforeSeconds: SHOWS,
    afterSeconds: SHOWS,
    explainsSeconds: SETTLED,
    reason: {
      en: 'An agent that is not scraped is one of those that are missing: the same gap, counted over the cluster.',
      'zh-CN': '无法采集的 Agent 同样计为缺失：这是同一个缺口，只是按集群统计。',
    },
  },
  {
    id: 'gap-controller-instances',
    causes: ['scrape-coverage'],
    of: 'controller',
    effects: ['controller-instances', 'unwatched-agents'],
    scope: 'anywhere',
    anchor: 'whole',
    beforeSeconds: SHOWS,
    afterSeconds: SHOWS,
    explainsSeconds: SETTLED,
    reason: {
      en: 'A controller that is not scraped is not counted, and neither are the watches of the agents, which only it can tell.',
      'zh-CN':
        '无法采集的 Controller 不计入实例数；Agent 的 watch 数只有 Controller 能提供，因此也无法统计。',
    },
  },
  {
    // After `restart-gap`, which takes the short gaps: a long one is the trouble, and the start is how it ended.
    id: 'gap-restart',
    causes: ['scrape-coverage'],
    effects: ['process-restarts'],
    scope: 'same-subject',
    anchor: 'end',
    beforeSeconds: SHOWS,
    afterSeconds: SHOWS,
    explainsSeconds: SHOWS,
    reason: {
      en: 'The process or its node was down until it was started again; that start ended the gap.',
      'zh-CN': '缺口期间进程或所在节点不可用，重新启动后缺口随之结束。',
    },
  },
  {
    id: 'node-cidr-missing-agents',
    causes: ['node-cidr-usage'],
    // A warning still has blocks left.
    severity: 'critical',
    // The agent waits for its node's Pod CIDR and serves no /metrics before (pkg/agent/agent.go, initNodeLocalConfig).
    effects: ['missing-agents'],
    scope: 'anywhere',
    anchor: 'whole',
    beforeSeconds: 0,
    afterSeconds: SHOWS,
    reason: {
      en: 'A node that gets no Pod CIDR because none is left cannot complete the start of its agent.',
      'zh-CN': '集群 Pod 网段耗尽后，新节点分不到 Pod 网段，其 Agent 无法完成启动。',
    },
  },
];
