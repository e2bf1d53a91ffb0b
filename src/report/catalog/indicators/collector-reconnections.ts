import type { Indicator } from '../../model/indicator.ts';
import { highest, rise, withFlowExporter } from '../../promql/shapes.ts';

export const indicator: Indicator = {
  id: 'collector-reconnections',
  section: 'flow-export',
  components: ['agent'],
  metrics: ['antrea_agent_flow_collector_reconnection_count'],
  // A gauge by type, but it only rises: read like a counter. Of every hour and not of the period, because a few a
  // day are harmless and as many in an hour are not.
  query: withFlowExporter(
    `sum by ($node) (${highest(rise('antrea_agent_flow_collector_reconnection_count', '$agents', '1h'))})`,
  ),
  unit: 'reconnections',
  reading: 'maximum',
  thresholds: {
    // A rollout of the Flow Aggregator makes one or two, a start of the agent one.
    warning: { above: 3, forSeconds: 0 },
  },
  // Since v1.4.0.
  whenAbsent: 'not-exposed',
  whenEmpty: 'not-enabled',
  title: { en: 'Flow collector reconnections', 'zh-CN': '流收集器重连次数' },
  explanation: {
    en: 'How often Flow Exporter connected to its collector within an hour; the reading is the highest such number of the period. The first connection after a start of the agent counts, failed attempts do not. Since Antrea 2.6 all destinations are added up. There are values only where Flow Exporter runs.',
    'zh-CN':
      '任意一小时内 Flow Exporter 连接收集器的次数，读数为统计周期内的最大值。Agent 启动后的首次连接计入，失败的尝试不计入。从 Antrea 2.6 起为所有导出目的地之和。只有运行 Flow Exporter 的节点才有数值。',
  },
  impact: {
    en: 'The connection breaks again and again, and flow records of the time in between may be lost. Traffic is not concerned.',
    'zh-CN': '连接反复中断，中断期间的流记录可能丢失，不影响业务流量。',
  },
  nextSteps: [
    {
      text: {
        en: 'Read in the agent’s log why the connection broke.',
        'zh-CN': '在 Agent 日志中查看连接中断的原因。',
      },
      command:
        "kubectl logs -n $namespace $pod -c antrea-agent --since-time=$since | grep -iE 'collector|export'",
    },
    {
      text: {
        en: 'See whether the Flow Aggregator restarts, if that is the collector.',
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
