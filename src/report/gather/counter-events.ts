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

/** Returns the number of events per step: one series for each process and each combination of `splitBy` values. */
export async function gatherEvents(querier: Querier, request: EventsRequest): Promise<Series[]> {
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
  if (last.every(existsBefore) && !wasReset) return countEvents(leading, last, last, last);
  const [highest, lowest] = await Promise.all([askFor('max'), askFor('min')]);
  return countEvents(leading, last, highest, lowest);
}

/**
 * Returns whether any counter was reset in `$period`. It also returns true if the query reads too many samples for the
 * server: sums of shorter periods would miss the resets between them.
 */
async function askForResets(
  querier: Querier,
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

/**
 * Returns the events of each step after the leading ones. Series in which no step is known are left out.
 * @param leading the number of leading steps in the other arguments
 * @param last the counter's value at the end of each step
 * @param highest its highest value in each step
 * @param lowest its lowest value in each step
 */
export function countEvents(
  leading: number,
  last: readonly Series[],
  highest: readonly Series[],
  lowest: readonly Series[],
): Series[] {
  const [highestByKey, lowestByKey] = [valuesByKey(highest), valuesByKey(lowest)];
  return last.flatMap(({ labels, values }) => {
    const key = labelKey(labels);
    const events = countByStep(values, highestByKey.get(key), lowestByKey.get(key)).subarray(leading);
    return hasValues(events) ? [{ labels, values: events }] : [];
  });
}

function valuesByKey(series: readonly Series[]): Map<string, Values> {
  return new Map(series.map(({ labels, values }) => [labelKey(labels), values]));
}

/** Events that failed scrapes missed count in the step of the next successful scrape. */
function countByStep(last: Values, highest: Values = last, lowest: Values = last): Values {
  let before: number | undefined;
  return last.map((end, index) => {
    if (Number.isNaN(end)) return end;
    const [lowestHere, highestHere] = [lowest[index], highest[index]];
    const min = isKnown(lowestHere) ? lowestHere : end;
    const max = isKnown(highestHere) ? highestHere : end;
    // If a counter appears and is reset in the same step, its first value is unknown.
    const first = end < max ? max : min;
    const events = countRise(before ?? first, { min, max, end });
    before = end;
    return events;
  });
}

/** After a reset, counts what a scrape saw before the reset and everything after it. */
function countRise(before: number, { min, max, end }: Record<'min' | 'max' | 'end', number>): number {
  if (min >= before && end >= max) return end - before;
  return (max > end ? Math.max(0, max - before) : 0) + end;
}
