import { scaleLinear } from 'd3-scale';
import type { Severity } from '../../../model/indicator.ts';
import { bandPath, linePaths, type Values } from './lines.ts';
import { element, textElement } from './svg.ts';

const HEIGHT = 20;
const UNITS = 4;
/** Space above and below, so that a line at the bottom does not look like the rule of its row. */
const INSET = 4;

/** Returns a line the size of a word: the worst subject over the range of all subjects. */
export function sparkline(spark: {
  title: string;
  low: number;
  high: number;
  worst: Values;
  band: { low: Values; high: Values } | null;
  thresholds: readonly { severity: Severity; value: number }[];
}): string {
  const y = scaleLinear()
    .domain([spark.low, spark.high > spark.low ? spark.high : spark.low + 1])
    .range([(HEIGHT - INSET) * UNITS, INSET * UNITS]);
  const drawn = spark.thresholds.filter(({ value }) => value >= spark.low && value <= spark.high);
  return element(
    'svg',
    { class: 'sparkline', height: HEIGHT, role: 'img' },
    textElement('title', {}, spark.title),
    element(
      'svg',
      {
        class: 'plot',
        width: '100%',
        height: HEIGHT,
        viewBox: `1 0 ${Math.max(1, spark.worst.length - 1)} ${HEIGHT * UNITS}`,
        preserveAspectRatio: 'none',
      },
      spark.band === null ? '' : bandPath(spark.band.low, spark.band.high, y),
      linePaths(spark.worst, y, 'line-1'),
    ),
    drawn
      .map(({ severity, value }) => {
        const at = y(value) / UNITS;
        return element('line', { class: `threshold ${severity}`, x1: 0, x2: '100%', y1: at, y2: at });
      })
      .join(''),
  );
}
