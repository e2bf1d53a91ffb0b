import type { Metric } from '../../model/metric.ts';

const RULE_CACHE = 'pkg/agent/controller/networkpolicy/cache.go';

/** The Pods, policies and rules of each agent's node. */
export const AGENT_POD_AND_POLICY_METRICS: readonly Metric[] = [
  {
    name: 'antrea_agent_local_pod_count',
    components: ['agent'],
    type: 'gauge',
    unit: { en: 'Pod interfaces', 'zh-CN': 'Pod 网络接口' },
    labels: [],
    since: ['v0.7.0'],
    stability: 'STABLE',
    explanation: {
      en: 'Container network interfaces that the agent manages on its node; the number changes when a Pod’s network is set up or removed. Pods on the host network have no such interface and are not counted. Since v2.0 the secondary interfaces of a Pod count too, so one Pod may count twice or more. After a restart the agent rebuilds the number from the OVS database.',
      'zh-CN':
        'Agent 在本节点上管理的容器网络接口数，随 Pod 网络的建立与拆除而变化。使用主机网络的 Pod 没有这样的接口，不计入。自 v2.0 起辅助网络接口也计入，一个 Pod 可能被算作两个甚至更多。Agent 重启后会根据 OVS 数据库重建该值。',
    },
    source: 'pkg/agent/interfacestore/interface_cache.go',
  },
  {
    name: 'antrea_agent_networkpolicy_count',
    components: ['agent'],
    type: 'gauge',
    unit: { en: 'policies', 'zh-CN': '策略' },
    labels: [],
    since: ['v0.8.0'],
    stability: 'STABLE',
    explanation: {
      en: 'Policies that the controller has sent to this node, Kubernetes NetworkPolicies and Antrea-native policies together, and those of the Kubernetes network-policy-api if their feature gate is on: AdminNetworkPolicies and BaselineAdminNetworkPolicies since v1.13, ClusterNetworkPolicies since v2.7. A node receives only the policies that apply to it, so nodes differ, and the sum over all nodes is not the number of policies in the cluster. A policy that arrives again after a reconnection can be counted twice, so the value may drift slightly upwards.',
      'zh-CN':
        'Controller 下发到本节点的策略数，Kubernetes NetworkPolicy 与 Antrea 原生策略合并计算；开启相应特性开关后，还包括 Kubernetes network-policy-api 的策略：自 v1.13 起的 AdminNetworkPolicy 和 BaselineAdminNetworkPolicy，自 v2.7 起的 ClusterNetworkPolicy。节点只会收到作用于自身的策略，因此各节点数值不同，全部节点之和也不等于集群的策略总数。重新连接后再次收到的同一条策略可能被重复计数，数值会略微偏高。',
    },
    source: RULE_CACHE,
  },
  {
    name: 'antrea_agent_ingress_networkpolicy_rule_count',
    components: ['agent'],
    type: 'gauge',
    unit: { en: 'rules', 'zh-CN': '规则' },
    labels: [],
    since: ['v0.8.0'],
    stability: 'STABLE',
    explanation: {
      en: 'Ingress rules in the policies that this node has received. A rule counts as soon as it arrives, before its flows are in OVS, so the number does not prove that the rule is enforced. One rule may become many flows: even if the value is steady, a group that the rule refers to may keep growing.',
      'zh-CN':
        '本节点已收到的策略中的入向规则数。规则一经收到即计数，此时对应的流表项可能尚未写入 OVS，因此该值不能证明规则已经生效。一条规则可能展开为大量流表项：规则数不变，所引用的组仍可能在持续变大。',
    },
    source: RULE_CACHE,
  },
  {
    name: 'antrea_agent_egress_networkpolicy_rule_count',
    components: ['agent'],
    type: 'gauge',
    unit: { en: 'rules', 'zh-CN': '规则' },
    labels: [],
    since: ['v0.8.0'],
    stability: 'STABLE',
    explanation: {
      en: 'Egress rules in the policies that this node has received, counted in the same way as the ingress rules. Together they are the policy load of the node and help to interpret its flow count, its flow operation latency and the agent’s memory. After an agent restart the value starts at 0 and the controller sends the rules again, so a short dip does not mean that policies were lost.',
      'zh-CN':
        '本节点已收到的策略中的出向规则数，计数方式与入向规则相同。两者之和就是节点的策略规模，可作为解读流表项数、流表操作耗时和 Agent 内存的背景。Agent 重启后从 0 开始，再由 Controller 重新下发，短暂的下降并不代表策略丢失。',
    },
    source: RULE_CACHE,
  },
];
