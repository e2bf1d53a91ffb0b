import type { Indicator } from '../../model/indicator.ts';
import { OF_ANTREA } from '../exporters.ts';
import { CONTROLLER_CERTIFICATE, CONTROLLER_ENDPOINT } from '../steps.ts';

export const indicator: Indicator = {
  id: 'unavailable-apis',
  section: 'availability',
  components: ['controller'],
  exporter: 'kube-apiserver',
  scope: 'cluster',
  metrics: ['aggregator_unavailable_apiservice'],
  query: `max by (name) (min_over_time(aggregator_unavailable_apiservice{${OF_ANTREA},$others}[$span]))`,
  splitBy: ['name'],
  unit: 'count',
  reading: 'maximum',
  thresholds: {
    // The controller has one replica, which is replaced within minutes. As for missing agents, ten minutes.
    critical: { atLeast: 1, forSeconds: 600 },
  },
  whenAbsent: 'not-enabled',
  whenEmpty: 'not-enabled',
  title: { en: 'Unavailable Antrea APIs', 'zh-CN': '不可用的 Antrea API' },
  explanation: {
    en: '1 while an API of Antrea’s controller (`controlplane.antrea.io`, `stats.antrea.io`, `system.antrea.io`) was unavailable for an API server of Kubernetes during the whole step, otherwise 0; shown per APIService. The API server asks the controller itself every few seconds, so this also shows a certificate that it does not accept.',
    'zh-CN':
      'Kubernetes 的 API server 在整个步长内都无法使用 Antrea Controller 的某个 API（`controlplane.antrea.io`、`stats.antrea.io`、`system.antrea.io`）时为 1，否则为 0，按 APIService 分开统计。API server 每隔数秒直接访问 Controller，因此证书不被接受的情况也能由此发现。',
  },
  impact: {
    en: '`antctl` and `kubectl` get no policies and statistics from the controller, namespaces that are deleted stay in Terminating, and changes of Antrea’s resources may be refused, because the controller also validates them.',
    'zh-CN':
      '`antctl` 和 `kubectl` 无法从 Controller 获取策略和统计，被删除的命名空间会停留在 Terminating 状态；Controller 还负责校验 Antrea 资源，对这些资源的修改可能会被拒绝。',
  },
  nextSteps: [
    {
      text: {
        en: 'Read the reason in the conditions of the APIServices.',
        'zh-CN': '在 APIService 的状态中查看原因。',
      },
      command: 'kubectl get apiservices -l app=antrea -o yaml',
    },
    CONTROLLER_ENDPOINT,
    CONTROLLER_CERTIFICATE,
  ],
};
