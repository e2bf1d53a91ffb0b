import type { Metric } from '../../model/metric.ts';

const FLOW_BOOK = 'pkg/ovs/openflow/ofctrl_bridge.go';
const FLOW_OPERATIONS = 'pkg/agent/openflow/operations/operations.go';
const OPERATION = { name: 'operation', values: ['add', 'modify', 'delete'] };

/** The agent's own view of OVS on its node. */
export const AGENT_OVS_METRICS: readonly Metric[] = [
  {
    name: 'antrea_agent_ovs_total_flow_count',
    components: ['agent'],
    type: 'gauge',
    unit: { en: 'flows', 'zh-CN': '流表项' },
    labels: [],
    since: ['v0.8.0'],
    stability: 'STABLE',
    explanation: {
      en: 'OpenFlow entries that the agent believes to be in OVS, over all tables. It is the agent’s own count: entries that OVS learns, such as those for session affinity, are missing, and an entry that is added twice counts twice. Every new connection to OVS resets it to 0 and the replay restores it within seconds, so a dip indicates a reconnection, for instance after a restart of the agent or of OVS. A value that stays at 0 means that the pipeline is empty.',
      'zh-CN':
        'Agent 认为 OVS 中存在的 OpenFlow 流表项总数，涵盖所有流表。这是 Agent 自行维护的计数：OVS 自行学习的流表项（例如会话保持）不在其中，重复添加的流表项会被计入两次。每次重新连接 OVS 时归零，随后在数秒内由重放填回，因此短暂的下降意味着发生过重连，例如 Agent 或 OVS 重启。若长时间为 0，说明流水线是空的。',
    },
    source: FLOW_BOOK,
  },
  {
    name: 'antrea_agent_ovs_flow_count',
    formerNames: [{ name: 'antrea_agent_ovs_flow_table', until: 'v0.7.2' }],
    components: ['agent'],
    type: 'gauge',
    unit: { en: 'flows', 'zh-CN': '流表项' },
    labels: [{ name: 'table_id' }, { name: 'table_name' }],
    since: ['v0.8.0'],
    stability: 'STABLE',
    explanation: {
      en: 'The same count as `antrea_agent_ovs_total_flow_count`, with one series per OVS table; it shows where flows were added or removed. Since v1.6 table numbers are assigned when the agent starts, so the same `table_id` can be a different table on another node or in another version. Compare by `table_name`, which exists since v1.12.',
      'zh-CN':
        '与 `antrea_agent_ovs_total_flow_count` 来自同一份计数，每张 OVS 流表一条序列，可用来判断流表项是在哪张表里增减的。自 v1.6 起流表编号在 Agent 启动时分配，同一个 `table_id` 在不同节点或不同版本上可能是不同的表。比较时应使用 `table_name`，该标签自 v1.12 起提供。',
    },
    source: FLOW_BOOK,
  },
  {
    name: 'antrea_agent_ovs_flow_ops_count',
    components: ['agent'],
    type: 'counter',
    unit: { en: 'bundles', 'zh-CN': '事务（bundle）' },
    labels: [OPERATION],
    since: ['v0.9.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Bundles that OVS committed and that contained the operation in the label. A bundle is one transaction with any number of flows or groups, so this is not a number of flows. A bundle that adds, modifies and deletes raises all three series by one. Failures are counted only in `antrea_agent_ovs_flow_ops_error_count`; the number of attempts is the sum of both.',
      'zh-CN':
        'OVS 已提交且包含标签所示操作的事务（bundle）数。一个事务可以包含任意多个流表项或组，因此该值不是流表项数。同时含有添加、修改、删除的事务会让三条序列各加一。失败的事务只计入 `antrea_agent_ovs_flow_ops_error_count`，两者相加才是尝试总数。',
    },
    source: FLOW_OPERATIONS,
  },
  {
    name: 'antrea_agent_ovs_flow_ops_error_count',
    components: ['agent'],
    type: 'counter',
    unit: { en: 'failed bundles', 'zh-CN': '失败的事务（bundle）' },
    labels: [OPERATION],
    since: ['v0.9.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Bundles that failed and that contained the operation in the label. A bundle is applied as a whole or not at all, so after a failure a Pod, a policy or a Service may remain unprogrammed until the retry. The raw value counts from the start of the process; only its increase shows whether errors are still happening. It can be too low: some failures are counted as successes, more of them before v2.5.3 and v2.6.3.',
      'zh-CN':
        '失败且包含标签所示操作的事务（bundle）数。事务要么整体生效，要么整体不生效，失败后相应的 Pod、策略或 Service 在重试之前可能没有写入流表。原始值从进程启动时累计，只有增量才能说明错误是否仍在发生。该值可能偏低：部分失败会被误记为成功，在 v2.5.3 和 v2.6.3 之前更多。',
    },
    source: FLOW_OPERATIONS,
  },
  {
    name: 'antrea_agent_ovs_flow_ops_latency_milliseconds',
    components: ['agent'],
    type: 'histogram',
    unit: { en: 'milliseconds', 'zh-CN': '毫秒' },
    labels: [OPERATION],
    since: ['v0.9.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'How long one bundle took, failed ones included, truncated to whole milliseconds. A bundle with several operations is recorded once for each operation with the same time, so do not add up the three series. The last bucket ends at 10 ms, which no quantile can exceed: divide the rate of `_sum` by the rate of `_count` instead; `_sum` alone means nothing, because it is a total since the start. The replay after a restart is one very large bundle and shows as a peak.',
      'zh-CN':
        '单个事务（bundle）的耗时，失败的也计入，按整毫秒截断。含多种操作的事务会以相同耗时在每种操作下各记一次，三条序列不能相加。最大的桶上界为 10 ms，分位数不可能超过它；应以 `_sum` 的增速除以 `_count` 的增速求平均值，单看 `_sum` 没有意义，因为它是启动以来的累计值。重启后的重放是一个很大的事务，会表现为尖峰。',
    },
    source: FLOW_OPERATIONS,
  },
  {
    name: 'antrea_agent_ovs_meter_packet_dropped_count',
    components: ['agent'],
    type: 'monotonic-gauge',
    unit: { en: 'packets', 'zh-CN': '报文' },
    labels: [
      {
        name: 'meter_id',
        values: ['PacketInMeterNetworkPolicy', 'PacketInMeterTraceflow', 'PacketInMeterDNSInterception'],
      },
    ],
    since: ['v1.13.0'],
    stability: 'ALPHA',
    explanation: {
      en: 'Packets from OVS to the agent that a meter dropped because they exceeded `packetInRate`; the agent reads the number every 30 seconds. It only rises, until a restart of the agent or of OVS resets it to 0, so look at its increase. Dropped DNS answers are the most serious, because FQDN rules then miss addresses; drops of the NetworkPolicy meter lose log entries and reject responses. On a kernel without meters the value is always 0 and proves nothing.',
      'zh-CN':
        '从 OVS 上送 Agent 的报文中，因超过 `packetInRate` 而被 meter 丢弃的数量，每 30 秒读取一次。该值只增不减，直到 Agent 或 OVS 重启时归零，应看增量。DNS 应答被丢弃最为严重，FQDN 规则会因此漏掉地址；NetworkPolicy 的 meter 丢包则会丢失日志和拒绝应答。内核不支持 meter 时该值恒为 0，不能说明没有丢包。',
    },
    requires: {
      en: 'OVS meters: Linux kernel 4.18 or later.',
      'zh-CN': '需要 OVS meter 支持：Linux 内核 4.18 或更高版本。',
    },
    source: 'pkg/agent/openflow/client.go',
  },
];
