import type { Indicator } from '../../model/indicator.ts';
import { withNodeOfExporter, withNodeOfPod } from '../../promql/shapes.ts';

const OVS = 'container="antrea-ovs",$others';

export const indicator: Indicator = {
  id: 'ovs-memory',
  section: 'resources',
  components: ['agent'],
  exporter: 'cadvisor',
  metrics: ['container_memory_working_set_bytes'],
  query: `max by (node) (${withNodeOfExporter(`max_over_time(container_memory_working_set_bytes{${OVS}}[$span])`)})`,
  unit: 'bytes',
  reading: 'maximum',
  thresholds: {
    // Our own estimate, as for the memory of the agent: no fixed limit fits every number of flows and handler threads, so
    // the warning needs more than 512 MiB and also 50% more than the container usually has.
    warning: { above: 512 * 1024 ** 2, rise: 0.5, forSeconds: 1800 },
    // There is no critical threshold, because Antrea's chart sets no memory limit. If you set a limit, use 80% of it.
  },
  whenAbsent: 'not-enabled',
  whenEmpty: 'not-enabled',
  capacity: {
    unit: 'bytes',
    limits: [
      {
        id: 'container-limit',
        title: { en: 'that the container may use', 'zh-CN': '容器内存上限' },
        // From cAdvisor, where 0 means that there is no limit, or else from kube-state-metrics.
        query: `min by (node) (${withNodeOfExporter(`container_spec_memory_limit_bytes{${OVS}} > 0`)}) or min by (node) (${withNodeOfPod(`kube_pod_container_resource_limits{resource="memory",${OVS}}`)})`,
      },
    ],
  },
  title: { en: 'OVS memory', 'zh-CN': 'OVS 内存' },
  explanation: {
    en: 'Memory of the container `antrea-ovs` that the kernel cannot reclaim (working set): the highest value in each look-back window; the reading is the highest of the period. A container with a limit is killed when its working set reaches it. The level follows the number of flows and of handler threads, which is that of CPUs.',
    'zh-CN':
      '容器 `antrea-ovs` 中内核无法回收的内存（working set），取每个回溯窗口内的最大值，读数为统计周期内的最大值。设置了上限的容器在 working set 达到上限时会被终止。内存水平随流表项数和 handler 线程数（即 CPU 数）变化。',
  },
  impact: {
    en: 'When OVS runs out of memory, it is killed and starts again: new connections on the node fail meanwhile, and all flows have to be programmed again.',
    'zh-CN': 'OVS 内存耗尽时会被终止并重新启动：其间该节点上新建的连接会失败，全部流表项都要重新下发。',
  },
  nextSteps: [
    {
      text: {
        en: 'Ask OVS what it uses its memory for.',
        'zh-CN': '查看 OVS 自身统计的内存用途。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-ovs -- ovs-appctl -t ovs-vswitchd memory/show',
    },
    {
      text: {
        en: 'Check whether the container has a memory limit and whether it was killed before.',
        'zh-CN': '确认容器是否设置了内存上限，以及此前是否被终止过。',
      },
      command: 'kubectl describe pod -n $namespace $pod',
    },
    {
      text: {
        en: 'Compare the rise with the flow count: memory that grows without flows may be a leak of OVS.',
        'zh-CN': '与流表项数的变化对照：流表项没有增加而内存增长，可能是 OVS 泄漏。',
      },
    },
  ],
};
