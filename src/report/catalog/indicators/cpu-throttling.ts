import type { Indicator } from '../../model/indicator.ts';
import { CONTAINERS, withComponent, withNodeOfExporter } from '../../promql/shapes.ts';

const rate = (metric: string) => `rate(${metric}{container=~"${CONTAINERS}",$others}[$window])`;

export const indicator: Indicator = {
  id: 'cpu-throttling',
  section: 'resources',
  components: ['agent', 'controller'],
  exporter: 'cadvisor',
  metrics: ['container_cpu_cfs_throttled_periods_total', 'container_cpu_cfs_periods_total'],
  query: `max by (node, component, container) (${withComponent(withNodeOfExporter(`${rate('container_cpu_cfs_throttled_periods_total')} / (${rate('container_cpu_cfs_periods_total')} > 0)`))})`,
  splitBy: ['container'],
  unit: 'ratio',
  reading: 'maximum',
  thresholds: {
    // The alert CPUThrottlingHigh of kubernetes-monitoring/kubernetes-mixin: 25% for 15 minutes.
    warning: { above: 0.25, forSeconds: 900 },
  },
  whenAbsent: 'not-enabled',
  // Containers without a CPU limit, or without activity.
  whenEmpty: 'not-enabled',
  title: { en: 'CPU throttling', 'zh-CN': 'CPU 限流' },
  explanation: {
    en: 'Share of the scheduling periods (100 ms each) in which a container of Antrea used up its CPU limit and had to wait, shown per container; the reading is the highest point. Antrea’s chart sets no CPU limit, and containers without one have no value.',
    'zh-CN':
      'Antrea 容器用尽 CPU 上限而被迫等待的调度周期（每个 100 毫秒）占比，按容器分开统计，读数取最大的点。Antrea 的 chart 默认不设 CPU 上限，没有上限的容器没有数值。',
  },
  impact: {
    en: 'The container pauses although the node has CPU left: Pods, policies and Services are set up late, and a throttled `antrea-ovs` delays the first packet of each new connection.',
    'zh-CN':
      '即使节点 CPU 有余量，容器也会停顿：Pod、策略和 Service 的下发变慢；`antrea-ovs` 被限流时，每个新连接的首包都会延迟。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check which limits the containers have.',
        'zh-CN': '查看各容器设置的上限。',
      },
      command: 'kubectl describe pod -n $namespace $pod',
    },
    {
      text: {
        en: 'Compare them with what the containers use now.',
        'zh-CN': '与各容器当前的用量对比。',
      },
      command: 'kubectl top pod -n $namespace $pod --containers',
    },
    {
      text: {
        en: 'Raise or remove the CPU limit; a request guarantees a share of CPU without throttling.',
        'zh-CN': '调高或去掉 CPU 上限；设置 request 即可保证 CPU 份额，且不会限流。',
      },
    },
  ],
};
