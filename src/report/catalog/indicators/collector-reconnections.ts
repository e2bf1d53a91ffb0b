import type { Indicator } from '../../model/indicator.ts';
import { highest, rise, withFlowExporter } from '../../promql/shapes.ts';

export const indicator: Indicator = {
  id: 'collector-reconnections',
  section: 'flow-export',
  components: ['agent'],
  metrics: ['antrea_agent_flow_collector_reconnection_count'],
  // The type is gauge, but the value only rises, so it is read like a counter. It is counted per hour and not for the
  // whole period, because four reconnections spread over a day are harmless and four in an hour are not.
  query: withFlowExporter(
    `sum by ($node) (${highest(rise('antrea_agent_flow_collector_reconnection_count', '$agents', '1h'))})`,
  ),
  unit: 'reconnections',
  reading: 'maximum',
  thresholds: {
    // A rollout of the Flow Aggregator causes one or two reconnections, a start of the agent causes one.
    warning: { above: 3, forSeconds: 0 },
  },
  // Exposed since v1.4.0.
  whenAbsent: 'not-exposed',
  whenEmpty: 'not-enabled',
  title: { en: 'Flow collector reconnections', 'zh-CN': '流收集器重连次数' },
  explanation: {
    en: 'How many times Flow Exporter connected to its collector in one hour; the reading is the highest number of any hour in the period. The first connection after the agent starts counts, failed attempts do not. From Antrea 2.6 on, the connections to all destinations are added up. Only nodes that run Flow Exporter have values.',
    'zh-CN':
      '任意一小时内 Flow Exporter 连接收集器的次数，读数为统计周期内的最大值。Agent 启动后的首次连接计入，失败的尝试不计入。从 Antrea 2.6 起为所有导出目的地之和。只有运行 Flow Exporter 的节点才有数值。',
  },
  impact: {
    en: 'The connection breaks repeatedly, and flow records from the interruptions may be lost. The traffic itself is not affected.',
    'zh-CN': '连接反复中断，中断期间的流记录可能丢失，不影响业务流量。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check the agent’s log for the reason why the connection broke.',
        'zh-CN': '在 Agent 日志中查看连接中断的原因。',
      },
      command:
        "kubectl logs -n $namespace $pod -c antrea-agent --since-time=$since | grep -iE 'collector|export'",
    },
    {
      text: {
        en: 'If the collector is the Flow Aggregator, check whether it keeps restarting.',
        'zh-CN': '若收集器是 Flow Aggregator，检查它是否反复重启。',
      },
      command: 'kubectl get pods -n flow-aggregator -o wide',
    },
    {
      text: {
        en: 'If only some nodes reconnect, check the network between them and the collector.',
        'zh-CN': '若只有部分节点重连，检查这些节点到收集器的网络。',
      },
    },
  ],
};
