import type { Indicator } from '../../model/indicator.ts';
import { CONTAINERS, rise, withComponent, withNodeOfPod } from '../../promql/shapes.ts';

const MATCHERS = `container=~"${CONTAINERS}",$others`;
const RESTARTS = rise('kube_pod_container_status_restarts_total', MATCHERS, '$window');
const KILLED = `max_over_time(kube_pod_container_status_last_terminated_reason{reason="OOMKilled",${MATCHERS}}[$span]) > 0`;

export const indicator: Indicator = {
  id: 'out-of-memory-kills',
  section: 'resources',
  components: ['agent', 'controller'],
  exporter: 'kube-state-metrics',
  metrics: [
    'kube_pod_container_status_restarts_total',
    'kube_pod_container_status_last_terminated_reason',
    'kube_pod_info',
  ],
  // The reason stays until the container terminates again, so only restarts count. A container that never ran out of
  // memory has the value 0.
  query: `max by (node, component, container) (${withComponent(withNodeOfPod(`(${RESTARTS}) and on (namespace, pod, container) (${KILLED}) or 0 * ${RESTARTS}`))})`,
  splitBy: ['container'],
  unit: 'restarts',
  reading: 'maximum',
  thresholds: {
    // No container of Antrea runs out of memory normally: Antrea's chart sets no limit. As for process restarts
    // (docs/decisions/0004-thresholds.md), three of one container are critical.
    warning: { above: 0, forSeconds: 0 },
    critical: { above: 0, forSeconds: 0, times: 3 },
  },
  whenAbsent: 'not-enabled',
  whenEmpty: 'not-enabled',
  title: { en: 'Out-of-memory kills', 'zh-CN': '内存耗尽被终止' },
  explanation: {
    en: 'Restarts of the containers `antrea-agent`, `antrea-ovs` and `antrea-controller` within one look-back window whose last termination has the reason `OOMKilled`, shown per container; the reading is the highest number of the period. The kernel kills a container that exceeds its memory limit; Antrea’s chart sets no limit, so then only a node without free memory is a reason.',
    'zh-CN':
      '容器 `antrea-agent`、`antrea-ovs` 和 `antrea-controller` 在一个回溯窗口内、上一次终止原因为 `OOMKilled` 的重启次数，按容器分开统计，读数为统计周期内的最大值。容器超出内存上限时会被内核终止；Antrea 的 chart 默认不设上限，此时只可能是节点本身内存不足。',
  },
  impact: {
    en: 'The container loses its state and starts again: see process restarts for agent and controller, and the restarts of the OVS container. If the limit is too low, this repeats.',
    'zh-CN':
      '容器丢失状态并重新启动：Agent 和 Controller 的影响见进程重启，OVS 的影响见 OVS 容器重启。上限过低时会反复发生。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check the limits of the containers and the last state of each.',
        'zh-CN': '查看各容器的资源上限和上一次状态。',
      },
      command: 'kubectl describe pod -n $namespace $pod',
    },
    {
      text: {
        en: 'Compare the current memory of the containers with the limits.',
        'zh-CN': '对比各容器当前的内存用量与上限。',
      },
      command: 'kubectl top pod -n $namespace $pod --containers',
    },
    {
      text: {
        en: 'Check whether nodes are short of memory (`MemoryPressure`).',
        'zh-CN': '确认节点是否内存不足（`MemoryPressure`）。',
      },
      command:
        'kubectl get nodes -o custom-columns=\'NAME:.metadata.name,MEMORY:.status.conditions[?(@.type=="MemoryPressure")].status\'',
    },
  ],
};
