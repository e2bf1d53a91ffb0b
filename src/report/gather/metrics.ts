import type { Metric } from '../model/metric.ts';
import type { Grid, MetricData } from '../model/series.ts';
import { overBoth, type Selection } from '../promql/placeholders.ts';
import { rise } from '../promql/shapes.ts';
import { planGrid } from './plan.ts';
import type { Querier } from './querier.ts';
import type { Source } from './source.ts';
import { type StoredForms, storedNames } from './stored-forms.ts';

/** How often within the period it is looked whether a metric is there: enough to miss none that stayed a while. */
const PRESENCE_POINTS = 24;

/** Under which names the series of a metric may be found: also those of earlier releases. */
function namesOf(metric: Metric): string[] {
  const names = [metric.name, ...(metric.formerNames ?? []).map((former) => former.name)];
  return names.flatMap((name) => storedNames({ name, type: metric.type }));
}

/** How many series each name of the catalog's metrics had, at the most, in the period. */
export async function findMetricNames(
  source: Source,
  metrics: readonly Metric[],
  selection: Selection,
  { start, end }: { start: number; end: number },
): Promise<Map<string, number>> {
  const grid: Grid = planGrid(start, end, Math.ceil((end - start) / PRESENCE_POINTS));
  const names = metrics.flatMap(namesOf).join('|');
  const buckets = metrics.filter(({ type }) => type === 'histogram').map(({ name }) => `${name}_bucket`);
  const counted = (conditions: string) =>
    `count by (__name__) (${overBoth(selection, (matchers) => `{${conditions},${matchers}}`)})`;
  // Every classic histogram has a bucket without an upper bound. `or` takes no account of names, hence another label.
  const ofBuckets = counted(`__name__=~"${buckets.join('|')}",le="+Inf"`);
  const query = `${counted(`__name__=~"${names}"`)} or label_replace(${ofBuckets}, "part", "buckets", "", "")`;
  const { series } = await source.range(query, grid);
  return new Map(
    series.map(({ labels, values }) => [
      labels['__name__'] ?? '',
      Math.max(0, ...values.filter((value) => value !== null)),
    ]),
  );
}

/**
 * What the metrics of the catalog said in the period: gauges at its end, counters and histograms over all of it.
 * @param present the result of `findMetricNames`
 */
export async function gatherMetrics(
  source: Source,
  metrics: readonly Metric[],
  present: ReadonlyMap<string, number>,
  { selection, forms }: Pick<Querier, 'selection' | 'forms'>,
  period: { start: number; end: number },
): Promise<MetricData[]> {
  const found = metrics.flatMap((metric) => {
    const stored = namesOf(metric).find((name) => (present.get(name) ?? 0) > 0);
    return stored === undefined ? [] : [{ metric, stored }];
  });
  const seconds = period.end - period.start;
  const parts = found.flatMap(({ metric, stored }) => partsOf(metric, stored, seconds, forms));
  const values = await askTogether(source, parts, selection, period.end);
  return found.map(({ metric, stored }) => {
    const plain = metric.type === 'histogram' ? stored.replace(/_count$/, '') : stored;
    const former = plain.replace(/_total$/, '') === metric.name ? metric.name : plain;
    const { total, ...rest } = values.get(metric.name) ?? {};
    const isSeen = total !== undefined && (rest.observations ?? 0) > 0;
    return {
      name: metric.name,
      ...(former === metric.name ? {} : { exposedAs: plain }),
      series: present.get(stored) ?? 0,
      ...rest,
      ...(isSeen ? { mean: total / (rest.observations ?? 1) } : {}),
    };
  });
}

/** The statistics of a metric; `total` is the sum of a histogram's observations. */
type Statistic = 'low' | 'high' | 'sum' | 'increase' | 'observations' | 'total';
type Values = { [Name in Statistic]?: number };

/** One number: an aggregate over the series of both components. */
type Part = {
  metric: string;
  statistic: Statistic;
  aggregate: 'min' | 'max' | 'sum';
  expression: (matchers: string) => string;
};

function partsOf({ name, type }: Metric, stored: string, seconds: number, { native }: StoredForms): Part[] {
  const part = (
    statistic: Statistic,
    expression: Part['expression'],
    aggregate: Part['aggregate'] = 'sum',
  ): Part => ({ metric: name, statistic, aggregate, expression });
  if (type === 'gauge') {
    const level = (matchers: string) => `${stored}{${matchers}}`;
    return [part('low', level, 'min'), part('high', level, 'max'), part('sum', level)];
  }
  if (type !== 'histogram') return [part('increase', (matchers) => rise(stored, matchers, `${seconds}s`))];
  const plain = stored.replace(/_count$/, '');
  const increase = (suffix: 'count' | 'sum') => (matchers: string) =>
    native.has(plain)
      ? `histogram_${suffix}(increase(${plain}{${matchers}}[${seconds}s]))`
      : `increase(${plain}_${suffix}{${matchers}}[${seconds}s])`;
  return [part('observations', increase('count')), part('total', increase('sum'))];
}

/** Parts of one question: few enough that it fits into an address, where a server takes no other. */
const PARTS_TOGETHER = 8;

async function askTogether(
  source: Source,
  parts: readonly Part[],
  selection: Selection,
  end: number,
): Promise<Map<string, Values>> {
  const groups = Array.from({ length: Math.ceil(parts.length / PARTS_TOGETHER) }, (_, index) =>
    parts.slice(index * PARTS_TOGETHER, (index + 1) * PARTS_TOGETHER),
  );
  const answers = await Promise.all(
    groups.map(async (group) => {
      const queries = group.map(({ metric, statistic, aggregate, expression }) => {
        const value = `${aggregate}(${overBoth(selection, expression)})`;
        return `label_replace(${value}, "part", "${metric} ${statistic}", "", "")`;
      });
      return (await source.instant(queries.join(' or '), end)).samples;
    }),
  );
  const found = new Map<string, Values>();
  for (const { labels, value } of answers.flat()) {
    const [metric = '', statistic = ''] = (labels['part'] ?? '').split(' ');
    found.set(metric, { ...found.get(metric), [statistic]: value });
  }
  return found;
}
