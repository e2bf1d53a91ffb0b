import type { Metric } from '../model/metric.ts';
import type { Grid, MetricData, Sample } from '../model/series.ts';
import { overBoth, type Selection } from '../promql/placeholders.ts';
import { rise } from '../promql/shapes.ts';
import type { Ask } from './ask.ts';
import { storedNames } from './forms.ts';
import { planGrid } from './plan.ts';
import type { Source } from './source.ts';

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

const STATISTICS = { low: 'min', high: 'max', sum: 'sum' } as const;

type Levels = { [Name in keyof typeof STATISTICS]?: number };

/**
 * What the metrics of the catalog said in the period: gauges at its end, counters and histograms over all of it.
 * @param present the result of `findMetricNames`
 */
export async function gatherMetrics(
  source: Source,
  metrics: readonly Metric[],
  present: ReadonlyMap<string, number>,
  { selection, forms }: Pick<Ask, 'selection' | 'forms'>,
  period: { start: number; end: number },
): Promise<MetricData[]> {
  const found = metrics.flatMap((metric) => {
    const stored = namesOf(metric).find((name) => (present.get(name) ?? 0) > 0);
    return stored === undefined ? [] : [{ metric, stored, series: present.get(stored) ?? 0 }];
  });
  const gauges = found.filter(({ metric }) => metric.type === 'gauge').map(({ stored }) => stored);
  const levels = await levelsOf(source, gauges, selection, period.end);
  const seconds = period.end - period.start;
  const total = async (expression: (matchers: string) => string) => {
    const query = `sum(${overBoth(selection, expression)})`;
    return (await source.instant(query, period.end)).samples[0]?.value;
  };
  return Promise.all(
    found.map(async ({ metric, stored, series }): Promise<MetricData> => {
      const plain = metric.type === 'histogram' ? stored.replace(/_count$/, '') : stored;
      const former = plain.replace(/_total$/, '') === metric.name ? metric.name : plain;
      const base = { name: metric.name, ...(former === metric.name ? {} : { exposedAs: plain }), series };
      if (metric.type === 'gauge') return { ...base, ...levels.get(stored) };
      if (metric.type === 'counter')
        return {
          ...base,
          ...defined({ increase: await total((matchers) => riseWithin(stored, matchers, seconds)) }),
        };
      const part = (name: 'count' | 'sum') =>
        total((matchers) =>
          forms.native.has(plain)
            ? `histogram_${name}(increase(${plain}{${matchers}}[${seconds}s]))`
            : `increase(${plain}_${name}{${matchers}}[${seconds}s])`,
        );
      const [observations, sum] = await Promise.all([part('count'), part('sum')]);
      const mean = observations && sum !== undefined ? sum / observations : undefined;
      return { ...base, ...defined({ observations, mean }) };
    }),
  );
}

/** The look-back for the sample before a period; Prometheus itself takes a series for gone after five minutes. */
const BEFORE_SECONDS = 300;

function riseWithin(name: string, matchers: string, seconds: number): string {
  return rise(name, matchers, '$period')
    .replaceAll('$period', `${seconds}s`)
    .replaceAll('$window', `${BEFORE_SECONDS}s`);
}

/** Lowest, highest and sum of each gauge over all its series, in one question. */
async function levelsOf(
  source: Source,
  gauges: readonly string[],
  selection: Selection,
  end: number,
): Promise<Map<string, Levels>> {
  if (gauges.length === 0) return new Map();
  const all = overBoth(selection, (matchers) => `{__name__=~"${gauges.join('|')}",${matchers}}`);
  const parts = Object.entries(STATISTICS).map(
    ([name, operator]) => `label_replace(${operator} by (__name__) (${all}), "statistic", "${name}", "", "")`,
  );
  const { samples } = await source.instant(parts.join(' or '), end);
  const byName = Map.groupBy(samples, ({ labels }) => labels['__name__'] ?? '');
  return new Map([...byName].map(([name, own]) => [name, Object.fromEntries(own.map(statisticOf))]));
}

function statisticOf({ labels, value }: Sample): [string, number] {
  return [labels['statistic'] ?? '', value];
}

/** Leaves out what is undefined, so that the document says nothing rather than null. */
function defined<T extends Record<string, number | undefined>>(values: T): { [K in keyof T]?: number } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: number;
  };
}
