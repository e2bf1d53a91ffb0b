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
    // A rule or route that could not be realized is tried again; nothing else is.
    warning: { above: 0, forSeconds: 0 },
    // The longest pauses between retries are 300 s for rules and 120 s for routes (node_route_controller.go), so
    // what fails for good is in every step of five minutes: an hour of them.
    critical: { above: 0, forSeconds: 0, times: 12 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  title: { en: 'Failed rules and routes', 'zh-CN': '规则与路由下发失败重试' },
  explanation: {
    en: 'How often the agent had to try again in the period to put a policy rule (`networkpolicyrule`) or the route to another node (`noderoute`) in place. Every retry follows an error on this node. A few right after a start of the agent or of OVS are explained by it; that they go on matters more than their number, since the pauses between them grow.',
    'zh-CN':
      '统计周期内 Agent 重新下发策略规则（`networkpolicyrule`）或到其他节点的路由（`noderoute`）的次数。每次重试都源于该节点上的一次错误。若少量重试恰好发生在 Agent 或 OVS 启动之后，通常由启动引起；重试间隔会逐次拉长，因此是否持续出现比次数更重要。',
  },
  impact: {
    en: 'Until a retry succeeds, the rule is not enforced as written on this node, or Pods here cannot reach those of the other node.',
    'zh-CN': '重试成功之前，该规则在本节点上没有按要求执行，或本节点的 Pod 无法访问另一节点的 Pod。',
  },
  nextSteps: [
    {
      text: {
        en: 'Read in the agent’s log which rule or node fails, and why.',
        'zh-CN': '在 Agent 日志中查看失败的规则或节点及其原因。',
      },
      command: "kubectl logs -n $namespace $pod -c antrea-agent --since-time=$since | grep '^[EW]'",
    },
    {
      text: {
        en: 'Check the conditions of the node’s agent, the connection to OVS among them.',
        'zh-CN': '检查该节点 Agent 的各项状态，包括与 OVS 的连接。',
      },
      command: 'kubectl get antreaagentinfos $node -o yaml',
    },
    {
      text: {
        en: 'Compare the policies that the agent holds with those that should apply here.',
        'zh-CN': '将该 Agent 持有的策略与应当作用于本节点的策略对照。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-agent -- antctl get networkpolicy',
    },
    {
      text: {
        en: 'If OVS flow operations fail on the same node, begin there.',
        'zh-CN': '若同一节点的 OVS 流表操作也有失败，先排查 OVS。',
      },
    },
  ],
};
