import type { MetricData } from '../model/gathered.ts';
import type { Metric } from '../model/metric.ts';
import type { Period } from '../model/period.ts';
import { knownValues, type Series } from '../model/series.ts';
import { overBoth, type Selection } from '../promql/placeholders.ts';
import { rise } from '../promql/shapes.ts';
import { isRefusedForSize, isTimeout } from './errors.ts';
import { planGrid } from './plan.ts';
import type { Querier } from './querier.ts';
import type { Source } from './source.ts';
import { type StoredForms, storedNames } from './stored-forms.ts';

/** At how many points of the period series are counted: no metric that existed for a while is missed. */
const PRESENCE_POINTS = 24;

/** All names under which the series of a metric may be stored, those of earlier Antrea releases included. */
function allStoredNames(metric: Metric): string[] {
  const names = [metric.name, ...(metric.formerNames ?? []).map((former) => former.name)];
  return names.flatMap((name) => storedNames({ name, type: metric.type }));
}

/** Returns the largest number of series in the period for each stored name of the metrics. */
export async function countSeriesByName(
  source: Source,
  metrics: readonly Metric[],
  selection: Selection,
  { start, end }: Period,
): Promise<Map<string, number>> {
  const grid = planGrid(start, end, Math.ceil((end - start) / PRESENCE_POINTS));
  const answers = await askInHalves(metrics, 0, (some) => source.range(countQuery(some, selection), grid));
  return new Map(
    answers
      .flatMap(({ series }) => series)
      .map(({ labels, values }) => [labels['__name__'] ?? '', countOf(values)]),
  );
}

/** Returns the largest count; a number that cannot be one becomes the nearest that can. */
function countOf(values: Series['values']): number {
  return Math.min(Number.MAX_SAFE_INTEGER, Math.round(Math.max(0, ...knownValues(values))));
}

function countQuery(metrics: readonly Metric[], selection: Selection): string {
  const names = metrics.flatMap(allStoredNames).join('|');
  const buckets = metrics.filter(({ type }) => type === 'histogram').map(({ name }) => `${name}_bucket`);
  const count = (conditions: string) =>
    `count by (__name__) (${overBoth(selection, (matchers) => `{${conditions},${matchers}}`)})`;
  const counts = count(`__name__=~"${names}"`);
  if (buckets.length === 0) return counts;
  // Every classic histogram has a bucket +Inf. `or` ignores metric names, so another label has to make a difference.
  const bucketCounts = count(`__name__=~"${buckets.join('|')}",le="+Inf"`);
  return `${counts} or label_replace(${bucketCounts}, "part", "buckets", "", "")`;
}

/**
 * Asks about a list, and about each half of it if the server refuses the query for its size, down to single items.
 * @param timeouts how often a half is asked after a time-out
 * @throws QueryError the refusal of a single item, or any other failure
 */
async function askInHalves<Item, T>(
  items: readonly Item[],
  timeouts: number,
  ask: (items: readonly Item[]) => Promise<T>,
): Promise<T[]> {
  try {
    return [await ask(items)];
  } catch (error) {
    const isLate = isTimeout(error);
    if (items.length <= 1 || !(isRefusedForSize(error) || (isLate && timeouts > 0))) throw error;
    const middle = Math.ceil(items.length / 2);
    const rest = isLate ? timeouts - 1 : timeouts;
    const first = await askInHalves(items.slice(0, middle), rest, ask);
    return [...first, ...(await askInHalves(items.slice(middle), rest, ask))];
  }
}

/**
 * Returns the values of the metrics that exist: of gauges at the end of the period, of counters and histograms over the
 * whole period.
 * @param seriesByName the result of `countSeriesByName`
 */
export async function gatherMetrics(
  source: Source,
  metrics: readonly Metric[],
  seriesByName: ReadonlyMap<string, number>,
  { selection, forms }: Pick<Querier, 'selection' | 'forms'>,
  period: Period,
): Promise<MetricData[]> {
  const found = metrics.flatMap((metric) => {
    const stored = allStoredNames(metric).find((name) => (seriesByName.get(name) ?? 0) > 0);
    return stored === undefined ? [] : [{ metric, stored }];
  });
  const seconds = period.end - period.start;
  const queries = found.flatMap(({ metric, stored }) =>
    statisticsOf(metric, stored, seconds, forms).map(([statistic, expression]) => {
      const value = `${AGGREGATIONS[statistic]}(${overBoth(selection, expression)})`;
      return `label_replace(${value}, "part", "${metric.name} ${statistic}", "", "")`;
    }),
  );
  const values = await askStatistics(source, queries, period.end);
  return found.map(({ metric, stored }) => {
    const plain = metric.type === 'histogram' ? stored.replace(/_count$/, '') : stored;
    const isFormerName = ![metric.name, `${metric.name}_total`].includes(plain);
    const { total, ...rest } = values.get(metric.name) ?? {};
    const { observations = 0 } = rest;
    return {
      name: metric.name,
      ...(isFormerName ? { exposedAs: plain } : {}),
      series: seriesByName.get(stored) ?? 0,
      ...rest,
      ...(total !== undefined && observations > 0 ? { mean: total / observations } : {}),
    };
  });
}

/** How each statistic combines the series of both components. `total` is the sum of a histogram's observations. */
const AGGREGATIONS = {
  low: 'min',
  high: 'max',
  sum: 'sum',
  increase: 'sum',
  observations: 'sum',
  total: 'sum',
} as const;
type Statistic = keyof typeof AGGREGATIONS;

/** Returns the statistics of a metric, each with its expression for one selector. */
function statisticsOf(
  { type }: Metric,
  stored: string,
  seconds: number,
  { native }: StoredForms,
): [Statistic, (matchers: string) => string][] {
  if (type === 'gauge')
    return (['low', 'high', 'sum'] as const).map((name) => [name, (matchers) => `${stored}{${matchers}}`]);
  if (type !== 'histogram') return [['increase', (matchers) => rise(stored, matchers, `${seconds}s`)]];
  const histogram = stored.replace(/_count$/, '');
  const increase = (suffix: 'count' | 'sum') => (matchers: string) =>
    native.has(histogram)
      ? `histogram_${suffix}(increase(${histogram}{${matchers}}[${seconds}s]))`
      : `increase(${histogram}_${suffix}{${matchers}}[${seconds}s])`;
  return [
    ['observations', increase('count')],
    ['total', increase('sum')],
  ];
}

/** Few enough for a query to fit into an address, since some servers accept only GET. */
const STATISTICS_PER_QUERY = 8;

/** One time-out is worth halves of a query. A second one means that the server is too slow for them. */
const STATISTICS_TIMEOUTS = 1;

/** Returns the statistics by metric name. Those without a value are left out. */
async function askStatistics(
  source: Source,
  queries: readonly string[],
  time: number,
): Promise<Map<string, Partial<Record<Statistic, number>>>> {
  const groups = Array.from({ length: Math.ceil(queries.length / STATISTICS_PER_QUERY) }, (_, index) =>
    queries.slice(index * STATISTICS_PER_QUERY, (index + 1) * STATISTICS_PER_QUERY),
  );
  const answers = await Promise.all(
    groups.map((group) =>
      askInHalves(group, STATISTICS_TIMEOUTS, (some) => source.instant(some.join(' or '), time)),
    ),
  );
  const values = new Map<string, Partial<Record<Statistic, number>>>();
  for (const { labels, value } of answers.flat().flatMap(({ samples }) => samples)) {
    const [metric = '', statistic = ''] = (labels['part'] ?? '').split(' ');
    values.set(metric, { ...values.get(metric), [statistic]: value });
  }
  return values;
}
