import type { Period } from '../model/period.ts';
import { type Grid, knownValues, MAX_POINTS, type Series, type Windows } from '../model/series.ts';
import { DAY_SECONDS } from '../model/time.ts';
import { GatherError } from './errors.ts';

/** A chart is about 700 pixels wide and shows no more detail. */
const CHART_POINTS = 300;

/**
 * The longest planned step in seconds, so that the same rules apply to every period: most thresholds require five
 * minutes. `MAX_VALUES` overrides it.
 */
export const MAX_STEP_SECONDS = 300;

/**
 * Limit for the values of one indicator with a series per target, so that a few answers fit into memory at a time. It
 * leaves the step of five minutes to a day of 6,900 nodes and to a month of 230.
 */
const MAX_VALUES = 2_000_000;

/** Steps in seconds. Each divides a day, and up to 3600 also an hour, so that points are at times such as 10:00 or 10:05. */
const STEPS = [15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400] as const;

/** Common scrape intervals in seconds. An estimate close to one of them is rounded to it. */
const COMMON_INTERVALS = [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 600] as const;

/** How close, as a fraction of the interval: 40 s is not rounded to 45 s, nor 75 s to 90 s. */
const INTERVAL_TOLERANCE = 0.1;

/** Used if the interval cannot be measured: the default of Prometheus's global.scrape_interval. */
export const ASSUMED_SCRAPE_INTERVAL_SECONDS = 60;

/**
 * The look-back of the probe, in seconds: ten minutes contain enough scrapes at every common interval. It is one second
 * less, so that it contains the same number of scrapes on servers that include both borders and on those that do not.
 */
const PROBE_SECONDS = 599;

const WEEK_SECONDS = 7 * DAY_SECONDS;

/** The thresholds of the sync and latency indicators are meant for means over at least five minutes. */
const MIN_RATE_WINDOW_SECONDS = 300;

/**
 * Returns the step for a period in seconds: the shortest round one that is no shorter than the scrape interval, since a
 * shorter one shows nothing new, and that yields no more points than a chart can show or the rules need.
 * @param expectedSeries the number of series to expect from an indicator
 */
export function planStep(periodSeconds: number, intervalSeconds: number, expectedSeries: number): number {
  const chartStep = Math.min(periodSeconds / CHART_POINTS, MAX_STEP_SECONDS);
  return roundStepUp(Math.max(chartStep, minStep(periodSeconds, expectedSeries), intervalSeconds));
}

/** @throws GatherError if a step that the user set is longer than the period, or yields too many values */
export function checkStep(stepSeconds: number, periodSeconds: number, expectedSeries: number): void {
  if (stepSeconds > periodSeconds)
    throw new GatherError(
      `step: ${stepSeconds} s is longer than the period of ${periodSeconds} s; set a shorter one`,
    );
  const min = minStep(periodSeconds, expectedSeries);
  if (stepSeconds >= min) return;
  const points = Math.ceil(periodSeconds / stepSeconds);
  const each = expectedSeries > 1 ? ` for each of ${expectedSeries} series` : '';
  throw new GatherError(
    `step: ${stepSeconds} s makes ${points} points of this period${each}, which is too many; set ${roundStepUp(min)} s or longer`,
  );
}

/** Shorter steps yield more points than Prometheus answers, or more values than fit into memory. */
function minStep(periodSeconds: number, expectedSeries: number): number {
  return Math.max((periodSeconds * expectedSeries) / MAX_VALUES, periodSeconds / MAX_POINTS);
}

function roundStepUp(minSeconds: number): number {
  const step = STEPS.find((candidate) => candidate >= minSeconds);
  return step ?? Math.ceil(minSeconds / DAY_SECONDS) * DAY_SECONDS;
}

/** A period that a report compares with, as the seconds by which it begins earlier. */
export type EarlierPeriod = { kind: 'before' | 'week-before'; seconds: number };

/** Returns the earlier periods that a period is compared with, first the one just before. */
export function earlierPeriods({ start, end }: Period): [EarlierPeriod, ...EarlierPeriod[]] {
  const length = end - start;
  const before = { kind: 'before', seconds: length } as const;
  // For a period of a week, the period a week before is the period before, and for a longer one it would overlap the
  // period itself. A day less, since a week with the change to summer time is an hour short.
  return length <= WEEK_SECONDS - DAY_SECONDS
    ? [before, { kind: 'week-before', seconds: WEEK_SECONDS }]
    : [before];
}

/**
 * Returns the grid of a period, which ends at the period's end. If the step does not divide the period, the first step
 * begins before the period, so that the grid covers all of it.
 */
export function planGrid(start: number, end: number, stepSeconds: number): Grid {
  const count = Math.max(1, Math.ceil((end - start) / stepSeconds));
  return { start: end - count * stepSeconds, stepSeconds, count };
}

/**
 * Returns the points at which the probe counts scrapes. Its step is no multiple of a common interval: otherwise every
 * look-back would begin at the same phase of the scrapes, and 2 or 3 scrapes in ten minutes could mean an interval of 3,
 * 4 or 5 minutes.
 */
export function planProbe(start: number, end: number): { grid: Grid; lookBackSeconds: number } {
  const stepSeconds = planStep(end - start, Math.max(PROBE_SECONDS, (end - start) / CHART_POINTS), 1) + 7;
  return { grid: planGrid(start, end, stepSeconds), lookBackSeconds: PROBE_SECONDS };
}

/**
 * Returns look-backs that miss nothing between two points. That of a gauge must contain at least one scrape: two
 * intervals. rate() sees only what lies between the samples in its window, so adjacent windows must share a sample: one
 * step and one interval. It also needs several samples: four intervals, as in Grafana's $__rate_interval.
 */
export function planWindows(
  stepSeconds: number,
  scrapeIntervalSeconds: number,
  scrapeIntervalKnown: boolean,
): Windows {
  return {
    scrapeIntervalSeconds,
    scrapeIntervalKnown,
    rateSeconds: Math.max(
      stepSeconds + scrapeIntervalSeconds,
      4 * scrapeIntervalSeconds,
      MIN_RATE_WINDOW_SECONDS,
    ),
    spanSeconds: Math.max(stepSeconds, 2 * scrapeIntervalSeconds),
  };
}

/**
 * Estimates the scrape interval in seconds from the number of samples that `up` has in each look-back of the probe, over
 * all targets and points. Returns `null` if there is no sample at all.
 */
export function estimateScrapeInterval(counts: readonly Series[]): number | null {
  const all = new Float64Array(counts.reduce((length, { values }) => length + values.length, 0));
  let length = 0;
  for (const { values } of counts) for (const value of values) if (value >= 1) all[length++] = value;
  const seen = all.subarray(0, length).sort();
  const median = seen[Math.floor(seen.length / 2)];
  if (median === undefined) return null;
  // Look-backs without a gap differ by one scrape at most, depending on the phase, and their mean yields the interval.
  // Look-backs with a gap or a restart have still fewer scrapes than the median and are ignored.
  const complete = seen.filter((count) => Math.abs(count - median) <= 1);
  const estimate = (PROBE_SECONDS * complete.length) / complete.reduce((sum, count) => sum + count, 0);
  return roundInterval(estimate);
}

/** Returns the median interval, in seconds, between the times of one target's scrapes; `null` for fewer than two. */
export function intervalBetween(times: Float64Array): number | null {
  const distinct = [...new Set(knownValues(times))].sort((a, b) => a - b);
  const pauses = distinct.slice(1).map((time, index) => time - (distinct[index] ?? time));
  const median = pauses.sort((a, b) => a - b)[Math.floor((pauses.length - 1) / 2)];
  return median === undefined ? null : roundInterval(median);
}

function roundInterval(estimate: number): number {
  const common = COMMON_INTERVALS.find(
    (interval) => Math.abs(estimate - interval) <= interval * INTERVAL_TOLERANCE,
  );
  return common ?? Math.max(1, Math.round(estimate));
}
