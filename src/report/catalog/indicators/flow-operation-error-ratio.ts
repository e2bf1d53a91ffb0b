import type { Indicator } from '../../model/indicator.ts';

const FAILED = `sum by ($node) (increase(antrea_agent_ovs_flow_ops_error_count{$agents}[$window]))`;
const SUCCEEDED = `sum by ($node) (increase(antrea_agent_ovs_flow_ops_count{$agents}[$window]))`;

export const indicator: Indicator = {
  id: 'flow-operation-error-ratio',
  section: 'datapath',
  components: ['agent'],
  metrics: ['antrea_agent_ovs_flow_ops_error_count', 'antrea_agent_ovs_flow_ops_count'],
  // Successes and failures are counted apart, so what was tried is their sum. At least ten, since of fewer a single
  // failure is a large share.
  query: `${FAILED} / ((${SUCCEEDED} + ${FAILED}) >= 10)`,
  unit: 'ratio',
  reading: 'maximum',
  thresholds: {
    // No warning: the number of failures warns of the first one. One in a hundred for a quarter of an hour is not an
    // isolated one but a node on which changes fail.
    critical: { above: 0.01, forSeconds: 900 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'idle',
  // Failures while OVS or the agent starts are explained by the start.
  settleSeconds: 300,
  title: { en: 'OVS flow operation error ratio', 'zh-CN': 'OVS 流表操作失败率' },
  explanation: {
    en: 'Share of the bundles (transactions) that failed, of all that the agent tried within the look-back window; the reading is the highest point. A bundle with several operations counts once under each, among failures and successes alike. Points with fewer than ten bundles, and the five minutes after a start of the agent, are left out.',
    'zh-CN':
      '对应回溯窗口内失败的事务（bundle）占 Agent 尝试的全部事务的比例，读数为最大值。含多种操作的事务按操作各计一次，成功与失败均如此。事务数不足 10 个的点，以及 Agent 启动后 5 分钟内的点，不参与判断。',
  },
  impact: {
    en: 'Changes of Pods, policies and Services keep failing on this node: what is in OVS is not what it should be.',
    'zh-CN': '该节点上 Pod、策略和 Service 的变更持续失败，OVS 中的内容与预期不符。',
  },
  nextSteps: [
    {
      text: {
        en: 'Look in the agent’s log for the operations that failed.',
        'zh-CN': '在 Agent 日志中查看失败的操作。',
      },
      command: "kubectl logs -n $namespace $pod -c antrea-agent --since-time=$since | grep '^[EW]'",
    },
    {
      text: {
        en: 'Check that OVS answers and has its bridge and ports.',
        'zh-CN': '确认 OVS 能够应答，且网桥和端口齐全。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-ovs -- ovs-vsctl show',
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
        en: 'Collect the state of the node with `antctl supportbundle` before you restart anything.',
        'zh-CN': '先用 `antctl supportbundle` 收集现场信息，再考虑重启。',
      },
    },
  ],
};
