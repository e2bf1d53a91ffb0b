import type { Indicator } from '../../model/indicator.ts';
import { POLICY_QUEUES } from '../../model/product.ts';

const MATCHERS = `$controllers,${POLICY_QUEUES}`;

export const indicator: Indicator = {
  id: 'policy-sync-retries',
  section: 'policy',
  components: ['controller'],
  metrics: ['workqueue_retries_total'],
  query: `sum by (name) (increase(workqueue_retries_total{${MATCHERS}}[$window]))`,
  counter: `workqueue_retries_total{${MATCHERS}}`,
  splitBy: ['name'],
  unit: 'retries',
  reading: 'total',
  thresholds: {
    // These queues retry an item only after an error.
    warning: { above: 0, forSeconds: 0 },
    // An item that always fails is retried at least every 300 s (networkpolicy_controller.go), so it shows in every step
    // of five minutes. Twelve steps are one hour.
    critical: { above: 0, forSeconds: 0, times: 12 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  title: { en: 'Failed policy computations', 'zh-CN': '策略计算失败重试' },
  explanation: {
    en: 'How many times the controller retried the computation of a policy or group in the period, shown per queue. Every retry follows an error. The pause before a retry doubles from 5 s up to 300 s, so an item that never succeeds causes few retries: whether retries continue matters more than their number.',
    'zh-CN':
      '统计周期内 Controller 重新计算策略或组的次数，按队列分开统计。每次重试都源于一次错误。重试间隔从 5 秒起逐次加倍，最长 300 秒，因此始终失败的任务重试次数并不多，是否持续出现比次数更重要。',
  },
  impact: {
    en: 'Until a retry succeeds, the policy or group keeps its old content or has no effect at all.',
    'zh-CN': '重试成功之前，相应的策略或组仍按旧内容生效，或完全没有生效。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check the controller’s log for the policy or group that fails and the reason.',
        'zh-CN': '在 Controller 日志中查看失败的策略或组及其原因。',
      },
      command: "kubectl logs -n $namespace $pod -c antrea-controller --since-time=$since | grep '^[EW]'",
    },
    {
      text: {
        en: 'Check the status of Antrea-native policies for one that is not realized.',
        'zh-CN': '在 Antrea 策略的状态中查找未实现的策略。',
      },
      command: 'kubectl get clusternetworkpolicies.crd.antrea.io,networkpolicies.crd.antrea.io -A',
    },
    {
      text: {
        en: 'If calls to the API server also time out, start there.',
        'zh-CN': '若访问 API server 也出现超时，先排查 API server。',
      },
    },
  ],
};
