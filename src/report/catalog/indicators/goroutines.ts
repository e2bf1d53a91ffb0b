import type { Indicator } from '../../model/indicator.ts';

export const indicator: Indicator = {
  id: 'goroutines',
  section: 'resources',
  components: ['agent', 'controller'],
  metrics: ['go_goroutines'],
  // The lowest value in each look-back window: a short peak is work, while a floor that rises is a leak.
  query: 'max by ($node) (min_over_time(go_goroutines{$components}[$span]))',
  unit: 'goroutines',
  reading: 'maximum',
  thresholds: {
    // Our own estimate: the level follows the watches and connections of the process, so it must be high and also have
    // doubled. A leak shows here before it shows in memory.
    warning: { above: 1000, rise: 1, forSeconds: 1800 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  title: { en: 'Goroutines', 'zh-CN': 'Goroutine 数量' },
  explanation: {
    en: 'Goroutines (Go’s lightweight threads) of the agent or controller process: the lowest number in each look-back window; the reading is the highest of these numbers in the period. The level follows the size of the cluster: the controller has several goroutines for each connected agent. A warning therefore requires a number that is high and also twice the usual one.',
    'zh-CN':
      'Agent 或 Controller 进程的 goroutine（Go 的轻量级线程）数，取每个回溯窗口内的最小值，读数为统计周期内的最大值。该数量随集群规模变化，Controller 会为每个连接的 Agent 维持若干个。因此只有数量较高且达到平时的两倍才会给出警告。',
  },
  impact: {
    en: 'A number that keeps growing is a leak: memory grows with it until the process is killed and restarts.',
    'zh-CN': '持续增长而不回落说明存在泄漏：内存随之增长，直到进程被终止并重启。',
  },
  nextSteps: [
    {
      text: {
        en: 'While the problem lasts, take a goroutine profile with `go tool pprof` through `antctl proxy`; many identical stacks show the leak.',
        'zh-CN':
          '趁问题仍在，通过 `antctl proxy` 使用 `go tool pprof` 采集 goroutine profile，大量相同的调用栈就是泄漏点。',
      },
    },
    {
      text: {
        en: 'Look for repeated errors, because a call that hangs keeps its goroutine.',
        'zh-CN': '查找反复出现的错误，挂起的调用会一直占用 goroutine。',
      },
      command: "kubectl logs -n $namespace $pod -c $container --since-time=$since | grep '^[EW]'",
    },
    {
      text: {
        en: 'Compare with memory and file descriptors: if these rise too, connections are leaking.',
        'zh-CN': '与内存和文件描述符对照，同步上升说明泄漏的是连接。',
      },
    },
  ],
};
