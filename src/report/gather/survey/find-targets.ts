import { COMPONENTS, type Component } from '../../model/indicator.ts';
import { MARKERS, METRIC_LABELS, METRIC_PREFIXES, WORKLOAD_PATTERN } from '../../model/product.ts';
import { labelKey } from '../../model/series.ts';
import { type Matcher, matcherText, oneOf } from '../../promql/placeholders.ts';
import { union } from '../../promql/shapes.ts';
import { attempt } from '../attempt.ts';
import { MOST_TARGETS } from '../bounds.ts';
import { GatherError } from '../errors.ts';
import { planGrid } from '../plan.ts';
import { SOURCE_NAMES, type Source } from '../source.ts';
import { emptyOnFailure } from '../source-decorators.ts';
import { componentByName, type FoundByMetrics, joinTargets } from './join-targets.ts';
import {
  COMPONENT_LABEL,
  componentMatchers,
  expectedJobs,
  type Labels,
  requiredMatchers,
  type SurveyOptions,
  splitComponent,
  type Target,
} from './targets.ts';

/** At how many points of the period all metrics of a component are queried, which returns many series. */
const ANY_METRIC_POINTS = 48;

/**
 * Finds the targets of Antrea, and the other targets of their jobs. Targets are recognized by metrics that only Antrea
 * exposes, or else by the names that Antrea's manifests give.
 * @throws GatherError if the server does not answer, or if queries failed and the others found nothing
 */
export async function findTargets(source: Source, options: SurveyOptions): Promise<Target[]> {
  const failures: string[] = [];
  const answer = await attempt(() => searchTargets(emptyOnFailure(source, failures), options));
  if (!answer.ok) throw new GatherError(answer.reason);
  const [failure] = failures;
  if (answer.value.length === 0 && failure !== undefined)
    throw new GatherError(
      `${SOURCE_NAMES[source.kind]} answered none of the queries that find Antrea; the first failure: ${failure}`,
    );
  return answer.value;
}

/** @throws GatherError if there are so many targets that something else is meant than one cluster */
function checkNumber(targets: readonly unknown[], source: Source): void {
  if (targets.length <= MOST_TARGETS) return;
  throw new GatherError(
    `${SOURCE_NAMES[source.kind]} has ${targets.length} targets of Antrea in this period, and a report can have ${MOST_TARGETS}; choose a shorter period, or select one cluster with prometheus.matchers`,
  );
}

async function searchTargets(source: Source, options: SurveyOptions): Promise<Target[]> {
  const { targetSettings } = options;
  const byMetrics = await findByMarkers(source, options);
  checkNumber(byMetrics, source);
  const jobs = new Set([
    ...byMetrics.map(({ labels }) => labels['job'] ?? ''),
    ...COMPONENTS.flatMap((component) => expectedJobs(component, targetSettings)),
  ]);
  const ups = await askUps(
    source,
    options,
    COMPONENTS.map((component) => [...requiredMatchers(targetSettings, component), oneOf('job', [...jobs])]),
  );
  checkNumber(ups, source);
  const joined = joinTargets(byMetrics, ups, targetSettings);
  const unmarked = await findUnmarked(source, joined, options);
  const targets =
    unmarked.length === 0 ? joined : joinTargets([...byMetrics, ...unmarked], ups, targetSettings);
  const missing = missingComponents(targets);
  if (missing.length === 0 || targets.length === 0) return targets;
  return [...targets, ...(await findByNames(source, targets, missing, options))];
}

/** Returns the series `up` that existed in the period: 1 if any scrape succeeded, else 0. */
async function askUps(
  source: Source,
  { period: { start, end } }: SurveyOptions,
  selectors: readonly (readonly Matcher[])[],
) {
  const parts = selectors.map((matchers) => `max_over_time(up{${matcherText(matchers)}}[${end - start}s])`);
  const { samples } = await source.instant(union(parts), end);
  return samples.map((sample) => ({ ...sample, labels: withoutName(sample.labels) }));
}

/** Finds targets by their marker; those of a component without any marker, by all of its metrics. */
async function findByMarkers(source: Source, options: SurveyOptions): Promise<FoundByMetrics[]> {
  const { period, targetSettings } = options;
  const parts = COMPONENTS.map((component) => {
    const matchers = matcherText(componentMatchers(component, targetSettings));
    const count = `count_over_time(${MARKERS[component]}{${matchers}}[${period.end - period.start}s])`;
    return `label_replace(${count}, "${COMPONENT_LABEL}", "${component}", "", "")`;
  });
  const { samples } = await source.instant(parts.join(' or '), period.end);
  const found = samples.flatMap((sample) => splitComponent(withoutName(sample.labels)) ?? []);
  const missing = missingComponents(found);
  const others = await Promise.all(missing.map((component) => findByAnyMetric(source, component, options)));
  return [...found, ...others.flat()];
}

function missingComponents(found: readonly Pick<Target, 'component'>[]): Component[] {
  return COMPONENTS.filter((component) => !found.some((target) => target.component === component));
}

/** VictoriaMetrics keeps an empty `__name__`, while Prometheus has no such label. */
function withoutName({ __name__: _, ...labels }: Labels): Labels {
  return labels;
}

/** The scrape configuration may drop the marker and keep other metrics of the component. */
async function findByAnyMetric(
  source: Source,
  component: Component,
  { period: { start, end }, targetSettings }: SurveyOptions,
): Promise<FoundByMetrics[]> {
  const matchers = matcherText([
    { label: '__name__', operator: '=~', value: `${METRIC_PREFIXES[component]}.+` },
    ...componentMatchers(component, targetSettings),
  ]);
  const grid = planGrid(start, end, Math.ceil((end - start) / ANY_METRIC_POINTS));
  const { series } = await source.range(`count without (${METRIC_LABELS}) ({${matchers}})`, grid);
  return series.map(({ labels }) => ({ component, labels: withoutName(labels) }));
}

/** If only some jobs drop the marker: finds targets that have Antrea's names and answered, by their other metrics. */
async function findUnmarked(
  source: Source,
  targets: readonly Target[],
  options: SurveyOptions,
): Promise<FoundByMetrics[]> {
  const unknown = targets.filter(({ component, answered }) => component === null && answered);
  const byName = Map.groupBy(unknown, ({ labels }) => componentByName(labels, options.targetSettings));
  const found = await Promise.all(
    COMPONENTS.map(async (component) => {
      const candidates = byName.get(component) ?? [];
      if (candidates.length === 0) return [];
      const keys = new Set(candidates.map(({ labels }) => labelKey(labels)));
      return (await findByAnyMetric(source, component, options))
        .filter(({ labels }) => keys.has(labelKey(labels)))
        .map((target): FoundByMetrics => ({ ...target, isPartial: true }));
    }),
  );
  return found.flat();
}

/**
 * Finds targets with Antrea's names in jobs that have no metric of Antrea.
 * @param missing the components without any metrics, the only ones that are recognized by name
 */
async function findByNames(
  source: Source,
  known: readonly Target[],
  missing: readonly Component[],
  options: SurveyOptions,
): Promise<Target[]> {
  const { targetSettings } = options;
  const conditions: Matcher[] = [
    { label: 'pod', operator: '=~', value: `${WORKLOAD_PATTERN}-.+` },
    { label: 'container', operator: '=~', value: WORKLOAD_PATTERN },
  ];
  const ups = await askUps(
    source,
    options,
    COMPONENTS.flatMap((component) =>
      conditions.map((condition) => [...requiredMatchers(targetSettings, component), condition]),
    ),
  );
  const keys = new Set(known.map(({ labels }) => labelKey(labels)));
  return ups
    .filter(({ labels }) => !keys.has(labelKey(labels)))
    .map(({ labels, value }) => {
      const named = componentByName(labels, targetSettings);
      const component = named !== null && missing.includes(named) ? named : null;
      return { component, labels, foundBy: 'names', answered: value > 0 };
    });
}
