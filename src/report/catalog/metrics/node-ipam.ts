import type { Metric } from '../../model/metric.ts';

const SOURCE = 'third_party/ipam/nodeipam/ipam/cidrset/metrics.go';
const CLUSTER_CIDR = { name: 'clusterCIDR' };
const REQUIRES = {
  en: 'Antrea’s Node IPAM: feature gate `NodeIPAM` and `nodeIPAM.enable: true` (off by default); without it the metric is absent.',
  'zh-CN':
    'Antrea Node IPAM：特性开关 `NodeIPAM` 以及 `nodeIPAM.enable: true`（默认关闭）；未启用时不暴露该指标。',
};

/** The allocation of Pod CIDRs to nodes, if the controller does it instead of Kubernetes. */
export const NODE_IPAM_METRICS: readonly Metric[] = [
  {
    name: 'antrea_node_ipam_controller_cidrset_usage_cidrs',
    components: ['controller'],
    type: 'gauge',
    unit: { en: 'ratio', 'zh-CN': '比例' },
    labels: [CLUSTER_CIDR],
    since: ['v1.4.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Share of the node blocks of a cluster CIDR that are allocated, from 0 to 1; the HELP text wrongly calls it a percentage. It changes when nodes join or leave. At 1 the next node gets no Pod CIDR, no matter how many addresses the other nodes have free.',
      'zh-CN':
        '集群 CIDR 中已分配给节点的网段占比，取值 0 到 1；HELP 文本称之为百分比，实际并不是。随节点加入和移除而变化。达到 1 后新节点分不到 Pod 网段，无论其他节点还剩多少空闲地址。',
    },
    requires: REQUIRES,
    source: SOURCE,
  },
  {
    name: 'antrea_node_ipam_controller_cidrset_cidrs_allocations_total',
    components: ['controller'],
    type: 'counter',
    unit: { en: 'CIDR blocks', 'zh-CN': '网段' },
    labels: [CLUSTER_CIDR],
    since: ['v1.4.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Blocks marked as allocated since the controller started. Blocks that nodes already have are marked again at every start, so a restart shows as a jump without any new node. The series appears with the first allocation.',
      'zh-CN':
        'Controller 启动以来标记为已占用的网段数。每次启动都会把各节点已持有的网段重新标记一遍，因此重启会表现为突增，而并没有新节点加入。首次分配之后才出现该序列。',
    },
    requires: REQUIRES,
    source: SOURCE,
  },
  {
    name: 'antrea_node_ipam_controller_cidrset_cidrs_releases_total',
    components: ['controller'],
    type: 'counter',
    unit: { en: 'CIDR blocks', 'zh-CN': '网段' },
    labels: [CLUSTER_CIDR],
    since: ['v1.4.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Blocks released since the controller started, usually because a Node object was deleted. The series appears with the first release, so its absence means that there was none. A node that is only down keeps its block.',
      'zh-CN':
        'Controller 启动以来归还的网段数，通常是因为 Node 对象被删除。首次归还之后才出现该序列，没有序列即表示没有归还。仅仅宕机的节点会继续占用其网段。',
    },
    requires: REQUIRES,
    source: SOURCE,
  },
  {
    name: 'antrea_node_ipam_controller_cidrset_allocation_tries_per_request',
    components: ['controller'],
    type: 'histogram',
    unit: { en: 'skipped CIDR blocks', 'zh-CN': '跳过的网段' },
    labels: [CLUSTER_CIDR],
    since: ['v1.4.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'How many allocated blocks the controller skipped before it found a free one; 0 means that the first one was free. Larger values mean a crowded or fragmented pool. It is only an early hint: the usage ratio shows how much is left.',
      'zh-CN':
        'Controller 找到空闲网段之前跳过的已占用网段数，0 表示第一个就是空闲的。数值变大说明地址池拥挤或碎片化。它只是早期迹象，还剩多少应看占用比例。',
    },
    requires: REQUIRES,
    source: SOURCE,
  },
];
