import { least } from 'd3-array';
import type { Component } from '../../model/indicator.ts';
import { WINDOWS_DAEMON_SET } from '../../model/product.ts';
import { labelOf } from '../../model/series.ts';
import type { NodeSource } from '../../model/survey.ts';
import { literal, type Matcher } from '../../promql/placeholders.ts';
import { type KnownNode, podsOnNode } from './kubernetes.ts';
import { addressLabel, findNodeLabel, instanceAndPod } from './node-label.ts';
import type { Labels, Target } from './targets.ts';

/** A node with the Pods of one component on it, the newest last. */
export type NodeWithPods = { node: string; pods: readonly string[] };

/** How the nodes of one component's targets are found. */
export type NodeRule = {
  /** The label that series are grouped by. */
  label: string;
  /** The least certain source of any of the nodes. */
  source: NodeSource;
  /** By the label's value. A value that is not in it is the node's name up to ";". */
  nodes: ReadonlyMap<string, NodeWithPods>;
};

export type NodeRules = Readonly<Record<Component, NodeRule>>;

/** The names of the agents' Pods on Windows begin with this. */
const WINDOWS_POD = `${WINDOWS_DAEMON_SET}-`;

/** The most certain first. */
const SOURCES: readonly NodeSource[] = ['label', 'instance', 'kube_pod_info', 'kube_node_info', 'address'];

type Evidence<Known = readonly KnownNode[]> = {
  component: Component;
  /** The label that names the node, if there is one. */
  nodeLabel: string | undefined;
  known: Known;
};

/** Known nodes and Pods, each list in their order: with thousands of nodes, each target would search all of them. */
type KnownIndex = Record<'byPod' | 'byAddress' | 'byNode', ReadonlyMap<string, readonly KnownNode[]>> & {
  /** The place of each in the whole list. */
  places: ReadonlyMap<KnownNode, number>;
};

function indexKnown(known: readonly KnownNode[]): KnownIndex {
  const byAddress = new Map<string, KnownNode[]>();
  for (const entry of known)
    for (const address of new Set(entry.addresses)) {
      const same = byAddress.get(address);
      if (same) same.push(entry);
      else byAddress.set(address, [entry]);
    }
  return {
    byPod: Map.groupBy(known, ({ pod }) => pod),
    byAddress,
    byNode: Map.groupBy(known, ({ node }) => node),
    places: new Map(known.map((entry, place) => [entry, place])),
  };
}

/** Finds the node and the Pods of every target of a component. */
export function makeNodeRule(
  targets: readonly Target[],
  { component, nodeLabel, known }: Evidence,
): NodeRule {
  const label = nodeLabel ?? addressLabel(targets);
  const allKnown = nodeLabel === undefined ? [...known, ...nodesByOtherJobs(targets)] : known;
  const evidence = { component, nodeLabel, known: indexKnown(allKnown) };
  const groups = [...Map.groupBy(targets, ({ labels }) => labelOf(labels, label))];
  const found = groups.map(([value, group]) => ({ value, ...findNode(value, group, evidence) }));
  const source = SOURCES.findLast((candidate) => found.some((node) => node.source === candidate)) ?? 'label';
  const nodes = found.map(({ value, node, pods }) => [value, { node, pods }] as const);
  return { label, source, nodes: removePorts(nodes) };
}

/** If two jobs scrape a process, the labels of only one of them may name its node. */
function nodesByOtherJobs(targets: readonly Target[]): KnownNode[] {
  const byJob = [...Map.groupBy(targets, ({ labels }) => labels['job']).values()];
  return byJob.flatMap((ofJob) => {
    const label = findNodeLabel(ofJob, undefined);
    return ofJob.flatMap(({ labels }): KnownNode[] => {
      const { instance, pod: podLabel } = instanceAndPod(labels);
      const [name = '', joinedPod] = instance.split(';');
      const pod = joinedPod || podLabel || '';
      const address = hostOf(instance);
      const rest = { pod, addresses: isAddress(address) ? [address] : [], lastSeen: 0 };
      if (label !== undefined) return [{ node: labelOf(labels, label), ...rest, source: 'label' }];
      return joinedPod ? [{ node: name, ...rest, source: 'instance' }] : [];
    });
  });
}

/** IPv4 or IPv6, but no loopback address, which several nodes share. */
const ADDRESS = /^(?!127\.|::1$)(?:\d+(?:\.\d+){3}|[\da-f:]*:[\da-f:.]*)$/i;

export function isAddress(text: string): boolean {
  return ADDRESS.test(text);
}

/** Finds the node of the targets that have one value of the node label. */
function findNode(
  value: string,
  targets: readonly Target[],
  { component, nodeLabel, known }: Evidence<KnownIndex>,
): NodeWithPods & { source: NodeSource } {
  const identities = targets.map(({ labels }) => instanceAndPod(labels));
  // Antrea's own scrape configuration joins node and Pod: "node;pod".
  const joined = identities.flatMap(({ instance }) => instance.split(';')[1] || []);
  const labelled = identities.flatMap(({ pod }) => pod ?? []);
  const address = hostOf(value);
  // Some scrape configurations use the Pod's name as the instance.
  const instances = address === '' ? [] : (known.byPod.get(address) ?? []).map(({ pod }) => pod);
  const [pods = []] = [joined, labelled, instances].filter(({ length }) => length > 0);
  const podsOn = (node: string) => (pods.length > 0 ? pods : podsOnNode(component, known.byNode.get(node)));

  if (nodeLabel !== undefined) return { node: value, pods: podsOn(value), source: 'label' };
  if (joined.length > 0) return { node: value.split(';')[0] ?? value, pods, source: 'instance' };
  const withPods = pods.flatMap((pod) => known.byPod.get(pod) ?? []).filter(({ node }) => node !== '');
  const byPod = least(withPods, (entry) => known.places.get(entry));
  if (byPod) return { node: byPod.node, pods, source: byPod.source ?? 'kube_pod_info' };
  const atAddress = (known.byAddress.get(address) ?? []).filter(({ node }) => node !== '');
  const withPod = atAddress.find(({ pod }) => pod !== '');
  const match = withPod ?? atAddress[0];
  if (match === undefined) return { node: value, pods, source: 'address' };
  const source = match.source ?? (withPod ? 'kube_pod_info' : 'kube_node_info');
  return { node: match.node, pods: podsOn(match.node), source };
}

/** Returns the host of an address: "10.0.0.4" for "10.0.0.4:10350", "fd00::1" for "[fd00::1]:10350". */
export function hostOf(instance: string): string {
  return instance.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
}

/**
 * Removes the port from nodes that are named by a host name, unless several targets have the same host, as with port
 * forwarding.
 */
function removePorts(nodes: readonly (readonly [string, NodeWithPods])[]): Map<string, NodeWithPods> {
  const byHost = Map.groupBy(nodes, ([, { node }]) => hostOf(node));
  return new Map(
    nodes.map(([value, { node, pods }]) => {
      const host = hostOf(node);
      const isName = /[a-z]/i.test(host) && !host.includes(':') && host !== 'localhost';
      return [value, { node: isName && byHost.get(host)?.length === 1 ? host : node, pods }];
    }),
  );
}

/** Returns the node of a series. Series of other exporters name it themselves, in the label `node`. */
export function nodeOf(labels: Labels, { label, nodes }: NodeRule): string {
  const value = labelOf(labels, label) || labelOf(labels, 'instance');
  const known = nodes.get(value);
  if (known) return known.node;
  return labels['node'] || (value.split(';')[0] ?? value);
}

/** Returns a matcher that picks the agents on Windows; `null` if there are none. */
export function windowsMatcher(targets: readonly Target[], { label, nodes }: NodeRule): Matcher | null {
  const onWindows = targets.filter(({ labels }) =>
    nodes.get(labelOf(labels, label))?.pods.some((pod) => pod.startsWith(WINDOWS_POD)),
  );
  if (onWindows.length === 0) return null;
  if (onWindows.every(({ labels }) => labels['pod']?.startsWith(WINDOWS_POD)))
    return { label: 'pod', operator: '=~', value: `${WINDOWS_POD}.+` };
  if (onWindows.every(({ labels }) => labels['instance']?.includes(`;${WINDOWS_POD}`)))
    return { label: 'instance', operator: '=~', value: `.+;${WINDOWS_POD}.+` };
  const values = onWindows.map(({ labels }) => literal(labelOf(labels, label)));
  return { label, operator: '=~', value: [...new Set(values)].join('|') };
}

/** Returns the name of the node that other exporters call this; the text itself if it is unknown. */
export function nodeOfExporter(text: string, nodes: ReadonlyMap<string, string>): string {
  const host = hostOf(text);
  return nodes.get(text) ?? nodes.get(host) ?? nodes.get(shortName(host)) ?? text;
}

/** Returns a name without its domain. An address has none. */
export function shortName(name: string): string {
  return isAddress(name) ? name : (name.split('.')[0] ?? name);
}
