import type { Indicator } from '../../model/indicator.ts';

export const indicator: Indicator = {
  id: 'stuck-workers',
  section: 'policy',
  components: ['agent', 'controller'],
  metrics: ['workqueue_longest_running_processor_seconds'],
  // The queue of support bundles is left out, because its worker collects and uploads a bundle itself, which can take
  // minutes (pkg/agent/supportbundlecollection). Values up to one second are left out, because each component has more
  // than ten queues and a large cluster would answer with thousands of zeros.
  query:
    'max by ($node, name) (max_over_time(workqueue_longest_running_processor_seconds{$components,name!="supportbundle"}[$span]) > 1)',
  splitBy: ['name'],
  unit: 'seconds',
  reading: 'maximum',
  thresholds: {
    // Items take milliseconds, so after a minute a worker is blocked rather than busy.
    warning: { above: 60, forSeconds: 0 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'idle',
  title: { en: 'Stuck workers', 'zh-CN': '卡住的工作线程' },
  explanation: {
    en: 'How long the longest-running worker of a queue in the agent or controller has been busy with one item, shown per queue; the reading is the highest value in the period. Items normally take milliseconds, so only values above one second are shown. Collecting a support bundle can take minutes and is left out.',
    'zh-CN':
      'Agent 或 Controller 各队列中处理同一任务时间最长的工作线程已耗费的时间，按队列分开统计，读数为统计周期内的最大值。单个任务通常只需数毫秒，超过 1 秒的才会显示。收集 support bundle 可能耗时数分钟，不计入。',
  },
  impact: {
    en: 'When all workers of a queue are blocked, the function that the queue serves stops. No other indicator shows this: a blocked item produces no duration, no error and no retry.',
    'zh-CN':
      '该队列的工作线程全部卡住后，对应的功能即停止工作。其他指标看不出来：卡住的任务既不产生耗时，也没有错误和重试。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check the log for what the process was waiting for when it got stuck.',
        'zh-CN': '查看开始卡住时进程在等待什么。',
      },
      command: "kubectl logs -n $namespace $pod -c $container --since-time=$since | grep '^[EW]'",
    },
    {
      text: {
        en: 'While the problem lasts, take a goroutine dump with `go tool pprof` through `antctl proxy`; it shows where the worker is blocked.',
        'zh-CN': '趁问题仍在，通过 `antctl proxy` 使用 `go tool pprof` 采集 goroutine，可看出阻塞位置。',
      },
    },
    {
      text: {
        en: 'Check whether the process is short of CPU.',
        'zh-CN': '确认进程的 CPU 是否不足。',
      },
      command: 'kubectl top pod -n $namespace $pod --containers',
    },
    {
      text: {
        en: 'If it does not recover, collect the state with `antctl supportbundle` and restart the Pod.',
        'zh-CN': '若一直不恢复，用 `antctl supportbundle` 收集现场信息后重启 Pod。',
      },
    },
  ],
};
