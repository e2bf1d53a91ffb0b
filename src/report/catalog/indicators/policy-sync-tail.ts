import type { Indicator } from '../../model/indicator.ts';
import { POLICY_QUEUES } from '../../model/product.ts';
import { CONTROLLER_CPU, CONTROLLER_LOG_SYNCS } from '../steps.ts';

const done = (suffix: string, matchers = '') =>
  `sum by (name) (increase(workqueue_work_duration_seconds_${suffix}{$controllers,${POLICY_QUEUES}${matchers}}[$window]))`;

export const indicator: Indicator = {
  id: 'policy-sync-tail',
  section: 'policy',
  components: ['controller'],
  metrics: ['workqueue_work_duration_seconds'],
  // Old and new releases both have a bucket bound at 1 s; Prometheus 3 writes it as "1.0". With fewer than ten items a
  // single slow one would be a large share.
  query: `clamp_min(1 - ${done('bucket', ',le=~"1|1[.]0"')} / (${done('count')} >= 10), 0)`,
  splitBy: ['name'],
  unit: 'ratio',
  reading: 'maximum',
  thresholds: {
    // 1 s is the article's limit for a sync. 1% of slow items is a tail that the mean does not show, and at 10% many
    // changes are slow. The durations are those of the thresholds for the mean.
    warning: { above: 0.01, forSeconds: 900 },
    critical: { above: 0.1, forSeconds: 600 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'idle',
  title: { en: 'Slow policy computations', 'zh-CN': '慢策略计算占比' },
  explanation: {
    en: 'Share of the items in the controller’s policy queues whose computation took more than 1 s, shown per queue. It shows the few slow items that a mean hides; the percentiles of Antrea’s own histograms cannot show them, because they end at 10 ms. Points with fewer than ten items are left out. Time spent waiting in the queue is not included.',
    'zh-CN':
      'Controller 各策略队列中，单次计算超过 1 秒的任务占比，按队列分开统计。它能反映被平均值掩盖的少数慢任务，而 Antrea 自身的直方图最高只到 10 ms，分位数反映不出来。任务数不足 10 个的点不参与判断。排队等待时间不计入。',
  },
  impact: {
    en: 'Some policies or groups take effect seconds later than the others, although the mean is good.',
    'zh-CN': '即使平均耗时正常，也有部分策略或组延迟数秒才生效。',
  },
  nextSteps: [
    {
      text: {
        en: 'Look for groups with very many members; these are usually the slow ones.',
        'zh-CN': '查找成员特别多的组，它们往往就是慢任务。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-controller -- antctl get addressgroup',
    },
    CONTROLLER_CPU,
    CONTROLLER_LOG_SYNCS,
    {
      text: {
        en: 'Find the slow items among the logged syncs.',
        'zh-CN': '从记录的同步日志中找出耗时长的任务。',
      },
      command: "kubectl logs -n $namespace $pod -c antrea-controller --since=10m | grep 'Finished syncing'",
    },
  ],
};
