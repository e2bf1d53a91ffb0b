import { type Grid, labelKey, type Series } from '../model/series.ts';
import type { Durations } from '../promql/placeholders.ts';
import type { Querier } from './querier.ts';

/**
 * Events of each step, from the levels of their counter. Not by increase(): Prometheus extrapolates to the edges of its
 * window and misses what happened just before it; VictoriaMetrics counts from the sample before the window and takes a
 * new series for one that began at 0. Neighbouring windows would miss events, or count them twice.
 */

export type EventsRequest = {
  /** The selector of the counter, with placeholders. */
  counter: string;
  splitBy: readonly string[] | undefined;
  /** Unix seconds. */
  period: { end: number };
  grid: Grid;
  durations: Durations;
};

/** One series of events by step for each process, and for each value of `splitBy`. */
export async function gatherEvents(ask: Querier, request: EventsRequest): Promise<Series[]> {
  const { counter, splitBy = [], period, durations } = request;
  const leading = countLeadingSteps(request.grid, durations);
  const grid = addLeadingSteps(request.grid, leading);
  const by = ['$target', ...splitBy].join(', ');
  const level = (name: 'last' | 'max' | 'min') => `max by (${by}) (${name}_over_time(${counter}[$step]))`;
  const [last, resets] = await Promise.all([
    ask.range(level('last'), grid, durations),
    ask.instant(`sum(resets(${counter}[$period]))`, period.end, {
      ...durations,
      period: grid.count * grid.stepSeconds,
    }),
  ]);
  const isWhole = ({ values }: Series) => values.slice(0, leading).some((value) => value !== null);
  // What happened within a step only matters where a counter began or was reset.
  if (last.every(isWhole) && resets.every(({ value }) => value === 0))
    return countEvents(leading, last, last, last);
  const [highest, lowest] = await Promise.all([
    ask.range(level('max'), grid, durations),
    ask.range(level('min'), grid, durations),
  ]);
  return countEvents(leading, last, highest, lowest);
}

/** The steps before a grid, in which the level is looked for that its first step counts from: a window, at least. */
export function countLeadingSteps({ stepSeconds }: Grid, { window }: Pick<Durations, 'window'>): number {
  return Math.ceil(window / stepSeconds);
}

export function addLeadingSteps(grid: Grid, steps: number): Grid {
  return { ...grid, start: grid.start - steps * grid.stepSeconds, count: grid.count + steps };
}

type Values = Series['values'];

/**
 * @param leading how many steps of the levels lie before the first whose events are wanted
 * @param last the level at the end of each step
 * @param highest the highest within it
 * @param lowest the lowest within it
 */
export function countEvents(
  leading: number,
  last: readonly Series[],
  highest: readonly Series[],
  lowest: readonly Series[],
): Series[] {
  const [most, least] = [byLabels(highest), byLabels(lowest)];
  return last.flatMap(({ labels, values }) => {
    const key = labelKey(labels);
    const events = eventsByStep(values, most.get(key) ?? values, least.get(key) ?? values).slice(leading);
    return events.some((count) => count !== null) ? [{ labels, values: events }] : [];
  });
}

function byLabels(series: readonly Series[]): Map<string, Values> {
  return new Map(series.map(({ labels, values }) => [labelKey(labels), values]));
}

/** What failed scrapes missed counts in the step that shows it. */
function eventsByStep(last: Values, highest: Values, lowest: Values): (number | null)[] {
  let before: number | undefined;
  return last.map((level, index) => {
    if (level === null) return null;
    const least = lowest[index] ?? level;
    const most = highest[index] ?? level;
    // Where a counter appears and is reset within one step, the level it began at is unknown.
    const start = level < most ? most : least;
    const events = rise(before ?? start, { least, most, level });
    before = level;
    return events;
  });
}

/** After a reset: what was counted up to it, as far as a scrape saw it, and all that was counted since. */
function rise(before: number, { least, most, level }: Record<'least' | 'most' | 'level', number>): number {
  if (least >= before && level >= most) return level - before;
  return (most > level ? Math.max(0, most - before) : 0) + level;
}
