/** The nodes of a multiplied cluster: which simulated node each one copies, and its names. */
import { clusterOf, type Simulation } from '../../test/simulation/cluster.ts';
import { antreaPods, hostAddress } from '../../test/simulation/pods.ts';
import { hash } from '../../test/simulation/random.ts';
import { FAULTY_NODES } from '../../test/simulation/scenarios.ts';

/** Everything that names a node in labels: the node itself, its address, and the agent's Pods, oldest first. */
export type Names = { node: string; address: string; pods: readonly string[] };

/**
 * A larger cluster that begins with the simulated nodes. Every other node is a copy: it has the values of `original`
 * and different names.
 */
export type Copies = {
  nodes: readonly (Names & { original: number })[];
  /** The number of nodes divided by the number of simulated nodes. */
  factor: number;
};

/** One more copy of each faulty node for this many nodes, so that 5,000 nodes have some tens of findings. */
const NODES_PER_FAULTY_COPY = 1000;

/** Returns the names of the nodes of a simulation. */
export function readNames(simulation: Simulation): Names[] {
  const cluster = clusterOf(simulation);
  const agents = antreaPods(cluster).filter(({ kind }) => kind === 'agent');
  const byNode = Map.groupBy(agents, ({ node }) => node);
  return cluster.nodes.map((node, index) => ({
    node,
    address: hostAddress(index),
    pods: (byNode.get(node) ?? []).map(({ pod }) => pod),
  }));
}

/**
 * Returns a cluster of `count` nodes, whose names continue those of the simulation. Copies are of healthy workers,
 * except for a few copies of the faulty ones. The controller's node has no copy.
 * @throws if `count` is smaller than the number of simulated nodes
 */
export function makeCopies(simulated: readonly Names[], count: number): Copies {
  if (count < simulated.length)
    throw new Error(`The simulated cluster already has ${simulated.length} nodes, more than ${count}.`);
  const isFaulty = ({ node }: Names) => FAULTY_NODES.includes(node);
  const workers = [...simulated.keys()].slice(1);
  const healthy = workers.filter((index) => !isFaulty(simulated[index] as Names));
  const faulty = workers.filter((index) => isFaulty(simulated[index] as Names));
  const additional = Math.floor(count / NODES_PER_FAULTY_COPY);
  const faultyCopies = Array.from({ length: additional }, () => faulty).flat();
  const usedPods = new Set(simulated.flatMap(({ pods }) => pods));
  const nodes = Array.from({ length: count }, (_, index) => {
    const names = simulated[index];
    if (names !== undefined) return { ...names, original: index };
    const order = index - simulated.length;
    const original = faultyCopies[order] ?? healthy[order % healthy.length] ?? 0;
    const pods = (simulated[original]?.pods ?? []).map((pod) => renamePod(pod, index, usedPods));
    return { node: workerName(index), address: hostAddress(index), pods, original };
  });
  return { nodes, factor: count / simulated.length };
}

/** Returns the name of the node at this index in a cluster with one control plane. */
function workerName(index: number): string {
  return `worker-${String(index).padStart(2, '0')}`;
}

/** The letters of random suffixes (k8s.io/apimachinery/pkg/util/rand). */
const LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

function renamePod(pod: string, node: number, used: Set<string>): string {
  for (let attempt = 0; ; attempt += 1) {
    const suffix = Array.from({ length: 5 }, (_, position) =>
      LETTERS.charAt(hash('copy', pod, node, attempt, position) % LETTERS.length),
    ).join('');
    const name = `${pod.slice(0, pod.lastIndexOf('-'))}-${suffix}`;
    if (used.has(name)) continue;
    used.add(name);
    return name;
  }
}

/** A text that is rendered for each copy of a node: literal parts, and between them the names that replace the node's. */
export type Template = { literals: readonly string[]; fields: readonly ((names: Names) => string)[] };

/** Splits a text into the node that it names and a template for its copies; `node` is `null` if it names none. */
export type ReadTemplate = (text: string) => { node: number | null; template: Template };

/** Returns a function that recognizes the names of the simulated nodes in texts. */
export function templateReader(simulated: readonly Names[]): ReadTemplate {
  const byName = new Map<string, { node: number; field: (names: Names) => string }>();
  for (const [node, { node: name, address, pods }] of simulated.entries()) {
    byName.set(name, { node, field: (names) => names.node });
    byName.set(address, { node, field: (names) => names.address });
    for (const [index, pod] of pods.entries())
      byName.set(pod, { node, field: ({ pods: others }) => others[index] ?? pod });
  }
  const alternatives = [...byName.keys()].map((name) => name.replaceAll('.', '\\.'));
  const pattern = new RegExp(`(?<![\\w.])(${alternatives.join('|')})(?![\\w]|\\.\\d)`);
  return (text) => {
    const parts = text.split(pattern);
    const found = parts.flatMap((part, index) => (index % 2 === 1 ? (byName.get(part) ?? []) : []));
    return {
      node: found[0]?.node ?? null,
      template: {
        literals: parts.filter((_, index) => index % 2 === 0),
        fields: found.map(({ field }) => field),
      },
    };
  };
}

/** Returns the text of a template for a node with these names. */
export function renderTemplate({ literals, fields }: Template, names: Names): string {
  let text = literals[0] ?? '';
  for (const [index, field] of fields.entries()) text += field(names) + (literals[index + 1] ?? '');
  return text;
}
