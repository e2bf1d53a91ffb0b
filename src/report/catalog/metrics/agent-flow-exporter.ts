import type { Metric } from '../../model/metric.ts';
import { FLOW_EXPORTER_MARKER } from '../../model/product.ts';

const POLLER = 'pkg/agent/flowexporter/connections/poller.go';
/** Windows: antrea-io/antrea#7453 added the gate to `unsupportedFeaturesOnWindows`, and the agent exits if one is on. */
const REQUIRES = {
  en: 'Flow Exporter: feature gate `FlowExporter` (off by default), from v1.13 to v2.5 also `flowExporter.enable: true`, from v2.6 that or a `FlowExporterDestination` object; OVS kernel datapath. Since v2.5 an agent on Windows does not start with it.',
  'zh-CN':
    'Flow Exporter：特性开关 `FlowExporter`（默认关闭），v1.13 至 v2.5 还需 `flowExporter.enable: true`，自 v2.6 起需要该配置或一个 `FlowExporterDestination` 对象；OVS 须使用内核数据通路。自 v2.5 起 Windows 上的 Agent 启用它后无法启动。',
};

/** Metrics of Flow Exporter. An agent exposes them even without Flow Exporter, as a constant 0. */
export const AGENT_FLOW_EXPORTER_METRICS: readonly Metric[] = [
  {
    name: 'antrea_agent_conntrack_total_connection_count',
    components: ['agent'],
    type: 'gauge',
    unit: { en: 'connections', 'zh-CN': '连接' },
    labels: [],
    since: ['v0.10.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Entries of the node’s connection tracking table that Flow Exporter saw at its last poll. What it sees depends on the version: up to v2.4 the whole table, counted twice in a dual-stack cluster; in v2.5 and v2.6 only Antrea’s zones if the kernel is 6.8 or newer; in v2.7 those and the default zone. Without Flow Exporter the value is 0, which does not mean that the table is empty. To find out how full the table is, prefer `node_nf_conntrack_entries` of node exporter.',
      'zh-CN':
        'Flow Exporter 最近一次轮询看到的节点连接跟踪表条目数。看到的范围因版本而异：v2.4 及以前是整张表，双栈集群会算两遍；v2.5 和 v2.6 在内核 6.8 及以上只含 Antrea 的 zone；v2.7 再加上默认 zone。未启用 Flow Exporter 时为 0，并不表示表是空的。要了解表的占用率，宜使用 node exporter 的 `node_nf_conntrack_entries`。',
    },
    requires: REQUIRES,
    onlyWith: FLOW_EXPORTER_MARKER,
    source: POLLER,
  },
  {
    name: 'antrea_agent_conntrack_antrea_connection_count',
    components: ['agent'],
    type: 'gauge',
    unit: { en: 'connections', 'zh-CN': '连接' },
    labels: [],
    since: ['v0.10.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Connections in Flow Exporter’s own store: those that pass its protocol filter and either belong to a Pod of the node or come from outside. Despite the name, the value is not read from the connection tracking table, and a connection stays for a while after it has left the table, until it is exported or becomes stale. Since v2.6 every destination has a separate store and the value is their sum; removing a destination leaves a wrong value behind.',
      'zh-CN':
        'Flow Exporter 自身存储中的连接数：能对应到本节点 Pod 或来自集群外部，且通过协议过滤的连接。与名称不同，它并非读自连接跟踪表；连接离开该表后仍会保留一段时间，直到导出完成或过期。自 v2.6 起每个导出目的地各有一份存储，数值为各份之和；删除目的地后该值会失准。',
    },
    requires: REQUIRES,
    onlyWith: FLOW_EXPORTER_MARKER,
    source: 'pkg/agent/flowexporter/connections/conntrack_connections.go',
  },
  {
    name: 'antrea_agent_conntrack_max_connection_count',
    components: ['agent'],
    type: 'gauge',
    unit: { en: 'connections', 'zh-CN': '连接' },
    labels: [],
    since: ['v0.10.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Maximum number of entries in the node’s connection tracking table, read from `nf_conntrack_max` at every poll; on Windows, where Flow Exporter runs only up to v2.4, it is the limit of OVS. The kernel or kube-proxy sets it, not Antrea, so a node without kube-proxy can have a lower limit. Without Flow Exporter the value is 0, and a ratio of used to maximum is then 0/0.',
      'zh-CN':
        '节点连接跟踪表可容纳的最大条目数，每次轮询时读自 `nf_conntrack_max`；Windows 上（Flow Exporter 只能用到 v2.4）为 OVS 的上限。该上限由内核或 kube-proxy 设定而非 Antrea，因此不运行 kube-proxy 的节点上限可能更低。未启用 Flow Exporter 时为 0，此时计算占用率会得到 0/0。',
    },
    requires: REQUIRES,
    onlyWith: FLOW_EXPORTER_MARKER,
    source: POLLER,
  },
  {
    name: 'antrea_agent_conntrack_poll_cycle_duration_seconds',
    components: ['agent'],
    type: 'histogram',
    unit: { en: 'seconds', 'zh-CN': '秒' },
    labels: [],
    since: ['v2.5.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'How long one poll of the connection tracking table took, failed polls included; it grows with the table. Polls start every 5 seconds by default; polls that take longer run back to back and cost CPU. In v2.5 the time includes the update of the store, since v2.6 it does not, so the value can drop at that upgrade without any real improvement.',
      'zh-CN':
        '轮询一次连接跟踪表的耗时，失败的轮询也计入，表越大耗时越长。默认每 5 秒轮询一次，单次耗时一旦超过间隔，轮询就会首尾相接，持续消耗 CPU。v2.5 的计时包含更新存储，v2.6 起不再包含，升级后数值若下降并不代表性能改善。',
    },
    requires: REQUIRES,
    onlyWith: FLOW_EXPORTER_MARKER,
    source: POLLER,
  },
  {
    name: 'antrea_agent_denied_connection_count',
    components: ['agent'],
    type: 'gauge',
    unit: { en: 'connections', 'zh-CN': '连接' },
    labels: [],
    since: ['v1.1.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Connections denied by a policy that Flow Exporter currently tracks: a new one raises the value, an expired one lowers it. It is a level, not a counter, so `rate` and `increase` are meaningless. In a burst the value can be far too low, because denied packets reach the agent through a rate limit.',
      'zh-CN':
        'Flow Exporter 当前跟踪的、被策略拒绝的连接数：出现新连接时加一，过期时减一。它是瞬时值而非计数器，对其使用 `rate` 或 `increase` 没有意义。被拒绝的报文上送 Agent 时受速率限制，突发情况下该值可能远低于实际。',
    },
    requires: REQUIRES,
    onlyWith: FLOW_EXPORTER_MARKER,
    source: 'pkg/agent/flowexporter/connections/deny_connections.go',
  },
  {
    name: 'antrea_agent_flow_collector_reconnection_count',
    components: ['agent'],
    type: 'monotonic-gauge',
    unit: { en: 'successful connections', 'zh-CN': '成功连接次数' },
    labels: [],
    since: ['v1.4.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Successful connections of Flow Exporter to its collector since the agent started, including the first: 1 is normal, and 0 means that it has never connected. The value only rises; with several destinations (v2.6 and later) it is their sum, so a destination that never connected is hidden by the others. Failed attempts are not counted, so the value does not change while the collector is down.',
      'zh-CN':
        'Agent 启动以来 Flow Exporter 成功连接收集器的次数，首次连接也计入：1 为正常，0 表示从未连上。该值只增不减；有多个导出目的地时（v2.6 起）为各目的地之和，某个从未连上的目的地会被其他目的地掩盖。失败的尝试不计数，收集器不可用时数值只是保持不变。',
    },
    requires: REQUIRES,
    onlyWith: FLOW_EXPORTER_MARKER,
    source: 'pkg/agent/flowexporter/destination.go',
  },
];
