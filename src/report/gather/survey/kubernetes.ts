import type { Component } from '../../model/indicator.ts';
import type { Period } from '../../model/period.ts';
import { WORKLOAD_PATTERN, WORKLOADS } from '../../model/product.ts';
import type { Sample } from '../../model/series.ts';
import type { NodeSource } from '../../model/survey.ts';
import { type Matcher, matcherText } from '../../promql/placeholders.ts';
import { attempt } from '../attempt.ts';
import type { Source } from '../source.ts';
import { instanceAndPod } from './node-label.ts';
import type { Target } from './targets.ts';

/** A node, or a Pod (otherwise '') with its node, that kube-state-metrics or the labels of another job's target name. */
export type KnownNode = {
  node: string;
  pod: string;
  addresses: string[];
  /** Unix seconds. */
  lastSeen: number;
  /** Set if labels of another job's target name the node. */
  source?: NodeSource;
};

/** Whether labels do not name the node and the Pod of every target. */
export function needsKubernetes(targets: readonly Target[], nodeLabel: string | undefined): boolean {
  return targets.some(({ labels }) => {
    const { instance, pod } = instanceAndPod(labels);
    const [, joinedPod = ''] = instance.split(';');
    return joinedPod === '' && (nodeLabel === undefined || pod === undefined);
  });
}

/**
 * Returns the Pods of Antrea and the nodes of the period that kube-state-metrics knows.
 * @param others the matchers of other exporters' series
 */
export async function askKubernetes(
  source: Source,
  { start, end }: Period,
  others: readonly Matcher[],
): Promise<readonly KnownNode[]> {
  const pods = (label: string) =>
    matcherText([{ label, operator: '=~', value: `${WORKLOAD_PATTERN}-.+` }, ...others]);
  // The time when each was last seen orders the Pods of a node. timestamp() would be slow: Prometheus 2 then reads each
  // series again for every point of the subquery, which takes a minute for 100 nodes and a week.
  const lastSeen = (series: string) => `max_over_time((0 * ${series} + time())[${end - start}s:5m])`;
  const parts = [
    lastSeen(`kube_pod_info{${pods('pod')}}`),
    // Without honor_labels, labels that kube-state-metrics has itself as a target get the prefix exported_.
    lastSeen(`kube_pod_info{${pods('exported_pod')}}`),
    lastSeen(`kube_node_info{${matcherText(others)}}`),
  ];
  const answer = await attempt(() => source.instant(parts.join(' or '), end));
  return answer.ok ? answer.value.samples.map(readKnownNode) : [];
}

function readKnownNode({ labels, value }: Sample): KnownNode {
  return {
    node: labels['exported_node'] ?? labels['node'] ?? '',
    pod: labels['exported_pod'] ?? (labels['host_ip'] === undefined ? '' : (labels['pod'] ?? '')),
    addresses: ['host_ip', 'pod_ip', 'internal_ip'].flatMap((name) => labels[name] || []),
    lastSeen: value,
  };
}

/**
 * Returns the component's Pods among those that kube-state-metrics saw on a node, the newest last.
 * @param known what is known of the node
 */
export function podsOnNode(component: Component, known: readonly KnownNode[] = []): string[] {
  return known
    .filter(({ pod }) => pod.startsWith(`${WORKLOADS[component]}-`))
    .sort((a, b) => a.lastSeen - b.lastSeen)
    .map(({ pod }) => pod);
}
