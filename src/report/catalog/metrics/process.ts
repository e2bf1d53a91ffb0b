import type { Component } from '../../model/indicator.ts';
import type { Metric } from '../../model/metric.ts';

const BOTH: readonly Component[] = ['agent', 'controller'];
const SOURCE = 'prometheus/client_golang: prometheus/process_collector.go';

/** The Go process of each component. OVS runs in a separate container, `antrea-ovs`, and is not included. */
export const PROCESS_METRICS: readonly Metric[] = [
  {
    name: 'process_cpu_seconds_total',
    components: BOTH,
    type: 'counter',
    unit: { en: 'CPU seconds', 'zh-CN': 'CPU 秒' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'none',
    explanation: {
      en: 'CPU time that the process has used since it started, in user and kernel mode; its rate is the number of cores in use. It covers only the agent or the controller: `ovs-vswitchd` runs in another container. Other targets, such as the API server, expose the same name, so a query must select the job.',
      'zh-CN':
        '进程启动以来消耗的 CPU 时间，含用户态和内核态；其增速即占用的核数。只包含 Agent 或 Controller 自身：`ovs-vswitchd` 运行在另一个容器中，不在其内。API server 等其他目标也暴露同名指标，查询时必须限定 job。',
    },
    source: SOURCE,
  },
  {
    name: 'process_resident_memory_bytes',
    components: BOTH,
    type: 'gauge',
    unit: { en: 'bytes', 'zh-CN': '字节' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'none',
    explanation: {
      en: 'Memory of the process that is in RAM (RSS). It follows the size of the cluster: Pods, policies and flows. A fixed limit therefore says little, while steady growth under constant load indicates a leak. A new Pod starts with a low value: that drop is a restart, not released memory.',
      'zh-CN':
        '进程的常驻内存（RSS）。随集群规模（Pod、策略、流表项）变化，因此固定阈值意义不大；负载不变而持续增长才指向泄漏。新建的 Pod 从较低的值开始：这种下降是重启所致，并非内存被释放。',
    },
    source: SOURCE,
  },
  {
    name: 'process_virtual_memory_bytes',
    components: BOTH,
    type: 'gauge',
    unit: { en: 'bytes', 'zh-CN': '字节' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'none',
    explanation: {
      en: 'Address space that the process has reserved. Go reserves far more than it uses, so the value is large from the start and does not indicate memory pressure. Look at it only when it jumps while the resident memory stays the same.',
      'zh-CN':
        '进程预留的虚拟地址空间。Go 运行时预留的远多于实际使用量，因此该值从一开始就很大，不反映内存压力。只有在常驻内存不变而它突然跳升时才值得关注。',
    },
    source: SOURCE,
  },
  {
    name: 'process_open_fds',
    components: BOTH,
    type: 'gauge',
    unit: { en: 'file descriptors', 'zh-CN': '文件描述符' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'none',
    explanation: {
      en: 'File descriptors that the process has open: files, and sockets to the API server, to OVS and for CNI requests. Compare it with `process_max_fds` of the same process, not with a fixed number. Growth while the number of Pods stays the same indicates a leak.',
      'zh-CN':
        '进程打开的文件描述符数，包括文件以及与 API server、OVS 和 CNI 请求相关的套接字。应与同一进程的 `process_max_fds` 比较，而不是与固定值比较。Pod 数不变而该值持续增长，说明存在泄漏。',
    },
    source: SOURCE,
  },
  {
    name: 'process_max_fds',
    components: BOTH,
    type: 'gauge',
    unit: { en: 'file descriptors', 'zh-CN': '文件描述符' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'none',
    explanation: {
      en: 'Maximum number of file descriptors that the process may have open; at the limit, opening files and connections fails. The container runtime sets it, so nodes with different runtimes differ. Programs built with Go 1.19 or later raise their soft limit to the hard limit, so the value can jump at an upgrade.',
      'zh-CN':
        '进程允许打开的文件描述符上限，达到后无法再建立连接或打开文件。该上限由容器运行时设定，运行时不同的节点数值不同。用 Go 1.19 及以上版本构建的程序会自行把软限制提高到硬限制，升级后该值可能跳升。',
    },
    source: SOURCE,
  },
  {
    name: 'process_start_time_seconds',
    components: BOTH,
    type: 'gauge',
    unit: { en: 'seconds since 1970', 'zh-CN': '自 1970 年起的秒数' },
    labels: [],
    since: ['v0.6.0'],
    stability: 'none',
    explanation: {
      en: 'When the process started, as a Unix time: a higher value means a restart. It can vary by up to a second without a restart, so `changes()` finds restarts that did not happen; compare with a margin. When a Pod is recreated, its series ends and a new one begins, so the change is visible only per node.',
      'zh-CN':
        '进程的启动时间（Unix 时间）：数值变大意味着重启。即使没有重启，它也可能有不超过一秒的抖动，用 `changes()` 会误报重启，比较时应留出余量。Pod 重建后旧序列终止、新序列开始，须按节点聚合才能看出变化。',
    },
    source: SOURCE,
  },
  {
    name: 'process_network_receive_bytes_total',
    components: BOTH,
    type: 'counter',
    unit: { en: 'bytes', 'zh-CN': '字节' },
    labels: [],
    since: ['v2.2.0'],
    stability: 'none',
    explanation: {
      en: 'Bytes of IPv4 traffic that the network namespace of the process has received. Agent and controller run in the host network, so this is the traffic that ends on the node, of all its programs, not Antrea’s; traffic that the node forwards through OVS is not included. It counts from the start of the node and does not restart with the process. Agents on Windows do not expose it.',
      'zh-CN':
        '进程所在网络命名空间收到的 IPv4 流量字节数。Agent 和 Controller 使用主机网络，因此这是节点上所有程序收到的流量，并非 Antrea 的流量；经 OVS 转发的流量不在其中。该值从节点启动开始累计，进程重启后不会归零。Windows 上的 Agent 不暴露该指标。',
    },
    source: SOURCE,
  },
  {
    name: 'process_network_transmit_bytes_total',
    components: BOTH,
    type: 'counter',
    unit: { en: 'bytes', 'zh-CN': '字节' },
    labels: [],
    since: ['v2.2.0'],
    stability: 'none',
    explanation: {
      en: 'Bytes of IPv4 traffic that the network namespace of the process has sent. Like `process_network_receive_bytes_total`, it covers the programs of the node and not the traffic that OVS forwards.',
      'zh-CN':
        '进程所在网络命名空间发出的 IPv4 流量字节数。与 `process_network_receive_bytes_total` 一样，统计的是节点上各程序的流量，不含经 OVS 转发的流量。',
    },
    source: SOURCE,
  },
];
