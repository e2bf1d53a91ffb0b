import type { Indicator } from '../../model/indicator.ts';

export const indicator: Indicator = {
  id: 'open-file-descriptors',
  section: 'resources',
  components: ['agent', 'controller'],
  metrics: ['process_open_fds', 'process_max_fds'],
  // PromQL divides series with the same labels, job and instance included, so each process by its own limit.
  query:
    'max by ($node) (max_over_time(process_open_fds{$components}[$span]) / (max_over_time(process_max_fds{$components}[$span]) > 0))',
  unit: 'ratio',
  reading: 'maximum',
  thresholds: {
    // The article asks for "far less than process_max_fds". At 50% there is time to investigate, at 80% little.
    warning: { above: 0.5, forSeconds: 600 },
    critical: { above: 0.8, forSeconds: 300 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  capacity: {
    query: 'max by ($node) (max_over_time(process_open_fds{$components}[$span]))',
    unit: 'count',
    limits: [
      {
        id: 'process-limit',
        title: { en: 'descriptors that the process may open', 'zh-CN': '个描述符（进程上限）' },
        query: 'min by ($node) (process_max_fds{$components} > 0)',
      },
    ],
  },
  title: { en: 'File descriptor usage', 'zh-CN': '文件描述符使用率' },
  explanation: {
    en: 'File descriptors (files, sockets, pipes) that the agent or controller process has open, as a share of its limit; at 100% the limit is reached. Each point is the highest value in its look-back window, and the reading is the highest of the period. The container runtime sets the limit, so the same number of descriptors can be a different share on another node; compare `process_max_fds` between nodes. OVS runs in separate processes and is not included.',
    'zh-CN':
      'Agent 或 Controller 进程打开的文件描述符（文件、套接字、管道）占其自身上限的比例，100% 即达到上限。每个点取对应回溯窗口内的最大值，读数为统计周期内的最大值。上限由容器运行时决定，同样的打开数量在不同节点上的比例可能不同，请对比各节点的 `process_max_fds`。OVS 是独立进程，不计入。',
  },
  impact: {
    en: 'At the limit the process cannot open any more files or connections. Watches on the API server, CNI requests and connections to OVS then fail, so Pods and policies are no longer updated.',
    'zh-CN':
      '达到上限后，进程无法再打开文件或建立连接。对 API server 的 watch、CNI 请求以及与 OVS 的连接都会失败，Pod 和策略不再更新。',
  },
  nextSteps: [
    {
      text: {
        en: 'List what the process has open; many entries of one kind indicate a leak.',
        'zh-CN': '查看进程打开了哪些描述符，同类条目过多往往就是泄漏点。',
      },
      command: 'kubectl exec -n $namespace $pod -c $container -- ls -l /proc/1/fd',
    },
    {
      text: { en: 'Check the limit of the process.', 'zh-CN': '确认进程实际的上限。' },
      command: "kubectl exec -n $namespace $pod -c $container -- grep 'open files' /proc/1/limits",
    },
    {
      text: { en: 'Look for operations that have already failed.', 'zh-CN': '查找是否已有操作因此失败。' },
      command:
        "kubectl logs -n $namespace $pod -c $container --since-time=$since | grep 'too many open files'",
    },
    {
      text: {
        en: 'If the number grows while the number of Pods stays the same, report a leak to Antrea; restarting the Pod helps for a while.',
        'zh-CN': '若 Pod 数量不变而描述符持续增长，向 Antrea 社区报告泄漏；重启 Pod 可暂时缓解。',
      },
    },
  ],
};
