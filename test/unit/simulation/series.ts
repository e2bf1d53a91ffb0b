import type { Simulation } from '../../simulation/cluster.ts';
import { type SimulatedSeries, simulate } from '../../simulation/samples.ts';

/** The series of one name with these labels. */
export function seriesOf(
  simulation: Simulation,
  name: string,
  labels: Record<string, string> = {},
): SimulatedSeries[] {
  return [...simulate(simulation)].filter(
    (each) =>
      each.name === name && Object.entries(labels).every(([label, value]) => each.labels[label] === value),
  );
}

/** The scraped value at a moment: that of the last scrape before it. */
export function valueAt({ timestamps, values }: SimulatedSeries, seconds: number): number | undefined {
  return values[timestamps.findLastIndex((at) => at <= seconds * 1000)];
}
