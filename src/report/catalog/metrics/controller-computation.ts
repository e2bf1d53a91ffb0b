import type { Metric } from '../../model/metric.ts';

const SOURCE = 'pkg/controller/networkpolicy/networkpolicy_controller.go';

/** How the controller computes what it sends to the nodes: three queues with four workers each. */
export const CONTROLLER_COMPUTATION_METRICS: readonly Metric[] = [
  {
    name: 'antrea_controller_network_policy_sync_duration_milliseconds',
    components: ['controller'],
    type: 'histogram',
    unit: { en: 'milliseconds', 'zh-CN': '毫秒' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'How long the controller worked on one policy of any kind (Kubernetes, Antrea-native or network-policy-api) to determine which nodes need it, truncated to whole milliseconds; less than 1 ms counts as 0. Time spent in the queue is not included, so users may wait longer than it says. The last bucket ends at 10 ms and limits every quantile: compute the mean from `_sum` and `_count`. Up to v0.9.3 it was a summary.',
      'zh-CN':
        'Controller 处理一条策略（Kubernetes、Antrea 原生或 network-policy-api）、算出哪些节点需要它所用的时间，按整毫秒截断，不足 1 ms 记为 0。在队列中等待的时间不计入，用户感受到的延迟可能更长。最大的桶上界为 10 ms，分位数不会超过它，应以 `_sum` 和 `_count` 求平均值。v0.9.3 及以前为 summary 类型。',
    },
    source: SOURCE,
  },
  {
    name: 'antrea_controller_applied_to_group_sync_duration_milliseconds',
    components: ['controller'],
    type: 'histogram',
    unit: { en: 'milliseconds', 'zh-CN': '毫秒' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'How long it took to compute the members of one AppliedToGroup, that is, the Pods that a policy applies to. It grows with the number of Pods that a selector matches, and syncs happen when Pods are created or deleted or change their labels. Values are whole milliseconds without the time in the queue, and quantiles end at 10 ms. For the slow tail use `workqueue_work_duration_seconds`, whose queue `appliedToGroup` has a bound at 1 s.',
      'zh-CN':
        '计算一个 AppliedToGroup 的成员（即策略所作用的 Pod）所用的时间。选择器匹配的 Pod 越多耗时越长，并随 Pod 的创建、删除和标签变更而变化。按整毫秒截断，不含排队时间，分位数止于 10 ms。要看长尾，可用 `workqueue_work_duration_seconds` 中名为 `appliedToGroup` 的队列，它在 1 s 处有桶边界。',
    },
    source: SOURCE,
  },
  {
    name: 'antrea_controller_address_group_sync_duration_milliseconds',
    components: ['controller'],
    type: 'histogram',
    unit: { en: 'milliseconds', 'zh-CN': '毫秒' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'How long it took to compute the members of one AddressGroup, that is, the peers in the rules of policies. Selectors that match many Pods make large groups and slow syncs. A long window hides bursts: one sync of 5 s among 999 of 0 ms gives a mean of 5 ms. Values are whole milliseconds without the time in the queue, and quantiles end at 10 ms.',
      'zh-CN':
        '计算一个 AddressGroup 的成员（即策略规则中的对端）所用的时间。选择器匹配的 Pod 越多，组越大，同步越慢。时间窗过长会掩盖突发：999 次 0 ms 中夹一次 5 s，平均值只有 5 ms。按整毫秒截断，不含排队时间，分位数止于 10 ms。',
    },
    source: SOURCE,
  },
  {
    name: 'antrea_controller_network_policy_processed',
    components: ['controller'],
    type: 'counter',
    unit: { en: 'syncs', 'zh-CN': '同步次数' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'STABLE',
    explanation: {
      en: 'Policies taken from the queue and processed, including failed and repeated attempts. A policy is processed again when one of its AppliedToGroups changes, so this is the amount of work, not the number of policies. After a restart it starts at 0 and everything is processed once, which shows as a burst.',
      'zh-CN':
        '从队列中取出并处理的策略次数，失败和重试也计入。策略的 AppliedToGroup 一有变化就会再次处理，因此它反映的是工作量，而不是策略数量。重启后归零，随后把全部策略处理一遍，表现为一次突增。',
    },
    source: SOURCE,
  },
  {
    name: 'antrea_controller_applied_to_group_processed',
    components: ['controller'],
    type: 'counter',
    unit: { en: 'syncs', 'zh-CN': '同步次数' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'STABLE',
    explanation: {
      en: 'AppliedToGroups taken from the queue and processed, including failed and repeated attempts. Its rate shows how much Pod churn affects the policies. It is not the number of existing groups.',
      'zh-CN':
        '从队列中取出并处理的 AppliedToGroup 次数，失败和重试也计入。其增速反映 Pod 变动对策略计算的影响程度。它不是现有的组数。',
    },
    source: SOURCE,
  },
  {
    name: 'antrea_controller_address_group_processed',
    components: ['controller'],
    type: 'counter',
    unit: { en: 'syncs', 'zh-CN': '同步次数' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'STABLE',
    explanation: {
      en: 'AddressGroups taken from the queue and processed, including failed and repeated attempts. One Pod that changes can affect many groups, so the rate can be far above the rate of Pod changes. It is not the number of existing groups.',
      'zh-CN':
        '从队列中取出并处理的 AddressGroup 次数，失败和重试也计入。一个 Pod 的变化可能牵动多个组，因此其增速可能远高于 Pod 变化的速度。它不是现有的组数。',
    },
    source: SOURCE,
  },
  {
    name: 'antrea_controller_length_network_policy_queue',
    components: ['controller'],
    type: 'gauge',
    unit: { en: 'waiting items', 'zh-CN': '等待处理的任务' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'STABLE',
    explanation: {
      en: 'Policies that wait to be processed. Four workers empty the queue, so a peak after a large change should be gone within seconds; a queue that never empties means that policy changes arrive late everywhere. Failed items that wait for a retry are not included.',
      'zh-CN':
        '等待处理的策略数。队列由四个工作线程处理，大规模变更后的峰值应在数秒内回落；若始终不归零，说明整个集群的策略变更都在延迟生效。失败后等待重试的任务不在其中。',
    },
    source: SOURCE,
  },
  {
    name: 'antrea_controller_length_applied_to_group_queue',
    components: ['controller'],
    type: 'gauge',
    unit: { en: 'waiting items', 'zh-CN': '等待处理的任务' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'STABLE',
    explanation: {
      en: 'AppliedToGroups that wait to be processed. The value is updated only when an item enters the queue or has been processed; `workqueue_depth` of the same queue is always up to date. Failed items that wait for a retry are not included.',
      'zh-CN':
        '等待处理的 AppliedToGroup 数。该值只在任务入队和处理完成时更新；同一队列的 `workqueue_depth` 始终是最新的。失败后等待重试的任务不在其中。',
    },
    source: SOURCE,
  },
  {
    name: 'antrea_controller_length_address_group_queue',
    components: ['controller'],
    type: 'gauge',
    unit: { en: 'waiting items', 'zh-CN': '等待处理的任务' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'STABLE',
    explanation: {
      en: 'AddressGroups that wait to be processed. Short peaks between two scrapes are not visible, so a 0 at every scrape does not rule out bursts. Failed items that wait for a retry are not included.',
      'zh-CN':
        '等待处理的 AddressGroup 数。两次采集之间的短暂峰值看不到，因此每次采集都为 0 也不能排除突发。失败后等待重试的任务不在其中。',
    },
    source: SOURCE,
  },
];
