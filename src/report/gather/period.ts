import type { Indicator } from '../model/indicator.ts';
import type { Period } from '../model/period.ts';
import { AGENT_DAEMON_SETS } from '../model/product.ts';
import type { Grid, IndicatorData, PeriodData, TargetData, Windows } from '../model/series.ts';
import { type Durations, matcherText, oneOf } from '../promql/placeholders.ts';
import { attempt } from './attempt.ts';
import { gatherEvents } from './counter-events.ts';
import type { Preparation } from './prepare.ts';
import type { Querier } from './querier.ts';

export type PeriodRequest = {
  period: Period;
  grid: Grid;
  windows: Windows;
  /** Called once for each indicator and once for the targets. */
  onAnswer(): void;
};

/** Returns the durations, in seconds, that placeholders stand for at the points of a grid. */
export function durationsOf({ period, grid, windows }: Omit<PeriodRequest, 'onAnswer'>): Durations {
  return {
    window: windows.rateSeconds,
    span: windows.spanSeconds,
    interval: windows.scrapeIntervalSeconds,
    step: grid.stepSeconds,
    period: period.end - period.start,
  };
}

/** Queries the targets and indicators of a period. The failure of a single query becomes the reason of its answer. */
export async function gatherPeriod(
  prepared: Preparation,
  indicators: readonly Indicator[],
  request: PeriodRequest,
): Promise<PeriodData> {
  const [targets, answers, desiredAgents] = await Promise.all([
    gatherTargets(prepared.querier, request),
    gatherIndicators(prepared.querier, indicators, request),
    askDesiredAgents(prepared, request.period.end),
  ]);
  return periodData(request, targets, answers, desiredAgents);
}

/** Queries an earlier period: first its targets, and everything else only if one of them was scraped then. */
export async function gatherEarlierPeriod(
  prepared: Preparation,
  indicators: readonly Indicator[],
  request: PeriodRequest,
): Promise<PeriodData> {
  const targets = await gatherTargets(prepared.querier, request);
  if (!targets.ok || targets.value.successes.length === 0) return periodData(request, targets, {}, null);
  const [answers, desiredAgents] = await Promise.all([
    gatherIndicators(prepared.querier, indicators, request),
    askDesiredAgents(prepared, request.period.end),
  ]);
  return periodData(request, targets, answers, desiredAgents);
}

function periodData(
  { period, grid, windows }: PeriodRequest,
  targets: PeriodData['targets'],
  indicators: PeriodData['indicators'],
  desiredAgents: number | null,
): PeriodData {
  return {
    period,
    grid,
    windows,
    indicators,
    targets: targets.ok ? { ok: true, value: { ...targets.value, desiredAgents } } : targets,
  };
}

async function gatherIndicators(
  querier: Querier,
  indicators: readonly Indicator[],
  request: PeriodRequest,
): Promise<PeriodData['indicators']> {
  const answers = indicators.map(async (indicator) => {
    const data = await gatherIndicator(querier, indicator, request).finally(request.onAnswer);
    return [indicator.id, data] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

async function gatherIndicator(
  querier: Querier,
  { query, counter, splitBy }: Indicator,
  request: PeriodRequest,
): Promise<IndicatorData> {
  const { period, grid } = request;
  const durations = durationsOf(request);
  const answer = await attempt(() =>
    counter === undefined
      ? querier.range(query, grid, durations)
      : gatherEvents(querier, { counter, splitBy, period, grid, durations }),
  );
  return { query: querier.text(query, durations), answer };
}

/** Queries how often each target was scraped and when its process started, without `desiredAgents`. */
function gatherTargets(querier: Querier, request: PeriodRequest): Promise<PeriodData['targets']> {
  const { grid, onAnswer } = request;
  const durations = durationsOf(request);
  const ask = (template: string) => querier.range(template, grid, durations);
  return attempt(async (): Promise<TargetData> => {
    const [attempts, successes, startTimes] = await Promise.all([
      ask('sum by ($target) (count_over_time(up{$components}[$span]))'),
      ask('sum by ($target) (sum_over_time(up{$components}[$span]))'),
      ask('max by ($target) (max_over_time(process_start_time_seconds{$components}[$span]))'),
    ]);
    return { attempts, successes, startTimes, desiredAgents: null };
  }).finally(onAnswer);
}

/**
 * Returns how many agents the DaemonSets want at the time, in Unix seconds; `null` without kube-state-metrics. Each view
 * is queried, since a replica of Prometheus may have ended before the period did.
 */
async function askDesiredAgents({ source, survey }: Preparation, time: number): Promise<number | null> {
  const queries = survey.views.map(({ selection: { others } }) => {
    const matchers = matcherText([oneOf('daemonset', AGENT_DAEMON_SETS), ...others]);
    return `sum(max by (daemonset) (kube_daemonset_status_desired_number_scheduled{${matchers}}))`;
  });
  const answers = await Promise.all(
    [...new Set(queries)].map((query) => attempt(() => source.instant(query, time))),
  );
  const numbers = answers.flatMap((answer) => (answer.ok ? (answer.value.samples[0]?.value ?? []) : []));
  return numbers.length === 0 ? null : Math.max(...numbers);
}
