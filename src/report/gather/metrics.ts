import type { Metric } from '../model/metric.ts';
import type { Period } from '../model/period.ts';
import type { MetricData } from '../model/series.ts';
import { overBoth, type Selection } from '../promql/placeholders.ts';
import { rise } from '../promql/shapes.ts';
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
  const names = metrics.flatMap(allStoredNames).join('|');
  const buckets = metrics.filter(({ type }) => type === 'histogram').map(({ name }) => `${name}_bucket`);
  const count = (conditions: string) =>
    `count by (__name__) (${overBoth(selection, (matchers) => `{${conditions},${matchers}}`)})`;
  // Every classic histogram has a bucket +Inf. `or` ignores metric names, so another label has to make a difference.
  const bucketCounts = count(`__name__=~"${buckets.join('|')}",le="+Inf"`);
  const query = `${count(`__name__=~"${names}"`)} or label_replace(${bucketCounts}, "part", "buckets", "", "")`;
  const { series } = await source.range(query, grid);
  return new Map(
    series.map(({ labels, values }) => [
      labels['__name__'] ?? '',
      Math.max(0, ...values.filter((value) => value !== null)),
    ]),
  );
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
  const statistics = found.flatMap(({ metric, stored }) => listStatistics(metric, stored, seconds, forms));
  const values = await askStatistics(source, statistics, selection, period.end);
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

/** `total` is the sum of a histogram's observations. */
type StatisticName = 'low' | 'high' | 'sum' | 'increase' | 'observations' | 'total';

/** One number about a metric: an aggregate over the series of both components. */
type Statistic = {
  metric: string;
  name: StatisticName;
  aggregate: 'min' | 'max' | 'sum';
  expression: (matchers: string) => string;
};

function listStatistics(
  { name: metric, type }: Metric,
  stored: string,
  seconds: number,
  { native }: StoredForms,
): Statistic[] {
  if (type === 'gauge') {
    const expression = (matchers: string) => `${stored}{${matchers}}`;
    return [
      { metric, name: 'low', aggregate: 'min', expression },
      { metric, name: 'high', aggregate: 'max', expression },
      { metric, name: 'sum', aggregate: 'sum', expression },
    ];
  }
  if (type !== 'histogram') {
    const expression = (matchers: string) => rise(stored, matchers, `${seconds}s`);
    return [{ metric, name: 'increase', aggregate: 'sum', expression }];
  }
  const histogram = stored.replace(/_count$/, '');
  const increase = (suffix: 'count' | 'sum') => (matchers: string) =>
    native.has(histogram)
      ? `histogram_${suffix}(increase(${histogram}{${matchers}}[${seconds}s]))`
      : `increase(${histogram}_${suffix}{${matchers}}[${seconds}s])`;
  return [
    { metric, name: 'observations', aggregate: 'sum', expression: increase('count') },
    { metric, name: 'total', aggregate: 'sum', expression: increase('sum') },
  ];
}

/** Few enough for the query to fit into an address, since some servers accept only GET. */
const STATISTICS_PER_QUERY = 8;

/** Returns the statistics by metric name. Those without a value are left out. */
async function askStatistics(
  source: Source,
  statistics: readonly Statistic[],
  selection: Selection,
  time: number,
): Promise<Map<string, Partial<Record<StatisticName, number>>>> {
  const groups = Array.from({ length: Math.ceil(statistics.length / STATISTICS_PER_QUERY) }, (_, index) =>
    statistics.slice(index * STATISTICS_PER_QUERY, (index + 1) * STATISTICS_PER_QUERY),
  );
  const answers = await Promise.all(
    groups.map(async (group) => {
      const queries = group.map(({ metric, name, aggregate, expression }) => {
        const value = `${aggregate}(${overBoth(selection, expression)})`;
        return `label_replace(${value}, "part", "${metric} ${name}", "", "")`;
      });
      return (await source.instant(queries.join(' or '), time)).samples;
    }),
  );
  const values = new Map<string, Partial<Record<StatisticName, number>>>();
  for (const { labels, value } of answers.flat()) {
    const [metric = '', name = ''] = (labels['part'] ?? '').split(' ');
    values.set(metric, { ...values.get(metric), [name]: value });
  }
  return values;
}
