import { COMPONENTS, type Component } from '../../model/indicator.ts';
import {
  MARKERS,
  METRIC_LABELS,
  METRIC_PREFIXES,
  SAMPLE_JOBS,
  WORKLOAD_PATTERN,
  WORKLOADS,
} from '../../model/product.ts';
import { type Grid, labelKey, type Sample, type Series } from '../../model/series.ts';
import type { TargetSettings } from '../../model/survey.ts';
import { type Matcher, matcherText, oneOf } from '../../promql/placeholders.ts';
import { tolerating } from '../attempt.ts';
import { GatherError } from '../errors.ts';
import { planGrid } from '../plan.ts';
import type { Source } from '../source.ts';

/** Who is an agent and who the controller: by the metrics that only they expose, else by the names that Antrea gives. */

export type Labels = Readonly<Record<string, string>>;

/** What a survey is made of. */
export type SurveyOptions = {
  /** The name that the user gives the cluster: the value of the label, where one server holds several. Empty: none. */
  cluster: string;
  /** Unix seconds. */
  period: { start: number; end: number };
  targetSettings: TargetSettings;
};

/** What Prometheus scrapes, as its `up` series has it, or the metrics where there is no such series. */
export type Target = {
  /** `null`: it belongs to something else. */
  component: Component | null;
  /** The labels that `up` and the target's metrics have in common. */
  labels: Labels;
  /** How it was recognized. */
  foundBy: 'metrics' | 'names';
  /** Whether any scrape of the period succeeded. */
  answered: boolean;
  /** Set where the server has its metrics without `up`, as those that something else scraped and pushed on. */
  lacksUp?: true;
  /** Set where the server lacks some of its metrics that it has of others of the component. */
  isPartial?: true;
};

/** A target of Antrea. */
export type Found = Target & { component: Component };

export function isFound(target: Target): target is Found {
  return target.component !== null;
}

/** How often each target was scraped in each look-back of the probe. */
export type Scrapes = ReadonlyMap<Target, Series['values']>;

/** The label that says which marker an answer comes from; Antrea's own labels must not be hidden by it. */
export const MARKER_LABEL = 'antrea_health_component';

/** Points at which all metrics of a component are looked for, where its marker is dropped. */
const BROAD_POINTS = 48;

type Period = { start: number; end: number };

/**
 * Finds every target of Antrea, and those that share a job with one. A question that fails leaves what the others tell.
 * @throws GatherError where the failures leave nothing
 */
export async function findTargets(
  asked: Source,
  period: Period,
  targetSettings: TargetSettings,
): Promise<Target[]> {
  const failures: string[] = [];
  const targets = await searchTargets(tolerating(asked, failures), period, targetSettings);
  const [first] = failures;
  if (targets.length > 0 || first === undefined) return targets;
  throw new GatherError(
    `${asked.kind === 'capture' ? 'the capture' : 'Prometheus'} answered none of the queries that find Antrea; the first failure: ${first}`,
  );
}

async function searchTargets(
  source: Source,
  period: Period,
  targetSettings: TargetSettings,
): Promise<Target[]> {
  const marked = await findMarked(source, period, targetSettings);
  const jobs = new Set(marked.map(({ labels }) => labels['job'] ?? ''));
  for (const component of COMPONENTS)
    for (const job of targetSettings.jobs[component] ?? [SAMPLE_JOBS[component]]) jobs.add(job);
  const seconds = period.end - period.start;
  const parts = COMPONENTS.map((component) => {
    const among = [...matchersIn(targetSettings, component), oneOf('job', [...jobs])];
    return `max_over_time(up{${matcherText(among)}}[${seconds}s])`;
  });
  const ups = await source.instant([...new Set(parts)].join(' or '), period.end);
  const answers = ups.samples.map((one) => ({ ...one, labels: withoutName(one.labels) }));
  const joined = [...joinTargets(marked, answers, targetSettings)];
  const unmarked = await findUnmarked(source, period, joined, targetSettings);
  const targets =
    unmarked.length === 0 ? joined : [...joinTargets([...marked, ...unmarked], answers, targetSettings)];
  const lacking = COMPONENTS.filter((one) => !targets.some(({ component }) => component === one));
  if (lacking.length === 0 || targets.length === 0) return targets;
  const named = await findNamed(source, period, targetSettings, targets, lacking);
  return [...targets, ...named];
}

type Marked = { component: Component; labels: Labels; isPartial?: true };

async function findMarked(source: Source, period: Period, targetSettings: TargetSettings): Promise<Marked[]> {
  const seconds = period.end - period.start;
  const parts = COMPONENTS.map((component) => {
    const matchers = matcherText(matchersOf(component, targetSettings));
    const count = `count_over_time(${MARKERS[component]}{${matchers}}[${seconds}s])`;
    return `label_replace(${count}, "${MARKER_LABEL}", "${component}", "", "")`;
  });
  const { samples } = await source.instant(parts.join(' or '), period.end);
  const found = samples.flatMap(({ labels: { [MARKER_LABEL]: component, ...labels } }) =>
    isComponent(component) ? [{ component, labels: withoutName(labels) }] : [],
  );
  const lacking = COMPONENTS.filter((one) => !found.some(({ component }) => component === one));
  const broad = await Promise.all(
    lacking.map((component) => findByAnyMetric(source, period, component, targetSettings)),
  );
  return [...found, ...broad.flat()];
}

/** VictoriaMetrics keeps an empty name where Prometheus has none. */
function withoutName({ __name__: _, ...labels }: Labels): Labels {
  return labels;
}

/** Where a rule of the scrape configuration drops the marker, another metric of the component may be kept. */
async function findByAnyMetric(
  source: Source,
  { start, end }: Period,
  component: Component,
  targetSettings: TargetSettings,
): Promise<Marked[]> {
  const matchers = matcherText([
    { label: '__name__', operator: '=~', value: `${METRIC_PREFIXES[component]}.+` },
    ...matchersOf(component, targetSettings),
  ]);
  const grid: Grid = planGrid(start, end, Math.ceil((end - start) / BROAD_POINTS));
  const query = `count without (${METRIC_LABELS}) ({${matchers}})`;
  const { series } = await source.range(query, grid);
  return series.map(({ labels }) => ({ component, labels: withoutName(labels) }));
}

/** Where only some jobs drop the marker: other metrics of targets that are called as Antrea's and answer without it. */
async function findUnmarked(
  source: Source,
  period: Period,
  targets: readonly Target[],
  targetSettings: TargetSettings,
): Promise<Marked[]> {
  const doubtful = targets.filter(({ component, answered }) => component === null && answered);
  const named = Map.groupBy(doubtful, ({ labels }) => componentByName(labels, targetSettings));
  const found = await Promise.all(
    COMPONENTS.map(async (component) => {
      const own = named.get(component) ?? [];
      if (own.length === 0) return [];
      const keys = new Set(own.map(({ labels }) => labelKey(labels)));
      return (await findByAnyMetric(source, period, component, targetSettings))
        .filter(({ labels }) => keys.has(labelKey(labels)))
        .map((one): Marked => ({ ...one, isPartial: true }));
    }),
  );
  return found.flat();
}

function matchersOf(component: Component, targetSettings: TargetSettings): Matcher[] {
  const own = targetSettings.jobs[component];
  const matchers = matchersIn(targetSettings, component);
  return own === undefined ? matchers : [...matchers, oneOf('job', own)];
}

/** The labels that the user says the series have. */
export function matchersIn({ matchers }: TargetSettings, whose: Component | 'others'): Matcher[] {
  return Object.entries(matchers[whose]).map(([label, value]) => ({ label, operator: '=', value }));
}

function isComponent(text: string | undefined): text is Component {
  return COMPONENTS.some((component) => component === text);
}

/** Each target once: what `up` knows, with the component of the metrics that have the same labels. */
function* joinTargets(
  marked: readonly Marked[],
  ups: readonly Sample[],
  targetSettings: TargetSettings,
): Generator<Target> {
  const byKey = Map.groupBy(marked, ({ labels }) => labelKey(labels));
  const exact = new Set(ups.map(({ labels }) => labelKey(labels)));
  const inexact = marked.filter(({ labels }) => !exact.has(labelKey(labels)));
  const byPlace = Map.groupBy(inexact, ({ labels }) => placeOf(labels));
  const seen = new Set<Marked>();
  const known = new Set(marked.map(({ component }) => component));
  for (const { labels, value } of ups) {
    const same =
      byKey.get(labelKey(labels)) ?? byPlace.get(placeOf(labels))?.filter((one) => agree(one.labels, labels));
    for (const one of same ?? []) seen.add(one);
    const [first] = same ?? [];
    const answered = value > 0;
    if (first) {
      const shared = common(first.labels, labels);
      yield { ...first, labels: shared, foundBy: 'metrics', answered };
      continue;
    }
    const named = componentByName(labels, targetSettings);
    // Where metrics tell who is who, a target that answers without them is something else.
    const isMeant = named !== null && (!answered || !known.has(named));
    yield { component: isMeant ? named : null, labels, foundBy: 'names', answered };
  }
  for (const one of marked)
    if (!seen.has(one)) yield { ...one, foundBy: 'metrics', answered: true, lacksUp: true };
}

function placeOf(labels: Labels): string {
  return JSON.stringify([labels['job'], labels['instance']]);
}

/**
 * Whether two sets of labels can be one target's: some servers add labels to metrics that `up` does not have. But what
 * a federated Prometheus exposes is not what it is.
 */
function agree(one: Labels, other: Labels): boolean {
  if (one['exported_instance'] !== other['exported_instance']) return false;
  return Object.entries(one).every(([name, value]) => other[name] === undefined || other[name] === value);
}

function common(one: Labels, other: Labels): Labels {
  return Object.fromEntries(Object.entries(one).filter(([name, value]) => other[name] === value));
}

/** What Antrea's manifests call Pods and containers, and their label `component` (build/charts/antrea/templates). */
function componentByName(labels: Labels, { jobs }: Pick<TargetSettings, 'jobs'>): Component | null {
  const { job = '', pod = '', container, component, instance = '' } = labels;
  const isOwnJob = (one: Component) =>
    COMPONENTS.every((each) => (jobs[each] ?? [SAMPLE_JOBS[each]]).includes(job) === (each === one));
  const found = COMPONENTS.find(
    (one) =>
      isOwnJob(one) ||
      container === WORKLOADS[one] ||
      component === WORKLOADS[one] ||
      pod.startsWith(`${WORKLOADS[one]}-`) ||
      instance.includes(`;${WORKLOADS[one]}-`),
  );
  return found ?? null;
}

/** Targets that Antrea's names tell, of jobs that no metric led to: those of a component that has no metrics at all. */
async function findNamed(
  source: Source,
  period: Period,
  targetSettings: TargetSettings,
  known: readonly Target[],
  lacking: readonly Component[],
): Promise<Target[]> {
  const seconds = period.end - period.start;
  const conditions: Matcher[] = [
    { label: 'pod', operator: '=~', value: `${WORKLOAD_PATTERN}-.+` },
    { label: 'container', operator: '=~', value: WORKLOAD_PATTERN },
  ];
  const parts = COMPONENTS.flatMap((component) =>
    conditions.map(
      (one) =>
        `max_over_time(up{${matcherText([...matchersIn(targetSettings, component), one])}}[${seconds}s])`,
    ),
  );
  const { samples } = await source.instant([...new Set(parts)].join(' or '), period.end);
  const keys = new Set(known.map(({ labels }) => labelKey(labels)));
  return samples
    .map((one) => ({ ...one, labels: withoutName(one.labels) }))
    .filter(({ labels }) => !keys.has(labelKey(labels)))
    .map(({ labels, value }) => {
      const named = componentByName(labels, targetSettings);
      // One of a component that metrics tell would have these metrics.
      const component = named !== null && lacking.includes(named) ? named : null;
      return { component, labels, foundBy: 'names', answered: value > 0 };
    });
}

/** How often each target was scraped in each look-back of the probe. */
export function scrapesByTarget(
  probe: readonly Series[],
  targets: readonly Target[],
): Map<Target, Series['values']> {
  return new Map([...assignTo(targets, probe)].map(([target, { values }]) => [target, values]));
}

/** One number for each target, where there is one. */
export function valuesByTarget(samples: readonly Sample[], targets: readonly Target[]): Map<Target, number> {
  return new Map([...assignTo(targets, samples)].map(([target, { value }]) => [target, value]));
}

/** What speaks of each target: series whose labels are the same, or agree where one has more than the other. */
function assignTo<T extends { labels: Labels }>(
  targets: readonly Target[],
  series: readonly T[],
): Map<Target, T> {
  const byKey = new Map(series.map((one) => [labelKey(one.labels), one]));
  const byPlace = Map.groupBy(series, ({ labels }) => placeOf(labels));
  return new Map(
    targets.flatMap((target) => {
      const found =
        byKey.get(labelKey(target.labels)) ??
        byPlace.get(placeOf(target.labels))?.find(({ labels }) => agree(target.labels, labels));
      return found ? [[target, found]] : [];
    }),
  );
}
