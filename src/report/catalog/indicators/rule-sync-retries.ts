import type { Indicator } from '../../model/indicator.ts';

const MATCHERS = '$agents,name=~"networkpolicyrule|noderoute"';

export const indicator: Indicator = {
  id: 'rule-sync-retries',
  section: 'policy',
  components: ['agent'],
  metrics: ['workqueue_retries_total'],
  query: `sum by ($node, name) (increase(workqueue_retries_total{${MATCHERS}}[$window]))`,
  counter: `workqueue_retries_total{${MATCHERS}}`,
  splitBy: ['name'],
  unit: 'retries',
  reading: 'total',
  thresholds: {
    // The agent retries a rule or route only after it failed to install it.
    warning: { above: 0, forSeconds: 0 },
    // The longest pauses between retries are 300 s for rules and 120 s for routes (node_route_controller.go), so an item
    // that always fails shows in every step of five minutes. Twelve steps are one hour.
    critical: { above: 0, forSeconds: 0, times: 12 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  title: { en: 'Failed rules and routes', 'zh-CN': '规则与路由下发失败重试' },
  explanation: {
    en: 'How many times the agent retried installing a policy rule (`networkpolicyrule`) or the route to another node (`noderoute`) in the period. Every retry follows an error on this node. A few retries right after the agent or OVS starts are caused by the start; the pauses between retries grow, so whether retries continue matters more than their number.',
    'zh-CN':
      '统计周期内 Agent 重新下发策略规则（`networkpolicyrule`）或到其他节点的路由（`noderoute`）的次数。每次重试都源于该节点上的一次错误。若少量重试恰好发生在 Agent 或 OVS 启动之后，通常由启动引起；重试间隔会逐次拉长，因此是否持续出现比次数更重要。',
  },
  impact: {
    en: 'Until a retry succeeds, this node does not enforce the rule as written, or its Pods cannot reach the Pods of the other node.',
    'zh-CN': '重试成功之前，该规则在本节点上没有按要求执行，或本节点的 Pod 无法访问另一节点的 Pod。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check the agent’s log for the rule or node that fails and the reason.',
        'zh-CN': '在 Agent 日志中查看失败的规则或节点及其原因。',
      },
      command: "kubectl logs -n $namespace $pod -c antrea-agent --since-time=$since | grep '^[EW]'",
    },
    {
      text: {
        en: 'Check the conditions of the node’s agent, including the connection to OVS.',
        'zh-CN': '检查该节点 Agent 的各项状态，包括与 OVS 的连接。',
      },
      command: 'kubectl get antreaagentinfos $node -o yaml',
    },
    {
      text: {
        en: 'Compare the policies that the agent has with those that should apply to this node.',
        'zh-CN': '将该 Agent 持有的策略与应当作用于本节点的策略对照。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-agent -- antctl get networkpolicy',
    },
    {
      text: {
        en: 'If OVS flow operations also fail on this node, start there.',
        'zh-CN': '若同一节点的 OVS 流表操作也有失败，先排查 OVS。',
      },
    },
  ],
};
