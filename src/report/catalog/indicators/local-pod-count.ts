import type { Indicator } from '../../model/indicator.ts';

/** From kube-state-metrics, if Prometheus scrapes it. */
const ALLOCATABLE = 'max by (node) (kube_node_status_allocatable{resource="pods",$others})';

/** Pods on the host network. kube-state-metrics also lists completed Pods, which no longer count for kubelet. */
const HOST_NETWORK = `count by (node) (
  max by (namespace, pod, node) (kube_pod_info{host_network="true",$others})
  and on (namespace, pod) kube_pod_status_phase{phase=~"Pending|Running",$others} == 1
)`;

export const indicator: Indicator = {
  id: 'local-pod-count',
  section: 'capacity',
  components: ['agent'],
  metrics: ['antrea_agent_local_pod_count'],
  // The maximum and not the sum: while the old and the new agent of a node overlap, both report the node's Pods.
  query: 'max by ($node) (max_over_time(antrea_agent_local_pod_count{$agents}[$span]))',
  unit: 'pods',
  reading: 'maximum',
  thresholds: {
    // 85% of the 253 Pod addresses of a /24: 256 minus network, broadcast and gateway (pkg/agent/agent.go).
    warning: { above: 215, forSeconds: 600 },
    // The article's limit ("should be less than 240"), which is 95% of 253.
    critical: { atLeast: 240, forSeconds: 300 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  capacity: {
    unit: 'pods',
    limits: [
      {
        id: 'node-cidr',
        title: { en: 'Pod addresses of a /24', 'zh-CN': '个 Pod 地址（/24 网段）' },
        // As for the warning threshold; another mask size has another number.
        value: 253,
      },
      {
        id: 'kubelet',
        title: { en: 'Pods that kubelet allows', 'zh-CN': '个 Pod（kubelet 上限）' },
        // Pods on the host network count for kubelet's limit but have no interface, so they are subtracted.
        query: `${ALLOCATABLE} - on (node) (${HOST_NETWORK} or ${ALLOCATABLE} * 0)`,
      },
    ],
  },
  title: { en: 'Local Pods', 'zh-CN': '本地 Pod 数' },
  explanation: {
    en: 'Network interfaces of Pods that the agent manages on its node; the reading is the highest count in the period. Pods on the host network are not counted; where kube-state-metrics provides the data, they are subtracted from kubelet’s limit. A Pod with secondary interfaces counts more than once (Antrea 2.0 and later). The default thresholds assume a /24 Pod CIDR for each node, which has 253 usable addresses.',
    'zh-CN':
      'Agent 在本节点上管理的 Pod 网络接口数，读数取统计周期内的最大值。使用主机网络的 Pod 不计入；kube-state-metrics 提供相关数据时，kubelet 上限会先扣除这类 Pod。带有辅助网络接口的 Pod 会被计入多次（Antrea 2.0 起）。默认阈值按每个节点分得一个 /24 Pod 网段设定，可用地址为 253 个。',
  },
  impact: {
    en: 'When a node runs out of Pod addresses, new Pods on it stay in ContainerCreating. With kubelet’s default limit of 110 Pods, scheduling to the node stops much earlier.',
    'zh-CN':
      '节点的 Pod 地址用尽后，新调度到该节点的 Pod 会一直停留在 ContainerCreating 状态。若 kubelet 保持默认的 110 个 Pod 上限，则会更早停止向该节点调度 Pod。',
  },
  nextSteps: [
    {
      text: {
        en: 'Compare the node’s Pod CIDR with the number of Pods that kubelet allows.',
        'zh-CN': '核对节点的 Pod 网段与 kubelet 允许的 Pod 上限。',
      },
      command: `kubectl get node $node -o jsonpath='{.spec.podCIDR} {.status.allocatable.pods}{"\\n"}'`,
    },
    {
      text: {
        en: 'List the interfaces that the agent manages; an interface whose Pod no longer exists is a leftover.',
        'zh-CN': '列出 Agent 管理的接口，对应 Pod 已不存在的即为残留接口。',
      },
      command: 'kubectl exec -n $namespace $pod -c antrea-agent -- antctl get podinterface',
    },
    {
      text: {
        en: 'Move Pods to other nodes, or give new nodes a larger Pod CIDR.',
        'zh-CN': '将部分 Pod 迁移到其他节点，或为新节点分配更大的 Pod 网段。',
      },
    },
  ],
};
