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

/** What a server says about itself; null where it says nothing. */
export type BuildInfo = {
  /** "Prometheus", "VictoriaMetrics", "Grafana Mimir", … */
  product: string | null;
  version: string | null;
  /** How long Prometheus keeps samples, as it writes it: "15d", "30d or 50GiB". */
  retention: string | null;
};

/** A source that is a server; the caller closes it. */
export type LiveSource = Source & { buildInfo(): Promise<BuildInfo>; close(): Promise<void> };
