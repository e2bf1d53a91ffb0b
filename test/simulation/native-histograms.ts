/** Native histograms with custom buckets, which Prometheus 3 makes of classic ones under `convert_classic_histograms_to_nhcb`. */
import type { SimulatedSeries } from './samples.ts';

/** At every timestamp of the series: how many were observed in each bucket, which is not cumulative, and their sum. */
export type NativeHistogram = {
  /** Upper bounds of all buckets but the last, whose bound is infinite. */
  bounds: readonly number[];
  /** Cumulative counts of the classic buckets, in the order of their bounds, the infinite one last. */
  cumulative: readonly Float64Array[];
  sum: Float64Array;
};

/**
 * Series with every classic histogram as one native one, named like its family. Its `values` are its counts of
 * observations. The buckets of a classic histogram come one after the other, then its sum and its count.
 */
export function* withNativeHistograms(series: Iterable<SimulatedSeries>): Generator<SimulatedSeries> {
  let buckets: SimulatedSeries[] = [];
  let sum: Float64Array | undefined;
  for (const one of series) {
    if (one.family.type !== 'histogram') {
      yield one;
    } else if (one.name.endsWith('_bucket')) {
      buckets.push(one);
    } else if (one.name.endsWith('_sum')) {
      sum = one.values;
    } else {
      yield nativeOf(one, buckets, sum);
      buckets = [];
      sum = undefined;
    }
  }
}

function nativeOf(
  count: SimulatedSeries,
  buckets: readonly SimulatedSeries[],
  sum: Float64Array | undefined,
): SimulatedSeries {
  const bounds = buckets.map(({ labels }) => Number(labels['le']?.replace('+Inf', 'Infinity')));
  if (sum === undefined || bounds.at(-1) !== Number.POSITIVE_INFINITY)
    throw new Error(`${count.family.name}: its buckets and its sum do not come before its count.`);
  const native = { bounds: bounds.slice(0, -1), cumulative: buckets.map(({ values }) => values), sum };
  return { ...count, name: count.family.name, native };
}
