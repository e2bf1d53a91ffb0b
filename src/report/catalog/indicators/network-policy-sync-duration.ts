import type { Indicator } from '../../model/indicator.ts';
import { mean } from '../../promql/shapes.ts';
import { CONTROLLER_CPU, CONTROLLER_LOAD, CONTROLLER_LOG_SYNCS } from '../steps.ts';

export const indicator: Indicator = {
  id: 'network-policy-sync-duration',
  section: 'policy',
  components: ['controller'],
  metrics: ['antrea_controller_network_policy_sync_duration_milliseconds'],
  query: mean('antrea_controller_network_policy_sync_duration_milliseconds', '$controllers'),
  unit: 'milliseconds',
  reading: 'maximum',
  thresholds: {
    // A sync normally takes a few milliseconds. A mean of 100 ms is far above that and still below the limit.
    warning: { above: 100, forSeconds: 900 },
    // The article's limit: "should be less than 1 s". It must hold for ten minutes, so that a single slow sync raises
    // no alarm.
    critical: { above: 1000, forSeconds: 600 },
  },
  // Exposed by every version: summaries in v0.6-v0.9, histograms since v0.10.0. Both have _sum and _count.
  whenAbsent: 'no-data',
  whenEmpty: 'idle',
  title: { en: 'NetworkPolicy sync duration', 'zh-CN': 'NetworkPolicy 同步耗时' },
  explanation: {
    en: 'How long the controller takes to process one policy (Kubernetes NetworkPolicy, Antrea-native, or of the network-policy-api: AdminNetworkPolicy and BaselineAdminNetworkPolicy since Antrea 1.13, ClusterNetworkPolicy since 2.7) and to determine which nodes need it. Each point is the mean of the syncs in its look-back window, and the reading is the highest point. Time spent in the queue is not included, and each duration is truncated to whole milliseconds. A single slow sync hardly moves the mean, and percentiles do not show it either, because the histogram ends at 10 ms.',
    'zh-CN':
      '本指标为 Controller 处理一条策略（Kubernetes NetworkPolicy、Antrea 原生策略，或 network-policy-api 的策略：自 Antrea 1.13 起的 AdminNetworkPolicy 和 BaselineAdminNetworkPolicy，自 2.7 起的 ClusterNetworkPolicy）并确定其下发节点所用的时间。每个点是对应回溯窗口内各次同步的平均值，读数取其中的最大值。排队等待时间不计入，单次耗时舍去不足 1 ms 的部分。个别慢同步会被平均值摊平；直方图最高只到 10 ms，分位数同样反映不出来。',
  },
  impact: {
    en: 'New and changed policies reach the nodes late. Until then the old rules apply, so traffic that a new policy should block still passes.',
    'zh-CN': '新建或修改的策略下发到节点变慢。在此之前旧规则继续生效，本应被新策略拦截的流量仍会放行。',
  },
  nextSteps: [
    CONTROLLER_LOAD,
    CONTROLLER_CPU,
    CONTROLLER_LOG_SYNCS,
    {
      text: {
        en: 'Find the slow policies among the logged syncs.',
        'zh-CN': '从记录的同步日志中找出耗时长的策略。',
      },
      command:
        "kubectl logs -n $namespace $pod -c antrea-controller --since=10m | grep 'Finished syncing internal NetworkPolicy'",
    },
  ],
};
