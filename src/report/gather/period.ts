import type { Indicator } from '../model/indicator.ts';
import type { Grid, IndicatorData, PeriodData, TargetData, Windows } from '../model/series.ts';
import type { Durations } from '../promql/placeholders.ts';
import { attempt } from './attempt.ts';
import { gatherEvents } from './counter-events.ts';
import type { Querier } from './querier.ts';

export type PeriodRequest = {
  /** Unix seconds. */
  period: { start: number; end: number };
  grid: Grid;
  windows: Windows;
  /** Called after each answer. */
  onAnswer(): void;
};

/** The durations that placeholders stand for at the points of a grid. */
export function durationsOf({
  period,
  grid,
  windows,
}: Pick<PeriodRequest, 'period' | 'grid' | 'windows'>): Durations {
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
  ask: Querier,
  indicators: readonly Indicator[],
  request: PeriodRequest,
): Promise<PeriodData> {
  const { period, grid, windows } = request;
  const [targets, answers] = await Promise.all([
    gatherTargets(ask, request).finally(request.onAnswer),
    gatherIndicators(ask, indicators, request),
  ]);
  return { period, grid, windows, indicators: answers, targets };
}

export async function gatherIndicators(
  ask: Querier,
  indicators: readonly Indicator[],
  request: PeriodRequest,
): Promise<PeriodData['indicators']> {
  const answers = indicators.map(async (indicator) => {
    const data = await gatherIndicator(ask, indicator, request).finally(request.onAnswer);
    return [indicator.id, data] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

async function gatherIndicator(
  ask: Querier,
  { query, counter, splitBy }: Indicator,
  request: PeriodRequest,
): Promise<IndicatorData> {
  const { period, grid } = request;
  const durations = durationsOf(request);
  const answer = await attempt(() =>
    counter === undefined
      ? ask.range(query, grid, durations)
      : gatherEvents(ask, { counter, splitBy, period, grid, durations }),
  );
  return { query: ask.text(query, durations), answer };
}

/** What is known of the scrapes; how many agents there should be is asked for elsewhere. */
export function gatherTargets(ask: Querier, request: PeriodRequest): Promise<PeriodData['targets']> {
  const { grid } = request;
  const durations = durationsOf(request);
  const asked = (template: string) => ask.range(template, grid, durations);
  return attempt(async (): Promise<TargetData> => {
    const [attempts, successes, startTimes] = await Promise.all([
      asked('sum by ($target) (count_over_time(up{$components}[$span]))'),
      asked('sum by ($target) (sum_over_time(up{$components}[$span]))'),
      asked('max by ($target) (max_over_time(process_start_time_seconds{$components}[$span]))'),
    ]);
    return { attempts, successes, startTimes, desiredAgents: null };
  });
}
