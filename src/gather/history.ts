import type { Indicator } from '../model/indicator.ts';
import type { Answer, Gathered, Grid, History, Sample, Series, Windows } from '../model/series.ts';
import { attempt } from './attempt.ts';
import { durationsOf } from './period.ts';
import { planGrid, planWindows } from './plan.ts';
import { type Selection, substitute } from './promql.ts';
import type { Source } from './source.ts';

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
  selection: Selection;
  onAnswer(): void;
};

export async function gatherHistory(
  source: Source,
  indicators: readonly Indicator[],
  { period, windows, selection, onAnswer }: HistoryRequest,
): Promise<History> {
  const grid = planGrid(period.end - historySeconds(period), period.end, HISTORY_STEP_SECONDS);
  const wide = planWindows(HISTORY_STEP_SECONDS, windows.scrapeIntervalSeconds, windows.scrapeIntervalKnown);
  const durations = durationsOf({ period, grid, windows: wide });
  const ask = (template: string) =>
    attempt(
      async () => (await source.range(substitute(template, selection, durations), grid)).series,
    ).finally(onAnswer);
  const levels = indicators.filter(hasHistory).map(async ({ id, query }) => [id, await ask(query)] as const);
  const own = Object.fromEntries(await Promise.all(levels));
  const used = indicators.map(async ({ id, capacity, query }) => {
    if (capacity === undefined) return [];
    const asked = capacity.query ?? query;
    return [[id, asked === query && own[id] ? own[id] : await ask(asked)] as const];
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
  source: Source,
  indicators: readonly Indicator[],
  { period, windows, selection }: Omit<HistoryRequest, 'onAnswer'>,
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
      const query = substitute(limit.query, selection, durations);
      return [limit.id, await attempt(async () => lastOf((await source.range(query, grid)).series))];
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
