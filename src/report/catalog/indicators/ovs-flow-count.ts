import type { Indicator, NextStep } from '../../model/indicator.ts';

const COUNT_IN_OVS: NextStep = {
  text: {
    en: 'Get the real number from OVS, including learned flows.',
    'zh-CN': '向 OVS 查询实际数量，含学习产生的流表项。',
  },
  command: 'kubectl exec -n $namespace $pod -c antrea-ovs -- ovs-ofctl dump-aggregate br-int -O Openflow15',
};

const TABLES: NextStep = {
  text: {
    en: 'Check which tables contain the flows (`ovsInfo.flowTable`); in Prometheus, `topk(5, abs(delta(antrea_agent_ovs_flow_count[1h])))` lists those that changed most in an hour, with their names since Antrea 1.12.',
    'zh-CN':
      '查看流表项在各表中的分布（`ovsInfo.flowTable`）；在 Prometheus 中用 `topk(5, abs(delta(antrea_agent_ovs_flow_count[1h])))` 可列出一小时内变化最大的表，Antrea 1.12 起带有表名。',
  },
  command: 'kubectl get antreaagentinfos $node -o yaml',
};

const POLICIES: NextStep = {
  text: {
    en: 'Compare the policies on the node with the changes made at that time.',
    'zh-CN': '将该节点上的策略与当时的变更对照。',
  },
  command: 'kubectl exec -n $namespace $pod -c antrea-agent -- antctl get networkpolicy',
};

export const indicator: Indicator = {
  id: 'ovs-flow-count',
  section: 'datapath',
  components: ['agent'],
  metrics: ['antrea_agent_ovs_total_flow_count'],
  // The highest value in each look-back window, because the count is 0 for some seconds at each reconnection to OVS.
  query: 'max by ($node) (max_over_time(antrea_agent_ovs_total_flow_count{$agents}[$span]))',
  unit: 'flows',
  reading: 'last',
  thresholds: {
    // No level is right in itself, because it follows Pods, Services and policies. A change by half of the usual number
    // is worth knowing.
    warning: { change: 0.5, forSeconds: 900 },
    // Without flows the node forwards without Antrea or not at all. The replay after a reconnection takes seconds.
    critical: { below: 1, forSeconds: 300 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  title: { en: 'OVS flow count', 'zh-CN': 'OVS 流表项数' },
  explanation: {
    en: 'Flow entries that the agent has installed in OVS according to its own count: the highest value in each look-back window; the reading is the last point. The count does not come from OVS: learned flows (session affinity) are missing, and a flow that is added again counts twice. It drops to 0 at each reconnection to OVS and recovers within seconds. No fixed level is normal, because the number follows Pods, Services and policies; a node is compared with its usual level in the previous period or, if that is unknown, with its earlier level in this period, starting one hour into it.',
    'zh-CN':
      'Agent 自行统计的 OVS 流表项数，取每个回溯窗口内的最大值，读数为最后一个点。该数值并非查询 OVS 所得：不含学习产生的流表项（会话保持），重复添加的流表项会被计入两次。每次与 OVS 重新建立连接时归零，数秒内恢复。流表项数随 Pod、Service 和策略变化，没有固定的正常值，因此与该节点上一周期的平时水平比较（没有上一周期的数据时，从本周期开始一小时后起判断）。',
  },
  impact: {
    en: 'A node without flows for minutes forwards without Antrea’s flows or not at all. A sharp drop can mean that the pipeline was lost.',
    'zh-CN':
      '数分钟内流表项为 0，说明该节点不再按 Antrea 的流表转发，甚至完全不转发。数量骤降可能是流水线丢失。',
  },
  nextSteps: [
    COUNT_IN_OVS,
    TABLES,
    {
      text: {
        en: 'Check whether the containers `antrea-agent` and `antrea-ovs` have restarted.',
        'zh-CN': '检查 `antrea-agent` 和 `antrea-ovs` 容器是否重启过。',
      },
      command: 'kubectl describe pod -n $namespace $pod',
    },
    POLICIES,
  ],
  rise: {
    impact: {
      en: 'More Pods, Services or policies usually bring more flows. A rise without them means a policy that selects more than intended or flows that are not removed; they use the agent’s memory and slow down its changes.',
      'zh-CN':
        'Pod、Service 或策略增多时流表项通常随之增多。若三者均未增多，则可能是策略选中的范围过大，或旧流表项未被清除；这会占用 Agent 内存，并拖慢流表更新。',
    },
    nextSteps: [TABLES, POLICIES, COUNT_IN_OVS],
  },
};
