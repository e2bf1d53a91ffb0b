import type { Indicator } from '../../model/indicator.ts';
import { POLICY_QUEUES } from '../../model/product.ts';
import { bucketRates } from '../../promql/shapes.ts';

const WAITS = 'workqueue_queue_duration_seconds';
const MATCHERS = `$controllers,${POLICY_QUEUES}`;

export const indicator: Indicator = {
  id: 'policy-queue-wait',
  section: 'policy',
  components: ['controller'],
  metrics: ['workqueue_queue_duration_seconds'],
  // At least ten items, since of fewer a single one decides.
  query: `histogram_quantile(0.99, ${bucketRates(WAITS, MATCHERS, 'name')}) and (sum by (name) (increase(${WAITS}_count{${MATCHERS}}[$window])) >= 10)`,
  splitBy: ['name'],
  unit: 'seconds',
  reading: 'maximum',
  thresholds: {
    // What users feel is waiting and work together; 1 s is the article's limit for the work alone.
    warning: { above: 1, forSeconds: 900 },
    // The next bound of the histogram, whose buckets are decades. In older releases it is the last one, and no
    // quantile exceeds it: hence at least.
    critical: { atLeast: 10, forSeconds: 600 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'idle',
  // Every policy and group is queued at a start, and the last one waits for all others.
  settleSeconds: 300,
  title: { en: 'Policy queue waiting time', 'zh-CN': '策略队列等待时间' },
  explanation: {
    en: 'How long items wait in the controller’s policy queues before a worker takes them: the 99th percentile of the items within the look-back window, for each queue apart. The histogram has one bound for each power of ten, so read it as an order of magnitude. Points with fewer than ten items, and the five minutes after a start of the controller, are left out.',
    'zh-CN':
      'Controller 策略队列中的任务从入队到被处理的等待时间，取对应回溯窗口内各任务的 99 分位数，按队列分开统计。该直方图每个数量级只有一个边界，只宜看数量级。任务数不足 10 个的点，以及 Controller 启动后 5 分钟内的点，不参与判断。',
  },
  impact: {
    en: 'A change of a policy waits this long before its computation even begins; the sync duration does not show that.',
    'zh-CN': '策略变更在开始计算之前就要等待这么久，而同步耗时并不反映这段时间。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check whether the controller is short of CPU; by default it requests only 0.2 cores.',
        'zh-CN': '确认 Controller 的 CPU 是否不足（默认只申请 0.2 核）。',
      },
      command: 'kubectl top pod -n $namespace $pod --containers',
    },
    {
      text: {
        en: 'See how many policies, groups and connected agents the controller handles.',
        'zh-CN': '查看 Controller 承载的策略数、组数和已连接的 Agent 数。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-controller -- antctl get controllerinfo',
    },
    {
      text: {
        en: 'Compare the time of the peak with rollouts and batch jobs, which change many groups at once.',
        'zh-CN': '将峰值时间与应用发布、批处理任务对照，它们会同时改变大量的组。',
      },
    },
  ],
};
