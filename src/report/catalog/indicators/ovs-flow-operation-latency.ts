import type { Indicator } from '../../model/indicator.ts';
import { meanByNode } from '../../promql/shapes.ts';
import { OVS_RESTARTED } from '../steps.ts';

export const indicator: Indicator = {
  id: 'ovs-flow-operation-latency',
  section: 'datapath',
  components: ['agent'],
  metrics: ['antrea_agent_ovs_flow_ops_latency_milliseconds'],
  // One series per operation, because a bundle that adds and deletes is recorded under both.
  query: meanByNode('antrea_agent_ovs_flow_ops_latency_milliseconds', '$agents', ['operation']),
  splitBy: ['operation'],
  unit: 'milliseconds',
  reading: 'maximum',
  thresholds: {
    // Our own estimate: a tenth of the critical threshold.
    warning: { above: 100, forSeconds: 900 },
    // The article's 1 s, applied to the mean per bundle. The article uses the sum since the start, which passes any
    // limit some day.
    critical: { above: 1000, forSeconds: 600 },
  },
  // Exposed by every release since v0.9.0. If it is absent, something drops it.
  whenAbsent: 'no-data',
  whenEmpty: 'idle',
  // The replay of all flows after an agent start is one very large bundle, which is slow without being a fault.
  settleSeconds: 300,
  title: { en: 'OVS flow operation latency', 'zh-CN': 'OVS 流表操作耗时' },
  explanation: {
    en: 'How long a bundle takes from the agent’s request to the answer of OVS, failures included; a bundle is a transaction that changes many flows at once. Each point is the mean of the bundles in its look-back window, separately for add, modify and delete; the reading is the highest point. A bundle that adds and deletes counts with its full time under each, and large bundles take longer, so compare a node only with itself. Percentiles are no use here, because they cannot exceed 10 ms; the first five minutes after an agent start are left out, because all flows are replayed then.',
    'zh-CN':
      '一个事务（bundle）从 Agent 发出到 OVS 应答的耗时，含失败的事务；一个事务会一次变更多条流表项。每个点是对应回溯窗口内各事务的平均值，按 add、modify、delete 分开统计，读数取其中的最大值。同时包含增删的事务以完整耗时分别计入各操作，事务越大耗时越长，因此只宜与同一节点的历史值比较。直方图最高只到 10 ms，分位数没有意义；Agent 启动后 5 分钟内的全量流表重放不参与判断。',
  },
  impact: {
    en: 'On this node, Pods start slowly, and changes to policies and Services take effect late.',
    'zh-CN': '该节点上的 Pod 启动变慢，策略和 Service 变更延迟生效。',
  },
  nextSteps: [
    {
      text: {
        en: 'Look for moments when `ovs-vswitchd` was blocked for more than a second, often because of too little CPU.',
        'zh-CN': '查找 `ovs-vswitchd` 卡顿超过 1 秒的记录，常见原因是 CPU 不足。',
      },
      command:
        "kubectl exec -n $namespace $pod -c antrea-ovs -- cat /var/log/openvswitch/ovs-vswitchd.log | grep 'Unreasonably long'",
    },
    {
      text: { en: 'Check whether the node is short of CPU.', 'zh-CN': '确认节点 CPU 是否紧张。' },
      command: 'kubectl top node $node',
    },
    {
      text: {
        en: 'Compare the CPU usage of `antrea-ovs` and `antrea-agent`; each requests only 0.2 cores by default.',
        'zh-CN': '对比 `antrea-ovs` 与 `antrea-agent` 的 CPU 用量，两者默认各申请 0.2 核。',
      },
      command: 'kubectl top pod -n $namespace $pod --containers',
    },
    OVS_RESTARTED,
  ],
};
