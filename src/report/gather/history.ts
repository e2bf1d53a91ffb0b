import type { Indicator } from '../model/indicator.ts';
import type { Period } from '../model/period.ts';
import {
  type Answer,
  type Gathered,
  type Grid,
  type History,
  isKnown,
  type Sample,
  type Series,
  type Windows,
} from '../model/series.ts';
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

type HistoryRequest = {
  period: Period;
  windows: Windows;
  /** Called after each query. */
  onAnswer(): void;
};

/** Queries the levels of indicators, and those of their capacities, over weeks. */
export async function gatherHistory(
  querier: Querier,
  indicators: readonly Indicator[],
  { period, windows, onAnswer }: HistoryRequest,
): Promise<History> {
  const grid = planGrid(period.end - historySeconds(period), period.end, HISTORY_STEP_SECONDS);
  const wide = planWindows(HISTORY_STEP_SECONDS, windows.scrapeIntervalSeconds, windows.scrapeIntervalKnown);
  const durations = durationsOf({ period, grid, windows: wide });
  const ask = (template: string) => attempt(() => querier.range(template, grid, durations)).finally(onAnswer);
  const levels: Record<string, Answer<readonly Series[]>> = Object.fromEntries(
    await Promise.all(
      indicators.filter(hasHistory).map(async ({ id, query }) => [id, await ask(query)] as const),
    ),
  );
  const capacities = indicators.map(async ({ id, capacity, query }) => {
    if (capacity === undefined) return [];
    const known = (capacity.query ?? query) === query ? levels[id] : undefined;
    return [[id, known ?? (await ask(capacity.query ?? query))] as const];
  });
  return {
    grid,
    windows: wide,
    indicators: levels,
    capacity: Object.fromEntries((await Promise.all(capacities)).flat()),
  };
}

/**
 * Limits are queried at the end of the period and at the two hours before, since an exporter may be down at the end, or
 * be scraped too rarely for an instant query. A level of the same age also counts as current.
 */
const LIMIT_POINTS = 3;

/** Queries the limits that are not constants. Returns the last known value of each, by indicator id and limit id. */
export async function gatherLimits(
  querier: Querier,
  indicators: readonly Indicator[],
  { period, windows }: Omit<HistoryRequest, 'onAnswer'>,
): Promise<Gathered['limits']> {
  const grid: Grid = {
    start: period.end - LIMIT_POINTS * HISTORY_STEP_SECONDS,
    stepSeconds: HISTORY_STEP_SECONDS,
    count: LIMIT_POINTS,
  };
  const durations = durationsOf({ period, grid, windows });
  const answers = indicators.map(async ({ id, capacity }) => {
    const queried = (capacity?.limits ?? []).flatMap((limit) => ('query' in limit ? [limit] : []));
    const limits = queried.map(async (limit) => {
      const answer = await attempt(async () =>
        lastSamples(await querier.range(limit.query, grid, durations)),
      );
      return [limit.id, answer] as const;
    });
    return [id, Object.fromEntries(await Promise.all(limits))] as const;
  });
  return Object.fromEntries(
    (await Promise.all(answers)).filter(([, limits]) => Object.keys(limits).length > 0),
  );
}

function lastSamples(series: readonly Series[]): Sample[] {
  return series.flatMap(({ labels, values }) => {
    const value = values.findLast(isKnown);
    return value === undefined ? [] : [{ labels, value }];
  });
}
