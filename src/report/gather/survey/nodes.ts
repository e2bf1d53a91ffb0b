import type { Component } from '../../model/indicator.ts';
import { WINDOWS_DAEMON_SET, WORKLOAD_PATTERN, WORKLOADS } from '../../model/product.ts';
import type { Sample } from '../../model/series.ts';
import type { NodeSource } from '../../model/survey.ts';
import { literal, type Matcher, matcherText } from '../../promql/placeholders.ts';
import { attempt } from '../attempt.ts';
import type { Source } from '../source.ts';
import type { Labels, Target } from './targets.ts';

/** Which node a target runs on, and in which Pod: from its labels, else from what kube-state-metrics knows. */

/** What one value of the node label stands for. */
export type Place = { node: string; pods: readonly string[] };

/** How the nodes of one component's targets are found. */
export type NodeRule = {
  /** The label that series are grouped by. */
  label: string;
  source: NodeSource;
  /** By the label's value; a value that is not in it stands for itself, up to `;`. */
  places: ReadonlyMap<string, Place>;
};

export type NodeRules = Readonly<Record<Component, NodeRule>>;

/** Labels in which scrape configurations put the node's name, the usual ones first. */
const NODE_LABELS = [
  'node',
  'node_name',
  'nodename',
  'kubernetes_node',
  'kubernetes_node_name',
  'kubernetes_io_hostname',
  'kubernetes_pod_node_name',
  'k8s_node_name',
  'k8s.node.name',
  'kube_node',
  'hostname',
  'host',
];

/** How the names of the agents' Pods on Windows begin. */
const WINDOWS_POD = `${WINDOWS_DAEMON_SET}-`;

/** A Pod or node that kube-state-metrics knows, or another job's targets do, which have `source`. */
type Known = { node: string; pod: string; addresses: string[]; lastSeen: number; source?: NodeSource };

/** Asks kube-state-metrics only where labels leave something open. */
export async function askKubernetes(
  source: Source,
  { start, end }: { start: number; end: number },
  others: readonly Matcher[],
): Promise<readonly Known[]> {
  const seconds = end - start;
  const pods = (label: string) =>
    matcherText([{ label, operator: '=~', value: `${WORKLOAD_PATTERN}-.+` }, ...others]);
  const nodes = matcherText(others);
  // When each was last seen, so that the newest Pod of a node is known. Not by timestamp(): Prometheus 2 then reads each
  // series anew for every point of the subquery, a minute for a week of 100 nodes. Without honor_labels a label that the
  // target has itself is called exported_…
  const lastSeen = (series: string) => `max_over_time((0 * ${series} + time())[${seconds}s:5m])`;
  const parts = [
    lastSeen(`kube_pod_info{${pods('pod')}}`),
    lastSeen(`kube_pod_info{${pods('exported_pod')}}`),
    lastSeen(`kube_node_info{${nodes}}`),
  ];
  const answer = await attempt(() => source.instant(parts.join(' or '), end));
  return answer.ok ? answer.value.samples.map(knownOf) : [];
}

function knownOf({ labels, value }: Sample): Known {
  return {
    node: labels['exported_node'] ?? labels['node'] ?? '',
    pod: labels['exported_pod'] ?? (labels['host_ip'] === undefined ? '' : (labels['pod'] ?? '')),
    addresses: ['host_ip', 'pod_ip', 'internal_ip'].flatMap((name) => labels[name] || []),
    lastSeen: value,
  };
}

/**
 * The label that names the node, where one does: every target has it, and it differs between them.
 * @param agents of the same cluster, which show what a label means that a single controller has
 */
export function nodeLabelOf(
  targets: readonly Target[],
  wanted: string | undefined,
  agents: readonly Target[] = [],
): string | undefined {
  if (wanted !== undefined && targets.some(({ labels }) => (labels[wanted] ?? '') !== '')) return wanted;
  const local = localLabelOf(targets, agents.length > 0 ? agents : targets);
  if (local !== undefined) return local;
  const isOne = countValues(targets, addressLabelOf(targets)) <= 1;
  return NODE_LABELS.flatMap((name) => [name, `${FEDERATED}${name}`]).find(
    (name) =>
      hasEverywhere(targets, name) &&
      !isOfAll(agents, name) &&
      // Of one target a host may be the scraper's.
      (isOne ? !/^(exported_)?host/.test(name) : countValues(targets, name) > 1),
  );
}

/** Scraped by a process on the same node, as by a collector in a DaemonSet: the address is everybody's. */
function isScrapedOnItsNode({ labels }: Target): boolean {
  return /^(?:127\.|localhost\b|\[?::1\b)/.test(ownLabels(labels).instance);
}

/** Labels that do not name a node, or change more often than it: of jobs, of Pods, of releases. */
const NO_NODE =
  /^(?:job|instance|endpoint|service|namespace|container|component|app|name)$|pod|uid|hash|revision/;

/**
 * The label by which such collectors tell their nodes apart, whatever it is called.
 * @param peers targets of the same kind on all nodes
 */
function localLabelOf(targets: readonly Target[], peers: readonly Target[]): string | undefined {
  if (peers.length < 2 || ![...targets, ...peers].every(isScrapedOnItsNode)) return undefined;
  // With port forwarding each has its own.
  if (countValues(peers, addressLabelOf(peers)) > 1) return undefined;
  const names = new Set(targets.flatMap(({ labels }) => Object.keys(labels)));
  const tells = (name: string) =>
    hasEverywhere(targets, name) && hasEverywhere(peers, name) && countValues(peers, name) > 1;
  const usual = NODE_LABELS.find(tells);
  if (usual !== undefined) return usual;
  const others = [...names].sort().filter((name) => !NO_NODE.test(name) && tells(name));
  const most = Math.max(...others.map((name) => countValues(peers, name)));
  return others.find((name) => countValues(peers, name) === most);
}

/** Whether a label has one value for several targets: it names something larger than a node. */
function isOfAll(targets: readonly Target[], name: string): boolean {
  return (
    hasEverywhere(targets, name) &&
    countValues(targets, name) === 1 &&
    countValues(targets, addressLabelOf(targets)) > 1
  );
}

function hasEverywhere(targets: readonly Target[], name: string): boolean {
  return targets.every(({ labels }) => (labels[name] ?? '') !== '');
}

function countValues(targets: readonly Target[], name: string): number {
  return new Set(targets.map(({ labels }) => labels[name])).size;
}

/**
 * What the labels of a federated target are called where they are not honoured: its `instance` is then the other
 * Prometheus (https://prometheus.io/docs/prometheus/latest/configuration/configuration/, honor_labels).
 */
const FEDERATED = 'exported_';

/** The label with the address of each target. No metric of Antrea's has a label `instance` itself. */
function addressLabelOf(targets: readonly Target[]): string {
  const federated = `${FEDERATED}instance`;
  if (targets.length > 0 && hasEverywhere(targets, federated)) return federated;
  return targets.some(({ labels }) => labels['instance']) ? 'instance' : 'pod';
}

/** The Pod and the address by the target's own labels, of a federated target too. */
function ownLabels(labels: Labels): { instance: string; pod: string | undefined } {
  const instance = labels[`${FEDERATED}instance`];
  return instance === undefined
    ? { instance: labels['instance'] ?? '', pod: labels['pod'] }
    : { instance, pod: labels[`${FEDERATED}pod`] };
}

/** Whether labels alone leave the node or the Pod of a target open. */
export function needsKubernetes(targets: readonly Target[], nodeLabel: string | undefined): boolean {
  return targets.some(({ labels }) => {
    const own = ownLabels(labels);
    const [, pod = ''] = own.instance.split(';');
    if (pod !== '') return false;
    return nodeLabel === undefined || own.pod === undefined;
  });
}

export function nodeRuleOf(
  component: Component,
  targets: readonly Target[],
  nodeLabel: string | undefined,
  known: readonly Known[],
): NodeRule {
  const label = nodeLabel ?? addressLabelOf(targets);
  const all = nodeLabel === undefined ? [...known, ...knownByJobs(targets)] : known;
  const groups = Map.groupBy(targets, ({ labels }) => labels[label] ?? '');
  const found = [...groups].map(
    ([value, own]) => [value, placeOf(component, value, own, nodeLabel, all)] as const,
  );
  const sources = found.map(([, { source }]) => source);
  const worst = SOURCES.findLast((source) => sources.includes(source)) ?? 'label';
  const places = found.map(([value, { node, pods }]) => [value, { node, pods }] as const);
  return { label, source: worst, places: withoutClashes(places) };
}

/** A process that two jobs scrape may have its node's name in the labels of only one of them. */
function knownByJobs(targets: readonly Target[]): Known[] {
  const byJob = [...Map.groupBy(targets, ({ labels }) => labels['job']).values()];
  return byJob.flatMap((own) => {
    const label = nodeLabelOf(own, undefined);
    return own.flatMap(({ labels }): Known[] => {
      const { instance, pod: named } = ownLabels(labels);
      const [name = '', joined] = instance.split(';');
      const pod = joined || named || '';
      const address = hostOf(instance);
      const rest = { pod, addresses: ADDRESS.test(address) ? [address] : [], lastSeen: 0 };
      if (label !== undefined) return [{ node: labels[label] ?? '', ...rest, source: 'label' }];
      return joined ? [{ node: name, ...rest, source: 'instance' }] : [];
    });
  });
}

/** IPv4 or IPv6, but that of no machine itself: several nodes may be behind 127.0.0.1. */
const ADDRESS = /^(?!127\.|::1$)(?:\d+(?:\.\d+){3}|[\da-f:]*:[\da-f:.]*)$/i;

/** The best first: a rule is as good as the worst of its nodes. */
const SOURCES: readonly NodeSource[] = ['label', 'instance', 'kube_pod_info', 'kube_node_info', 'address'];

function placeOf(
  component: Component,
  value: string,
  targets: readonly Target[],
  nodeLabel: string | undefined,
  known: readonly Known[],
): Place & { source: NodeSource } {
  const instances = targets.map(({ labels }) => ownLabels(labels).instance);
  const joined = instances.flatMap((instance) => instance.split(';')[1] ?? []).filter((pod) => pod !== '');
  const named = targets.flatMap(({ labels }) => ownLabels(labels).pod ?? []);
  const address = hostOf(value);
  // Some configurations make the Pod's name the instance.
  const asInstance = known.filter(({ pod }) => pod !== '' && pod === address).map(({ pod }) => pod);
  const [pods = []] = [joined, named, asInstance].filter(({ length }) => length > 0);
  if (nodeLabel !== undefined)
    return {
      node: value,
      pods: pods.length > 0 ? pods : podsOn(component, known, { node: value }),
      source: 'label',
    };
  if (joined.length > 0) return { node: value.split(';')[0] ?? value, pods, source: 'instance' };
  const byPod = known.find(({ pod, node }) => node !== '' && pods.includes(pod));
  if (byPod) return { node: byPod.node, pods, source: byPod.source ?? 'kube_pod_info' };
  const onAddress = known.filter(({ addresses, node }) => node !== '' && addresses.includes(address));
  const pod = onAddress.find((one) => one.pod !== '');
  const [any] = pod ? [pod] : onAddress;
  if (any)
    return {
      node: any.node,
      pods: pods.length > 0 ? pods : podsOn(component, known, any),
      source: any.source ?? (pod ? 'kube_pod_info' : 'kube_node_info'),
    };
  return { node: value, pods, source: 'address' };
}

/** The component's Pods that kube-state-metrics saw on a node, the newest last. */
function podsOn(component: Component, known: readonly Known[], { node }: { node: string }): string[] {
  return known
    .filter((one) => one.node === node && one.pod.startsWith(`${WORKLOADS[component]}-`))
    .sort((a, b) => a.lastSeen - b.lastSeen)
    .map(({ pod }) => pod);
}

/** "10.0.0.4" of "10.0.0.4:10350", "fd00::1" of "[fd00::1]:10350". */
export function hostOf(instance: string): string {
  return instance.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

/** Host names without their port name nodes, too, unless several targets are behind one, as with port forwarding. */
function withoutClashes(places: readonly (readonly [string, Place])[]): Map<string, Place> {
  const hosts = Map.groupBy(places, ([, { node }]) => hostOf(node));
  return new Map(
    places.map(([value, place]) => {
      const host = hostOf(place.node);
      const isName = /[a-z]/i.test(host) && !host.includes(':') && host !== 'localhost';
      return [value, isName && hosts.get(host)?.length === 1 ? { ...place, node: host } : place];
    }),
  );
}

/** The node of a series of this component; other exporters name it themselves. */
export function nodeOf(labels: Labels, { label, places }: NodeRule): string {
  const value = labels[label] ?? labels['instance'] ?? '';
  const place = places.get(value);
  if (place) return place.node;
  return labels['node'] || (value.split(';')[0] ?? value);
}

/** Picks the agents on Windows; `null` when there are none. */
export function windowsMatcher(targets: readonly Target[], rule: NodeRule): Matcher | null {
  const isWindows = ({ labels }: Target) =>
    rule.places.get(labels[rule.label] ?? '')?.pods.some((pod) => pod.startsWith(WINDOWS_POD)) ?? false;
  const own = targets.filter(isWindows);
  if (own.length === 0) return null;
  if (own.every(({ labels }) => labels['pod']?.startsWith(WINDOWS_POD)))
    return { label: 'pod', operator: '=~', value: `${WINDOWS_POD}.+` };
  if (own.every(({ labels }) => labels['instance']?.includes(`;${WINDOWS_POD}`)))
    return { label: 'instance', operator: '=~', value: `.+;${WINDOWS_POD}.+` };
  const values = own.map(({ labels }) => literal(labels[rule.label] ?? ''));
  return { label: rule.label, operator: '=~', value: [...new Set(values)].join('|') };
}
