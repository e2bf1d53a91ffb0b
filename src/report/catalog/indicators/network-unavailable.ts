import type { Indicator } from '../../model/indicator.ts';

export const indicator: Indicator = {
  id: 'network-unavailable',
  section: 'availability',
  components: ['agent'],
  exporter: 'kube-state-metrics',
  metrics: ['kube_node_status_condition'],
  query:
    'max by (node) (max_over_time(kube_node_status_condition{condition="NetworkUnavailable",status="true",$others}[$span]))',
  unit: 'count',
  reading: 'maximum',
  thresholds: {
    // The route controller of a cloud provider retries routes every 10 s (kube-controller-manager,
    // --route-reconciliation-period), and a new node has the condition until then. Ten minutes are two steps of five.
    critical: { atLeast: 1, forSeconds: 600 },
  },
  whenAbsent: 'not-enabled',
  // Nodes without the condition.
  whenEmpty: 'not-enabled',
  title: { en: 'Node network unavailable', 'zh-CN': '节点网络不可用' },
  explanation: {
    en: '1 while the condition `NetworkUnavailable` of a node is `True`, otherwise 0. Antrea does not set this condition; the controller of a cloud provider does if it could not create the node’s routes. Nodes without the condition have no value.',
    'zh-CN':
      '节点的 `NetworkUnavailable` 状态为 `True` 时为 1，否则为 0。该状态不由 Antrea 设置，而是由云厂商的控制器在无法为节点创建路由时设置。没有该状态的节点没有数值。',
  },
  impact: {
    en: 'Kubernetes taints such a node (`node.kubernetes.io/network-unavailable`), so no Pods are scheduled to it, and its Pods may not reach those of other nodes.',
    'zh-CN':
      'Kubernetes 会给这样的节点加上污点（`node.kubernetes.io/network-unavailable`），不再向其调度 Pod，该节点上的 Pod 也可能无法访问其他节点上的 Pod。',
  },
  nextSteps: [
    {
      text: {
        en: 'Read the reason and the message of the condition.',
        'zh-CN': '查看该状态的原因和说明。',
      },
      command: 'kubectl describe node $node',
    },
    {
      text: {
        en: 'Check the condition on all nodes, to see whether one or all are affected.',
        'zh-CN': '查看所有节点的该状态，确认受影响的是个别节点还是全部节点。',
      },
      command:
        'kubectl get nodes -o custom-columns=\'NAME:.metadata.name,UNAVAILABLE:.status.conditions[?(@.type=="NetworkUnavailable")].status\'',
    },
    {
      text: {
        en: 'If a cloud provider creates routes, check the log of its controller and the quota of routes.',
        'zh-CN': '若路由由云厂商创建，检查其控制器的日志和路由配额。',
      },
    },
  ],
};
