/** Native histograms with custom buckets, as Prometheus 3 stores them with `convert_classic_histograms_to_nhcb`. */
import type { SimulatedSeries } from './samples.ts';

/** Buckets and sum at every timestamp of the series. */
export type NativeHistogram = {
  /** Upper bounds of all buckets except the last one, which is infinite. */
  bounds: readonly number[];
  /** Cumulative counts of the classic buckets, the infinite one last. */
  cumulative: readonly Float64Array[];
  sum: Float64Array;
};

/**
 * Replaces each classic histogram by one native histogram with the name of the family. Its `values` are the counts of
 * observations. Expects the buckets of a classic histogram first, then its sum, then its count.
 * @throws if a histogram is incomplete
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
    throw new Error(`${count.family.name}: expected buckets and sum before the count.`);
  const native = { bounds: bounds.slice(0, -1), cumulative: buckets.map(({ values }) => values), sum };
  return { ...count, name: count.family.name, native };
}
