import type { Grid } from '../model/series.ts';

/** The time of a point of the grid, Unix seconds. */
export function pointAt(grid: Grid, index: number): number {
  return grid.start + (index + 1) * grid.stepSeconds;
}

/** ISO 8601 in UTC with whole seconds. */
export function toIso(unixSeconds: number): string {
  return `${new Date(Math.round(unixSeconds) * 1000).toISOString().slice(0, 19)}Z`;
}
