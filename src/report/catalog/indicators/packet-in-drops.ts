import type { Indicator } from '../../model/indicator.ts';

export const indicator: Indicator = {
  id: 'packet-in-drops',
  section: 'datapath',
  components: ['agent'],
  metrics: ['antrea_agent_ovs_meter_packet_dropped_count'],
  // The type is gauge, but the value only rises, so it is read like a counter.
  query: 'sum by ($node, meter_id) (increase(antrea_agent_ovs_meter_packet_dropped_count{$agents}[$window]))',
  counter: 'antrea_agent_ovs_meter_packet_dropped_count{$agents}',
  splitBy: ['meter_id'],
  unit: 'packets',
  reading: 'total',
  thresholds: {
    // The default packetInRate is 5000 packets per second since v2.4, and 500 before. Normal traffic stays below it.
    warning: { above: 0, forSeconds: 0 },
  },
  // Exposed since v1.13.0.
  whenAbsent: 'not-exposed',
  // In v1.13.0 a series appears only with its first drop.
  whenEmpty: 'idle',
  title: { en: 'Dropped packet-in messages', 'zh-CN': '上送报文丢弃' },
  explanation: {
    en: 'Packets from OVS to the agent that a meter dropped in the period because they exceeded `packetInRate`, shown per purpose. These are packets that the agent needs to inspect; forwarded traffic is not affected. The agent reads the number every 30 s; kernels older than 4.18 have no meters, so the number is always 0 there and proves nothing.',
    'zh-CN':
      '统计周期内从 OVS 上送 Agent 的报文中，因超过 `packetInRate` 而被 meter 丢弃的数量，按用途分开统计。这些是 Agent 需要查看的报文，不影响正常转发的流量。每 30 秒读取一次；内核低于 4.18 时不支持 meter，恒为 0，不能说明没有丢弃。',
  },
  impact: {
    en: 'Dropped DNS answers (`PacketInMeterDNSInterception`) are the most serious, because FQDN rules miss addresses. Drops for NetworkPolicy lose log entries, reject responses and denied connections in flow records; drops for Traceflow lose its results.',
    'zh-CN':
      'DNS 应答被丢弃（`PacketInMeterDNSInterception`）最为严重，FQDN 规则会因此漏掉地址。NetworkPolicy 类丢弃会丢失日志、拒绝应答以及流记录中的被拒连接，Traceflow 类丢弃则会丢失其结果。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check the OVS meters: 256 is for policies, 257 for Traceflow, 258 for DNS.',
        'zh-CN': '查看 OVS 的 meter：256 用于策略，257 用于 Traceflow，258 用于 DNS。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-ovs -- ovs-ofctl -O Openflow15 meter-stats br-int',
    },
    {
      text: {
        en: 'Look for policies that log or reject, and for the Pods whose traffic matches them.',
        'zh-CN': '查找开启日志或使用 Reject 的策略，以及命中这些策略的 Pod。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-agent -- antctl get networkpolicy',
    },
    {
      text: {
        en: 'Before you raise `packetInRate` in the agent’s configuration, check whether the agent is short of CPU.',
        'zh-CN': '先确认 Agent 的 CPU 是否充足，再考虑在配置中调高 `packetInRate`。',
      },
      command: 'kubectl top pod -n $namespace $pod --containers',
    },
  ],
};
