import type { Indicator } from '../../model/indicator.ts';
import { POLICY_QUEUES } from '../../model/product.ts';
import { highest } from '../../promql/shapes.ts';
import { CONTROLLER_CPU, CONTROLLER_LOAD } from '../steps.ts';

/** The critical threshold in items. Queues have no size limit, so it is also the limit of the capacity forecast. */
const CRITICAL_ITEMS = 100;

export const indicator: Indicator = {
  id: 'policy-queue-backlog',
  section: 'policy',
  components: ['controller'],
  metrics: ['workqueue_depth'],
  // The lowest depth in ten minutes: queues are made to fill up for a moment, but they must empty again. Antrea's own
  // gauges of these queues are not used, because they are updated only when an item enters or leaves.
  query: `max by (name) (${highest(`min_over_time(workqueue_depth{$controllers,${POLICY_QUEUES}}[10m])`)})`,
  splitBy: ['name'],
  unit: 'items',
  reading: 'maximum',
  thresholds: {
    // Each queue has four workers (pkg/controller/networkpolicy/networkpolicy_controller.go) and items take
    // milliseconds, so a normal backlog is gone within seconds. One that stays for ten minutes does not shrink.
    warning: { above: 0, forSeconds: 0 },
    // Our own estimate, not measured: far more than one blocked item per worker.
    critical: { above: CRITICAL_ITEMS, forSeconds: 0 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  // When the controller starts, it queues every policy and group.
  settleSeconds: 600,
  // The level is the backlog that stays; the highest depth would be thousands at every start of the controller.
  capacity: {
    unit: 'items',
    limits: [
      {
        id: 'critical-backlog',
        title: { en: 'waiting items, the critical level', 'zh-CN': '项（严重阈值）' },
        value: CRITICAL_ITEMS,
      },
    ],
  },
  title: { en: 'Policy queue backlog', 'zh-CN': '策略队列积压' },
  explanation: {
    en: 'The lowest number of items that waited in one of the controller’s policy queues during ten minutes; the reading is the highest such number in the period. 0 means that the queue was empty at least once in every ten minutes, however long it became in between. Failed items that wait for a retry are not in the queue.',
    'zh-CN':
      '10 分钟内 Controller 某个策略队列中等待任务数的最小值，读数为统计周期内的最大值。为 0 说明每 10 分钟内队列至少清空过一次，期间队列再长也属正常。失败后等待重试的任务不在队列中。',
  },
  impact: {
    en: 'Changes to policies, groups and Pods wait in the queue and take effect minutes late; while the backlog grows, the delay grows too.',
    'zh-CN': '策略、组和 Pod 的变更排队等待处理，延迟数分钟才生效；积压持续增长时延迟会越来越长。',
  },
  nextSteps: [
    CONTROLLER_CPU,
    {
      text: {
        en: 'Look for failed syncs and for calls to the API server that time out.',
        'zh-CN': '查找同步失败以及访问 API server 超时的记录。',
      },
      command: "kubectl logs -n $namespace $pod -c antrea-controller --since-time=$since | grep '^[EW]'",
    },
    CONTROLLER_LOAD,
    {
      text: {
        en: 'Compare the time with rollouts and batch jobs: every Pod that is created or deleted queues the groups that select it.',
        'zh-CN': '将时间与应用发布、批处理任务对照：Pod 每次创建或删除都会使选中它的组入队。',
      },
    },
  ],
};
