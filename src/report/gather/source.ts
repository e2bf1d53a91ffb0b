import type { Grid, Sample, Series } from '../model/series.ts';
import type { AnswerLimits } from './bounds.ts';

export type RangeAnswer = { series: Series[]; warnings: string[] };
export type InstantAnswer = { samples: Sample[]; warnings: string[] };

/**
 * Answers PromQL queries: a live Prometheus-compatible server, or a capture of one. Queries without an answer reject
 * with a QueryError.
 */
export type Source = {
  kind: 'prometheus' | 'capture';
  /**
   * Evaluates a query at every point of the grid. An answer that exceeds the limits is not read to its end. The values
   * belong to who asks, who may change them and give their memory back.
   */
  range(query: string, grid: Grid, limits?: AnswerLimits): Promise<RangeAnswer>;
  /** Evaluates a query at one time, in Unix seconds. */
  instant(query: string, time: number, limits?: AnswerLimits): Promise<InstantAnswer>;
};

/** What error messages call a source. */
export const SOURCE_NAMES: Readonly<Record<Source['kind'], string>> = {
  prometheus: 'Prometheus',
  capture: 'the capture',
};

/** What a server says about itself; `null` for what it does not say. */
export type BuildInfo = {
  /** "Prometheus", "VictoriaMetrics", "Grafana Mimir", … */
  product: string | null;
  version: string | null;
  /** How long Prometheus keeps samples, in its own notation: "15d", "30d or 50GiB". */
  retention: string | null;
};

/** A source that is a server. The caller closes it. */
export type LiveSource = Source & { buildInfo(): Promise<BuildInfo>; close(): Promise<void> };
