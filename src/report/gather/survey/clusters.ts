import { COMPONENTS } from '../../model/indicator.ts';
import { type Matcher, matcherText, quote } from '../../promql/placeholders.ts';
import { attempt } from '../attempt.ts';
import { GatherError } from '../errors.ts';
import type { Source } from '../source.ts';
import { type Duplication, findDuplications, processKey } from './duplications.ts';
import type { NodeRules } from './nodes.ts';
import { pointsOf, sharesOf } from './scrapes.ts';
import { buildSelectors } from './selectors.ts';
import {
  type AntreaTarget,
  type Scrapes,
  type SurveyOptions,
  type Target,
  valuesByTarget,
} from './targets.ts';

/** Tells the clusters apart that one server holds, so that none is merged with another. */

/** What people and tools call the label of the cluster; the first that separates anything counts. */
const CLUSTER_LABELS = [
  'cluster',
  'cluster_name',
  'k8s_cluster_name',
  'k8s.cluster.name',
  'k8s_cluster',
  'kubernetes_cluster',
  'kube_cluster',
  'clustername',
  'cluster_id',
];

/** Labels that cannot name a cluster: each names a target, or something that one cluster has several of. */
const OTHER_LABELS = [
  ...['job', 'instance', 'pod', 'node', 'container', 'endpoint', 'service', 'namespace'],
  ...['component', 'app', 'name', 'pod_template_hash', 'controller_revision_hash'],
];

/** Labels of nodes that kubelet and cloud providers set (https://kubernetes.io/docs/reference/labels-annotations-taints/). */
const NODE_LABELS = /^(?:(?:topology|failure_domain_beta|node|beta)_)?kubernetes_io_|nodepool|nodegroup/;

/** Whether a label describes a target rather than the server that scraped it. */
export function isOfTarget(label: string): boolean {
  return OTHER_LABELS.includes(label) || NODE_LABELS.test(label);
}

export type ClusterChoice = { label: string; value: string; others: string[] };

type Labelled = Pick<Target, 'labels' | 'component'>;

/** The label with a usual name that has several values; `null` where none has. */
export function findKnownClusterLabel(targets: readonly Labelled[]): string | null {
  const label = CLUSTER_LABELS.find(
    (one) => valuesOf(targets, one).length > 1 && !isOfOneComponent(targets, one),
  );
  return label ?? null;
}

/** Where all agents have one name and the controller has none, or the reverse, the job of one adds it. */
function isOfOneComponent(targets: readonly Labelled[], label: string): boolean {
  if (valuesOf(targets, label).length !== 2) return false;
  const componentsOf = (isNamed: boolean) =>
    new Set(
      targets
        .filter(({ labels }) => ((labels[label] ?? '') !== '') === isNamed)
        .map(({ component }) => component),
    );
  const [named, others] = [componentsOf(true), componentsOf(false)];
  return named.size > 0 && others.size > 0 && ![...named].some((component) => others.has(component));
}

/**
 * A label of an unusual name that separates clusters: each value has agents and a controller of its own.
 * @param copies labels that tell copies of the same targets apart, and so no clusters
 */
export function findUnusualClusterLabel(
  targets: readonly Target[],
  scrapes: Scrapes,
  copies: readonly string[],
): string | null {
  const names = new Set(targets.flatMap(({ labels }) => Object.keys(labels)));
  const label = [...names]
    .sort()
    .filter((name) => !isOfTarget(name) && !copies.includes(name))
    .find((name) => separates(targets, name, scrapes));
  return label ?? null;
}

/**
 * @param wanted the name that the user gives; empty: none
 * @throws GatherError with the values to choose from
 */
export function chooseCluster(targets: readonly Target[], label: string, wanted: string): ClusterChoice {
  const values = valuesOf(targets, label);
  if (wanted !== '' && values.includes(wanted))
    return { label, value: wanted, others: values.filter((one) => one !== wanted) };
  const shown = values.map((value) =>
    value === '' ? `(none, where ${label} is missing)` : onOneLine(value),
  );
  const problem =
    wanted === ''
      ? `--cluster: this server has several clusters by the label ${label}`
      : `--cluster: "${wanted}" is not among the clusters that this server has by the label ${label}`;
  throw new GatherError(
    `${problem}: ${shown.join(', ')}; choose one of them, or select by other labels with prometheus.matchers`,
    { isUsage: true, clusters: { label, values } },
  );
}

function onOneLine(text: string): string {
  return /[\p{Cc}"\\]/u.test(text) ? quote(text) : text;
}

/** Less than this of a look-back may be that of a controller which gives way to another, as in an upgrade. */
const SAME_TIME = 0.75;

/** Each value has agents and a controller of its own, and these controllers run at the same time. */
function separates(own: readonly Target[], label: string, scrapes: Scrapes): boolean {
  const groups = [...Map.groupBy(own, ({ labels }) => labels[label] ?? '')];
  if (groups.length < 2 || groups.some(([value]) => value === '')) return false;
  const isWhole = groups.every(([, targets]) =>
    COMPONENTS.every((one) => targets.some(({ component }) => component === one)),
  );
  if (!isWhole) return false;
  const controllers = groups.map(([, targets]) =>
    targets.filter(({ component }) => component === 'controller'),
  );
  const share = sharesOf(own, scrapes);
  return Array.from({ length: pointsOf(own, scrapes) }, (_, index) =>
    controllers.every((some) => some.some((target) => share(target, index) > SAME_TIME)),
  ).some(Boolean);
}

export function valuesOf(targets: readonly Pick<Target, 'labels'>[], label: string): string[] {
  return [...new Set(targets.map(({ labels }) => labels[label] ?? ''))].sort();
}

export function clusterMatchers(choice: ClusterChoice | null): Matcher[] {
  return choice === null ? [] : [{ label: choice.label, operator: '=', value: choice.value }];
}

/** What a survey knows when it tells the clusters apart. */
type Surveyed = { found: readonly AntreaTarget[]; scrapes: Scrapes; rules: NodeRules };

/** @throws GatherError where there are several clusters and none of them has the wanted name */
export async function findCluster(
  source: Source,
  surveyed: Surveyed,
  options: SurveyOptions,
): Promise<ClusterChoice | null> {
  const { cluster: wanted } = options;
  const { found, scrapes, rules } = surveyed;
  const known = findKnownClusterLabel(found);
  if (known !== null) return chooseCluster(found, known, wanted);
  const duplications = findDuplications(found, scrapes, rules);
  const mixed = await findMixed(source, options, surveyed, duplications);
  if (mixed === 'job') {
    const jobs = valuesOf(found, 'job').map(onOneLine).join(', ');
    throw new GatherError(
      `prometheus.jobs: the jobs ${jobs} scrape different processes under the same names, as those of several clusters do; name the jobs of one cluster`,
      { isUsage: true },
    );
  }
  const label =
    mixed ??
    findUnusualClusterLabel(
      found,
      scrapes,
      duplications.map((one) => one.label),
    );
  return label === null ? null : chooseCluster(found, label, wanted);
}

/** Two scrapes of one process agree on its start, but for a second (client_golang#289). */
const SAME_START_SECONDS = 60;

/**
 * The label of what looks like copies of the same targets but is other processes: of clusters with nodes of the same
 * names. One process has one start.
 */
async function findMixed(
  source: Source,
  { period: { start, end }, targetSettings }: SurveyOptions,
  { found, rules }: Surveyed,
  duplications: readonly Duplication[],
): Promise<string | null> {
  if (duplications.length === 0) return null;
  const parts = buildSelectors(found, found, targetSettings).map(
    ({ matchers }) => `max_over_time(process_start_time_seconds{${matcherText(matchers)}}[${end - start}s])`,
  );
  const answer = await attempt(() => source.instant([...new Set(parts)].join(' or '), end));
  if (!answer.ok) return null;
  const starts = valuesByTarget(answer.value.samples, found);
  const mixed = duplications.find(({ component, label }) => {
    const own = found.filter((target) => target.component === component);
    const groups = [
      ...Map.groupBy(own, (target) => processKey(component, target, rules[component])).values(),
    ];
    const spans = groups.flatMap((group) => {
      const latest = [...Map.groupBy(group, ({ labels }) => labels[label] ?? '').values()].map((copies) =>
        Math.max(...copies.map((target) => starts.get(target) ?? Number.NaN)),
      );
      return latest.length < 2 || latest.some(Number.isNaN)
        ? []
        : [Math.max(...latest) - Math.min(...latest)];
    });
    return spans.filter((span) => span > SAME_START_SECONDS).length > spans.length / 2;
  });
  return mixed?.label ?? null;
}
