import { type Grid, hasValues, isKnown, labelKey, type Series } from '../model/series.ts';
import type { Durations } from '../promql/placeholders.ts';
import { isRefusedForSize, isTimeout } from './errors.ts';
import type { Querier } from './querier.ts';

/**
 * Counts the events in each step from the values of their counter. Not with increase(): on Prometheus it extrapolates to
 * the edges of its window and misses what happened just before it; on VictoriaMetrics it counts from the sample before
 * the window, and takes a new series for one that began at 0. Adjacent windows would miss events or count them twice
 * (docs/decisions/0013-events.md).
 */

export type EventsRequest = {
  /** The selector of the counter, with placeholders. */
  counter: string;
  splitBy: readonly string[] | undefined;
  /** `end` in Unix seconds. */
  period: { end: number };
  grid: Grid;
  durations: Durations;
};

/** What counting events needs of a querier. */
export type EventQuerier = Pick<Querier, 'range' | 'instant'>;

/** Returns the number of events per step: one series for each process and each combination of `splitBy` values. */
export async function gatherEvents(querier: EventQuerier, request: EventsRequest): Promise<Series[]> {
  const { counter, splitBy = [], period, durations } = request;
  const leading = countLeadingSteps(request.grid, durations);
  const grid = addLeadingSteps(request.grid, leading);
  const by = ['$target', ...splitBy].join(', ');
  const askFor = (level: 'last' | 'max' | 'min') =>
    querier.range(`max by (${by}) (${level}_over_time(${counter}[$step]))`, grid, durations);
  const [last, wasReset] = await Promise.all([
    askFor('last'),
    askForResets(querier, counter, period.end, { ...durations, period: grid.count * grid.stepSeconds }),
  ]);
  const existsBefore = ({ values }: Series) => values.subarray(0, leading).some(isKnown);
  // The highest and lowest values in a step matter only if a counter appeared or was reset.
  if (last.every(existsBefore) && !wasReset) return countEvents(leading, last);
  // One after the other, and only what matters of each: together they would need three times the memory.
  const highest = highestThatMatter(last, await askFor('max'));
  return countEvents(leading, last, highest, lowestThatMatter(last, await askFor('min')));
}

/**
 * Returns whether any counter was reset in `$period`. It also returns true if the query reads too many samples for the
 * server: sums of shorter periods would miss the resets between them.
 */
async function askForResets(
  querier: EventQuerier,
  counter: string,
  end: number,
  durations: Durations,
): Promise<boolean> {
  try {
    const resets = await querier.instant(`sum(resets(${counter}[$period]))`, end, durations);
    return resets.some(({ value }) => value !== 0);
  } catch (error) {
    if (isRefusedForSize(error) || isTimeout(error)) return true;
    throw error;
  }
}

/**
 * How many steps before a grid are queried to find the value from which its first step counts: enough for one rate
 * window.
 */
export function countLeadingSteps({ stepSeconds }: Grid, { window }: Pick<Durations, 'window'>): number {
  return Math.ceil(window / stepSeconds);
}

export function addLeadingSteps(grid: Grid, steps: number): Grid {
  return { ...grid, start: grid.start - steps * grid.stepSeconds, count: grid.count + steps };
}

type Values = Series['values'];

/** Some values of series, by the series' key and the step. */
type Extremes = ReadonlyMap<string, ReadonlyMap<number, number>>;

const NONE: Extremes = new Map();

/** Returns the highest values of steps that are above the value at the end: a reset followed. */
export function highestThatMatter(last: readonly Series[], highest: readonly Series[]): Extremes {
  return extremesThatMatter(last, highest, (value, _before, end) => value > end);
}

/** Returns the lowest values of steps that are below the value before the step, or before which there is none. */
export function lowestThatMatter(last: readonly Series[], lowest: readonly Series[]): Extremes {
  return extremesThatMatter(last, lowest, (value, before) => Number.isNaN(before) || value < before);
}

/** @param matters decides by the value, the last known one before the step (NaN if there is none), and the step's last one */
function extremesThatMatter(
  last: readonly Series[],
  extremes: readonly Series[],
  matters: (value: number, before: number, end: number) => boolean,
): Extremes {
  const byKey = new Map(extremes.map(({ labels, values }) => [labelKey(labels), values]));
  return new Map(
    last.flatMap(({ labels, values }) => {
      const key = labelKey(labels);
      const own = byKey.get(key);
      if (own === undefined) return [];
      const found = new Map<number, number>();
      let before = Number.NaN;
      // Loops by index: pairs of entries() would be an object for each of millions of values.
      for (let index = 0; index < values.length; index += 1) {
        const end = values[index] as number;
        if (Number.isNaN(end)) continue;
        const value = own[index];
        if (isKnown(value) && matters(value, before, end)) found.set(index, value);
        before = end;
      }
      return found.size === 0 ? [] : [[key, found] as const];
    }),
  );
}

/**
 * Returns the events of each step after the leading ones. Series in which no step is known are left out. The events take
 * the place of the values in `last`: other arrays for 5,000 nodes would be a gigabyte in the course of a report.
 * @param leading the number of leading steps in `last`
 * @param last the counter's value at the end of each step
 * @param highest its highest value in each step, where that matters
 * @param lowest its lowest value in each step, where that matters
 */
export function countEvents(
  leading: number,
  last: readonly Series[],
  highest: Extremes = NONE,
  lowest: Extremes = NONE,
): Series[] {
  return last.flatMap(({ labels, values }) => {
    const key = labelKey(labels);
    replaceByEvents(values, highest.get(key), lowest.get(key));
    const events = values.subarray(leading);
    return hasValues(events) ? [{ labels, values: events }] : [];
  });
}

/** Events that failed scrapes missed count in the step of the next successful scrape. */
function replaceByEvents(
  values: Values,
  highest: ReadonlyMap<number, number> | undefined,
  lowest: ReadonlyMap<number, number> | undefined,
): void {
  let before = Number.NaN;
  for (let index = 0; index < values.length; index += 1) {
    const end = values[index] as number;
    if (Number.isNaN(end)) continue;
    const max = highest?.get(index) ?? end;
    const min = lowest?.get(index) ?? end;
    // If a counter appears and is reset in the same step, its first value is unknown.
    const first = end < max ? max : min;
    const start = Number.isNaN(before) ? first : before;
    const isReset = min < start || end < max;
    // After a reset, what a scrape saw before the reset and everything after it counts.
    values[index] = isReset ? (max > end ? Math.max(0, max - start) : 0) + end : end - start;
    before = end;
  }
}
