import type { Indicator } from '../model/indicator.ts';
import type { Grid, IndicatorData, PeriodData, TargetData, Windows } from '../model/series.ts';
import { attempt } from './attempt.ts';
import { matchersOf, type Selection, substitute } from './promql.ts';
import type { Source } from './source.ts';

export type PeriodRequest = {
  /** Unix seconds. */
  period: { start: number; end: number };
  grid: Grid;
  windows: Windows;
  selection: Selection;
  /** Called after each answer. */
  onAnswer(): void;
};

/** The durations that placeholders stand for at the points of a grid. */
export function durationsOf({ period, grid, windows }: Pick<PeriodRequest, 'period' | 'grid' | 'windows'>) {
  return {
    window: windows.rateSeconds,
    span: windows.spanSeconds,
    interval: windows.scrapeIntervalSeconds,
    step: grid.stepSeconds,
    period: period.end - period.start,
  };
}

/** Everything that is judged of one period. One question's failure is kept as its answer's reason. */
export async function gatherPeriod(
  source: Source,
  indicators: readonly Indicator[],
  request: PeriodRequest,
): Promise<PeriodData> {
  const { period, grid, windows } = request;
  const [targets, answers] = await Promise.all([
    gatherTargets(source, request).finally(request.onAnswer),
    gatherIndicators(source, indicators, request),
  ]);
  return { period, grid, windows, indicators: answers, targets };
}

export async function gatherIndicators(
  source: Source,
  indicators: readonly Indicator[],
  request: PeriodRequest,
): Promise<PeriodData['indicators']> {
  const durations = durationsOf(request);
  const fill = (template: string) => substitute(template, request.selection, durations);
  const answers = indicators.map(async (indicator) => {
    const data = await gatherIndicator(source, indicator, request, fill).finally(request.onAnswer);
    return [indicator.id, data] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

async function gatherIndicator(
  source: Source,
  indicator: Indicator,
  { grid, period }: PeriodRequest,
  fill: (template: string) => string,
): Promise<IndicatorData> {
  const query = fill(indicator.query);
  const totalQuery = indicator.totalQuery === undefined ? undefined : fill(indicator.totalQuery);
  const answer = await attempt(async () => {
    const [range, totals] = await Promise.all([
      source.range(query, grid),
      totalQuery === undefined ? undefined : source.instant(totalQuery, period.end),
    ]);
    return { series: range.series, totals: totals?.samples ?? [] };
  });
  return { query, ...(totalQuery === undefined ? {} : { totalQuery }), answer };
}

/** What is known of the scrapes; how many agents there should be is asked for elsewhere. */
export function gatherTargets(
  source: Source,
  { grid, windows, selection }: PeriodRequest,
): Promise<PeriodData['targets']> {
  const matchers = matchersOf(['agent', 'controller'], selection);
  const span = `[${windows.spanSeconds}s]`;
  const by = `(job, instance, ${selection.nodeLabel})`;
  return attempt(async (): Promise<TargetData> => {
    const [attempts, successes, startTimes] = await Promise.all([
      source.range(`sum by ${by} (count_over_time(up{${matchers}}${span}))`, grid),
      source.range(`sum by ${by} (sum_over_time(up{${matchers}}${span}))`, grid),
      source.range(`max by ${by} (max_over_time(process_start_time_seconds{${matchers}}${span}))`, grid),
    ]);
    const named = <T extends { labels: Readonly<Record<string, string>> }>(series: T[]) =>
      series.map((one) => ({ ...one, labels: withNodeOf(one.labels, selection.nodeLabel) }));
    return {
      attempts: named(attempts.series),
      successes: named(successes.series),
      startTimes: named(startTimes.series),
      desiredAgents: null,
    };
  });
}

/** What `withNode` of the catalog does in PromQL, for series that must keep their `instance`. */
function withNodeOf(labels: Readonly<Record<string, string>>, nodeLabel: string): Record<string, string> {
  const instance = labels['instance'] ?? '';
  return {
    job: labels['job'] ?? '',
    instance,
    node: labels[nodeLabel] || (instance.split(';')[0] ?? instance),
  };
}
