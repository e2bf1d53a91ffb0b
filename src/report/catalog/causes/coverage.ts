import type { CauseRule } from '../../model/cause.ts';

/** Seconds until a gap shows in every count: targets are scraped at different moments. */
const VISIBLE = 300;

/** Seconds until watches and queues recover after an outage: three back-offs of 300 s (networkpolicy_controller.go). */
const SETTLED = 900;

export const COVERAGE: readonly CauseRule[] = [
  {
    id: 'outage-gaps',
    causes: ['scrape-coverage'],
    of: 'prometheus',
    effects: ['scrape-coverage', 'missing-agents', 'controller-instances', 'unwatched-agents'],
    scope: 'anywhere',
    anchor: 'whole',
    beforeSeconds: VISIBLE,
    afterSeconds: VISIBLE,
    explainsSeconds: SETTLED,
    // A count of 0 means nothing while nothing can be counted, so it may be critical.
    explainsWorse: true,
    reason: {
      en: 'While no target could be scraped (because Prometheus, or the API server that checks its token, was unavailable), counts of agents and controllers mean nothing.',
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
    beforeSeconds: VISIBLE,
    afterSeconds: SETTLED,
    reason: {
      en: 'Processes that start while nothing can be scraped, or just after that, point to a shared cause: the API server, the network or the power supply of the nodes.',
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
    beforeSeconds: VISIBLE,
    afterSeconds: VISIBLE,
    explainsSeconds: SETTLED,
    reason: {
      en: 'An agent that is not scraped also counts as missing: it is the same gap, counted for the cluster.',
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
    beforeSeconds: VISIBLE,
    afterSeconds: VISIBLE,
    explainsSeconds: SETTLED,
    reason: {
      en: 'A controller that is not scraped is not counted, and the watches of the agents are unknown, because only the controller reports them.',
      'zh-CN':
        '无法采集的 Controller 不计入实例数；Agent 的 watch 数只有 Controller 能提供，因此也无法统计。',
    },
  },
  {
    // Listed after `restart-gap`, which covers short gaps. A long gap is the problem, and the start ended it.
    id: 'gap-restart',
    causes: ['scrape-coverage'],
    effects: ['process-restarts'],
    scope: 'same-subject',
    anchor: 'end',
    beforeSeconds: VISIBLE,
    afterSeconds: VISIBLE,
    explainsSeconds: VISIBLE,
    reason: {
      en: 'The process or its node was down until it started again; that start ended the gap.',
      'zh-CN': '缺口期间进程或所在节点不可用，重新启动后缺口随之结束。',
    },
  },
  {
    id: 'node-cidr-missing-agents',
    causes: ['node-cidr-usage'],
    // At a warning, blocks are still left.
    severity: 'critical',
    // The agent serves no /metrics until its node has a Pod CIDR (pkg/agent/agent.go, initNodeLocalConfig).
    effects: ['missing-agents'],
    scope: 'anywhere',
    anchor: 'whole',
    beforeSeconds: 0,
    afterSeconds: VISIBLE,
    reason: {
      en: 'When no Pod CIDR is left, a new node gets none, and its agent cannot finish its start.',
      'zh-CN': '集群 Pod 网段耗尽后，新节点分不到 Pod 网段，其 Agent 无法完成启动。',
    },
  },
];
