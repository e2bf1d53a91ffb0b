import { COMPONENTS, type Component } from '../../model/indicator.ts';
import type { TargetSettings } from '../../model/survey.ts';
import { literal, type Matcher, matches, oneOf } from '../../promql/placeholders.ts';
import { type AntreaTarget, type Labels, matchersIn, type Target } from './targets.ts';

/** The smallest set of matchers that picks exactly one component's targets. */

/** Labels that say what a target is, those that Kubernetes' own tools set first. */
const TELLING_LABELS = [
  'container',
  'app_kubernetes_io_component',
  'app_kubernetes_io_name',
  'k8s_app',
  'app',
  'endpoint',
  'service',
];

/**
 * Labels that some metrics of these processes have themselves (apiserver_longrunning_requests, workqueue_…): where the
 * scrape configuration honours labels, the target's are not on these.
 */
const METRIC_LABELS = [
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

/** A label with more values than this names single targets. */
const MOST_VALUES = 4;

/**
 * Matchers that pick `own` and none of `others`, for `up` and for every other metric of these targets. Targets that
 * never answered may be picked too: what looks like an agent and cannot be scraped is an agent to report on.
 * @param base what every series of the cluster has to match
 */
export function buildSelector(
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

/** Selectors of the components that there are. */
export function buildSelectors(
  found: readonly AntreaTarget[],
  all: readonly Target[],
  targetSettings: TargetSettings,
): readonly { component: Component; matchers: readonly Matcher[] }[] {
  return COMPONENTS.flatMap((component) => {
    const own = found.filter((target) => target.component === component);
    const others = all.filter((target) => target.component !== component);
    if (own.length === 0) return [];
    return [{ component, matchers: buildSelector(own, others, matchersIn(targetSettings, component)) }];
  });
}

/** Conditions that all of the targets fulfil, the plainest first. */
function* candidates(own: readonly Labels[], used: readonly Matcher[]): Generator<Matcher> {
  const names = new Set(own.flatMap((labels) => Object.keys(labels)));
  for (const name of TELLING_LABELS) if (names.has(name)) yield* byValue(own, name);
  const prefix = commonPrefix(valuesOf(own, 'pod').map(workloadPrefix));
  if (prefix.length > 1) yield { label: 'pod', operator: '=~', value: `${literal(prefix)}.+` };
  const ports = new Set(valuesOf(own, 'instance').map((instance) => /:(\d+)$/.exec(instance)?.[1]));
  const [port] = ports;
  if (ports.size === 1 && port !== undefined)
    yield { label: 'instance', operator: '=~', value: `.+:${port}` };
  for (const name of [...names].sort()) {
    const isUsed = used.some(({ label }) => label === name) || METRIC_LABELS.includes(name);
    if (!isUsed && !IDENTITY.test(name)) yield* byValue(own, name);
  }
}

function byValue(own: readonly Labels[], name: string): Matcher[] {
  const values = valuesOf(own, name);
  return values.length <= MOST_VALUES && !values.includes('') ? [oneOf(name, values)] : [];
}

/** Labels that name one target, of which a small cluster has few, or one release, which an upgrade changes. */
const IDENTITY = /instance|pod|node|host|ip$|uid|address|hash|revision|generation|version|image|(^|_)id$/;

function valuesOf(labels: readonly Labels[], name: string): string[] {
  return [...new Set(labels.map((one) => one[name] ?? ''))];
}

/**
 * What a Pod's name begins with in every release: without the random end, and without the hash of the ReplicaSet before
 * it. Kubernetes takes both from these letters (k8s.io/apimachinery/pkg/util/rand).
 */
function workloadPrefix(pod: string): string {
  return pod.replace(/(-[bcdfghjklmnpqrstvwxz2456789]{6,10})?-[bcdfghjklmnpqrstvwxz2456789]{5}$/, '-');
}

/** What all the texts begin with, up to the last hyphen: what the manifest calls the Pods. */
function commonPrefix(texts: readonly string[]): string {
  const [first = ''] = texts;
  let length = first.length;
  for (const text of texts) while (!text.startsWith(first.slice(0, length))) length -= 1;
  return first.slice(0, first.slice(0, length).lastIndexOf('-') + 1);
}
