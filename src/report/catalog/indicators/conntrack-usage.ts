import type { Indicator } from '../../model/indicator.ts';
import { withFlowExporter } from '../../promql/shapes.ts';
import { CONNECTION_TRACKING } from '../steps.ts';

const ENTRIES = 'max_over_time(antrea_agent_conntrack_total_connection_count{$agents}[$span])';
const LIMIT = '(max_over_time(antrea_agent_conntrack_max_connection_count{$agents}[$span]) > 0)';

export const indicator: Indicator = {
  id: 'conntrack-usage',
  section: 'flow-export',
  components: ['agent'],
  metrics: ['antrea_agent_conntrack_total_connection_count', 'antrea_agent_conntrack_max_connection_count'],
  // Without Flow Exporter both metrics are 0 and the answer is empty.
  query: `max by ($node) (${ENTRIES} / ${LIMIT})`,
  unit: 'ratio',
  reading: 'maximum',
  thresholds: {
    // Our own estimate: at 75% there is time to investigate, and at 90% a burst fills the rest within minutes.
    warning: { above: 0.75, forSeconds: 300 },
    critical: { above: 0.9, forSeconds: 0 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'not-enabled',
  capacity: {
    query: withFlowExporter(`max by ($node) (${ENTRIES})`),
    unit: 'connections',
    limits: [
      {
        id: 'conntrack-max',
        title: { en: 'entries of the connection tracking table', 'zh-CN': '条连接跟踪表项' },
        query: `max by ($node) ${LIMIT}`,
      },
    ],
  },
  title: { en: 'Connection tracking usage', 'zh-CN': '连接跟踪表使用率' },
  explanation: {
    en: 'Entries of the node’s connection tracking table that Flow Exporter saw at its last poll, as a share of the table’s limit; only nodes that run Flow Exporter have values. Up to Antrea 2.4 it sees the whole table, counted twice in dual-stack clusters. From 2.5 on it depends on the kernel: with Linux 6.8 or newer only part of the table is seen; with an older kernel, 2.7 counts the table two or three times, so values above 100% are possible. In these cases, use `node_nf_conntrack_entries` of node exporter instead.',
    'zh-CN':
      'Flow Exporter 最近一次轮询看到的节点连接跟踪表条目数占表上限的比例，只有运行 Flow Exporter 的节点才有数值。Antrea 2.4 及以前看到的是整张表，双栈集群会计算两遍。从 2.5 起取决于内核：6.8 及以上只能看到表的一部分；更旧的内核上，2.7 会将整张表重复计算两到三遍，比例可能超过 100%。此时应以 node exporter 的 `node_nf_conntrack_entries` 为准。',
  },
  impact: {
    en: 'When the table is full, the node drops packets of new connections, both of Pods and of the host; established connections are not affected.',
    'zh-CN': '表满后，节点会丢弃新建连接的报文，Pod 和主机均受影响；已建立的连接不受影响。',
  },
  nextSteps: CONNECTION_TRACKING,
};
