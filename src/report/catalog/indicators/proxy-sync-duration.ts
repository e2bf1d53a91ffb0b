import type { Indicator } from '../../model/indicator.ts';
import { meanByNode } from '../../promql/shapes.ts';
import { SERVICE_GROUPS } from '../steps.ts';

export const indicator: Indicator = {
  id: 'proxy-sync-duration',
  section: 'service',
  components: ['agent'],
  metrics: ['antrea_proxy_sync_proxy_rules_duration_seconds'],
  // Every agent exposes both v4 and v6. They stay separate, because the unused one would halve an average.
  query: meanByNode('antrea_proxy_sync_proxy_rules_duration_seconds', '$agents', ['ip_family']),
  splitBy: ['ip_family'],
  unit: 'seconds',
  reading: 'maximum',
  thresholds: {
    // Half of the critical threshold.
    warning: { above: 0.5, forSeconds: 900 },
    // The article's limit. It is also the shortest interval between two syncs (pkg/agent/proxy/proxier.go), so slower
    // syncs cannot keep up while Services keep changing.
    critical: { above: 1, forSeconds: 600 },
  },
  // Exposed since v0.13.0, but absent while Antrea Proxy is off.
  whenAbsent: 'not-enabled',
  featureMetrics: [
    'antrea_proxy_total_services_installed',
    'antrea_proxy_total_endpoints_installed',
    'antrea_proxy_total_services_updates',
    'antrea_proxy_total_endpoints_updates',
  ],
  whenEmpty: 'idle',
  title: { en: 'Antrea Proxy sync duration', 'zh-CN': 'Antrea Proxy 同步耗时' },
  explanation: {
    en: 'How long Antrea Proxy on a node takes to bring OVS in line with Services and endpoints, failed syncs included, separately for IPv4 and IPv6. Each point is the mean of the syncs in its look-back window, and the reading is the highest point. From Antrea 2.5 on, an idle node syncs once an hour instead of every 30 s, so there are fewer points and a higher mean than before the upgrade. A failed Service is tried again within 30 s, but in 2.5.0 to 2.5.2 and 2.6.0 to 2.6.2 only at the next change of a Service or its endpoints, or after an hour.',
    'zh-CN':
      '节点上的 Antrea Proxy 将 Service 和 Endpoint 变更同步到 OVS 的单次耗时，含失败的同步，IPv4 与 IPv6 分开统计。每个点是对应回溯窗口内各次同步的平均值，读数取其中的最大值。从 Antrea 2.5 起，空闲节点由每 30 秒同步一次改为每小时一次，因此数据点更少，升级后平均值会升高，不代表性能下降。失败的 Service 会在 30 秒内重试，但 2.5.0 至 2.5.2 和 2.6.0 至 2.6.2 要等到 Service 或其 Endpoint 再次变更，最长一小时。',
  },
  impact: {
    en: 'Changes to Services reach the node late: new Services cannot be reached yet, and connections still go to endpoints that no longer exist. If Services keep changing, syncs that take more than 1 s fall further and further behind.',
    'zh-CN':
      'Service 变更在该节点上生效变慢：新建的 Service 暂时无法访问，流量仍被转发到已下线的 Endpoint。单次同步超过 1 秒时，若 Service 持续变更，同步会越来越滞后。',
  },
  nextSteps: [
    {
      text: {
        en: 'Look in the agent’s log for Services that could not be installed.',
        'zh-CN': '在 Agent 日志中查找下发失败的 Service。',
      },
      command: "kubectl logs -n $namespace $pod -c antrea-agent --since-time=$since | grep '^[EW]'",
    },
    {
      text: {
        en: 'Count the EndpointSlices in the cluster; every node processes all of them.',
        'zh-CN': '统计集群中的 EndpointSlice 数量，每个节点都要处理全部 EndpointSlice。',
      },
      command: 'kubectl get endpointslices -A --no-headers | wc -l',
    },
    SERVICE_GROUPS,
    {
      text: {
        en: 'If OVS flow operations on the same node are slow too, start there.',
        'zh-CN': '若同一节点的 OVS 流表操作也偏慢，先排查 OVS。',
      },
    },
  ],
};
