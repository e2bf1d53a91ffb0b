import { compareLevels, type Level } from '../assess/comparison/rules.ts';
import { medianOf, scatterOf } from '../assess/medians.ts';
import { seriesKey } from '../assess/subjects.ts';
import type { ChartSeries, Reading } from '../model/report.ts';
import { type ComparedIndicator, chartKey } from './side.ts';

type Series = Pick<Reading, 'subject' | 'component' | 'labels'>;

/** Returns the level of a series; null if the report does not draw it, because its scatter is then unknown. */
export function levelOf(indicator: ComparedIndicator, series: Series): Level | null {
  const median = indicator.readingByKey.get(seriesKey(series))?.median ?? null;
  const drawn = indicator.seriesByKey.get(chartKey(series));
  return median === null || drawn === undefined
    ? null
    : { median, scatter: scatterOf(knownOf(drawn.values)) };
}

/** Returns the level of a typical subject; null in reports that draw each subject. */
export function typicalLevel({ envelope }: ComparedIndicator): Level | null {
  if (envelope === null) return null;
  const values = knownOf(envelope.median);
  const median = medianOf(values);
  return median === null ? null : { median, scatter: scatterOf(values) };
}

/** Returns the direction in which a level changed; 0 unless the change is clear. */
export function directionOfLevels(now: Level, then: Level): number {
  return bothWays(compareLevels, now, then);
}

/**
 * Applies a rule that compares with an earlier period to two reports. Neither of them is the usual one, so the change
 * must be clear from both.
 */
export function bothWays<T>(compare: (now: T, then: T) => number, now: T, then: T): number {
  const direction = compare(now, then);
  return direction !== 0 && direction === -compare(then, now) ? direction : 0;
}

function knownOf(values: ChartSeries['values']): Float64Array {
  return Float64Array.from(values, (value) => value ?? Number.NaN);
}
