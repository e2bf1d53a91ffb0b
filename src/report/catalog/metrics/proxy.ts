import type { Metric } from '../../model/metric.ts';

const PROXIER = 'pkg/agent/proxy/proxier.go';
const IP_FAMILY = { name: 'ip_family', values: ['v4', 'v6'] };
const REQUIRES = {
  en: 'Antrea Proxy: feature gate `AntreaProxy` (on by default since v0.11) and `antreaProxy.enable`; with it off the metric is absent.',
  'zh-CN':
    'Antrea Proxy：特性开关 `AntreaProxy`（自 v0.11 起默认开启）和 `antreaProxy.enable`；关闭时不暴露该指标。',
};

/** Antrea Proxy, which runs inside the agent. Each IP family has a series; that of an unused family stays at 0. */
export const PROXY_METRICS: readonly Metric[] = [
  {
    name: 'antrea_proxy_sync_proxy_rules_duration_seconds',
    components: ['agent'],
    type: 'histogram',
    unit: { en: 'seconds', 'zh-CN': '秒' },
    labels: [IP_FAMILY],
    since: ['v0.13.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'How long one round of writing Services and their endpoints to OVS took, failed rounds included. Look at each IP family separately: the unused family has no rounds and would halve an average. Since v2.5 an idle node does one round an hour instead of one every 30 seconds; the mean rises at that upgrade because the many quick rounds are gone, not because anything became slower. A failed Service is tried again within 30 seconds, but in v2.5.0 to v2.5.2 and v2.6.0 to v2.6.2 only at the next change of a Service or its endpoints, or after an hour.',
      'zh-CN':
        '把 Service 及其 Endpoint 写入 OVS 的一轮同步耗时，失败的同步也计入。两个地址族应分开看：未使用的那个没有同步，会把平均值拉低一半。自 v2.5 起空闲节点由每 30 秒同步一次改为每小时一次，少了大量很快的空同步，升级后平均值上升并不代表变慢。失败的 Service 会在 30 秒内重试，但 v2.5.0 至 v2.5.2 和 v2.6.0 至 v2.6.2 要等到 Service 或其 Endpoint 再次变更，最长一小时。',
    },
    requires: REQUIRES,
    source: PROXIER,
  },
  {
    name: 'antrea_proxy_total_services_installed',
    components: ['agent'],
    type: 'gauge',
    unit: { en: 'Service ports', 'zh-CN': 'Service 端口' },
    labels: [IP_FAMILY],
    since: ['v0.13.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Service ports that Antrea Proxy handles: a Service with three ports counts three times. At the end of each round it is set to the number that should be installed, even if writing one of them to OVS failed. All nodes see the same Services, so the proxy of a node that stays different from the others is stuck, unless it is configured differently.',
      'zh-CN':
        'Antrea Proxy 处理的 Service 端口数：一个有三个端口的 Service 计三。该值在每轮同步结束时更新，反映应当安装的数量，即使其中某项写入 OVS 失败。各节点看到的 Service 相同，若配置相同的节点中有一个数值长期不一致，说明该节点的同步卡住了。',
    },
    requires: REQUIRES,
    source: PROXIER,
  },
  {
    name: 'antrea_proxy_total_endpoints_installed',
    components: ['agent'],
    type: 'gauge',
    unit: { en: 'endpoints of Service ports', 'zh-CN': 'Service 端口的 Endpoint' },
    labels: [IP_FAMILY],
    since: ['v0.13.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Pairs of an endpoint and a Service port that it serves: a Pod behind two ports counts twice. The value is updated at the end of each round and follows the Pods behind all Services. It does not match the number of lines that `kubectl get endpoints -A` prints.',
      'zh-CN':
        'Endpoint 与其所服务的 Service 端口的组合数：一个 Pod 位于两个端口之后计两次。该值在每轮同步结束时更新，随所有 Service 的后端 Pod 变化。它与 `kubectl get endpoints -A` 输出的行数并不对应。',
    },
    requires: REQUIRES,
    source: PROXIER,
  },
  {
    name: 'antrea_proxy_total_services_updates',
    components: ['agent'],
    type: 'counter',
    unit: { en: 'events', 'zh-CN': '事件' },
    labels: [IP_FAMILY],
    since: ['v0.13.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Service events that Antrea Proxy received: additions, updates and deletions. All Services are delivered again every minute, so even in an idle cluster the value rises by about one per Service and minute. Only a faster rise means real changes.',
      'zh-CN':
        'Antrea Proxy 收到的 Service 事件数，包括新增、更新和删除。所有 Service 每分钟都会被重新投递一次，因此空闲集群中该值仍以每个 Service 每分钟约一次的速度增长。只有高于这条基线的增速才代表真实的变更。',
    },
    requires: REQUIRES,
    source: PROXIER,
  },
  {
    name: 'antrea_proxy_total_endpoints_updates',
    components: ['agent'],
    type: 'counter',
    unit: { en: 'events', 'zh-CN': '事件' },
    labels: [IP_FAMILY],
    since: ['v0.13.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Endpoint events that Antrea Proxy received; all endpoints are delivered again every minute. From v1.11 to v2.4 it stays at 0 with default settings, because EndpointSlices were not counted. Since v2.5 it counts additions and updates of EndpointSlices, but not deletions.',
      'zh-CN':
        'Antrea Proxy 收到的 Endpoint 事件数，所有 Endpoint 每分钟会被重新投递一次。v1.11 至 v2.4 在默认配置下恒为 0，因为这些版本没有统计 EndpointSlice。自 v2.5 起统计 EndpointSlice 的新增和更新，不含删除。',
    },
    requires: REQUIRES,
    source: PROXIER,
  },
];
