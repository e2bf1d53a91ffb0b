import type { Indicator } from '../../model/indicator.ts';
import { mean } from '../../promql/shapes.ts';

export const indicator: Indicator = {
  id: 'address-group-sync-duration',
  section: 'policy',
  components: ['controller'],
  metrics: ['antrea_controller_address_group_sync_duration_milliseconds'],
  query: mean('antrea_controller_address_group_sync_duration_milliseconds', '$controllers'),
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
  title: { en: 'AddressGroup sync duration', 'zh-CN': 'AddressGroup 同步耗时' },
  explanation: {
    en: 'An AddressGroup is the set of sources or destinations that a policy rule names; the number is how long the controller takes to recompute one group’s addresses. Each point is the mean of the syncs within its look-back window, and the reading is the highest point. Time spent in the queue is not included, and each duration is cut to whole milliseconds. A single slow sync hardly moves the mean, and percentiles cannot show it either, because the histogram ends at 10 ms.',
    'zh-CN':
      'AddressGroup 是策略规则引用的来源或目的地址集合，本指标为 Controller 重新计算一个组的地址的耗时。每个点是对应回溯窗口内各次同步的平均值，读数取其中的最大值。排队等待时间不计入，单次耗时舍去不足 1 ms 的部分。个别慢同步会被平均值摊平；直方图最高只到 10 ms，分位数同样反映不出来。',
  },
  impact: {
    en: 'Rules go on matching the old addresses. A new Pod is refused although a rule allows it, and the address of a deleted Pod stays allowed.',
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
        en: 'Compare the time of the peak with rollouts and batch jobs, because every Pod that comes or goes changes the groups that select it.',
        'zh-CN': '将峰值时间与应用发布、批处理任务对照，Pod 每次增删都会改变选中它的组。',
      },
    },
  ],
};
