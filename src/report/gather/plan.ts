import type { Grid, Series, Windows } from '../model/series.ts';
import { GatherError } from './errors.ts';

/** Prometheus refuses a range query of more points per series (web/api/v1/api.go, "exceeded maximum resolution"). */
export const MAX_POINTS = 11_000;

/** A chart of some 700 pixels shows no more. */
const CHART_POINTS = 300;

/**
 * However long the period, the same rules hold: most of them ask for something that lasts five minutes, so points lie
 * no further apart, …
 */
const LONGEST_STEP = 300;

/** … unless a line for each target would then be more values than a process can hold for thirty indicators. */
const MOST_VALUES = 1_000_000;

/** Steps that divide hours and days, so that points fall on times people know. */
const STEPS = [15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400] as const;

/** Common scrape intervals; an estimate that comes near one of them is taken to be it. */
const COMMON_INTERVALS = [1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 600] as const;

/** Prometheus's default global.scrape_interval, assumed where nothing is known. */
export const ASSUMED_SCRAPE_INTERVAL = 60;

/** How near, as a share of it: 40 s is not taken for 45 s, nor 75 s for 90 s. */
const NEAR = 0.1;

/**
 * The look-back of the probe: ten minutes hold enough scrapes at every usual interval. One second less, so that a
 * whole number of intervals holds one number of scrapes, whether or not a server counts those at both borders.
 */
const PROBE_SECONDS = 599;

const DAY_SECONDS = 86_400;
const WEEK_SECONDS = 7 * DAY_SECONDS;

/** The thresholds of the sync and latency indicators are meant for means over at least five minutes. */
const LEAST_RATE_WINDOW = 300;

/**
 * The step for a period: the smallest of the usual ones that is no shorter than the scrape interval, below which a step
 * shows nothing new, and that gives as many points as a chart can show, or those that the rules need.
 * @param lines how many an indicator has, as far as known
 */
export function planStep(periodSeconds: number, scrapeIntervalSeconds: number, lines: number): number {
  const least = Math.max(
    Math.min(periodSeconds / CHART_POINTS, LONGEST_STEP),
    leastStep(periodSeconds, lines),
    scrapeIntervalSeconds,
  );
  return usualStep(least);
}

/** @throws GatherError where a step that the user set does not suit the period, or makes more than can be held */
export function checkStep(stepSeconds: number, periodSeconds: number, lines: number): void {
  if (stepSeconds > periodSeconds)
    throw new GatherError(
      `step: ${stepSeconds} s is longer than the period of ${periodSeconds} s; set a shorter one`,
    );
  const least = leastStep(periodSeconds, lines);
  if (stepSeconds >= least) return;
  const points = Math.ceil(periodSeconds / stepSeconds);
  const each = lines > 1 ? ` for each of ${lines} lines` : '';
  throw new GatherError(
    `step: ${stepSeconds} s makes ${points} points of this period${each}, which is too many; set ${usualStep(least)} s or longer`,
  );
}

/** Below it there are more points than Prometheus answers, or more values than can be held. */
function leastStep(periodSeconds: number, lines: number): number {
  return Math.max((periodSeconds * lines) / MOST_VALUES, periodSeconds / MAX_POINTS);
}

function usualStep(least: number): number {
  const step = STEPS.find((candidate) => candidate >= least);
  return step ?? Math.ceil(least / DAY_SECONDS) * DAY_SECONDS;
}

/** How many seconds earlier than a period those begin that it is compared with. */
export function earlierPeriods({
  start,
  end,
}: {
  start: number;
  end: number;
}): { kind: 'before' | 'week-before'; seconds: number }[] {
  const length = end - start;
  const before = { kind: 'before', seconds: length } as const;
  // Of a week, even of one that loses an hour to summer time, the week before is the period before; of longer ones it
  // would lie within the period itself.
  return length <= WEEK_SECONDS - DAY_SECONDS
    ? [before, { kind: 'week-before', seconds: WEEK_SECONDS }]
    : [before];
}

/**
 * The grid of a period. Its end is the period's end; where the step does not divide the period, the first point's
 * step begins before the period, so that nothing of it is left out.
 */
export function planGrid(start: number, end: number, stepSeconds: number): Grid {
  const count = Math.max(1, Math.ceil((end - start) / stepSeconds));
  return { start: end - count * stepSeconds, stepSeconds, count };
}

/**
 * Where in a period the probe looks. Its steps are no multiple of a usual interval: otherwise it would meet the same
 * part of the beat of scrapes every time, and 2 or 3 scrapes in ten minutes would not tell 4 minutes from 3 or 5.
 */
export function planProbe(start: number, end: number): { grid: Grid; lookBackSeconds: number } {
  const stepSeconds = planStep(end - start, Math.max(PROBE_SECONDS, (end - start) / CHART_POINTS), 1) + 7;
  return { grid: planGrid(start, end, stepSeconds), lookBackSeconds: PROBE_SECONDS };
}

/**
 * Look-backs that miss nothing between two steps. A gauge's must hold at least one scrape, hence two intervals. A
 * rate sees only what lies between the samples in its window, so adjacent windows must share a sample: one step and
 * one interval; and rate() wants several samples, hence four intervals (Grafana's $__rate_interval rule).
 */
export function planWindows(
  stepSeconds: number,
  scrapeIntervalSeconds: number,
  scrapeIntervalKnown: boolean,
): Windows {
  return {
    scrapeIntervalSeconds,
    scrapeIntervalKnown,
    rateSeconds: Math.max(stepSeconds + scrapeIntervalSeconds, 4 * scrapeIntervalSeconds, LEAST_RATE_WINDOW),
    spanSeconds: Math.max(stepSeconds, 2 * scrapeIntervalSeconds),
  };
}

/**
 * The scrape interval, estimated from how many samples `up` has in each look-back of the probe, over all targets and
 * times. `null` when there is no sample at all.
 */
export function estimateScrapeInterval(counts: readonly Series[]): number | null {
  const seen = counts
    .flatMap((series) => series.values.filter((value): value is number => value !== null && value > 0))
    .sort((a, b) => a - b);
  const middle = seen[Math.floor(seen.length / 2)];
  if (middle === undefined) return null;
  // Look-backs without a gap differ by one scrape, depending on where they lie; their mean tells the interval. Those
  // that a gap or a restart cut short are fewer scrapes off the median than that and do not count.
  const whole = seen.filter((count) => Math.abs(count - middle) <= 1);
  const estimate = (PROBE_SECONDS * whole.length) / whole.reduce((sum, count) => sum + count, 0);
  return usualInterval(estimate);
}

/** The interval between the times at which one target was scraped; `null` where there are fewer than two. */
export function intervalBetween(times: readonly (number | null)[]): number | null {
  const distinct = [...new Set(times.filter((time) => time !== null))].sort((a, b) => a - b);
  const pauses = distinct.slice(1).map((time, index) => time - (distinct[index] ?? time));
  const middle = pauses.sort((a, b) => a - b)[Math.floor((pauses.length - 1) / 2)];
  return middle === undefined ? null : usualInterval(middle);
}

function usualInterval(estimate: number): number {
  const common = COMMON_INTERVALS.find((interval) => Math.abs(estimate - interval) <= interval * NEAR);
  return common ?? Math.max(1, Math.round(estimate));
}
