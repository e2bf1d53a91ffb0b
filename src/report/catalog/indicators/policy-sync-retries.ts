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
    // These queues retry only what returned an error.
    warning: { above: 0, forSeconds: 0 },
    // What fails for good is tried at least every 300 s (networkpolicy_controller.go) and so is in every step of
    // five minutes: an hour of them.
    critical: { above: 0, forSeconds: 0, times: 12 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  title: { en: 'Failed policy computations', 'zh-CN': '策略计算失败重试' },
  explanation: {
    en: 'How often the controller had to try the computation of a policy or a group again in the period, for each queue apart. Every retry follows an error. The pause before it doubles from 5 s up to 300 s, so one item that never succeeds makes few retries; that they go on matters more than their number.',
    'zh-CN':
      '统计周期内 Controller 重新计算策略或组的次数，按队列分开统计。每次重试都源于一次错误。重试间隔从 5 秒起逐次加倍，最长 300 秒，因此始终失败的任务重试次数并不多，是否持续出现比次数更重要。',
  },
  impact: {
    en: 'Until a retry succeeds, the policy or group is in force with its old content, or not at all.',
    'zh-CN': '重试成功之前，相应的策略或组仍按旧内容生效，或完全没有生效。',
  },
  nextSteps: [
    {
      text: {
        en: 'Read in the controller’s log which policy or group fails, and why.',
        'zh-CN': '在 Controller 日志中查看失败的策略或组及其原因。',
      },
      command: "kubectl logs -n $namespace $pod -c antrea-controller --since-time=$since | grep '^[EW]'",
    },
    {
      text: {
        en: 'Check the status of Antrea’s own policies for one that is not realized.',
        'zh-CN': '在 Antrea 策略的状态中查找未实现的策略。',
      },
      command: 'kubectl get clusternetworkpolicies.crd.antrea.io,networkpolicies.crd.antrea.io -A',
    },
    {
      text: {
        en: 'If retries come with timeouts of the API server, begin there.',
        'zh-CN': '若重试伴随 API server 超时，先排查 API server。',
      },
    },
  ],
};
