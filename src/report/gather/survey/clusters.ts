import { COMPONENTS } from '../../model/indicator.ts';
import { labelOf } from '../../model/series.ts';
import { type Matcher, matcherText, quote } from '../../promql/placeholders.ts';
import { union } from '../../promql/shapes.ts';
import { attempt } from '../attempt.ts';
import { GatherError } from '../errors.ts';
import type { Source } from '../source.ts';
import { type Duplication, processKey } from './duplications.ts';
import { findByTarget } from './join-targets.ts';
import type { NodeRules } from './nodes.ts';
import { inAnyLookBack, type Scrapes, scrapeShares } from './scrapes.ts';
import { buildSelectors } from './selectors.ts';
import { type AntreaTarget, labelValues, type SurveyOptions, type Target, targetsOf } from './targets.ts';

/** The cluster that a report is about, if the server has several: those with the other values of the label. */
export type ClusterChoice = { label: string; value: string; others: string[] };

/** What people and tools call the label of the cluster. The first one that separates clusters is used. */
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

/** Labels that cannot name a cluster, since they name a target or something that a cluster has several of. */
const TARGET_LABELS = [
  ...['job', 'instance', 'pod', 'node', 'container', 'endpoint', 'service', 'namespace'],
  ...['component', 'app', 'name', 'pod_template_hash', 'controller_revision_hash'],
];

/** Labels of nodes that kubelet and cloud providers set (https://kubernetes.io/docs/reference/labels-annotations-taints/). */
const NODE_LABELS = /^(?:(?:topology|failure_domain_beta|node|beta)_)?kubernetes_io_|nodepool|nodegroup/;

/** Whether a label describes a target rather than its cluster or the server that scraped it. */
export function describesTarget(label: string): boolean {
  return TARGET_LABELS.includes(label) || NODE_LABELS.test(label);
}

type LabelledTarget = Pick<Target, 'labels' | 'component'>;

/** Returns the usual label of the cluster that has several values; `null` if there is none. */
export function findKnownClusterLabel(targets: readonly LabelledTarget[]): string | null {
  const label = CLUSTER_LABELS.find(
    (candidate) => labelValues(targets, candidate).length > 1 && !isAddedByOneJob(targets, candidate),
  );
  return label ?? null;
}

/** If all agents have the label and the controller does not, or the reverse, one of the jobs adds it. */
function isAddedByOneJob(targets: readonly LabelledTarget[], label: string): boolean {
  if (labelValues(targets, label).length !== 2) return false;
  const components = (isLabelled: boolean) =>
    new Set(
      targets
        .filter(({ labels }) => (labelOf(labels, label) !== '') === isLabelled)
        .map(({ component }) => component),
    );
  const [labelled, others] = [components(true), components(false)];
  return labelled.size > 0 && others.size > 0 && ![...labelled].some((component) => others.has(component));
}

/**
 * Returns the cluster that the user names.
 * @param wanted its name; empty if the user names none
 * @throws GatherError with the names to choose from
 */
export function chooseCluster(targets: readonly Target[], label: string, wanted: string): ClusterChoice {
  const values = labelValues(targets, label);
  if (wanted !== '' && values.includes(wanted))
    return { label, value: wanted, others: values.filter((value) => value !== wanted) };
  const names = values.map((value) => (value === '' ? `(none: ${label} is missing)` : onOneLine(value)));
  const problem =
    wanted === ''
      ? `--cluster: this server has several clusters by the label ${label}`
      : `--cluster: "${wanted}" is not among the clusters that this server has by the label ${label}`;
  throw new GatherError(
    `${problem}: ${names.join(', ')}; choose one of them, or select by other labels with prometheus.matchers`,
    { isUsage: true, clusters: { label, values } },
  );
}

function onOneLine(text: string): string {
  return /[\p{Cc}"\\]/u.test(text) ? quote(text) : text;
}

export function clusterMatchers(choice: ClusterChoice | null): Matcher[] {
  return choice === null ? [] : [{ label: choice.label, operator: '=', value: choice.value }];
}

type Findings = {
  found: readonly AntreaTarget[];
  scrapes: Scrapes;
  rules: NodeRules;
  duplications: readonly Duplication[];
};

/**
 * Returns the label that separates clusters although it does not have a usual name; `null` if the server has one cluster.
 * @throws GatherError if only jobs separate the clusters
 */
export async function findUnusualClusterLabel(
  source: Source,
  findings: Findings,
  options: SurveyOptions,
): Promise<string | null> {
  const { found, scrapes, duplications } = findings;
  const label = await findMixedClusters(source, findings, options);
  if (label === 'job') {
    const jobs = labelValues(found, 'job').map(onOneLine).join(', ');
    throw new GatherError(
      `prometheus.jobs: the jobs ${jobs} scrape different processes under the same names, as those of several clusters do; name the jobs of one cluster`,
      { isUsage: true },
    );
  }
  if (label !== null) return label;
  const names = new Set(found.flatMap(({ labels }) => Object.keys(labels)));
  const candidates = [...names]
    .sort()
    .filter((name) => !describesTarget(name) && !duplications.some(({ label }) => label === name));
  return candidates.find((name) => separatesClusters(name, found, scrapes)) ?? null;
}

/** A larger share of a look-back excludes a controller that is just being replaced by another, as in an upgrade. */
const SAME_TIME_SHARE = 0.75;

/** Whether each value of a label has agents and a controller, and the controllers run at the same time. */
function separatesClusters(label: string, targets: readonly Target[], scrapes: Scrapes): boolean {
  const groups = [...Map.groupBy(targets, ({ labels }) => labelOf(labels, label))];
  if (groups.length < 2 || groups.some(([value]) => value === '')) return false;
  const areComplete = groups.every(([, group]) =>
    COMPONENTS.every((component) => targetsOf(component, group).length > 0),
  );
  if (!areComplete) return false;
  const controllers = groups.map(([, group]) => targetsOf('controller', group));
  const share = scrapeShares(targets, scrapes);
  return inAnyLookBack(targets, scrapes, (lookBack) =>
    controllers.every((group) => group.some((target) => share(target, lookBack) > SAME_TIME_SHARE)),
  );
}

/** Two scrapes of one process agree on its start time to about a second (client_golang#289). */
const SAME_START_SECONDS = 60;

/**
 * Returns a label that seems to separate copies of the same targets, but separates processes with different start times:
 * those of several clusters with the same node names. `null` if there is none.
 */
async function findMixedClusters(
  source: Source,
  { found, rules, duplications }: Findings,
  { period: { start, end }, targetSettings }: SurveyOptions,
): Promise<string | null> {
  if (duplications.length === 0) return null;
  const parts = buildSelectors(found, found, targetSettings).map(
    ({ matchers }) => `max_over_time(process_start_time_seconds{${matcherText(matchers)}}[${end - start}s])`,
  );
  const answer = await attempt(() => source.instant(union(parts), end));
  if (!answer.ok) return null;
  const starts = findByTarget(found, answer.value.samples);
  const latestStart = (group: readonly Target[]) =>
    Math.max(...group.map((target) => starts.get(target)?.value ?? Number.NaN));
  const mixed = duplications.find(({ component, label }) => {
    const targets = targetsOf(component, found);
    const processes = [...Map.groupBy(targets, (target) => processKey(target, rules)).values()];
    const spans = processes.flatMap((process) => {
      const copies = Map.groupBy(process, ({ labels }) => labelOf(labels, label));
      const latest = [...copies.values()].map(latestStart);
      return latest.length < 2 || latest.some(Number.isNaN)
        ? []
        : [Math.max(...latest) - Math.min(...latest)];
    });
    return spans.filter((span) => span > SAME_START_SECONDS).length > spans.length / 2;
  });
  return mixed?.label ?? null;
}
