import type { Indicator } from '../../model/indicator.ts';
import { SERVICE_GROUPS } from '../steps.ts';

/**
 * The releases whose agents have this metric (2.5.3, 2.6.3, 2.7.0) are those whose Antrea Proxy retries. Agents before
 * 2.5.0 sync at least every 30 s, so during an upgrade the two kinds cannot be compared.
 */
const RETRYING = 'antrea_agent_fqdn_cache_size';

const ROUNDS = `(300 * sum by ($node, ip_family) (rate(antrea_proxy_sync_proxy_rules_duration_seconds_count{$agents}[$window])) and on ($node) max_over_time(${RETRYING}{$agents}[$span]))`;
const MEDIAN = `quantile by (ip_family) (0.5, ${ROUNDS})`;

/** Changes per five minutes beyond which most of them come within 30 s of each other, so that no retry is needed. */
const BUSY = 10;

export const indicator: Indicator = {
  id: 'proxy-sync-rounds',
  section: 'service',
  components: ['agent'],
  metrics: ['antrea_proxy_sync_proxy_rules_duration_seconds'],
  versionMetric: RETRYING,
  // Only nodes with clearly more rounds than the others, because a large cluster would answer with thousands of zeros.
  query: `${ROUNDS} - on (ip_family) group_left () (${MEDIAN} <= ${BUSY}) > 3`,
  splitBy: ['ip_family'],
  unit: 'count',
  reading: 'maximum',
  thresholds: {
    // A sync that fails is retried after 30 s, any other after an hour (NewBoundedFrequencyRunner in
    // pkg/agent/proxy/proxier.go): up to ten more rounds in five minutes. Syncs are at least 1 s apart, so changes that
    // follow each other closely make a few rounds more on one node than on another.
    warning: { above: 5, forSeconds: 900 },
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
  // All Services are synced at the start.
  settleSeconds: 300,
  title: { en: 'Repeated Service syncs (5 min)', 'zh-CN': 'Service 反复同步（5 分钟）' },
  explanation: {
    en: 'How many more times in five minutes a node synced its Services than the median of the nodes, separately for IPv4 and IPv6; only nodes with at least three more are shown. All nodes see the same changes and otherwise sync once an hour, so a node that syncs every 30 s retries a Service that it could not install completely. Agents retry since Antrea 2.5.3, 2.6.3 and 2.7.0, and other versions are not compared. Nothing is shown while most nodes sync more than ten times in five minutes, nor about a Service that fails on most nodes.',
    'zh-CN':
      '节点每五分钟同步 Service 的次数比所有节点的中位数多出多少，IPv4 与 IPv6 分开统计，只显示多出三次以上的节点。所有节点看到的变更相同，没有变更时每小时同步一次；若某个节点每 30 秒同步一次，说明有 Service 未能完整下发，正在重试。Agent 自 Antrea 2.5.3、2.6.3 和 2.7.0 起才会重试，其他版本不参与比较。多数节点每五分钟同步超过十次时不显示，在多数节点上都失败的 Service 也无法由此发现。',
  },
  impact: {
    en: 'On this node, at least one Service lacks endpoints or still leads to old ones. Its other Services work.',
    'zh-CN':
      '在该节点上，至少有一个 Service 缺少 Endpoint，或仍将流量转发到旧的 Endpoint。其他 Service 不受影响。',
  },
  nextSteps: [
    {
      text: {
        en: 'Look in the agent’s log for the Service that could not be installed.',
        'zh-CN': '在 Agent 日志中查找下发失败的 Service。',
      },
      command: "kubectl logs -n $namespace $pod -c antrea-agent --since-time=$since | grep '^[EW]'",
    },
    {
      text: {
        en: 'If OVS flow operations also fail on this node, start there.',
        'zh-CN': '若同一节点的 OVS 流表操作也有失败，先排查 OVS。',
      },
    },
    SERVICE_GROUPS,
    {
      text: {
        en: 'If it persists, collect the state of the node with `antctl supportbundle` and restart the Pod.',
        'zh-CN': '若一直不恢复，用 `antctl supportbundle` 收集现场信息后重启 Pod。',
      },
    },
  ],
};
