import type { Indicator } from '../../model/indicator.ts';
import { rise, withNodeOfExporter } from '../../promql/shapes.ts';

const MATCHERS = 'operation_type="run_podsandbox",$others';
const FAILED = rise('kubelet_runtime_operations_errors_total', MATCHERS, '$window');
/** Errors have no series before the first one, and then the value is 0. */
const NONE = `0 * max_over_time(kubelet_runtime_operations_total{${MATCHERS}}[$span])`;

export const indicator: Indicator = {
  id: 'pod-sandbox-failures',
  section: 'availability',
  components: ['agent'],
  exporter: 'kubelet',
  metrics: ['kubelet_runtime_operations_total'],
  query: `max by (node) (${withNodeOfExporter(`(${FAILED} or ${NONE})`)})`,
  unit: 'count',
  reading: 'maximum',
  thresholds: {
    // Single failures are normal, for instance of a Pod that is deleted while it starts. kubelet retries a Pod after
    // about 10 s (backOffPeriod in pkg/kubelet/kubelet.go), so a network that is not set up fails in every step of a
    // quarter of an hour. One Pod fails up to 30 times in five minutes, so 100 are several Pods.
    warning: { above: 0, forSeconds: 900 },
    critical: { above: 100, forSeconds: 900 },
  },
  whenAbsent: 'not-enabled',
  whenEmpty: 'not-enabled',
  title: { en: 'Failed Pod sandboxes', 'zh-CN': 'Pod sandbox 创建失败' },
  explanation: {
    en: 'How often kubelet failed to create the sandbox of a Pod within one look-back window; the reading is the highest number of the period. A sandbox has the network of a Pod, so an agent that does not set it up is a usual reason; others are the container runtime, the image of the sandbox and a full disk. kubelet counts every attempt.',
    'zh-CN':
      '一个回溯窗口内 kubelet 创建 Pod sandbox 失败的次数，读数为统计周期内的最大值。Pod 的网络属于 sandbox，因此 Agent 未能配置网络是常见的原因；其他原因有容器运行时、sandbox 镜像和磁盘已满。kubelet 的每次尝试都计入。',
  },
  impact: {
    en: 'Pods on the node stay in ContainerCreating. Running Pods are not affected.',
    'zh-CN': '该节点上的 Pod 会停留在 ContainerCreating 状态，运行中的 Pod 不受影响。',
  },
  nextSteps: [
    {
      text: {
        en: 'Read why sandboxes could not be created.',
        'zh-CN': '查看 sandbox 创建失败的原因。',
      },
      command: 'kubectl get events -A --field-selector reason=FailedCreatePodSandBox',
    },
    {
      text: {
        en: 'If the events name Antrea, look for CNI requests in the agent’s log.',
        'zh-CN': '若事件中提到 Antrea，在 Agent 日志中查找 CNI 请求。',
      },
      command: 'kubectl logs -n $namespace $pod -c antrea-agent --since-time=$since | grep -i cni',
    },
    {
      text: {
        en: 'Check whether addresses of the node’s Pod CIDR are left.',
        'zh-CN': '确认节点的 Pod 网段是否还有可用地址。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-agent -- antctl get podinterface',
    },
  ],
};
