import type { Indicator } from '../../model/indicator.ts';
import { withNodeOfExporter } from '../../promql/shapes.ts';
import { GATEWAY } from '../exporters.ts';

const MTU = `max by (node) (${withNodeOfExporter(`max_over_time(node_network_mtu_bytes{${GATEWAY},$others}[$span])`)})`;

export const indicator: Indicator = {
  id: 'gateway-mtu-difference',
  section: 'datapath',
  components: ['agent'],
  exporter: 'node-exporter',
  metrics: ['node_network_mtu_bytes'],
  query: `abs(${MTU} - on () group_left () quantile(0.5, ${MTU}))`,
  unit: 'bytes',
  reading: 'maximum',
  thresholds: {
    // `defaultMTU` applies to all nodes, and without it the agent takes that of the node's primary interface
    // (build/charts/antrea/values.yaml), so nodes of one network have one MTU. Ten minutes are two steps.
    warning: { above: 0, forSeconds: 600 },
  },
  whenAbsent: 'not-enabled',
  whenEmpty: 'not-enabled',
  title: { en: 'Gateway MTU difference', 'zh-CN': '网关 MTU 偏差' },
  explanation: {
    en: 'How far the MTU of `antrea-gw0` on a node is from the median of all nodes, up or down. The agent derives it from the MTU of the node’s transport interface, unless `defaultMTU` is set. Where half of the nodes have another MTU, all nodes differ from the median; nodes on different networks can differ without a fault.',
    'zh-CN':
      '节点上 `antrea-gw0` 的 MTU 与所有节点中位数之差的绝对值。除非设置了 `defaultMTU`，否则 Agent 按节点传输接口的 MTU 推算。若一半节点的 MTU 不同，则所有节点都会偏离中位数；节点处于不同的网络时，存在偏差也可能属于正常。',
  },
  impact: {
    en: 'Large packets between Pods of nodes with different MTUs are lost while small ones arrive: connections are set up and then hang when data flows.',
    'zh-CN': 'MTU 不同的节点之间，Pod 的大报文会丢失，小报文正常：连接能够建立，传输数据时却会卡住。',
  },
  nextSteps: [
    {
      text: {
        en: 'Compare the MTU of the transport interface and of the Pod network of all nodes (`transportInterfaceMTU`, `podMTU`; Antrea 2.6 and later).',
        'zh-CN':
          '对比各节点传输接口与 Pod 网络的 MTU（`transportInterfaceMTU`、`podMTU`，Antrea 2.6 起提供）。',
      },
      command: 'kubectl get antreaagentinfos -o yaml',
    },
    {
      text: {
        en: 'Check the MTU of the gateway on this node.',
        'zh-CN': '查看该节点网关的 MTU。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-agent -- cat /sys/class/net/antrea-gw0/mtu',
    },
    {
      text: {
        en: 'Set `defaultMTU` in Antrea’s configuration, or the same MTU on the uplinks of all nodes, and restart the agent.',
        'zh-CN': '在 Antrea 配置中设置 `defaultMTU`，或统一各节点上行接口的 MTU，然后重启 Agent。',
      },
    },
  ],
};
