import type { Indicator } from '../../model/indicator.ts';
import { bucketRates } from '../../promql/shapes.ts';

const POLLS = 'antrea_agent_conntrack_poll_cycle_duration_seconds';

export const indicator: Indicator = {
  id: 'conntrack-poll-duration',
  section: 'flow-export',
  components: ['agent'],
  metrics: [POLLS],
  // Without Flow Exporter there are no polls and the answer is empty. The buckets go up to 10 s, so quantiles work.
  query: `histogram_quantile(0.95, ${bucketRates(POLLS, '$agents', '$node')}) and (sum by ($node) (rate(${POLLS}_count{$agents}[$window])) > 0)`,
  unit: 'seconds',
  reading: 'maximum',
  thresholds: {
    // Half of the default poll interval.
    warning: { above: 2.5, forSeconds: 600 },
    // The default flowPollInterval is 5 s. Polls that take longer run back to back.
    critical: { above: 5, forSeconds: 600 },
  },
  // Exposed since v2.5.0.
  whenAbsent: 'not-exposed',
  whenEmpty: 'not-enabled',
  title: { en: 'Connection tracking poll duration', 'zh-CN': '连接跟踪表轮询耗时' },
  explanation: {
    en: 'How long Flow Exporter takes to read the node’s connection tracking table: the 95th percentile of the polls in the look-back window, failed polls included. It grows with the table, and only nodes that run Flow Exporter have values. The critical threshold is the default `flowPollInterval` of 5 s; compare it with your setting. From Antrea 2.6 on, the time to update Flow Exporter’s own store is not included, so the number can fall after that upgrade.',
    'zh-CN':
      'Flow Exporter 读取节点连接跟踪表的单次耗时，取对应回溯窗口内各次轮询（含失败的）的 95 分位数。表越大耗时越长，只有运行 Flow Exporter 的节点才有数值。严重阈值为 `flowPollInterval` 的默认值 5 秒，请与实际配置对照。从 Antrea 2.6 起不再包含更新自身存储的时间，升级后数值可能下降。',
  },
  impact: {
    en: 'Flow records arrive late and short connections are missed. When a poll takes as long as the poll interval, polls run back to back and use a large part of a CPU core.',
    'zh-CN': '流记录延迟，短连接会被漏掉。单次耗时达到轮询间隔后，轮询首尾相接，持续占用大量 CPU。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check how many entries the table has on this node.',
        'zh-CN': '查看该节点的表中有多少条目。',
      },
      command:
        'kubectl exec -n $namespace $pod -c antrea-agent -- cat /proc/sys/net/netfilter/nf_conntrack_count',
    },
    {
      text: {
        en: 'Check whether the agent or the node is short of CPU.',
        'zh-CN': '确认 Agent 或节点的 CPU 是否不足。',
      },
      command: 'kubectl top pod -n $namespace $pod --containers',
    },
    {
      text: {
        en: 'Look for failed polls.',
        'zh-CN': '查找失败的轮询。',
      },
      command: "kubectl logs -n $namespace $pod -c antrea-agent --since-time=$since | grep -i 'conntrack'",
    },
    {
      text: {
        en: 'If the table is large for a good reason, increase `flowPollInterval`.',
        'zh-CN': '若表的规模本属正常，可调大 `flowPollInterval`。',
      },
    },
  ],
};
