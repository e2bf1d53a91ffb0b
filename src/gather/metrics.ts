import type { Metric } from '../model/metric.ts';
import type { Grid, MetricData, Sample } from '../model/series.ts';
import { matchersOf, type Selection } from './promql.ts';
import type { Source } from './source.ts';

/** How often within the period it is looked whether a metric is there: enough to miss none that stayed a while. */
const PRESENCE_POINTS = 24;

/** The names on /metrics that show a metric's presence: a histogram has no series of its own name. */
function exposedNames(metric: Metric): string[] {
  const names = [metric.name, ...(metric.formerNames ?? []).map((former) => former.name)];
  return metric.type === 'histogram' ? names.map((name) => `${name}_count`) : names;
}

/**
 * Which metrics of the catalog were there in the period, and what they said: gauges at its end, counters and
 * histograms over all of it.
 */
export async function gatherMetrics(
  source: Source,
  metrics: readonly Metric[],
  selection: Selection,
  period: { start: number; end: number },
): Promise<MetricData[]> {
  const matchers = matchersOf(['agent', 'controller'], selection);
  const seconds = period.end - period.start;
  const named = (names: string[]) => `{__name__=~"${names.join('|')}",${matchers}}`;

  const stepSeconds = Math.ceil(seconds / PRESENCE_POINTS);
  const count = Math.ceil(seconds / stepSeconds);
  const grid: Grid = { start: period.end - count * stepSeconds, stepSeconds, count };
  const presence = await source.range(`count by (__name__) (${named(metrics.flatMap(exposedNames))})`, grid);
  const seriesByName = new Map(
    presence.series.map(({ labels, values }) => [
      labels['__name__'] ?? '',
      Math.max(0, ...values.filter((value) => value !== null)),
    ]),
  );
  const present = metrics.flatMap((metric) => {
    const exposed = exposedNames(metric).find((name) => (seriesByName.get(name) ?? 0) > 0);
    return exposed === undefined ? [] : [{ metric, exposed, series: seriesByName.get(exposed) ?? 0 }];
  });

  const gauges = present.filter(({ metric }) => metric.type === 'gauge').map(({ exposed }) => exposed);
  const levelsBy = async (aggregate: string) =>
    gauges.length === 0
      ? new Map<string, number>()
      : byName((await source.instant(`${aggregate} by (__name__) (${named(gauges)})`, period.end)).samples);
  const riseOf = async (name: string) =>
    (await source.instant(`sum(increase(${name}{${matchers}}[${seconds}s]))`, period.end)).samples[0]?.value;

  const [low, high, sum] = await Promise.all([levelsBy('min'), levelsBy('max'), levelsBy('sum')]);
  return Promise.all(
    present.map(async ({ metric, exposed, series }): Promise<MetricData> => {
      const plain = metric.type === 'histogram' ? exposed.replace(/_count$/, '') : exposed;
      const named = { name: metric.name, ...(plain === metric.name ? {} : { exposedAs: plain }) };
      if (metric.type === 'gauge')
        return {
          ...named,
          series,
          ...defined({ low: low.get(exposed), high: high.get(exposed), sum: sum.get(exposed) }),
        };
      const rise = await riseOf(exposed);
      if (metric.type !== 'histogram') return { ...named, series, ...defined({ increase: rise }) };
      const total = await riseOf(exposed.replace(/_count$/, '_sum'));
      return {
        ...named,
        series,
        ...defined({
          observations: rise,
          mean: rise && total !== undefined ? total / rise : undefined,
        }),
      };
    }),
  );
}

function byName(samples: readonly Sample[]): Map<string, number> {
  return new Map(samples.map(({ labels, value }) => [labels['__name__'] ?? '', value]));
}

/** Leaves out what is undefined, so that the document says nothing rather than null. */
function defined<T extends Record<string, number | undefined>>(values: T): { [K in keyof T]?: number } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: number;
  };
}
