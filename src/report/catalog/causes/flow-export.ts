import type { CauseRule } from '../../model/cause.ts';

/** Seconds until a surge shows in all of its metrics: some polls and scrapes. */
const SAME_SURGE = 600;

/** Seconds for which `cpu-usage` must exceed its threshold. */
const HALF_AN_HOUR = 1800;

export const FLOW_EXPORT: readonly CauseRule[] = [
  {
    id: 'conntrack-poll',
    causes: ['conntrack-usage'],
    effects: ['conntrack-poll-duration'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: SAME_SURGE,
    afterSeconds: SAME_SURGE,
    explainsSeconds: SAME_SURGE,
    reason: {
      en: 'Flow Exporter reads the whole connection tracking table at each poll, so a fuller table takes longer.',
      'zh-CN': 'Flow Exporter 每次轮询都要读取整个连接跟踪表，表项越多耗时越长。',
    },
  },
  {
    id: 'conntrack-full',
    causes: ['conntrack-usage'],
    // The kernel drops new connections only when the table is full.
    severity: 'critical',
    effects: ['collector-reconnections', 'collector-never-connected', 'scrape-coverage'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: SAME_SURGE,
    afterSeconds: SAME_SURGE,
    reason: {
      en: 'A node whose connection tracking table is full drops new connections, including scrapes and those to the flow collector.',
      'zh-CN': '连接跟踪表占满后，节点会丢弃新建连接，包括到流收集器的连接和采集连接。',
    },
  },
  {
    id: 'poll-cpu',
    causes: ['conntrack-poll-duration'],
    // Polls that take longer than the poll interval (5 s by default) run back to back.
    effects: ['cpu-usage'],
    scope: 'same-subject',
    anchor: 'start',
    beforeSeconds: HALF_AN_HOUR,
    afterSeconds: HALF_AN_HOUR,
    reason: {
      en: 'When polls of the connection tracking table take longer than the poll interval, they run back to back and use CPU time without a pause.',
      'zh-CN': '连接跟踪表的轮询耗时超过轮询间隔时，轮询会连续进行，消耗 CPU。',
    },
  },
  {
    id: 'denials-packet-ins',
    causes: ['denied-connections'],
    // Reject responses, logging and the store of denied connections all need packet-ins, which a meter limits
    // (packetInRate).
    effects: ['packet-in-drops'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: SAME_SURGE,
    afterSeconds: SAME_SURGE,
    reason: {
      en: 'Denied connections reach the agent as packet-ins, and packet-ins above the rate limit are dropped.',
      'zh-CN': '被拒绝的连接以上送报文（packet-in）的形式送达 Agent，超出限速的部分会被丢弃。',
    },
  },
  {
    id: 'packet-ins-cpu',
    causes: ['denied-connections', 'packet-in-drops'],
    effects: ['cpu-usage'],
    scope: 'same-subject',
    anchor: 'start',
    beforeSeconds: HALF_AN_HOUR,
    afterSeconds: HALF_AN_HOUR,
    reason: {
      en: 'The agent handles each packet-in itself, so a large number of them costs CPU time.',
      'zh-CN': '每个上送报文（packet-in）都由 Agent 处理，大量涌入时会消耗 CPU。',
    },
  },
  {
    id: 'fqdn-full',
    causes: ['fqdn-cache-size'],
    effects: ['fqdn-cache-evictions'],
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: SAME_SURGE,
    afterSeconds: SAME_SURGE,
    // Linked but not explained: the evictions are the real problem, and the size only announces them.
    reason: {
      en: 'When the cache of domain names is full, each new name evicts the least recently used one.',
      'zh-CN': 'FQDN 缓存占满后，每新增一个域名就会淘汰最久未使用的一个。',
    },
  },
];
