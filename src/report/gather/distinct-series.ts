import { labelKey, type Series } from '../model/series.ts';
import type { Source } from './source.ts';

/**
 * Returns a source whose answers have each set of labels once, like those of Prometheus. A proxy that joins the answers of
 * several servers may repeat them. The first series counts: both together would count twice, and the rest of one counter
 * does not continue another. A warning of the answer has the number of the others.
 */
export function withDistinctSeries(source: Source): Source {
  return {
    kind: source.kind,
    async range(query, grid, limits) {
      const { series, warnings } = await source.range(query, grid, limits);
      const distinct = keepFirst(series);
      return { series: distinct, warnings: warned(warnings, series.length - distinct.length) };
    },
    async instant(query, time, limits) {
      const { samples, warnings } = await source.instant(query, time, limits);
      const distinct = keepFirst(samples);
      return { samples: distinct, warnings: warned(warnings, samples.length - distinct.length) };
    },
  };
}

function keepFirst<T extends Pick<Series, 'labels'>>(all: T[]): T[] {
  const seen = new Set(all.map(({ labels }) => labelKey(labels)));
  if (seen.size === all.length) return all;
  return all.filter(({ labels }) => seen.delete(labelKey(labels)));
}

function warned(warnings: string[], dropped: number): string[] {
  if (dropped === 0) return warnings;
  const series = dropped === 1 ? '1 series was' : `${dropped} series were`;
  return [
    ...warnings,
    `${series} ignored, since the answer has others with the same labels; check the proxies before the server`,
  ];
}
