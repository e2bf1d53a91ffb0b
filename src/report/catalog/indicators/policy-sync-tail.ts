import type { Indicator } from '../../model/indicator.ts';
import { POLICY_QUEUES } from '../../model/product.ts';

const done = (suffix: string, matchers = '') =>
  `sum by (name) (increase(workqueue_work_duration_seconds_${suffix}{$controllers,${POLICY_QUEUES}${matchers}}[$window]))`;

export const indicator: Indicator = {
  id: 'policy-sync-tail',
  section: 'policy',
  components: ['controller'],
  metrics: ['workqueue_work_duration_seconds'],
  // The bound of 1 s is there in old and new buckets; Prometheus 3 writes it "1.0". At least ten items, since of
  // fewer a single slow one is a large share.
  query: `clamp_min(1 - ${done('bucket', ',le=~"1|1[.]0"')} / (${done('count')} >= 10), 0)`,
  splitBy: ['name'],
  unit: 'ratio',
  reading: 'maximum',
  thresholds: {
    // 1 s is the article's limit for a sync. One item in a hundred beyond it is a tail that the mean does not show,
    // one in ten is slow for many; for as long as the mean's own thresholds.
    warning: { above: 0.01, forSeconds: 900 },
    critical: { above: 0.1, forSeconds: 600 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'idle',
  title: { en: 'Slow policy computations', 'zh-CN': '慢策略计算占比' },
  explanation: {
    en: 'Share of the items in the controller’s policy queues whose computation took more than 1 s, for each queue apart. It shows the few slow ones that a mean hides, and works where the percentiles of Antrea’s own histograms end at 10 ms. Points with fewer than ten items are left out. Time spent waiting in the queue is not included.',
    'zh-CN':
      'Controller 各策略队列中，单次计算超过 1 秒的任务占比，按队列分开统计。它能反映被平均值掩盖的少数慢任务，而 Antrea 自身的直方图最高只到 10 ms，分位数反映不出来。任务数不足 10 个的点不参与判断。排队等待时间不计入。',
  },
  impact: {
    en: 'Some policies or groups take effect late although the mean is good: their changes come seconds after the others.',
    'zh-CN': '即使平均耗时正常，也有部分策略或组延迟数秒才生效。',
  },
  nextSteps: [
    {
      text: {
        en: 'Look for groups with very many members; they are the usual slow ones.',
        'zh-CN': '查找成员特别多的组，它们往往就是慢任务。',
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
        en: 'Raise the log level to 2 for a few minutes, so that every sync is logged with its duration, then set it back to 0.',
        'zh-CN': '将日志级别临时调到 2，让每次同步都记录耗时，几分钟后再调回 0。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-controller -- antctl log-level 2',
    },
    {
      text: {
        en: 'Find the slow ones among the syncs logged at that level.',
        'zh-CN': '从该级别下记录的同步日志中找出耗时长的任务。',
      },
      command: "kubectl logs -n $namespace $pod -c antrea-controller --since=10m | grep 'Finished syncing'",
    },
  ],
};
