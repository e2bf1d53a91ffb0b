import type { Indicator } from '../../model/indicator.ts';
import { rise } from '../../promql/shapes.ts';
import { OF_ANTREA } from '../exporters.ts';
import { CONTROLLER_CERTIFICATE, CONTROLLER_ENDPOINT } from '../steps.ts';

/** `no_error` is an answer of the webhook that refuses the request, as for a policy with a mistake. */
const ERRORS = `${OF_ANTREA},error_type!="no_error",$others`;
/** An API server has it from the first call of a webhook on, whatever the answer was; since Kubernetes 1.23. */
const CALLS = `apiserver_admission_webhook_request_total{${OF_ANTREA},$others}`;

/**
 * Returns the errors in a window. A series appears with the first error, so a new one counts from 0, unless the API server
 * was not scraped before.
 */
function errors(metric: string): string {
  const counter = `${metric}{${ERRORS}}`;
  const isNew = `((${counter} unless ${counter} offset $window) and on (job, instance) ${CALLS} offset $window)`;
  return `${isNew} or ${rise(metric, ERRORS, '$window')}`;
}

/** OpenTelemetry appends `_total` to the names of counters. */
const FAILED = ['', '_total']
  .map((suffix) => errors(`apiserver_admission_webhook_rejection_count${suffix}`))
  .join(' or ');
const NONE = `0 * max_over_time(${CALLS}[$span])`;

export const indicator: Indicator = {
  id: 'failed-webhooks',
  section: 'availability',
  components: ['controller'],
  exporter: 'kube-apiserver',
  scope: 'cluster',
  metrics: ['apiserver_admission_webhook_request_total'],
  query: `sum by (name) (${FAILED} or ${NONE})`,
  splitBy: ['name'],
  unit: 'count',
  reading: 'maximum',
  thresholds: {
    // While the controller is replaced, which takes minutes, requests fail in one step or two.
    warning: { above: 0, forSeconds: 0, times: 3 },
  },
  whenAbsent: 'not-enabled',
  whenEmpty: 'not-enabled',
  title: { en: 'Failed webhook calls', 'zh-CN': 'Webhook 调用失败' },
  explanation: {
    en: 'How many requests the API servers refused within one look-back window because a webhook of Antrea’s controller could not be called or answered wrongly, shown per webhook; the reading is the highest number of the period. The webhooks check Antrea’s policies, groups, tiers, Egresses, pools and other resources when they are created or changed. A request that a webhook refuses because of its content is normal and not counted.',
    'zh-CN':
      '一个回溯窗口内 API server 因无法调用 Antrea Controller 的 webhook 或其应答有误而拒绝的请求数，按 webhook 分开统计，读数为统计周期内的最大值。创建或修改 Antrea 的策略、组、Tier、Egress、地址池等资源时，由这些 webhook 校验。webhook 因请求内容本身而拒绝属于正常，不计入。',
  },
  impact: {
    // The chart sets no failurePolicy, and the default of admissionregistration.k8s.io/v1 is Fail.
    en: 'The resources that the webhook checks cannot be created or changed: `kubectl apply` and GitOps tools get `failed calling webhook`. What exists stays in force. With `namelabelmutator.antrea.io`, which is off by default, the same applies to namespaces.',
    'zh-CN':
      '该 webhook 校验的资源无法创建或修改：`kubectl apply` 和 GitOps 工具会收到 `failed calling webhook`。已有的资源继续生效。若启用了默认关闭的 `namelabelmutator.antrea.io`，命名空间同样受影响。',
  },
  nextSteps: [
    CONTROLLER_ENDPOINT,
    {
      text: {
        en: 'Check that all webhooks have the same `caBundle`, which the controller writes.',
        'zh-CN': '确认所有 webhook 的 `caBundle` 一致，该字段由 Controller 写入。',
      },
      command:
        'kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations -l app=antrea -o yaml',
    },
    CONTROLLER_CERTIFICATE,
    {
      text: {
        en: 'If only some API servers fail, check that they can reach port 10349 on the controller’s node.',
        'zh-CN': '若只有部分 API server 失败，确认它们能访问 Controller 所在节点的 10349 端口。',
      },
    },
  ],
};
