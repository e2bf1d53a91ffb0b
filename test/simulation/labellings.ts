/** The labels that common scrape configurations give to targets. */
import type { Labels, ProcessKind } from './cluster.ts';

/** A target as service discovery finds it, before relabelling. */
export type Discovered = {
  kind: ProcessKind;
  node: string;
  /** The address without the port. Antrea's Pods have the address of their node. */
  host: string;
  port: number;
  /** Absent if the target is not a Pod. */
  pod?: string;
};

export const LABELLINGS = [
  /** `worker-01;antrea-agent-x7k2p`, as in antrea-prometheus.yml. */
  'node;pod',
  /** `10.10.0.4:10350`, Prometheus's own. No series names its node or Pod. */
  'address',
  /** The same with a `node` label, as a PodMonitor with a relabelling adds it. */
  'address-and-node',
  /** A ServiceMonitor for the agents and one for the controller. */
  'kube-prometheus',
  /** The same with `attachMetadata: {node: true}` and a relabelling that keeps the node's name. */
  'kube-prometheus-and-node',
  /** One PodMonitor, so that agents and controller have one job. */
  'pod-monitor',
  /** The job of Prometheus's Helm chart that scrapes every Pod with the annotation `prometheus.io/scrape`. */
  'kubernetes-pods',
  /** vmagent with antrea-prometheus.yml and `-remoteWrite.label`s. */
  'vmagent',
  /** The OpenTelemetry collector with its defaults, see otel.ts. */
  'otel',
  /** The same with `resource_to_telemetry_conversion`, so that the attributes of the target are labels too. */
  'otel-and-resource',
  /** Prometheus 3 with antrea-prometheus.yml and `convert_classic_histograms_to_nhcb`, see native-histograms.ts. */
  'nhcb',
] as const;

export type Labelling = (typeof LABELLINGS)[number];

const NAMESPACE = 'kube-system';

/** Antrea's two components. */
type Component = 'agent' | 'controller';

function isComponent(kind: ProcessKind): kind is Component {
  return kind === 'agent' || kind === 'controller';
}

function addressOf({ host, port }: Discovered): string {
  return `${host}:${port}`;
}

function nodeAndPod({ kind, node, pod }: Discovered): Labels {
  return { job: `antrea-${kind}s`, instance: `${node};${pod}` };
}

function address(found: Discovered): Labels {
  return { job: `antrea-${found.kind}s`, instance: addressOf(found) };
}

/**
 * The labels that Prometheus Operator gives the targets of a ServiceMonitor (pkg/prometheus/promcfg.go): `job` is the
 * name of the Service. Antrea's manifest has the Service `antrea` for the controller; users create one for the agents.
 */
function serviceMonitor(found: Discovered): Labels {
  const service = found.kind === 'controller' ? 'antrea' : 'antrea-agent';
  return { ...podMonitor(found), job: service, service };
}

/** The labels that Prometheus Operator gives the targets of a PodMonitor: `job` is the name of the PodMonitor. */
function podMonitor(found: Discovered): Labels {
  return {
    job: `${NAMESPACE}/antrea`,
    instance: addressOf(found),
    namespace: NAMESPACE,
    pod: found.pod ?? '',
    container: `antrea-${found.kind}`,
    endpoint: 'api',
  };
}

/** `labelmap` copies the labels of the Pod: two of Antrea's manifest, the others of the DaemonSet or ReplicaSet. */
function kubernetesPods(found: Discovered): Labels {
  const revision =
    found.kind === 'agent'
      ? { controller_revision_hash: '6c9b7f8d5', pod_template_generation: '1' }
      : { pod_template_hash: '7d9f6c5b8' };
  return {
    job: 'kubernetes-pods',
    instance: addressOf(found),
    namespace: NAMESPACE,
    pod: found.pod ?? '',
    app: 'antrea',
    component: `antrea-${found.kind}`,
    ...revision,
  };
}

/** From `service.name` and `service.instance.id`. By default, other resource attributes are only in `target_info`. */
function otel(found: Discovered): Labels {
  return { job: 'antrea', instance: addressOf(found) };
}

/**
 * The attributes that the collector's Prometheus receiver takes from service discovery
 * (receiver/prometheusreceiver/internal/prom_to_otlp.go).
 */
function otelWithResource(found: Discovered): Labels {
  return {
    ...otel(found),
    service_name: 'antrea',
    service_instance_id: addressOf(found),
    server_address: found.host,
    server_port: String(found.port),
    url_scheme: 'https',
    k8s_namespace_name: NAMESPACE,
    k8s_pod_name: found.pod ?? '',
    k8s_container_name: `antrea-${found.kind}`,
    k8s_node_name: found.node,
  };
}

const ANTREA: Record<Labelling, (found: Discovered) => Labels> = {
  'node;pod': nodeAndPod,
  address,
  'address-and-node': (found) => ({ ...address(found), node: found.node }),
  'kube-prometheus': serviceMonitor,
  'kube-prometheus-and-node': (found) => ({ ...serviceMonitor(found), node: found.node }),
  'pod-monitor': podMonitor,
  'kubernetes-pods': kubernetesPods,
  vmagent: nodeAndPod,
  otel,
  'otel-and-resource': otelWithResource,
  nhcb: nodeAndPod,
};

/** The labels of targets that do not belong to Antrea. */
function otherLabels(labelling: Labelling, found: Discovered): Labels {
  const plain = {
    job: found.kind === 'kube-apiserver' ? 'kubernetes-apiservers' : found.kind,
    instance: addressOf(found),
  };
  // kube-prometheus drops the target labels namespace, service, pod and endpoint, and honours those of the samples.
  const isOperator = labelling.startsWith('kube-prometheus') || labelling === 'pod-monitor';
  // The operator's Service of kubelets gives the label `node`. Its ServiceMonitor of node-exporter gives only the address,
  // and the jobs of Prometheus's Helm chart give `node` for both.
  if (found.kind === 'kubelet' || (found.kind === 'node-exporter' && !isOperator && labelling !== 'address'))
    return { ...plain, node: found.node };
  return isOperator && found.kind === 'kube-state-metrics'
    ? { ...plain, container: 'kube-rbac-proxy-main' }
    : plain;
}

export function labelsOf(labelling: Labelling, found: Discovered): Labels {
  return isComponent(found.kind) ? ANTREA[labelling](found) : otherLabels(labelling, found);
}

/** Labellings that have no label with the name of the Pod. */
const WITHOUT_PODS: readonly Labelling[] = ['address', 'address-and-node', 'otel'];

/** Whether a new Pod is a new series because its name is in the labels. */
export function namesPods(labelling: Labelling): boolean {
  return !WITHOUT_PODS.includes(labelling);
}
