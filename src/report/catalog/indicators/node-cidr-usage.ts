import type { Indicator } from '../../model/indicator.ts';

export const indicator: Indicator = {
  id: 'node-cidr-usage',
  section: 'capacity',
  components: ['controller'],
  metrics: ['antrea_node_ipam_controller_cidrset_usage_cidrs'],
  query:
    'max by (clusterCIDR) (max_over_time(antrea_node_ipam_controller_cidrset_usage_cidrs{$controllers}[$span]))',
  splitBy: ['clusterCIDR'],
  unit: 'ratio',
  reading: 'last',
  thresholds: {
    // Our own estimate: a /16 has 256 blocks of /24, so about 25 more nodes can join.
    warning: { above: 0.9, forSeconds: 300 },
    // No block is left.
    critical: { atLeast: 1, forSeconds: 300 },
  },
  // Exposed since v1.4.0, from the first allocation on, and only with Antrea's Node IPAM, which is off by default.
  whenAbsent: 'not-enabled',
  featureMetrics: [
    'antrea_node_ipam_controller_cidrset_cidrs_allocations_total',
    'antrea_node_ipam_controller_cidrset_cidrs_releases_total',
    'antrea_node_ipam_controller_cidrset_allocation_tries_per_request',
  ],
  whenEmpty: 'no-data',
  capacity: {
    unit: 'ratio',
    limits: [
      {
        id: 'cluster-cidr',
        title: { en: 'node blocks of the cluster CIDR', 'zh-CN': '集群 CIDR 节点网段' },
        value: 1,
      },
    ],
  },
  title: { en: 'Node CIDR usage', 'zh-CN': '节点网段使用率' },
  explanation: {
    en: 'Share of the node blocks of a cluster CIDR that are allocated, shown per cluster CIDR; the reading is the last point. There are values only if Antrea’s Node IPAM allocates the Pod CIDRs; by default Kubernetes allocates them, and this indicator does not cover that case. A node that is down keeps its block.',
    'zh-CN':
      '集群 CIDR 中已分配给节点的网段占比，按集群 CIDR 分开统计，读数为最后一个点。只有由 Antrea Node IPAM 分配 Pod 网段时才有数值；默认由 Kubernetes 自身分配，本指标不反映其情况。宕机的节点继续占用其网段。',
  },
  impact: {
    en: 'When no block is left, the next node that joins gets no Pod CIDR, and its Pods get no addresses.',
    'zh-CN': '网段用尽后，新加入的节点分不到 Pod 网段，其上的 Pod 无法获得地址。',
  },
  nextSteps: [
    {
      text: {
        en: 'Look for nodes that no longer exist but still have a block.',
        'zh-CN': '查找已不存在但仍占用网段的节点。',
      },
      command: "kubectl get nodes -o custom-columns='NAME:.metadata.name,CIDRS:.spec.podCIDRs'",
    },
    {
      text: {
        en: 'Check the configured cluster CIDRs and mask sizes (`nodeIPAM`).',
        'zh-CN': '查看配置的集群 CIDR 和掩码长度（`nodeIPAM`）。',
      },
      command: 'kubectl get configmap -n $namespace -l app=antrea -o yaml',
    },
    {
      text: {
        en: 'Plan a larger cluster CIDR in good time; the mask size of a cluster CIDR in use cannot be changed.',
        'zh-CN': '提前规划更大的集群 CIDR，使用中的集群 CIDR 无法更改掩码长度。',
      },
    },
  ],
};
