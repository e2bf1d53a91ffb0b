import type { Indicator } from '../../model/indicator.ts';

export const indicator: Indicator = {
  id: 'virtual-memory',
  section: 'resources',
  components: ['agent', 'controller'],
  metrics: ['process_virtual_memory_bytes'],
  query: 'max by ($node) (max_over_time(process_virtual_memory_bytes{$components}[$span]))',
  unit: 'bytes',
  reading: 'maximum',
  // For information only: Go reserves far more address space than it uses, so no level indicates a problem.
  thresholds: {},
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  title: { en: 'Virtual memory', 'zh-CN': '虚拟内存' },
  explanation: {
    en: 'For information only: this number is not judged. It is the address space that the agent or controller process has reserved, the highest value in each look-back window. Go reserves far more than it uses, so even a high number does not indicate memory pressure.',
    'zh-CN':
      '仅供参考，不参与判断。本指标为 Agent 或 Controller 进程预留的地址空间，取每个回溯窗口内的最大值。Go 预留的地址空间远大于实际使用量，数值再大也不代表内存紧张。',
  },
  impact: {
    en: 'None by itself. Resident memory shows memory pressure.',
    'zh-CN': '本身没有影响。内存是否紧张以常驻内存为准。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check the resident memory of the same process instead.',
        'zh-CN': '改看同一进程的常驻内存。',
      },
    },
    {
      text: {
        en: 'If the number jumps while the resident memory stays flat, compare both on the process itself.',
        'zh-CN': '若数值突增而常驻内存不变，在进程上直接对比两者。',
      },
      command: "kubectl exec -n $namespace $pod -c $container -- grep -E '^Vm(Size|RSS)' /proc/1/status",
    },
    { text: { en: 'Do not set an alert on this number.', 'zh-CN': '不要为本指标设置告警。' } },
  ],
};
