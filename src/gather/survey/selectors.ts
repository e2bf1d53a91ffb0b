import { literal, type Matcher, matches, oneOf } from '../../promql/placeholders.ts';
import type { Labels, Target } from './targets.ts';

/** The smallest set of matchers that picks exactly one component's targets. */

/** Labels that say what a target is, those that Kubernetes' own tools set first. */
const TELLING_LABELS = [
  'container',
  'component',
  'app_kubernetes_io_component',
  'app_kubernetes_io_name',
  'k8s_app',
  'app',
  'name',
  'endpoint',
  'service',
];

/** Beyond so many values a label names targets one by one rather than what they are. */
const MOST_VALUES = 4;

/**
 * Matchers that pick `own` and none of `others`, for `up` and for every other metric of these targets. Targets that
 * never answered may be picked too: what looks like an agent and cannot be scraped is an agent to report on.
 * @param base what every series of the cluster has to match
 */
export function selectorOf(
  own: readonly Target[],
  others: readonly Target[],
  base: readonly Matcher[],
): Matcher[] {
  const labels = own.map((target) => target.labels);
  const withJob = [...base, oneOf('job', valuesOf(labels, 'job'))];
  // What never answered and is nobody's in particular does not count against a selector.
  const foreign = others.filter(({ answered, component }) => answered || component !== null);
  const strangers = foreign
    .filter((target) => matches(target.labels, withJob))
    .map((target) => target.labels);
  if (strangers.length === 0) return withJob;
  const isExact = (matcher: Matcher) => !strangers.some((one) => matches(one, [matcher]));
  const found = [...candidates(labels, withJob)].find(isExact);
  return [...withJob, found ?? oneOf('instance', valuesOf(labels, 'instance'))];
}

/** Conditions that all of the targets fulfil, the plainest first. */
function* candidates(own: readonly Labels[], used: readonly Matcher[]): Generator<Matcher> {
  const names = new Set(own.flatMap((labels) => Object.keys(labels)));
  const free = [...names].filter((name) => !used.some(({ label }) => label === name)).sort();
  const telling = TELLING_LABELS.filter((name) => names.has(name));
  for (const name of new Set([...telling, ...free])) {
    const values = valuesOf(own, name);
    if (values.length <= MOST_VALUES && !values.includes('') && !isIdentity(name)) yield oneOf(name, values);
  }
  const prefix = commonPrefix(valuesOf(own, 'pod'));
  if (prefix.length > 1) yield { label: 'pod', operator: '=~', value: `${literal(prefix)}.+` };
  const ports = new Set(valuesOf(own, 'instance').map((instance) => /:(\d+)$/.exec(instance)?.[1]));
  const [port] = ports;
  if (ports.size === 1 && port !== undefined)
    yield { label: 'instance', operator: '=~', value: `.+:${port}` };
}

/** Labels that name one target: a cluster of few nodes has few values of them, too. */
function isIdentity(name: string): boolean {
  return ['instance', 'pod', 'node', 'host', 'ip', 'pod_ip', 'uid', 'address'].includes(name);
}

function valuesOf(labels: readonly Labels[], name: string): string[] {
  return [...new Set(labels.map((one) => one[name] ?? ''))];
}

/** What all the texts begin with, up to the last hyphen: what the manifest calls the Pods. */
function commonPrefix(texts: readonly string[]): string {
  const [first = ''] = texts;
  let length = first.length;
  for (const text of texts) while (!text.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, first.slice(0, length).lastIndexOf('-') + 1);
}
