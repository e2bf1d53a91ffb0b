import type { CauseRule } from '../../model/cause.ts';

/** Seconds around the end of a high level: when a process is killed, the level ends with the last good scrapes. */
const AT_ITS_END = 300;

/** Seconds for which `cpu-usage` must exceed its threshold. Its effects may show that much earlier or later. */
const HALF_AN_HOUR = 1800;

/** Seconds within which the levels of one leak cross their thresholds. */
const AN_HOUR = 3600;

export const STARVATION: readonly CauseRule[] = [
  {
    id: 'descriptors-failures',
    causes: ['open-file-descriptors'],
    // Nothing fails below the limit, and only the critical threshold is near it.
    severity: 'critical',
    effects: [
      'ovs-flow-operation-errors',
      'flow-operation-error-ratio',
      'rule-sync-retries',
      'policy-sync-retries',
      'collector-reconnections',
      'collector-never-connected',
      'scrape-coverage',
    ],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: AT_ITS_END,
    afterSeconds: AT_ITS_END,
    reason: {
      en: 'A process at its limit of file descriptors cannot open files or connections, so requests to OVS and other servers fail, and so do scrapes of the process.',
      'zh-CN':
        '进程的文件描述符达到上限后无法再打开文件或连接，对 OVS 和其他服务的请求会失败，对它自身的采集也会失败。',
    },
  },
  {
    id: 'descriptors-restart',
    causes: ['open-file-descriptors'],
    severity: 'critical',
    effects: ['process-restarts'],
    scope: 'same-subject',
    anchor: 'end',
    beforeSeconds: AT_ITS_END,
    afterSeconds: AT_ITS_END,
    reason: {
      en: 'A process that cannot open connections fails its probes and is restarted, which closes everything that it had open.',
      'zh-CN': '进程无法再打开连接时探针会失败并被重启，重启后已打开的文件描述符全部释放。',
    },
  },
  {
    id: 'memory-restart',
    causes: ['resident-memory'],
    effects: ['process-restarts'],
    scope: 'same-subject',
    anchor: 'end',
    beforeSeconds: AT_ITS_END,
    afterSeconds: AT_ITS_END,
    reason: {
      en: 'High memory followed by a restart looks like an OOM kill; if it was one, `kubectl describe pod` shows OOMKilled.',
      'zh-CN': '内存升高之后进程重启，符合 OOM 的特征；若确实如此，`kubectl describe pod` 会显示 OOMKilled。',
    },
  },
  {
    id: 'goroutine-leak',
    causes: ['goroutines'],
    effects: ['resident-memory', 'open-file-descriptors', 'cpu-usage'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: AN_HOUR,
    afterSeconds: AN_HOUR,
    reason: {
      en: 'Goroutines that pile up keep memory and connections in use, so these levels rise with them.',
      'zh-CN': '堆积的 goroutine 会一直占用内存和连接，这些指标随之升高。',
    },
  },
  {
    id: 'busy-agent',
    causes: ['cpu-usage'],
    of: 'agent',
    effects: ['ovs-flow-operation-latency', 'proxy-sync-duration', 'stuck-workers'],
    scope: 'same-subject',
    anchor: 'start',
    beforeSeconds: HALF_AN_HOUR,
    afterSeconds: HALF_AN_HOUR,
    reason: {
      en: 'An agent that is short of CPU time does everything more slowly.',
      'zh-CN': 'Agent 的 CPU 时间不足时，各项处理都会变慢。',
    },
  },
  {
    id: 'busy-controller',
    causes: ['cpu-usage'],
    of: 'controller',
    effects: [
      'network-policy-sync-duration',
      'applied-to-group-sync-duration',
      'address-group-sync-duration',
      'policy-sync-tail',
      'policy-queue-backlog',
      'policy-queue-wait',
      'stuck-workers',
    ],
    scope: 'same-subject',
    anchor: 'start',
    beforeSeconds: HALF_AN_HOUR,
    afterSeconds: HALF_AN_HOUR,
    reason: {
      en: 'A controller that is short of CPU time computes policies and groups more slowly, and its queues grow.',
      'zh-CN': 'Controller 的 CPU 时间不足时，策略和组的计算变慢，队列随之积压。',
    },
  },
];
