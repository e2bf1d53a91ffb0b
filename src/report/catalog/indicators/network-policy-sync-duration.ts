import type { Indicator } from '../../model/indicator.ts';
import { mean } from '../../promql/shapes.ts';

export const indicator: Indicator = {
  id: 'network-policy-sync-duration',
  section: 'policy',
  components: ['controller'],
  metrics: ['antrea_controller_network_policy_sync_duration_milliseconds'],
  query: mean('antrea_controller_network_policy_sync_duration_milliseconds', '$controllers'),
  unit: 'milliseconds',
  reading: 'maximum',
  thresholds: {
    // A sync normally takes a few milliseconds; a mean of 100 ms is already far from that, yet short of the limit.
    warning: { above: 100, forSeconds: 900 },
    // The article's limit: "should be less than 1 s". For ten minutes, so that one odd sync does not alarm.
    critical: { above: 1000, forSeconds: 600 },
  },
  // Histograms since v0.10.0, summaries in v0.6-v0.9; both have _sum and _count.
  whenAbsent: 'no-data',
  whenEmpty: 'idle',
  title: { en: 'NetworkPolicy sync duration', 'zh-CN': 'NetworkPolicy 同步耗时' },
  explanation: {
    en: 'How long the controller takes to process one NetworkPolicy, Kubernetes’ own or Antrea’s, and to work out which nodes need it. Each point is the mean of the syncs within its look-back window, and the reading is the highest point. Time spent in the queue is not included, and each duration is cut to whole milliseconds. A single slow sync hardly moves the mean, and percentiles cannot show it either, because the histogram ends at 10 ms.',
    'zh-CN':
      'Controller 处理一条 NetworkPolicy（Kubernetes 原生策略或 Antrea 策略）并确定其下发节点的耗时。每个点是对应回溯窗口内各次同步的平均值，读数取其中的最大值。排队等待时间不计入，单次耗时舍去不足 1 ms 的部分。个别慢同步会被平均值摊平；直方图最高只到 10 ms，分位数同样反映不出来。',
  },
  impact: {
    en: 'New and changed policies reach the nodes late. Until then the old rules stay in force, so traffic that a new policy should block still passes.',
    'zh-CN': '新建或修改的策略下发到节点变慢。在此之前旧规则继续生效，本应被新策略拦截的流量仍会放行。',
  },
  nextSteps: [
    {
      text: {
        en: 'See how many policies, groups and connected agents the controller handles.',
        'zh-CN': '查看 Controller 承载的策略数、组数和已连接的 Agent 数。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-controller -- antctl get controllerinfo',
    },
    {
      text: {
        en: 'Check whether the controller is short of CPU; by default it requests only 0.2 cores.',
        'zh-CN': '确认 Controller 的 CPU 是否不足（默认只申请 0.2 核）。',
      },
      command: 'kubectl top pod -n $namespace $pod --containers',
    },
    {
      text: {
        en: 'Raise the log level to 2 for a few minutes, so that every sync is logged with its duration, then set it back to 0.',
        'zh-CN': '将日志级别临时调到 2，让每次同步都记录耗时，几分钟后再调回 0。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-controller -- antctl log-level 2',
    },
    {
      text: {
        en: 'Find the slow policies among the syncs logged at that level.',
        'zh-CN': '从该级别下记录的同步日志中找出耗时长的策略。',
      },
      command:
        "kubectl logs -n $namespace $pod -c antrea-controller --since=10m | grep 'Finished syncing internal NetworkPolicy'",
    },
  ],
};
