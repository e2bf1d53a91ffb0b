import type { Indicator } from '../../model/indicator.ts';
import { POLICY_QUEUES } from '../../model/product.ts';
import { bucketRates } from '../../promql/shapes.ts';
import { CONTROLLER_CPU, CONTROLLER_LOAD } from '../steps.ts';

const WAITS = 'workqueue_queue_duration_seconds';
const MATCHERS = `$controllers,${POLICY_QUEUES}`;

export const indicator: Indicator = {
  id: 'policy-queue-wait',
  section: 'policy',
  components: ['controller'],
  metrics: [WAITS],
  // With fewer than ten items a single one would decide the percentile.
  query: `histogram_quantile(0.99, ${bucketRates(WAITS, MATCHERS, 'name')}) and (sum by (name) (increase(${WAITS}_count{${MATCHERS}}[$window])) >= 10)`,
  splitBy: ['name'],
  unit: 'seconds',
  reading: 'maximum',
  thresholds: {
    // Users feel the waiting time and the sync time together. 1 s is the article's limit for the sync alone.
    warning: { above: 1, forSeconds: 900 },
    // The next bound of the histogram, whose buckets are powers of ten. In older releases it is the last bound and no
    // quantile can exceed it, hence `atLeast`.
    critical: { atLeast: 10, forSeconds: 600 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'idle',
  // When the controller starts, it queues every policy and group, and the last one waits for all others.
  settleSeconds: 300,
  title: { en: 'Policy queue waiting time', 'zh-CN': '策略队列等待时间' },
  explanation: {
    en: 'How long items wait in the controller’s policy queues before a worker takes them: the 99th percentile of the items in the look-back window, shown per queue. The histogram has one bound for each power of ten, so only the order of magnitude is meaningful. Points with fewer than ten items and the first five minutes after the controller starts are left out.',
    'zh-CN':
      'Controller 策略队列中的任务从入队到被处理的等待时间，取对应回溯窗口内各任务的 99 分位数，按队列分开统计。该直方图每个数量级只有一个边界，只宜看数量级。任务数不足 10 个的点，以及 Controller 启动后 5 分钟内的点，不参与判断。',
  },
  impact: {
    en: 'A policy change waits this long before its computation even starts; the sync duration does not include this time.',
    'zh-CN': '策略变更在开始计算之前就要等待这么久，而同步耗时并不反映这段时间。',
  },
  nextSteps: [
    CONTROLLER_CPU,
    CONTROLLER_LOAD,
    {
      text: {
        en: 'Compare the time of the peak with rollouts and batch jobs, which change many groups at once.',
        'zh-CN': '将峰值时间与应用发布、批处理任务对照，它们会同时改变大量的组。',
      },
    },
  ],
};
