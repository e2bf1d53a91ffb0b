import type { Indicator } from '../../model/indicator.ts';
import { withNodeOfExporter } from '../../promql/shapes.ts';
import { DEVICES } from '../exporters.ts';

const rate = (what: string) => `rate(node_network_${what}_total{${DEVICES},$others}[$window])`;
const LOST = ['receive_drop', 'receive_errs', 'transmit_drop', 'transmit_errs'].map(rate).join(' + ');
const ALL = ['receive_packets', 'transmit_packets'].map(rate).join(' + ');

export const indicator: Indicator = {
  id: 'gateway-packet-loss',
  section: 'datapath',
  components: ['agent'],
  exporter: 'node-exporter',
  metrics: [
    'node_network_receive_drop_total',
    'node_network_receive_errs_total',
    'node_network_receive_packets_total',
    'node_network_transmit_drop_total',
    'node_network_transmit_errs_total',
    'node_network_transmit_packets_total',
  ],
  query: `max by (node, device) (${withNodeOfExporter(`(${LOST}) / (${ALL} > 0)`)})`,
  splitBy: ['device'],
  unit: 'ratio',
  reading: 'maximum',
  thresholds: {
    // The alerts NodeNetworkReceiveErrs and NodeNetworkTransmitErrs of node-mixin (prometheus/node_exporter): 1%. They
    // wait for an hour, because they are about all interfaces; a quarter of an hour is three steps.
    warning: { above: 0.01, forSeconds: 900 },
    // Our own estimate: with one packet in ten lost, TCP connections hardly get on.
    critical: { above: 0.1, forSeconds: 900 },
  },
  whenAbsent: 'not-enabled',
  // Interfaces without any packet, or with other names.
  whenEmpty: 'not-enabled',
  title: { en: 'Gateway and tunnel packet loss', 'zh-CN': '网关和隧道接口丢包率' },
  explanation: {
    en: 'Packets that the kernel dropped or counted as errors on Antrea’s gateway `antrea-gw0` and on the tunnel interface of OVS (such as `genev_sys_6081`), as a share of all packets of the interface in both directions, shown per interface; the reading is the highest point. Packets that OVS drops because of a policy do not count. If `hostGateway` in Antrea’s configuration has another name, the gateway is not included.',
    'zh-CN':
      '内核在 Antrea 网关 `antrea-gw0` 和 OVS 隧道接口（如 `genev_sys_6081`）上丢弃或计为错误的报文，占该接口双向全部报文的比例，按接口分开统计，读数取最大的点。OVS 因策略丢弃的报文不计入。若 Antrea 配置的 `hostGateway` 是其他名称，则不包含网关。',
  },
  impact: {
    en: 'Connections through the interface are slow or break: of the gateway, those between Pods and the host, the API server or outside addresses; of the tunnel, those between Pods of different nodes.',
    'zh-CN':
      '经过该接口的连接会变慢或中断：网关对应 Pod 与主机、API server 及集群外地址之间的连接，隧道对应不同节点的 Pod 之间的连接。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check which counters of the interfaces rise on this node.',
        'zh-CN': '查看该节点各接口的哪些计数在增加。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-agent -- cat /proc/net/dev',
    },
    {
      text: {
        en: 'Check the drops that OVS itself counts for its ports.',
        'zh-CN': '查看 OVS 自身对各端口统计的丢包。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-ovs -- ovs-ofctl dump-ports br-int',
    },
    {
      text: {
        en: 'Compare the MTU of the gateway with that of the uplink: packets that are too large are lost in the tunnel.',
        'zh-CN': '对比网关与上行接口的 MTU，过大的报文会在隧道中丢失。',
      },
    },
    {
      text: {
        en: 'Check whether the node is short of CPU, because softirqs that come too late drop packets.',
        'zh-CN': '确认节点 CPU 是否不足，软中断处理不及时会丢包。',
      },
      command: 'kubectl top node $node',
    },
  ],
};
