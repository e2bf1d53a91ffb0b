import type { CauseRule } from '../../model/cause.ts';

/** Seconds within which the means and the counts of one problem cross their thresholds. */
const SAME_PROBLEM = 600;

/** Seconds until retries have succeeded: back-offs are 30 s (proxier.go) to 300 s (the agent's rule queue). */
const RETRIED = 900;

export const PIPELINE: readonly CauseRule[] = [
  {
    id: 'no-flows-errors',
    causes: ['ovs-flow-count'],
    // Critical means a count of 0, which the agent sets when it reconnects to OVS. A warning means a changed level.
    severity: 'critical',
    effects: [
      'ovs-flow-operation-errors',
      'flow-operation-error-ratio',
      'ovs-flow-operation-latency',
      'rule-sync-retries',
      'proxy-sync-duration',
      'stuck-workers',
    ],
    scope: 'same-subject',
    anchor: 'whole',
    // OVS stops answering some seconds before the agent gives up the connection.
    beforeSeconds: 60,
    afterSeconds: SAME_PROBLEM,
    explainsSeconds: RETRIED,
    reason: {
      en: 'Without its connection to OVS, the agent cannot change flows: bundles fail or wait, and rules are retried until the connection is back.',
      'zh-CN': 'Agent 与 OVS 的连接中断时无法变更流表项：事务失败或等待，规则不断重试，直到连接恢复。',
    },
  },
  {
    // Listed after `agent-restart-flow-count`: here the flows were gone well before the agent restarted.
    id: 'no-flows-restart',
    causes: ['ovs-flow-count'],
    severity: 'critical',
    // Since v1.9 the liveness probe checks the OpenFlow connection. The container restarts after five failures, 10 s
    // apart (templates/agent/daemonset.yaml).
    effects: ['process-restarts'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: 0,
    afterSeconds: 300,
    explainsSeconds: RETRIED,
    reason: {
      en: 'An agent without its connection to OVS fails its liveness probe, and its container is restarted.',
      'zh-CN': 'Agent 与 OVS 的连接中断会导致存活探针失败，容器随之重启。',
    },
  },
  {
    id: 'flow-errors-ratio',
    causes: ['ovs-flow-operation-errors'],
    effects: ['flow-operation-error-ratio'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: SAME_PROBLEM,
    afterSeconds: SAME_PROBLEM,
    // Pauses of up to an hour without any bundles do not end an episode of the ratio (assess/indicator.ts).
    explainsSeconds: 3600,
    reason: {
      en: 'The same failed bundles, once as a number and once as a share of all bundles.',
      'zh-CN': '同一批失败的事务，一处按次数统计，一处按占全部事务的比例统计。',
    },
  },
  {
    id: 'flow-errors-retries',
    causes: ['ovs-flow-operation-errors', 'flow-operation-error-ratio'],
    effects: ['rule-sync-retries'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: 60,
    afterSeconds: 300,
    explainsSeconds: RETRIED,
    reason: {
      en: 'A rule whose bundle failed is not in OVS yet, so the agent retries it.',
      'zh-CN': '规则对应的事务失败后，规则尚未写入 OVS，Agent 会重试。',
    },
  },
  {
    id: 'flow-errors-services',
    causes: ['ovs-flow-operation-errors', 'flow-operation-error-ratio'],
    effects: ['proxy-sync-rounds'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: SAME_PROBLEM,
    afterSeconds: SAME_PROBLEM,
    reason: {
      en: 'A Service whose bundle failed is not in OVS yet, so Antrea Proxy syncs again after 30 s.',
      'zh-CN': 'Service 对应的事务失败后尚未写入 OVS，Antrea Proxy 会在 30 秒后再次同步。',
    },
  },
  {
    // Listed after `agent-restart-flow-errors`: here bundles failed well before the restart.
    id: 'flow-errors-restart',
    causes: ['ovs-flow-operation-errors'],
    effects: ['process-restarts'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: 0,
    afterSeconds: 300,
    // Linked but not explained: a restart for another reason would end the errors as well.
    reason: {
      en: 'If OVS does not respond, bundles fail and the agent may be restarted, because its liveness probe checks the same connection.',
      'zh-CN': 'OVS 无应答会导致事务失败，也可能导致 Agent 重启，因为存活探针检查的是同一个连接。',
    },
  },
  {
    id: 'slow-ovs',
    causes: ['ovs-flow-operation-latency'],
    effects: ['proxy-sync-duration', 'stuck-workers', 'rule-sync-retries'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: SAME_PROBLEM,
    afterSeconds: SAME_PROBLEM,
    explainsSeconds: RETRIED,
    reason: {
      en: 'Each sync waits for OVS, so when OVS is slow, Services and rules are late too.',
      'zh-CN': '每次同步都要等待 OVS 应答，OVS 变慢时，Service 和规则的下发也随之变慢。',
    },
  },
  {
    id: 'slow-proxy-services',
    causes: ['proxy-sync-duration'],
    effects: ['service-count-difference'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: 60,
    afterSeconds: SAME_PROBLEM,
    explainsSeconds: RETRIED,
    reason: {
      en: 'The number of Services is updated at the end of each sync, so a node with slow syncs lags behind the others.',
      'zh-CN': 'Service 数在每次同步结束时更新，同步慢的节点会落后于其他节点。',
    },
  },
];
