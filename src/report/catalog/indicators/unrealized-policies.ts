import type { Indicator } from '../../model/indicator.ts';

const level = (aggregate: string, metric: string) =>
  `max by (policy_namespace, policy) (${aggregate}_over_time(${metric}{$others}[$span]))`;
// The least number of nodes that should realize a policy, and the most that have.
const DESIRED = level('min', 'antrea_state_policy_nodes_desired');
const REALIZED = level('max', 'antrea_state_policy_nodes_realized');

export const indicator: Indicator = {
  id: 'unrealized-policies',
  section: 'policy',
  components: ['controller'],
  exporter: 'antrea-resources',
  scope: 'cluster',
  metrics: ['antrea_state_policy_nodes_desired', 'antrea_state_policy_nodes_realized'],
  // A new label takes the joined name, since VictoriaMetrics 1.79 overwrites a label before it has read it. A policy of the
  // whole cluster has no namespace, and its name begins with the slash.
  query: `clamp_min(max by (policy) (label_replace(label_join(${DESIRED} - ${REALIZED}, "name", "/", "policy_namespace", "policy"), "policy", "$1", "name", "/?(.+)")), 0)`,
  splitBy: ['policy'],
  unit: 'count',
  reading: 'last',
  thresholds: {
    // Agents retry a rule after 5 s to 300 s (pkg/agent/controller/networkpolicy/networkpolicy_controller.go) and report it
    // then. Three of the longest pauses are a quarter of an hour.
    warning: { above: 0, forSeconds: 900 },
  },
  whenAbsent: 'not-enabled',
  whenEmpty: 'not-enabled',
  title: { en: 'Unrealized policies', 'zh-CN': '未完全生效的策略' },
  explanation: {
    en: 'Nodes on which an Antrea ClusterNetworkPolicy or NetworkPolicy applies but is not enforced as written (`desiredNodesRealized` minus `currentNodesRealized` of its status), shown per policy (`namespace/name`); the reading is the last point. A change of a policy counts until all agents have reported it. NetworkPolicies of Kubernetes have no such status.',
    'zh-CN':
      'Antrea ClusterNetworkPolicy 或 NetworkPolicy 应当生效但尚未按要求执行的节点数（状态中的 `desiredNodesRealized` 减去 `currentNodesRealized`），按策略（`命名空间/名称`）分开统计，读数为最后一个点。策略修改后，在所有 Agent 上报之前都计入。Kubernetes 自身的 NetworkPolicy 没有该状态。',
  },
  impact: {
    en: 'On these nodes, traffic that the policy should drop may pass, or traffic that it should allow may be dropped.',
    'zh-CN': '在这些节点上，本应丢弃的流量可能通过，本应放行的流量也可能被丢弃。',
  },
  nextSteps: [
    {
      text: {
        en: 'Compare the desired and current nodes of all policies.',
        'zh-CN': '对比所有策略期望和实际生效的节点数。',
      },
      command: 'kubectl get clusternetworkpolicies.crd.antrea.io,networkpolicies.crd.antrea.io -A',
    },
    {
      text: {
        en: 'Read the condition `RealizationFailure` of the policy, which names nodes and reasons.',
        'zh-CN': '查看策略的 `RealizationFailure` 状态，其中列出节点和原因。',
      },
      command: 'kubectl get clusternetworkpolicies.crd.antrea.io,networkpolicies.crd.antrea.io -A -o yaml',
    },
    {
      text: {
        en: 'Check which agents are not connected to the controller.',
        'zh-CN': '确认哪些 Agent 没有连接 Controller。',
      },
      command: 'kubectl get antreaagentinfos -o yaml',
    },
  ],
};
