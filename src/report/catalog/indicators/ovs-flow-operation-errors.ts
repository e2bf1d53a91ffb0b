import type { Indicator } from '../../model/indicator.ts';

export const indicator: Indicator = {
  id: 'ovs-flow-operation-errors',
  section: 'datapath',
  components: ['agent'],
  metrics: ['antrea_agent_ovs_flow_ops_error_count'],
  query: 'sum by ($node, operation) (increase(antrea_agent_ovs_flow_ops_error_count{$agents}[$window]))',
  counter: 'antrea_agent_ovs_flow_ops_error_count{$agents}',
  splitBy: ['operation'],
  unit: 'failed-bundles',
  reading: 'total',
  thresholds: {
    // The article counts errors against none.
    warning: { above: 0, forSeconds: 0 },
    // Isolated errors happen around restarts; errors that come back mean that a node is not programmed as it should.
    critical: { above: 0, forSeconds: 0, times: 3 },
  },
  // Every release since v0.9.0 has it, from the start on with 0; where it is absent, something drops it.
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  title: { en: 'OVS flow operation errors', 'zh-CN': 'OVS 流表操作失败' },
  explanation: {
    en: 'Bundles that failed in the period; a bundle is a transaction whose flow changes apply all together or not at all. A failed bundle counts once under each operation in it, so one with adds and deletes appears under both, and the operations must not be added up. 0 is normal, and a few failures exactly when the agent or OVS restarts can be explained. 0 is no proof: Antrea misses some kinds of failure, and those between a start of the agent and its first scrape are not seen.',
    'zh-CN':
      '统计周期内失败的事务（bundle）数；同一事务中的流表变更要么全部生效，要么全部不生效。失败的事务按其包含的操作各计一次，同时包含 add 和 delete 的事务两边都会出现，因此各操作的数值不能相加。正常值为 0；若少量失败恰好发生在 Agent 或 OVS 重启时，通常由重启引起。但 0 不等于没有失败：Antrea 会漏计某些失败，Agent 启动到首次采集之间的失败也无法看到。',
  },
  impact: {
    en: 'Until a retry succeeds, the Pod, policy or Service concerned may not be programmed on this node. Failures that come back mean that the node’s policies or forwarding may be wrong.',
    'zh-CN':
      '重试成功之前，相关 Pod、策略或 Service 的流表项可能没有下发到该节点。反复失败意味着该节点的策略或转发可能与预期不符。',
  },
  nextSteps: [
    {
      text: {
        en: 'Look in the agent’s log for what failed at the time.',
        'zh-CN': '在 Agent 日志中查看当时失败的操作。',
      },
      command: "kubectl logs -n $namespace $pod -c antrea-agent --since-time=$since | grep '^[EW]'",
    },
    {
      text: {
        en: 'Check the condition `OpenflowConnectionUp` of the node’s agent.',
        'zh-CN': '检查该节点 Agent 的 `OpenflowConnectionUp` 状态。',
      },
      command: 'kubectl get antreaagentinfos $node -o yaml',
    },
    {
      text: {
        en: 'See whether OVS was restarted in its container.',
        'zh-CN': '检查 OVS 是否在容器内重启过。',
      },
      command: 'kubectl logs -n $namespace $pod -c antrea-ovs --since-time=$since',
    },
    {
      text: {
        en: 'If failures keep coming, collect the state of the node with `antctl supportbundle` before you restart anything.',
        'zh-CN': '若持续失败，先用 `antctl supportbundle` 收集现场信息，再考虑重启。',
      },
    },
  ],
};
