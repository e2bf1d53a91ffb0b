import type { Indicator } from '../../model/indicator.ts';
import { mean } from '../../promql/shapes.ts';
import { CONTROLLER_CPU, CONTROLLER_FAILED_SYNCS } from '../steps.ts';

export const indicator: Indicator = {
  id: 'applied-to-group-sync-duration',
  section: 'policy',
  components: ['controller'],
  metrics: ['antrea_controller_applied_to_group_sync_duration_milliseconds'],
  query: mean('antrea_controller_applied_to_group_sync_duration_milliseconds', '$controllers'),
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
  title: { en: 'AppliedToGroup sync duration', 'zh-CN': 'AppliedToGroup 同步耗时' },
  explanation: {
    en: 'How long the controller takes to recompute the members of one AppliedToGroup and their nodes; the group is the set of workloads, mostly Pods, that a policy applies to. Each point is the mean of the syncs in its look-back window, and the reading is the highest point. Time spent in the queue is not included, and each duration is truncated to whole milliseconds. A single slow sync hardly moves the mean, and percentiles do not show it either, because the histogram ends at 10 ms.',
    'zh-CN':
      '本指标为 Controller 重新计算一个 AppliedToGroup（策略作用的对象集合，主要是 Pod）的成员及其所在节点所用的时间。每个点是对应回溯窗口内各次同步的平均值，读数取其中的最大值。排队等待时间不计入，单次耗时舍去不足 1 ms 的部分。个别慢同步会被平均值摊平；直方图最高只到 10 ms，分位数同样反映不出来。',
  },
  impact: {
    en: 'New Pods, and Pods whose labels change, get their policies late. Until then, the policies that should apply to them are not enforced.',
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
    CONTROLLER_CPU,
    CONTROLLER_FAILED_SYNCS,
    {
      text: {
        en: 'Narrow broad selectors; policies with the same selector share one group, which is computed only once.',
        'zh-CN': '收窄过宽的选择器；选择器相同的策略共用一个组，不会重复计算。',
      },
    },
  ],
};
