import type { Indicator } from '../../model/indicator.ts';
import { withNodeOfExporter } from '../../promql/shapes.ts';
import { CONNECTION_TRACKING } from '../steps.ts';

const ENTRIES = 'max_over_time(node_nf_conntrack_entries{$others}[$span])';
const LIMIT = '(max_over_time(node_nf_conntrack_entries_limit{$others}[$span]) > 0)';

export const indicator: Indicator = {
  id: 'node-conntrack-usage',
  section: 'capacity',
  components: ['agent'],
  exporter: 'node-exporter',
  metrics: ['node_nf_conntrack_entries', 'node_nf_conntrack_entries_limit'],
  query: `max by (node) (${withNodeOfExporter(`${ENTRIES} / ${LIMIT}`)})`,
  unit: 'ratio',
  reading: 'maximum',
  thresholds: {
    // As for `conntrack-usage`, our own estimate: at 75% there is time to investigate (so has the alert
    // NodeHighNumberConntrackEntriesUsed of node-mixin), and at 90% a burst fills the rest within minutes.
    warning: { above: 0.75, forSeconds: 300 },
    critical: { above: 0.9, forSeconds: 0 },
  },
  whenAbsent: 'not-enabled',
  whenEmpty: 'not-enabled',
  capacity: {
    query: `max by (node) (${withNodeOfExporter(ENTRIES)})`,
    unit: 'connections',
    limits: [
      {
        id: 'conntrack-max',
        title: { en: 'entries of the connection tracking table', 'zh-CN': '条连接跟踪表项' },
        query: `max by (node) (${withNodeOfExporter(LIMIT)})`,
      },
    ],
  },
  title: { en: 'Node connection tracking usage', 'zh-CN': '节点连接跟踪表使用率' },
  explanation: {
    en: 'Entries of the node’s connection tracking table as a share of its limit, as the kernel counts them (`nf_conntrack_count`); the reading is the highest share of the period. It covers the whole table with every version of Antrea and without Flow Exporter. Antrea and kube-proxy track the connections of Pods in the same table as those of the host.',
    'zh-CN':
      '节点连接跟踪表的条目数占上限的比例，取自内核自身的计数（`nf_conntrack_count`），读数为统计周期内的最大值。无论 Antrea 版本、是否启用 Flow Exporter，都覆盖整张表。Antrea 和 kube-proxy 跟踪的 Pod 连接与主机的连接在同一张表中。',
  },
  impact: {
    en: 'When the table is full, the node drops packets of new connections, both of Pods and of the host; established connections are not affected.',
    'zh-CN': '表满后，节点会丢弃新建连接的报文，Pod 和主机均受影响；已建立的连接不受影响。',
  },
  nextSteps: CONNECTION_TRACKING,
};
