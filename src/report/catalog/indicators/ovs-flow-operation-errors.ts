import type { Indicator } from '../../model/indicator.ts';
import { AGENT_FAILED_OPERATIONS, OVS_CONNECTION, OVS_RESTARTED } from '../steps.ts';

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
    // The article expects no errors.
    warning: { above: 0, forSeconds: 0 },
    // Isolated errors happen around restarts. Repeated errors mean that the node is not programmed as it should be.
    critical: { above: 0, forSeconds: 0, times: 3 },
  },
  // Exposed by every release since v0.9.0, as 0 from the start. If it is absent, something drops it.
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  title: { en: 'OVS flow operation errors', 'zh-CN': 'OVS 流表操作失败' },
  explanation: {
    en: 'Bundles that failed in the period; a bundle is a transaction whose flow changes are applied all together or not at all. A failed bundle counts once for each operation in it: a bundle with adds and deletes appears under both, so do not add up the operations. 0 is normal, and a few failures exactly when the agent or OVS restarts are usually caused by the restart. But 0 does not prove that nothing failed: Antrea misses some kinds of failure, and failures between an agent start and its first scrape are not visible.',
    'zh-CN':
      '统计周期内失败的事务（bundle）数；同一事务中的流表变更要么全部生效，要么全部不生效。失败的事务按其包含的操作各计一次，同时包含 add 和 delete 的事务两边都会出现，因此各操作的数值不能相加。正常值为 0；若少量失败恰好发生在 Agent 或 OVS 重启时，通常由重启引起。但 0 不等于没有失败：Antrea 会漏计某些失败，Agent 启动到首次采集之间的失败也无法看到。',
  },
  impact: {
    en: 'Until a retry succeeds, the affected Pod, policy or Service may not be programmed on this node. Repeated failures mean that the node’s policies or forwarding may be wrong.',
    'zh-CN':
      '重试成功之前，相关 Pod、策略或 Service 的流表项可能没有下发到该节点。反复失败意味着该节点的策略或转发可能与预期不符。',
  },
  nextSteps: [
    AGENT_FAILED_OPERATIONS,
    OVS_CONNECTION,
    OVS_RESTARTED,
    {
      text: {
        en: 'If failures continue, collect the state of the node with `antctl supportbundle` before you restart anything.',
        'zh-CN': '若持续失败，重启之前先用 `antctl supportbundle` 收集该节点的现场信息。',
      },
    },
  ],
};
