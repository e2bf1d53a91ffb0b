import type { Indicator } from '../../model/indicator.ts';
import { mean } from '../../promql/shapes.ts';
import { CONTROLLER_CPU, CONTROLLER_FAILED_SYNCS } from '../steps.ts';

export const indicator: Indicator = {
  id: 'address-group-sync-duration',
  section: 'policy',
  components: ['controller'],
  metrics: ['antrea_controller_address_group_sync_duration_milliseconds'],
  query: mean('antrea_controller_address_group_sync_duration_milliseconds', '$controllers'),
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
  title: { en: 'AddressGroup sync duration', 'zh-CN': 'AddressGroup 同步耗时' },
  explanation: {
    en: 'How long the controller takes to recompute the addresses of one AddressGroup, which is the set of sources or destinations that a policy rule names. Each point is the mean of the syncs in its look-back window, and the reading is the highest point. Time spent in the queue is not included, and each duration is truncated to whole milliseconds. A single slow sync hardly moves the mean, and percentiles do not show it either, because the histogram ends at 10 ms.',
    'zh-CN':
      '本指标为 Controller 重新计算一个 AddressGroup（策略规则引用的来源或目的地址集合）的地址所用的时间。每个点是对应回溯窗口内各次同步的平均值，读数取其中的最大值。排队等待时间不计入，单次耗时舍去不足 1 ms 的部分。个别慢同步会被平均值摊平；直方图最高只到 10 ms，分位数同样反映不出来。',
  },
  impact: {
    en: 'Rules keep matching the old addresses: a new Pod is refused although a rule allows it, and the address of a deleted Pod stays allowed.',
    'zh-CN': '规则继续匹配旧地址：规则已允许的新 Pod 仍被拒绝，已删除 Pod 的地址仍被放行。',
  },
  nextSteps: [
    {
      text: {
        en: 'List the groups with their addresses; long lists come from broad selectors.',
        'zh-CN': '列出各组及其地址，成员特别多的组通常来自过宽的选择器。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-controller -- antctl get addressgroup',
    },
    CONTROLLER_CPU,
    CONTROLLER_FAILED_SYNCS,
    {
      text: {
        en: 'Compare the time of the peak with rollouts and batch jobs: every Pod that is created or deleted changes the groups that select it.',
        'zh-CN': '将峰值时间与应用发布、批处理任务对照：Pod 每次创建或删除都会改变选中它的组。',
      },
    },
  ],
};
