import type { PeriodGrid } from './gathered.ts';
import type { Grid } from './series.ts';

export const DAY_SECONDS = 86_400;

/** Returns the time of a point of the grid in Unix seconds. */
export function pointAt(grid: Grid, index: number): number {
  return grid.start + (index + 1) * grid.stepSeconds;
}

/**
 * Returns when the step of a point begins, in Unix seconds. The first step may begin before the period, but a report
 * contains no time before its period.
 */
export function stepStart({ grid, period }: Pick<PeriodGrid, 'grid' | 'period'>, index: number): number {
  return Math.max(period.start, pointAt(grid, index) - grid.stepSeconds);
}

/** Formats a time for reports: ISO 8601 in UTC, rounded to whole seconds. */
export function toInstant(unixSeconds: number): string {
  return `${new Date(Math.round(unixSeconds) * 1000).toISOString().slice(0, 19)}Z`;
}

/** Returns the Unix seconds of an ISO 8601 time. */
export function toUnixSeconds(instant: string): number {
  return Date.parse(instant) / 1000;
}
