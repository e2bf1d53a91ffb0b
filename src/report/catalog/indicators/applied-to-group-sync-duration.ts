import type { Indicator } from '../../model/indicator.ts';
import { mean } from '../../promql/shapes.ts';

export const indicator: Indicator = {
  id: 'applied-to-group-sync-duration',
  section: 'policy',
  components: ['controller'],
  metrics: ['antrea_controller_applied_to_group_sync_duration_milliseconds'],
  query: mean('antrea_controller_applied_to_group_sync_duration_milliseconds', '$controllers'),
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
  title: { en: 'AppliedToGroup sync duration', 'zh-CN': 'AppliedToGroup 同步耗时' },
  explanation: {
    en: 'An AppliedToGroup is the set of workloads, mostly Pods, that a policy applies to; the number is how long the controller takes to recompute one group’s members and their nodes. Each point is the mean of the syncs within its look-back window, and the reading is the highest point. Time spent in the queue is not included, and each duration is cut to whole milliseconds. A single slow sync hardly moves the mean, and percentiles cannot show it either, because the histogram ends at 10 ms.',
    'zh-CN':
      'AppliedToGroup 是策略作用的对象集合（主要是 Pod），本指标为 Controller 重新计算一个组的成员及其所在节点的耗时。每个点是对应回溯窗口内各次同步的平均值，读数取其中的最大值。排队等待时间不计入，单次耗时舍去不足 1 ms 的部分。个别慢同步会被平均值摊平；直方图最高只到 10 ms，分位数同样反映不出来。',
  },
  impact: {
    en: 'New Pods, and Pods whose labels change, come under their policies late. Until then the policies that should apply to them do not.',
    'zh-CN': '新建的 Pod 以及标签变更的 Pod 延迟纳入策略范围。在此之前，本应作用于它们的策略并未生效。',
  },
  nextSteps: [
    {
      text: {
        en: 'List the groups with their Pods; long lists come from broad selectors.',
        'zh-CN': '列出各组及其 Pod，成员特别多的组通常来自过宽的选择器。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-controller -- antctl get appliedtogroup',
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
        en: 'Look for failed syncs; each is tried again after a pause of 5 s to 300 s.',
        'zh-CN': '查找同步失败的记录，失败后会间隔 5 到 300 秒重试。',
      },
      command: "kubectl logs -n $namespace $pod -c antrea-controller --since-time=$since | grep '^[EW]'",
    },
    {
      text: {
        en: 'Narrow the broad selectors; policies with equal selectors share one group and its cost.',
        'zh-CN': '收窄过宽的选择器；选择器相同的策略共用一个组，不会重复计算。',
      },
    },
  ],
};
