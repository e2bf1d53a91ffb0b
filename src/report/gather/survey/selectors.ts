import { COMPONENTS, type Component } from '../../model/indicator.ts';
import type { TargetSettings } from '../../model/survey.ts';
import { literal, type Matcher, matches, oneOf } from '../../promql/placeholders.ts';
import { type AntreaTarget, labelValues, requiredMatchers, type Target, targetsOf } from './targets.ts';

/** Labels that say what a target is, first those that Kubernetes' own tools set. */
const DESCRIPTIVE_LABELS = [
  'container',
  'app_kubernetes_io_component',
  'app_kubernetes_io_name',
  'k8s_app',
  'app',
  'endpoint',
  'service',
];

/**
 * Labels that some metrics of these processes have themselves (apiserver_longrunning_requests, workqueue_…). If the scrape
 * configuration honours labels, those metrics do not have the target's value.
 */
const AMBIGUOUS_LABELS = [
  'component',
  'name',
  'group',
  'version',
  'resource',
  'scope',
  'verb',
  'reason',
  'operation',
];

/**
 * Labels that identify one target or one release. A small cluster may have as few targets as `MAX_VALUES`, and an upgrade
 * changes the release.
 */
const IDENTIFYING_LABELS =
  /instance|pod|node|host|ip$|uid|address|hash|revision|generation|version|image|(^|_)id$/;

/** A label with more values identifies single targets. */
const MAX_VALUES = 4;

/**
 * Returns the smallest set of matchers that picks `wanted` and none of `others`, for `up` and all other metrics of these
 * targets. It may also pick targets that never answered: what looks like an agent and cannot be scraped is an agent to
 * report.
 * @param base the matchers that every series of the cluster has to satisfy
 */
export function buildSelector(
  wanted: readonly Target[],
  others: readonly Target[],
  base: readonly Matcher[],
): Matcher[] {
  const withJob = [...base, oneOf('job', labelValues(wanted, 'job'))];
  const unwanted = others.filter(
    ({ answered, component, labels }) => (answered || component !== null) && matches(labels, withJob),
  );
  if (unwanted.length === 0) return withJob;
  const found = [...listCandidates(wanted, withJob)].find(
    (matcher) => !unwanted.some(({ labels }) => matches(labels, [matcher])),
  );
  return [...withJob, found ?? oneOf('instance', labelValues(wanted, 'instance'))];
}

/** Returns a selector for each component that has targets. */
export function buildSelectors(
  found: readonly AntreaTarget[],
  all: readonly Target[],
  targetSettings: TargetSettings,
): readonly { component: Component; matchers: readonly Matcher[] }[] {
  return COMPONENTS.flatMap((component) => {
    const wanted = targetsOf(component, found);
    const others = all.filter((target) => target.component !== component);
    if (wanted.length === 0) return [];
    return [
      { component, matchers: buildSelector(wanted, others, requiredMatchers(targetSettings, component)) },
    ];
  });
}

/** Kubernetes allows 253 characters (DNS subdomain names). JavaScript refuses to compile an expression of 32,768. */
const LONGEST_NAME = 253;

/** Yields matchers that all of the targets satisfy, the simplest first. */
function* listCandidates(targets: readonly Target[], used: readonly Matcher[]): Generator<Matcher> {
  const names = new Set(targets.flatMap(({ labels }) => Object.keys(labels)));
  for (const name of DESCRIPTIVE_LABELS) if (names.has(name)) yield* matchByValue(targets, name);
  const prefix = commonPrefix(labelValues(targets, 'pod').map(workloadPrefix));
  if (prefix.length > 1 && prefix.length <= LONGEST_NAME)
    yield { label: 'pod', operator: '=~', value: `${literal(prefix)}.+` };
  const ports = new Set(labelValues(targets, 'instance').map((instance) => /:(\d+)$/.exec(instance)?.[1]));
  const [port] = ports;
  if (ports.size === 1 && port !== undefined)
    yield { label: 'instance', operator: '=~', value: `.+:${port}` };
  for (const name of [...names].sort()) {
    const isUsed = used.some(({ label }) => label === name) || AMBIGUOUS_LABELS.includes(name);
    if (!isUsed && !IDENTIFYING_LABELS.test(name)) yield* matchByValue(targets, name);
  }
}

function matchByValue(targets: readonly Target[], name: string): Matcher[] {
  const values = labelValues(targets, name);
  return values.length <= MAX_VALUES && !values.includes('') ? [oneOf(name, values)] : [];
}

/**
 * Returns the part of a Pod's name that is the same in every release: without the random suffix, and without the hash of
 * the ReplicaSet before it. Kubernetes makes both of these letters (k8s.io/apimachinery/pkg/util/rand).
 */
function workloadPrefix(pod: string): string {
  return pod.replace(/(-[bcdfghjklmnpqrstvwxz2456789]{6,10})?-[bcdfghjklmnpqrstvwxz2456789]{5}$/, '-');
}

/** Returns the common prefix of all texts up to the last hyphen: the name of the workload. */
function commonPrefix(texts: readonly string[]): string {
  const [first = ''] = texts;
  let length = first.length;
  for (const text of texts) while (!text.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, first.slice(0, length).lastIndexOf('-') + 1);
}
