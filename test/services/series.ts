/** Series as other servers than the simulation's would have them. */
import type { SimulatedSeries } from '../simulation/samples.ts';

/** The same scrapes, each so many seconds later. */
export function* later(series: Iterable<SimulatedSeries>, seconds: number): Generator<SimulatedSeries> {
  for (const one of series) yield { ...one, timestamps: one.timestamps.map((at) => at + seconds * 1000) };
}

/** Only the samples at the moments, Unix seconds, that `isKept` accepts. */
export function* only(
  series: Iterable<SimulatedSeries>,
  isKept: (seconds: number) => boolean,
): Generator<SimulatedSeries> {
  for (const one of series) {
    if (one.native) throw new Error(`${one.name}: native histograms are not cut.`);
    const kept = (_: number, index: number) => isKept((one.timestamps[index] ?? 0) / 1000);
    const timestamps = one.timestamps.filter(kept);
    if (timestamps.length > 0) yield { ...one, timestamps, values: one.values.filter(kept) };
  }
}
