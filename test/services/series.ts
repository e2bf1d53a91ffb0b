/** Changes to simulated series: later scrapes, missing scrapes, other labels. */
import type { Labels, Simulation } from '../simulation/cluster.ts';
import { type SimulatedSeries, simulate } from '../simulation/samples.ts';

let last: { key: string; series: readonly SimulatedSeries[] } | undefined;

/**
 * Returns the series of a simulation, and keeps them in memory until those of another are asked for. Use it for small
 * clusters whose series are loaded several times, and do not change the samples.
 */
export function simulateOnce(simulation: Simulation): readonly SimulatedSeries[] {
  const key = JSON.stringify(simulation);
  if (last?.key !== key) last = { key, series: [...simulate(simulation)] };
  return last.series;
}

/** The same samples, each `seconds` later. */
export function* later(series: Iterable<SimulatedSeries>, seconds: number): Generator<SimulatedSeries> {
  const shifted = oncePerArray((timestamps) => timestamps.map((at) => at + seconds * 1000));
  for (const one of series) yield { ...one, timestamps: shifted(one.timestamps) };
}

/** Keeps the samples with a Unix time, in seconds, that `isKept` accepts. */
export function* only(
  series: Iterable<SimulatedSeries>,
  isKept: (seconds: number) => boolean,
): Generator<SimulatedSeries> {
  const selected = oncePerArray((timestamps) => {
    const kept = Array.from(timestamps, (at) => isKept(at / 1000));
    return { kept, timestamps: timestamps.filter((_, index) => kept[index]) };
  });
  for (const one of series) {
    if (one.native) throw new Error(`${one.name}: native histograms cannot be cut.`);
    const { kept, timestamps } = selected(one.timestamps);
    const values = one.values.filter((_, index) => kept[index]);
    if (timestamps.length > 0) yield { ...one, timestamps, values };
  }
}

/** Returns `change` with one result per array: series of one target share their timestamps, and writers rely on it. */
function oncePerArray<Result extends object>(
  change: (timestamps: Float64Array) => Result,
): (timestamps: Float64Array) => Result {
  const results = new WeakMap<Float64Array, Result>();
  return (timestamps) => {
    const result = results.get(timestamps) ?? change(timestamps);
    results.set(timestamps, result);
    return result;
  };
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
