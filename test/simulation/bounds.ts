/** How Prometheus 3 writes the bounds of classic histograms. */
import type { SimulatedSeries } from './samples.ts';

/**
 * Returns series as Prometheus 3 stores them. It normalises `le` when it scrapes: the bound 1 becomes "1.0", where
 * Prometheus 2 keeps "1" (migration guide of Prometheus 3.0). It does not change what it receives through remote write.
 */
export function* withBoundsOfPrometheus3(series: Iterable<SimulatedSeries>): Generator<SimulatedSeries> {
  for (const one of series) {
    const { le } = one.labels;
    yield le !== undefined && /^\d+$/.test(le) ? { ...one, labels: { ...one.labels, le: `${le}.0` } } : one;
  }
}
