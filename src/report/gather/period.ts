import type { IndicatorSeries, PeriodGrid, PeriodScrapes } from '../model/gathered.ts';
import type { Indicator } from '../model/indicator.ts';
import { AGENT_DAEMON_SETS } from '../model/product.ts';
import type { Answer, Series, TargetData } from '../model/series.ts';
import { type Durations, matcherText, oneOf } from '../promql/placeholders.ts';
import { attempt } from './attempt.ts';
import { gatherEvents } from './counter-events.ts';
import { QueryError } from './errors.ts';
import { type EarlierPeriod, earlierPeriods } from './plan.ts';
import type { Planned } from './prepare.ts';
import type { Querier } from './querier.ts';

/** Returns the durations, in seconds, that placeholders stand for at the points of a grid. */
export function durationsOf({ period, grid, windows }: PeriodGrid): Durations {
  return {
    window: windows.rateSeconds,
    span: windows.spanSeconds,
    interval: windows.scrapeIntervalSeconds,
    step: grid.stepSeconds,
    period: period.end - period.start,
  };
}

/** Returns a period and those that it is compared with, first the one just before. */
export function periodsOf({ period, grid, windows }: PeriodGrid): {
  present: KindOfPeriod;
  earlier: [KindOfPeriod, ...KindOfPeriod[]];
} {
  const place = ({ kind, seconds }: EarlierPeriod): KindOfPeriod => ({
    kind,
    period: { start: period.start - seconds, end: period.end - seconds },
    grid: { ...grid, start: grid.start - seconds },
    windows,
  });
  const [before, ...others] = earlierPeriods(period);
  return {
    present: { kind: 'present', period, grid, windows },
    earlier: [place(before), ...others.map(place)],
  };
}

export type KindOfPeriod = PeriodGrid & Pick<PeriodScrapes, 'kind'>;

/** Queries how often each target of a period was scraped, when its process started, and how many agents are wanted. */
export async function gatherScrapes(planned: Planned, period: KindOfPeriod): Promise<PeriodScrapes> {
  const targets = await askTargets(planned.querier, period);
  // A period without scrapes is not compared, and needs no number.
  const isNeeded = period.kind === 'present' || (targets.ok && targets.value.successes.length > 0);
  const desired = isNeeded ? await askDesiredAgents(planned, period.period.end) : { desiredAgents: null };
  return {
    ...period,
    targets: targets.ok ? { ok: true, value: { ...targets.value, ...desired } } : targets,
  };
}

/** Queries an indicator in one period. */
export async function gatherIndicator(
  querier: Querier,
  indicator: Indicator,
  period: KindOfPeriod,
): Promise<IndicatorSeries> {
  const answer = await askIndicator(querier, indicator, period);
  const query = querier.text(indicator.query, durationsOf(period));
  return { id: indicator.id, kind: period.kind, query, answer };
}

function askIndicator(
  querier: Querier,
  { query, counter, splitBy }: Indicator,
  request: PeriodGrid,
): Promise<Answer<Series[]>> {
  const { period, grid } = request;
  const durations = durationsOf(request);
  return attempt(() =>
    counter === undefined
      ? querier.range(query, grid, durations)
      : gatherEvents(querier, { counter, splitBy, period, grid, durations }),
  );
}

function askTargets(
  querier: Querier,
  request: PeriodGrid,
): Promise<Answer<Omit<TargetData, keyof DesiredAgents>>> {
  const durations = durationsOf(request);
  const ask = (template: string) => querier.range(template, request.grid, durations);
  return attempt(async () => {
    const [attempts, successes, startTimes] = await Promise.all([
      ask('sum by ($target) (count_over_time(up{$components}[$span]))'),
      ask('sum by ($target) (sum_over_time(up{$components}[$span]))'),
      ask('max by ($target) (max_over_time(process_start_time_seconds{$components}[$span]))'),
    ]);
    // Where all scrapes failed, the sum is 0.
    if (attempts.length > 0 && successes.length === 0)
      throw new QueryError('rejected', 'the server counts the samples of `up` but returns no sum of them');
    return { attempts, successes, startTimes };
  });
}

type DesiredAgents = Pick<TargetData, 'desiredAgents' | 'desiredAgentsReason'>;

/**
 * Returns how many agents the DaemonSets want at the time, in Unix seconds; `null` without kube-state-metrics. Each view
 * is queried, since a replica of Prometheus may have ended before the period did.
 */
async function askDesiredAgents({ source, survey }: Planned, time: number): Promise<DesiredAgents> {
  const queries = survey.views.map(({ selection: { others } }) => {
    const matchers = matcherText([oneOf('daemonset', AGENT_DAEMON_SETS), ...others]);
    return `sum(max by (daemonset) (kube_daemonset_status_desired_number_scheduled{${matchers}}))`;
  });
  const answers = await Promise.all(
    [...new Set(queries)].map((query) => attempt(() => source.instant(query, time))),
  );
  const numbers = answers
    .flatMap((answer) => (answer.ok ? (answer.value.samples[0]?.value ?? []) : []))
    .map(Math.round)
    .filter((number) => number >= 0 && Number.isSafeInteger(number));
  if (numbers.length > 0) return { desiredAgents: Math.max(...numbers) };
  const failed = answers.find((answer) => !answer.ok);
  return { desiredAgents: null, desiredAgentsReason: failed?.reason };
}
