/** How Prometheus 3 writes the bounds of classic histograms. */
import type { SimulatedSeries } from './samples.ts';

/**
 * Series as Prometheus 3 stores them: it normalises `le` when it scrapes, so that the bound 1 is "1.0", while Prometheus 2
 * keeps the "1" of the text (migration guide of Prometheus 3.0). What arrives by remote write stays as it is.
 */
export function* withBoundsOfPrometheus3(series: Iterable<SimulatedSeries>): Generator<SimulatedSeries> {
  for (const one of series) {
    const { le } = one.labels;
    yield le !== undefined && /^\d+$/.test(le) ? { ...one, labels: { ...one.labels, le: `${le}.0` } } : one;
  }
}
