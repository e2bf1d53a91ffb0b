/** Changes to simulated series: later scrapes, missing scrapes, other labels. */
import type { Labels } from '../simulation/cluster.ts';
import type { SimulatedSeries } from '../simulation/samples.ts';

/** The same samples, each `seconds` later. */
export function* later(series: Iterable<SimulatedSeries>, seconds: number): Generator<SimulatedSeries> {
  for (const one of series) yield { ...one, timestamps: one.timestamps.map((at) => at + seconds * 1000) };
}

/** Keeps the samples with a Unix time, in seconds, that `isKept` accepts. */
export function* only(
  series: Iterable<SimulatedSeries>,
  isKept: (seconds: number) => boolean,
): Generator<SimulatedSeries> {
  for (const one of series) {
    if (one.native) throw new Error(`${one.name}: native histograms cannot be cut.`);
    const kept = (_: number, index: number) => isKept((one.timestamps[index] ?? 0) / 1000);
    const timestamps = one.timestamps.filter(kept);
    if (timestamps.length > 0) yield { ...one, timestamps, values: one.values.filter(kept) };
  }
}

/** The series with the labels that `change` returns; those for which it returns null are left out. */
export function* relabelled(
  series: Iterable<SimulatedSeries>,
  change: (labels: Labels, name: string) => Labels | null,
): Generator<SimulatedSeries> {
  for (const one of series) {
    const labels = change(one.labels, one.name);
    if (labels !== null) yield { ...one, labels };
  }
}
