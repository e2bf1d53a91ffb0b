import type { Indicator } from '../../model/indicator.ts';
import { withFlowExporter } from '../../promql/shapes.ts';

export const indicator: Indicator = {
  id: 'collector-never-connected',
  section: 'flow-export',
  components: ['agent'],
  metrics: ['antrea_agent_flow_collector_reconnection_count'],
  query: withFlowExporter(
    'max by ($node) (max_over_time(antrea_agent_flow_collector_reconnection_count{$agents}[$span]))',
  ),
  unit: 'reconnections',
  reading: 'last',
  thresholds: {
    // The first connection counts as well, so below 1 the agent has never connected. Connecting takes seconds.
    warning: { below: 1, forSeconds: 600 },
  },
  // Exposed since v1.4.0.
  whenAbsent: 'not-exposed',
  whenEmpty: 'not-enabled',
  settleSeconds: 300,
  title: { en: 'Flow collector never connected', 'zh-CN': '从未连接流收集器' },
  explanation: {
    en: 'How many times Flow Exporter has connected to its collector since the agent started; the reading is the last point. 1 is normal, and 0 means that it has never connected, although a count of 0 reconnections looks healthy. Since Antrea 2.6 an agent can export to several destinations and the count is their sum, so a destination that never connected is hidden as soon as another one has connected. Only nodes that run Flow Exporter have values, and the first five minutes after an agent starts are left out.',
    'zh-CN':
      'Agent 启动以来 Flow Exporter 成功连接收集器的次数，读数为最后一个点。正常值为 1；0 表示从未连上，容易被误认为没有发生重连、一切正常。自 Antrea 2.6 起 Agent 可向多个目的地导出，该值为各目的地之和，只要有一个连上，从未连上的其他目的地就看不出来。只有运行 Flow Exporter 的节点才有数值，Agent 启动后 5 分钟内的点不参与判断。',
  },
  impact: {
    en: 'This node exports no flow records, so the traffic of its Pods is missing from every analysis. The traffic itself is not affected.',
    'zh-CN': '该节点没有导出任何流记录，分析时看不到其上 Pod 的流量，但不影响业务流量。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check the agent’s log for the reason why it cannot connect.',
        'zh-CN': '在 Agent 日志中查看无法连接的原因。',
      },
      command:
        "kubectl logs -n $namespace $pod -c antrea-agent --since-time=$since | grep -iE 'collector|export'",
    },
    {
      text: {
        en: 'Check the address, port and protocol of the collector in the agent’s configuration (`flowCollectorAddr`).',
        'zh-CN': '检查 Agent 配置中收集器的地址、端口和协议（`flowCollectorAddr`）。',
      },
      command: 'kubectl get configmap -n $namespace -l app=antrea -o yaml',
    },
    {
      // The CRD was added by antrea-io/antrea#7641 (v2.6.0).
      text: {
        en: 'With Antrea 2.6 or later, check the address and protocol of each destination too.',
        'zh-CN': '若为 Antrea 2.6 及以上，还需检查每个导出目的地的地址和协议。',
      },
      command: 'kubectl get flowexporterdestinations -o yaml',
    },
    {
      text: {
        en: 'If the collector is the Flow Aggregator, check that it is running.',
        'zh-CN': '若收集器是 Flow Aggregator，确认它正在运行。',
      },
      command: 'kubectl get pods -n flow-aggregator -o wide',
    },
  ],
};
