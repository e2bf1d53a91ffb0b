import type { Facts, IndicatorHistory, PeriodGrid } from '../model/gathered.ts';
import type { CapacityLimit, Indicator } from '../model/indicator.ts';
import type { Period } from '../model/period.ts';
import { type Answer, type Grid, isKnown, type Sample, type Series } from '../model/series.ts';
import { DAY_SECONDS } from '../model/time.ts';
import { attempt } from './attempt.ts';
import { durationsOf } from './period.ts';
import { planGrid, planWindows } from './plan.ts';
import type { Querier } from './querier.ts';

/** Finer than any trend, and coarse enough that one query covers weeks. */
const HISTORY_STEP_SECONDS = 3600;

/** Four weeks contain every weekday four times, from which a weekly rhythm can be recognized. */
const MIN_SECONDS_BEFORE_PERIOD = 28 * DAY_SECONDS;

/**
 * Returns how far back the history reaches from the end of a period, in seconds. It begins as long before the period as
 * the period is long, or four weeks if that is longer, so that changes in the period can be compared with what was
 * normal before.
 */
export function historySeconds({ start, end }: Period): number {
  return end - start + Math.max(MIN_SECONDS_BEFORE_PERIOD, end - start);
}

/** Whether an indicator is a level, which has a history; counts of events have none. */
export function hasHistory({ reading }: Indicator): boolean {
  return reading !== 'total';
}

/** Returns the points at which levels are queried for the history of a period. */
export function planHistory({ period, windows }: Pick<PeriodGrid, 'period' | 'windows'>): Facts['history'] {
  return {
    grid: planGrid(period.end - historySeconds(period), period.end, HISTORY_STEP_SECONDS),
    windows: planWindows(HISTORY_STEP_SECONDS, windows.scrapeIntervalSeconds, windows.scrapeIntervalKnown),
  };
}

/**
 * Queries the level of an indicator over weeks, and the level and the limits of its capacity.
 * @param failed the failed answer to its query about the period; the same query about weeks is then not sent
 */
export async function gatherHistory(
  querier: Querier,
  indicator: Indicator,
  facts: Pick<Facts, 'period' | 'windows' | 'history'>,
  failed: FailedAnswer | undefined,
): Promise<IndicatorHistory> {
  const { id, query, capacity } = indicator;
  const { grid } = facts.history;
  const durations = durationsOf({ ...facts.history, period: facts.period });
  const ask = (template: string) => attempt(() => querier.range(template, grid, durations));
  const ofLevels = hasHistory(indicator) ? (failed ?? ask(query)) : null;
  const capacityQuery = capacity?.query ?? query;
  const isSame = ofLevels !== null && capacityQuery === query;
  const ofCapacity = capacity && !isSame ? ask(capacityQuery) : null;
  const ofLimits = askLimits(querier, capacity?.limits ?? [], facts);
  const [levels, ownCapacity, limits] = await Promise.all([ofLevels, ofCapacity, ofLimits]);
  return { id, levels, capacity: capacity && isSame ? levels : ownCapacity, limits };
}

export type FailedAnswer = Extract<Answer<never>, { ok: false }>;

/**
 * Limits are queried at the end of the period and at the two hours before, since an exporter may be down at the end, or
 * be scraped too rarely for an instant query. A level of the same age also counts as current.
 */
const LIMIT_POINTS = 3;

/** Queries the limits that are not constants. Returns the last known value of each, by the id of the limit. */
async function askLimits(
  querier: Querier,
  limits: readonly CapacityLimit[],
  { period, windows }: Pick<Facts, 'period' | 'windows'>,
): Promise<IndicatorHistory['limits']> {
  const grid: Grid = {
    start: period.end - LIMIT_POINTS * HISTORY_STEP_SECONDS,
    stepSeconds: HISTORY_STEP_SECONDS,
    count: LIMIT_POINTS,
  };
  const durations = durationsOf({ period, grid, windows });
  const queried = limits.flatMap((limit) => ('query' in limit ? [limit] : []));
  const answers = queried.map(async ({ id, query }) => {
    const answer = await attempt(async () => lastSamples(await querier.range(query, grid, durations)));
    return [id, answer] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

function lastSamples(series: readonly Series[]): Sample[] {
  return series.flatMap(({ labels, values }) => {
    const value = values.findLast(isKnown);
    return value === undefined ? [] : [{ labels, value }];
  });
}
