import type { Gathered, Grid } from './series.ts';

/** The time of a point of the grid, Unix seconds. */
export function pointAt(grid: Grid, index: number): number {
  return grid.start + (index + 1) * grid.stepSeconds;
}

/** When the step begins that a point speaks for. The first may begin before the period; what is told of it may not. */
export function stepStart({ grid, period }: Pick<Gathered, 'grid' | 'period'>, index: number): number {
  return Math.max(period.start, pointAt(grid, index) - grid.stepSeconds);
}

/** ISO 8601 in UTC with whole seconds. */
export function toIso(unixSeconds: number): string {
  return `${new Date(Math.round(unixSeconds) * 1000).toISOString().slice(0, 19)}Z`;
}
