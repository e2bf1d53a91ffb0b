import type { Indicator } from '../../model/indicator.ts';
import { POLICY_QUEUES } from '../../model/product.ts';
import { highest } from '../../promql/shapes.ts';

/** From so many items on a queue is critical; and since no queue has a size, the limit that its growth is read by. */
const TOO_MANY = 100;

export const indicator: Indicator = {
  id: 'policy-queue-backlog',
  section: 'policy',
  components: ['controller'],
  metrics: ['workqueue_depth'],
  // The least of ten minutes: that a queue is full for a moment is its purpose, that it never empties is not. Not
  // Antrea's own gauges of these queues, which are written only when an item comes or goes.
  query: `max by (name) (${highest(`min_over_time(workqueue_depth{$controllers,${POLICY_QUEUES}}[10m])`)})`,
  splitBy: ['name'],
  unit: 'items',
  reading: 'maximum',
  thresholds: {
    // Four workers per queue (pkg/controller/networkpolicy/networkpolicy_controller.go) and items of milliseconds:
    // a backlog is gone within seconds. What is there for ten minutes grows as fast as it is worked off.
    warning: { above: 0, forSeconds: 0 },
    // Reasoned, not measured: more than one blocked item for each worker, by far.
    critical: { above: TOO_MANY, forSeconds: 0 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  // Every policy and group is queued at a start.
  settleSeconds: 600,
  // The level is the backlog that stays. The highest depth would be thousands at every start of the controller.
  capacity: {
    unit: 'items',
    limits: [
      {
        id: 'critical-backlog',
        title: { en: 'waiting items, the critical level', 'zh-CN': '项（严重阈值）' },
        value: TOO_MANY,
      },
    ],
  },
  title: { en: 'Policy queue backlog', 'zh-CN': '策略队列积压' },
  explanation: {
    en: 'The least number of items that waited in one of the controller’s policy queues at any moment of ten minutes; the reading is the highest such number of the period. 0 means that the queue was worked off at least once in every ten minutes, however long it was in between. Items that failed and wait for their retry are not in the queue.',
    'zh-CN':
      '10 分钟内 Controller 某个策略队列中等待任务数的最小值，读数为统计周期内的最大值。为 0 说明每 10 分钟内队列至少清空过一次，期间队列再长也属正常。失败后等待重试的任务不在队列中。',
  },
  impact: {
    en: 'Policies, groups and Pods queue up: their changes take effect minutes late or, while the backlog grows, later and later.',
    'zh-CN': '策略、组和 Pod 的变更排队等待处理，延迟数分钟才生效；积压持续增长时延迟会越来越长。',
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
        en: 'Look for failed syncs and for calls of the API server that time out.',
        'zh-CN': '查找同步失败以及访问 API server 超时的记录。',
      },
      command: "kubectl logs -n $namespace $pod -c antrea-controller --since-time=$since | grep '^[EW]'",
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
        en: 'Compare the time with rollouts and batch jobs, since every Pod that comes or goes queues the groups that select it.',
        'zh-CN': '将时间与应用发布、批处理任务对照，Pod 每次增删都会使选中它的组入队。',
      },
    },
  ],
};
