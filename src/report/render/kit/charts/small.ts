import { scaleLinear } from 'd3-scale';
import type { Severity } from '../../../model/indicator.ts';
import { bandPath, linePaths, type Values } from './lines.ts';
import { element, percent, textElement } from './svg.ts';

const HEIGHT = 20;
const UNITS = 4;
/** Above and below, so that a line at the bottom is not taken for the rule of its row. */
const INSET = 4;

/** A line the size of a word: the worst subject's course, over the range of all. */
export function sparkline(spark: {
  title: string;
  low: number;
  high: number;
  worst: Values;
  band: { low: Values; high: Values } | null;
  limits: readonly { severity: Severity; value: number }[];
}): string {
  const y = scaleLinear()
    .domain([spark.low, spark.high > spark.low ? spark.high : spark.low + 1])
    .range([(HEIGHT - INSET) * UNITS, INSET * UNITS]);
  const drawn = spark.limits.filter(({ value }) => value >= spark.low && value <= spark.high);
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
        return element('line', { class: `limit ${severity}`, x1: 0, x2: '100%', y1: at, y2: at });
      })
      .join(''),
  );
}

export function scoreBar(score: number, title: string): string {
  return element(
    'svg',
    { class: 'score-bar', height: 4, role: 'img' },
    textElement('title', {}, title),
    element('rect', { class: 'track', width: '100%', height: 4 }),
    element('rect', { class: 'filled', width: percent(score / 100), height: 4 }),
  );
}

/** A bar ends here; the rest is for what is beyond the limit. */
const LIMIT_AT = 0.94;

/** How much of a limit is used, and where the limit is. */
export function usedBar(ratio: number, title: string): string {
  return element(
    'svg',
    { class: 'used-bar', height: 10, role: 'img' },
    textElement('title', {}, title),
    element('rect', { class: 'track', y: 3, width: percent(LIMIT_AT), height: 4 }),
    element('rect', {
      class: 'filled',
      y: 3,
      width: percent(Math.min(1, Math.max(0, ratio) * LIMIT_AT)),
      height: 4,
    }),
    element('rect', { class: 'end', x: percent(LIMIT_AT), width: 1.5, height: 10 }),
  );
}
