import type { Metric } from '../../model/metric.ts';

const SOURCE = 'pkg/controller/networkpolicy/networkpolicy_controller.go';

/** How the controller turns policies into what the nodes are sent: three queues with four workers each. */
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
      en: 'How long the controller worked on one policy to find out which nodes need it, in whole milliseconds; less than one counts as 0. Time spent waiting in the queue is not part of it, so users may wait longer than it says. The last bucket ends at 10 ms and caps every quantile: read the mean from `_sum` and `_count`. Up to v0.9.3 it was a summary.',
      'zh-CN':
        'Controller 处理一条策略、算出哪些节点需要它所用的时间，按整毫秒截断，不足 1 ms 记为 0。在队列中等待的时间不计入，用户感受到的延迟可能更长。最大的桶上界为 10 ms，分位数不会超过它，应以 `_sum` 和 `_count` 求平均值。v0.9.3 及以前为 summary 类型。',
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
      en: 'How long it took to work out the members of one AppliedToGroup, that is, the Pods to which a policy applies. It grows with the number of Pods that a selector matches and follows Pods coming, going and changing labels. Values are whole milliseconds without the time in the queue, and quantiles end at 10 ms. For the tail use `workqueue_work_duration_seconds`, whose queue `appliedToGroup` has a bound at 1 s.',
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
      en: 'How long it took to work out the members of one AddressGroup, that is, the peers named in the rules of policies. Selectors that match many Pods make large groups and slow syncs. A long window hides bursts: one sync of 5 s among 999 at 0 ms is a mean of 5 ms. Values are whole milliseconds without the time in the queue, and quantiles end at 10 ms.',
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
      en: 'Policies taken from the queue and worked on, failed and repeated attempts included. The same policy comes back when one of its AppliedToGroups changes, so this is work done and not a number of policies. A restart sets it to 0 and then processes everything once, which shows as a burst.',
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
      en: 'AppliedToGroups taken from the queue and worked on, failed and repeated attempts included. Its rate shows how much Pod churn reaches the policies. It is not the number of groups that exist.',
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
      en: 'AddressGroups taken from the queue and worked on, failed and repeated attempts included. One Pod that changes can touch many groups, so the rate can be far above that of the Pod changes. It is not the number of groups that exist.',
      'zh-CN':
        '从队列中取出并处理的 AddressGroup 次数，失败和重试也计入。一个 Pod 的变化可能牵动多个组，因此其增速可能远高于 Pod 变化的速度。它不是现有的组数。',
    },
    source: SOURCE,
  },
  {
    name: 'antrea_controller_length_network_policy_queue',
    components: ['controller'],
    type: 'gauge',
    unit: { en: 'items waiting', 'zh-CN': '等待项' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'STABLE',
    explanation: {
      en: 'Policies that wait to be worked on. Four workers empty the queue, so a peak after a large change should be gone within seconds; a queue that never gets empty means that policy changes arrive late everywhere. Items that failed and wait for their retry are not in it.',
      'zh-CN':
        '等待处理的策略数。队列由四个 worker 消费，大规模变更后的峰值应在数秒内回落；若始终不归零，说明整个集群的策略变更都在延迟生效。处理失败、正在等待重试的项不在其中。',
    },
    source: SOURCE,
  },
  {
    name: 'antrea_controller_length_applied_to_group_queue',
    components: ['controller'],
    type: 'gauge',
    unit: { en: 'items waiting', 'zh-CN': '等待项' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'STABLE',
    explanation: {
      en: 'AppliedToGroups that wait to be worked on. The value is written only when an item enters the queue or has been processed; `workqueue_depth` of the same queue is always up to date. Items that wait for a retry after an error are missing here.',
      'zh-CN':
        '等待处理的 AppliedToGroup 数。该值只在入队和处理完一项时更新；同一队列的 `workqueue_depth` 始终是最新的。出错后等待重试的项不在其中。',
    },
    source: SOURCE,
  },
  {
    name: 'antrea_controller_length_address_group_queue',
    components: ['controller'],
    type: 'gauge',
    unit: { en: 'items waiting', 'zh-CN': '等待项' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'STABLE',
    explanation: {
      en: 'AddressGroups that wait to be worked on. Short peaks between two scrapes stay unseen, so a 0 on every scrape does not rule out bursts. Items that wait for a retry after an error are missing here.',
      'zh-CN':
        '等待处理的 AddressGroup 数。两次采集之间的短暂峰值看不到，因此每次采集都为 0 也不能排除突发。出错后等待重试的项不在其中。',
    },
    source: SOURCE,
  },
];
