import type { Grid, Sample, Series } from '../model/series.ts';

export type RangeAnswer = { series: Series[]; warnings: string[] };
export type InstantAnswer = { samples: Sample[]; warnings: string[] };

/** Who answers questions: a live Prometheus-compatible server, or a capture of one. Failures throw `QueryError`. */
export type Source = {
  kind: 'prometheus' | 'capture';
  /** Evaluates PromQL at every point of the grid. */
  range(query: string, grid: Grid): Promise<RangeAnswer>;
  /** Evaluates PromQL at one time, Unix seconds. */
  instant(query: string, time: number): Promise<InstantAnswer>;
};
