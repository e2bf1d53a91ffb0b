import type { EarlierFacts, EarlierKind, IndicatorPeriods, PeriodFacts } from '../model/gathered.ts';
import type { Indicator } from '../model/indicator.ts';
import type { Period } from '../model/period.ts';
import { AGENT_DAEMON_SETS } from '../model/product.ts';
import type { Answer, Grid, Series, TargetData, Windows } from '../model/series.ts';
import { type Durations, matcherText, oneOf } from '../promql/placeholders.ts';
import { attempt } from './attempt.ts';
import { gatherEvents } from './counter-events.ts';
import { inOrder } from './in-order.ts';
import { earlierPeriods } from './plan.ts';
import type { Preparation } from './prepare.ts';
import type { Querier } from './querier.ts';

/** A period, its points and its look-backs. */
export type PeriodRequest = { period: Period; grid: Grid; windows: Windows };

/** Returns the durations, in seconds, that placeholders stand for at the points of a grid. */
export function durationsOf({ period, grid, windows }: PeriodRequest): Durations {
  return {
    window: windows.rateSeconds,
    span: windows.spanSeconds,
    interval: windows.scrapeIntervalSeconds,
    step: grid.stepSeconds,
    period: period.end - period.start,
  };
}

/** Returns the periods that a period is compared with: the one before, and the same period a week before. */
export function earlierRequests({
  period,
  grid,
  windows,
}: PeriodRequest): (PeriodRequest & { kind: EarlierKind })[] {
  return earlierPeriods(period).map(({ kind, seconds }) => ({
    kind,
    period: { start: period.start - seconds, end: period.end - seconds },
    grid: { ...grid, start: grid.start - seconds },
    windows,
  }));
}

/** Queries how often each target of a period was scraped, when its process started, and how many agents are wanted. */
export async function gatherTargets(prepared: Preparation, request: PeriodRequest): Promise<PeriodFacts> {
  const [targets, desiredAgents] = await Promise.all([
    askTargets(prepared.querier, request),
    askDesiredAgents(prepared, request.period.end),
  ]);
  return {
    ...request,
    targets: targets.ok ? { ok: true, value: { ...targets.value, desiredAgents } } : targets,
  };
}

/** The answers about this many indicators wait in memory while one is judged. More would not make the server faster. */
const INDICATORS_AHEAD = 2;

/**
 * Queries each indicator in this period and in the earlier ones. An earlier period is left out if no target was scraped
 * in it, or if this period has no answer to compare with it.
 * @param onAnswer called once for each indicator and period
 */
export function gatherPeriods(
  { querier }: Preparation,
  indicators: readonly Indicator[],
  { present, earlier }: { present: PeriodFacts; earlier: readonly EarlierFacts[] },
  onAnswer: () => void,
): AsyncGenerator<IndicatorPeriods> {
  const scraped = earlier.filter(({ targets }) => targets.ok && targets.value.successes.length > 0);
  return inOrder(indicators, INDICATORS_AHEAD, async (indicator) => {
    const answer = await askIndicator(querier, indicator, present).finally(onAnswer);
    const comparable = answer.ok ? scraped : [];
    const answers = await Promise.all(
      comparable.map(async (facts) => {
        const earlierAnswer = await askIndicator(querier, indicator, facts).finally(onAnswer);
        return [facts.kind, earlierAnswer] as const;
      }),
    );
    const query = querier.text(indicator.query, durationsOf(present));
    return { id: indicator.id, query, answer, earlier: Object.fromEntries(answers) };
  });
}

function askIndicator(
  querier: Querier,
  { query, counter, splitBy }: Indicator,
  request: PeriodRequest,
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
  request: PeriodRequest,
): Promise<Answer<Omit<TargetData, 'desiredAgents'>>> {
  const durations = durationsOf(request);
  const ask = (template: string) => querier.range(template, request.grid, durations);
  return attempt(async () => {
    const [attempts, successes, startTimes] = await Promise.all([
      ask('sum by ($target) (count_over_time(up{$components}[$span]))'),
      ask('sum by ($target) (sum_over_time(up{$components}[$span]))'),
      ask('max by ($target) (max_over_time(process_start_time_seconds{$components}[$span]))'),
    ]);
    return { attempts, successes, startTimes };
  });
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
