import type { Indicator } from '../../model/indicator.ts';

export const indicator: Indicator = {
  id: 'cpu-usage',
  section: 'resources',
  components: ['agent', 'controller'],
  metrics: ['process_cpu_seconds_total'],
  // The maximum and not the sum: right after a Pod is replaced, both of its processes are in the window.
  query: 'max by ($node) (rate(process_cpu_seconds_total{$components}[$window]))',
  unit: 'cores',
  reading: 'maximum',
  thresholds: {
    // Agent and controller request 0.2 cores each (build/charts/antrea/values.yaml). The thresholds are four and ten
    // times that for half an hour. Clusters whose nodes have many cores may allow more.
    warning: { above: 0.8, forSeconds: 1800 },
    critical: { above: 2, forSeconds: 1800 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  title: { en: 'CPU usage', 'zh-CN': 'CPU 用量' },
  explanation: {
    en: 'CPU time that the agent or controller process uses per second; 1 means one fully used core. Each point is the average over its look-back window, which smooths bursts of a few seconds, and the reading is the highest point. `ovs-vswitchd` runs in a separate container and is not included.',
    'zh-CN':
      'Agent 或 Controller 进程每秒占用的 CPU 时间，1 表示占满一个核。每个点是对应回溯窗口内的平均值，几秒的突发会被摊平，读数取其中的最大值。`ovs-vswitchd` 运行在单独的容器中，不计入。',
  },
  impact: {
    en: 'A busy agent is slow to set up Pods and to apply policies and Services on its node; a busy controller is slow to compute policies for all nodes. Other workloads on the node get less CPU.',
    'zh-CN':
      'Agent 繁忙时，所在节点上 Pod 的网络配置以及策略、Service 的生效都会变慢；Controller 繁忙时，所有节点的策略计算都会变慢。该节点上的其他负载也会被挤占 CPU。',
  },
  nextSteps: [
    {
      text: {
        en: 'Compare the containers of the Pod, including `antrea-ovs`, with the 0.2 cores that each requests by default.',
        'zh-CN': '查看 Pod 内各容器（含 `antrea-ovs`）当前的用量，默认各申请 0.2 核。',
      },
      command: 'kubectl top pod -n $namespace $pod --containers',
    },
    {
      text: {
        en: 'Check that nobody left the log level high; the default is 0.',
        'zh-CN': '确认日志级别没有被长期调高，默认为 0。',
      },
      command: 'kubectl exec -n $namespace $pod -c $container -- antctl log-level',
    },
    {
      text: {
        en: 'Look for repeated errors, because every retry costs CPU.',
        'zh-CN': '查找反复出现的错误，每次重试都会消耗 CPU。',
      },
      command: "kubectl logs -n $namespace $pod -c $container --since-time=$since | grep '^[EW]'",
    },
    {
      text: {
        en: 'If the cause is still unclear, take a 30-second CPU profile with `go tool pprof` through `antctl proxy`.',
        'zh-CN': '若仍无法定位，通过 `antctl proxy` 使用 `go tool pprof` 采集 30 秒的 CPU profile。',
      },
    },
  ],
};
