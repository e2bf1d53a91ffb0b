import type { Exporter, ExporterMetric } from '../model/indicator.ts';
import { WORKLOAD_PATTERN } from '../model/product.ts';
import { CONTAINERS } from '../promql/shapes.ts';

const OF_CONTAINERS = `container=~"${CONTAINERS}"`;

/** The gateway interface (`hostGateway` in build/charts/antrea/values.yaml). */
export const GATEWAY = 'device="antrea-gw0"';

/** The gateway interface, and the tunnel interfaces that OVS makes in the kernel (docs/os-issues.md in Antrea). */
export const DEVICES = 'device=~"antrea-gw0|genev_sys_.+|vxlan_sys_.+|gre_sys|stt_sys_.+"';

/** The names of Antrea's APIServices and webhooks (build/charts/antrea/templates/), in each release. */
export const OF_ANTREA = 'name=~".+[.]antrea[.]io"';

const CPU_LIMIT = {
  en: 'Containers without a CPU limit do not have it.',
  'zh-CN': '没有设置 CPU 上限的容器不提供该指标。',
};

const POOLS = {
  en: 'They exist if the cluster has an ExternalIPPool or an IPPool.',
  'zh-CN': '集群中存在 ExternalIPPool 或 IPPool 时才有这些指标。',
};

const POLICIES = {
  en: 'They exist if the cluster has an Antrea-native policy.',
  'zh-CN': '集群中存在 Antrea 原生策略时才有这些指标。',
};

const everywhere = (name: string) => ({ en: name, 'zh-CN': name });

const counters = (names: readonly string[]): ExporterMetric[] =>
  names.map((name) => ({ name, matchers: DEVICES }));

/**
 * The other programs whose metrics indicators read, in the order of the report. Sources: docs/metrics/ in
 * kubernetes/kube-state-metrics, docs/storage/prometheus.md in google/cadvisor, pkg/kubelet/metrics/metrics.go in
 * kubernetes/kubernetes, collector/ in prometheus/node_exporter,
 * pkg/controllers/status/metrics/metrics.go in kubernetes/kube-aggregator, pkg/admission/metrics/metrics.go in
 * kubernetes/apiserver, and docs/metrics.md in enix/x509-certificate-exporter.
 */
export const EXPORTERS: readonly Exporter[] = [
  {
    id: 'kube-state-metrics',
    name: everywhere('kube-state-metrics'),
    prefixes: ['kube_'],
    metrics: [
      { name: 'kube_pod_info', matchers: `pod=~"${WORKLOAD_PATTERN}-.+"` },
      { name: 'kube_pod_container_status_restarts_total', matchers: OF_CONTAINERS },
      { name: 'kube_pod_container_status_ready', matchers: OF_CONTAINERS },
      // Of any container, because it exists only after a container terminated.
      {
        name: 'kube_pod_container_status_last_terminated_reason',
        requires: {
          en: 'It exists once any container of the cluster has terminated.',
          'zh-CN': '集群中有容器终止过之后才会出现该指标。',
        },
      },
      {
        name: 'kube_node_status_condition',
        matchers: 'condition="NetworkUnavailable"',
        requires: {
          en: 'Nodes have the condition `NetworkUnavailable` only where something sets it, such as the controller of a cloud provider.',
          'zh-CN': '只有在某个组件（如云厂商的控制器）设置该状态时，节点才有 `NetworkUnavailable` 状态。',
        },
      },
    ],
  },
  {
    // The metrics that deploy/kube-state-metrics/antrea.yaml makes kube-state-metrics expose.
    id: 'antrea-resources',
    name: {
      en: 'kube-state-metrics for Antrea’s resources',
      'zh-CN': 'kube-state-metrics 的 Antrea 资源指标',
    },
    prefixes: ['antrea_state_'],
    metrics: [
      { name: 'antrea_state_agent_condition' },
      { name: 'antrea_state_agent_heartbeat_timestamp_seconds' },
      {
        name: 'antrea_state_egress_condition',
        matchers: 'condition="IPAssigned"',
        requires: {
          en: 'Only an Egress with an ExternalIPPool has the condition `IPAssigned`.',
          'zh-CN': '只有使用 ExternalIPPool 的 Egress 才有 `IPAssigned` 状态。',
        },
      },
      { name: 'antrea_state_ip_pool_used_addresses', requires: POOLS },
      { name: 'antrea_state_ip_pool_addresses', requires: POOLS },
      { name: 'antrea_state_policy_nodes_desired', requires: POLICIES },
      { name: 'antrea_state_policy_nodes_realized', requires: POLICIES },
    ],
  },
  {
    id: 'cadvisor',
    name: everywhere('cAdvisor'),
    prefixes: ['container_'],
    metrics: [
      { name: 'container_memory_working_set_bytes', matchers: OF_CONTAINERS },
      { name: 'container_cpu_cfs_periods_total', matchers: OF_CONTAINERS, requires: CPU_LIMIT },
      { name: 'container_cpu_cfs_throttled_periods_total', matchers: OF_CONTAINERS, requires: CPU_LIMIT },
    ],
  },
  {
    id: 'kubelet',
    name: everywhere('kubelet'),
    prefixes: ['kubelet_'],
    metrics: [{ name: 'kubelet_runtime_operations_total', matchers: 'operation_type="run_podsandbox"' }],
  },
  {
    id: 'node-exporter',
    name: everywhere('node-exporter'),
    prefixes: ['node_'],
    metrics: [
      { name: 'node_nf_conntrack_entries' },
      { name: 'node_nf_conntrack_entries_limit' },
      { name: 'node_network_mtu_bytes', matchers: GATEWAY },
      ...counters([
        'node_network_receive_drop_total',
        'node_network_receive_errs_total',
        'node_network_receive_packets_total',
        'node_network_transmit_drop_total',
        'node_network_transmit_errs_total',
        'node_network_transmit_packets_total',
      ]),
    ],
  },
  {
    id: 'kube-apiserver',
    name: everywhere('kube-apiserver'),
    prefixes: ['aggregator_', 'apiserver_admission_webhook_'],
    metrics: [
      { name: 'aggregator_unavailable_apiservice', matchers: OF_ANTREA },
      {
        name: 'apiserver_admission_webhook_request_total',
        matchers: OF_ANTREA,
        requires: {
          en: 'It exists since Kubernetes 1.23, once an API server has called a webhook of Antrea.',
          'zh-CN': '自 Kubernetes 1.23 起提供，API server 调用过 Antrea 的 webhook 之后才会出现该指标。',
        },
      },
    ],
  },
  {
    id: 'x509-certificate-exporter',
    name: everywhere('x509-certificate-exporter'),
    prefixes: ['x509_'],
    metrics: [{ name: 'x509_cert_not_after', matchers: 'secret_name=~"antrea-.+"' }],
  },
];
