import type { Indicator } from '../model/indicator.ts';
import type { Answer, Gathered, Grid, History, Sample, Series, Windows } from '../model/series.ts';
import { attempt } from './attempt.ts';
import { durationsOf } from './period.ts';
import { planGrid, planWindows } from './plan.ts';
import type { Querier } from './querier.ts';

/** An hour: finer than any trend, and coarse enough that weeks of it are asked for in one question. */
export const HISTORY_STEP_SECONDS = 3600;

/** Four weeks hold every weekday four times, which a rhythm of the week can be told from. */
const LEAST_HISTORY_SECONDS = 28 * 86_400;

/**
 * How far back from its end the history of a period reaches: as far before it as the period is long, and four weeks at
 * least, so that what could be told of it before can be told apart from what it brought.
 */
export function historySeconds({ start, end }: Gathered['period']): number {
  return end - start + Math.max(LEAST_HISTORY_SECONDS, end - start);
}

/** The indicators that are levels: counts of events have no course of their own. */
export function hasHistory({ reading }: Indicator): boolean {
  return reading !== 'total';
}

export type HistoryRequest = {
  period: Gathered['period'];
  windows: Windows;
  onAnswer(): void;
};

export async function gatherHistory(
  ask: Querier,
  indicators: readonly Indicator[],
  { period, windows, onAnswer }: HistoryRequest,
): Promise<History> {
  const grid = planGrid(period.end - historySeconds(period), period.end, HISTORY_STEP_SECONDS);
  const wide = planWindows(HISTORY_STEP_SECONDS, windows.scrapeIntervalSeconds, windows.scrapeIntervalKnown);
  const durations = durationsOf({ period, grid, windows: wide });
  const asked = (template: string) => attempt(() => ask.range(template, grid, durations)).finally(onAnswer);
  const levels = indicators
    .filter(hasHistory)
    .map(async ({ id, query }) => [id, await asked(query)] as const);
  const own = Object.fromEntries(await Promise.all(levels));
  const used = indicators.map(async ({ id, capacity, query }) => {
    if (capacity === undefined) return [];
    const level = capacity.query ?? query;
    return [[id, level === query && own[id] ? own[id] : await asked(level)] as const];
  });
  const capacity: Record<string, Answer<readonly Series[]>> = Object.fromEntries(
    (await Promise.all(used)).flat(),
  );
  return { grid, windows: wide, indicators: own, capacity };
}

/**
 * Limits are looked for at the end and, since exporters may be away just then or be scraped too seldom for an instant
 * to find them, at the two hours before: as far back as a level is taken for the present one.
 */
const LIMIT_POINTS = 3;

/** The limits that are not the same number everywhere, as last known. */
export async function gatherLimits(
  ask: Querier,
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
    const asked = (capacity?.limits ?? []).flatMap((limit) => ('query' in limit ? [limit] : []));
    const limits = asked.map(async (limit): Promise<[string, Answer<readonly Sample[]>]> => {
      return [limit.id, await attempt(async () => lastOf(await ask.range(limit.query, grid, durations)))];
    });
    return [id, Object.fromEntries(await Promise.all(limits))] as const;
  });
  return Object.fromEntries(
    (await Promise.all(answers)).filter(([, limits]) => Object.keys(limits).length > 0),
  );
}

function lastOf(series: readonly Series[]): Sample[] {
  return series.flatMap(({ labels, values }) => {
    const value = values.findLast((one) => one !== null);
    return value === undefined || value === null ? [] : [{ labels, value }];
  });
}
