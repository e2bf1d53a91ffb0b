import type { Indicator } from '../../model/indicator.ts';
import { withFlowExporter } from '../../promql/shapes.ts';

export const indicator: Indicator = {
  id: 'denied-connections',
  section: 'flow-export',
  components: ['agent'],
  metrics: ['antrea_agent_denied_connection_count'],
  // The value rises and falls, so increase() must not be used. The mean keeps a momentary peak out of the level.
  query: withFlowExporter(
    'max by ($node) (round(avg_over_time(antrea_agent_denied_connection_count{$agents}[$span])))',
  ),
  unit: 'connections',
  reading: 'maximum',
  thresholds: {
    // Policies exist to deny, so denials alone are normal. Three times the usual number, and more than the retries of
    // a single client, suggests a rule that hits the wrong Pods.
    warning: { above: 50, rise: 2, forSeconds: 900 },
  },
  // Exposed since v1.1.0.
  whenAbsent: 'not-exposed',
  whenEmpty: 'not-enabled',
  title: { en: 'Denied connections', 'zh-CN': '被拒绝的连接' },
  explanation: {
    en: 'Connections denied by policies that Flow Exporter tracks at a time: the mean of each look-back window; the reading is the highest point. It is a level: a connection counts until it expires. Only nodes that run Flow Exporter have values, and a burst can be larger than shown, because denied packets reach the agent through a rate limit. The normal number depends on the policies, so each node is compared with its own usual level.',
    'zh-CN':
      'Flow Exporter 当前跟踪的、被策略拒绝的连接数，取每个回溯窗口内的平均值，读数为最大值。它是瞬时值，连接在过期之前一直计入。只有运行 Flow Exporter 的节点才有数值；被拒绝的报文上送 Agent 时受速率限制，突发时的实际数量可能更大。正常值取决于策略，因此与该节点平时的水平比较。',
  },
  impact: {
    en: 'If the number rises right after a policy change, the rule probably blocks traffic that it should allow. Otherwise a client may be misconfigured, or something may be scanning the network.',
    'zh-CN':
      '若恰好在策略变更之后上升，该规则很可能误拦了不该拦截的流量。否则可能是客户端配置错误，或有程序在扫描网络。',
  },
  nextSteps: [
    {
      text: {
        en: 'Compare the time with policy changes, and look for a policy that is new on this node.',
        'zh-CN': '将时间与策略变更对照，找出新作用于该节点的策略。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-agent -- antctl get networkpolicy',
    },
    {
      text: {
        en: 'If logging is enabled for the rule, find out which sources it denied.',
        'zh-CN': '若规则开启了日志，查看被拒绝的来源和对应的规则。',
      },
      command:
        'kubectl exec -n $namespace $pod -c antrea-agent -- tail -n 50 /var/log/antrea/networkpolicy/np.log',
    },
    {
      text: {
        en: 'Look up the denied flows where your flow records are collected.',
        'zh-CN': '在流记录的收集端查询被拒绝的流。',
      },
    },
  ],
};
