import type { Indicator } from '../../model/indicator.ts';
import { SERVICE_GROUPS } from '../steps.ts';

const LOWEST =
  'min by ($node, ip_family) (min_over_time(antrea_proxy_total_services_installed{$agents}[$span]))';
const HIGHEST =
  'max by ($node, ip_family) (max_over_time(antrea_proxy_total_services_installed{$agents}[$span]))';
const median = (level: string) => `on (ip_family) group_left () quantile by (ip_family) (0.5, ${level})`;

// A node is as far away as all of its numbers in the look-back are from all of the median's. Agents are scraped at
// different moments, and where Services come and go all the time, the last numbers of two healthy nodes nearly always
// differ. In both directions: a stuck agent lacks new Services and keeps deleted ones.
const TOO_FEW = `clamp_min(-(${HIGHEST} - ${median(LOWEST)}), 0)`;
const TOO_MANY = `clamp_min(${LOWEST} - ${median(HIGHEST)}, 0)`;

export const indicator: Indicator = {
  id: 'service-count-difference',
  section: 'service',
  components: ['agent'],
  metrics: ['antrea_proxy_total_services_installed'],
  query: `${TOO_FEW} + ${TOO_MANY}`,
  splitBy: ['ip_family'],
  unit: 'service-ports',
  reading: 'maximum',
  thresholds: {
    // All agents see the same Services. Syncs are at least 1 s apart and are retried after 30 s
    // (pkg/agent/proxy/proxier.go), so after ten minutes an agent is stuck rather than late.
    warning: { above: 0, forSeconds: 600 },
  },
  // Exposed since v0.13.0, but absent while Antrea Proxy is off.
  whenAbsent: 'not-enabled',
  featureMetrics: [
    'antrea_proxy_sync_proxy_rules_duration_seconds',
    'antrea_proxy_total_endpoints_installed',
    'antrea_proxy_total_services_updates',
    'antrea_proxy_total_endpoints_updates',
  ],
  whenEmpty: 'no-data',
  // The value is 0 until the first sync.
  settleSeconds: 300,
  title: { en: 'Service count difference', 'zh-CN': 'Service 数量偏差' },
  explanation: {
    en: 'How far the number of Service ports that Antrea Proxy should have installed on a node is from the median of all nodes, up or down, separately for IPv4 and IPv6; a number that the median had within the same step is no difference. All nodes see the same Services, so a lasting difference means that the node is stuck. Nodes with a different proxy configuration, including Windows nodes, can differ without a fault. With two nodes it is impossible to say which one is wrong, so both are listed.',
    'zh-CN':
      '节点上 Antrea Proxy 应安装的 Service 端口数与所有节点中位数之差的绝对值，IPv4 与 IPv6 分开统计；只要中位数在同一步长内也出现过该数值，就不算偏差。所有节点看到的 Service 相同，偏差持续存在说明该节点的同步已卡住。Antrea Proxy 配置不同的节点（包括 Windows 节点）存在偏差属于正常。只有两个节点时无法判断哪一个有误，两者都会列出。',
  },
  impact: {
    en: 'On this node, new Services cannot be reached, or deleted Services still lead to endpoints that no longer exist.',
    'zh-CN': '在该节点上，新建的 Service 无法访问，或已删除的 Service 仍将流量转发到不存在的 Endpoint。',
  },
  nextSteps: [
    {
      text: {
        en: 'Look in the agent’s log for Services that could not be installed and for lost connections to the API server.',
        'zh-CN': '在 Agent 日志中查找下发失败的 Service，以及与 API server 断开的记录。',
      },
      command: "kubectl logs -n $namespace $pod -c antrea-agent --since-time=$since | grep '^[EW]'",
    },
    SERVICE_GROUPS,
    {
      text: {
        en: 'Check whether this node’s agent is supposed to have a different configuration.',
        'zh-CN': '确认该节点的 Agent 是否本来就使用不同的配置。',
      },
      command: 'kubectl get node $node --show-labels',
    },
    {
      text: {
        en: 'If the difference persists, collect the state of the node with `antctl supportbundle` and restart the Pod.',
        'zh-CN': '若偏差一直存在，用 `antctl supportbundle` 收集现场信息后重启 Pod。',
      },
    },
  ],
};
