import { extent } from 'd3-array';
import type { ChartSeries, ReportIndicator } from '../../../model/report.ts';
import type { Values } from '../../kit/charts/lines.ts';
import { type ValueAxis, valueAxis } from '../../kit/charts/value-axis.ts';
import type { Context } from '../../kit/context.ts';
import { type ThresholdLine, thresholdLines } from '../../kit/thresholds.ts';

export type Envelope = { low: Values; median: Values; high: Values };

/** A threshold is drawn if the values reach this share of it. Otherwise it would flatten them. */
const NEAR_THRESHOLD = 0.4;

/** Room above a threshold, so that its line is not the edge of the plot. */
const ABOVE_THRESHOLD = 1.04;

/** Thresholds in this share of the axis above its bottom are not drawn. */
const MIN_HEIGHT = 0.05;

/** Returns the axis of a chart, the thresholds that it shows, and those above its scale. */
export function axisOf(
  { format }: Context,
  indicator: ReportIndicator,
  ticks: number,
): { axis: ValueAxis; drawn: ThresholdLine[]; above: ThresholdLine[] } {
  const { unit } = indicator;
  const [lowest, highest] = extremesOf(indicator);
  const thresholds = thresholdLines(indicator.thresholds);
  const near = thresholds.filter(({ value, isBelow }) => !isBelow && value * NEAR_THRESHOLD <= highest);
  const axis = valueAxis(format, {
    // Flow counts are in the thousands and only their change matters; everything else starts at zero.
    lowest: unit === 'flows' ? lowest : Math.min(0, lowest),
    highest: Math.max(highest, ...near.map(({ value }) => value * ABOVE_THRESHOLD)),
    unit,
    ticks,
  });
  const bottom = axis.low + (axis.high - axis.low) * MIN_HEIGHT;
  return {
    axis,
    drawn: thresholds.filter(({ value }) => value <= axis.high && value >= bottom),
    above: thresholds.filter(({ value, isBelow }) => !isBelow && value > axis.high),
  };
}

/** Returns the lowest and the highest value of all lines; 0 without values. */
export function extremesOf({ series, envelope }: ReportIndicator): [lowest: number, highest: number] {
  const ofEnvelope = envelope === null ? [] : [envelope.low, envelope.high];
  const values = [...ofEnvelope, ...series.map((one) => one.values)].flat().filter((value) => value !== null);
  const [lowest = 0, highest = 0] = extent(values);
  return [lowest, highest];
}

/** Returns the lowest, the median and the highest value of all lines at each step. */
export function envelopeOf(series: readonly ChartSeries[]): Envelope {
  const count = Math.max(0, ...series.map(({ values }) => values.length));
  const columns = Array.from({ length: count }, (_, index) =>
    series.flatMap(({ values }) => values[index] ?? []).sort((a, b) => a - b),
  );
  return {
    low: columns.map((column) => column[0] ?? null),
    median: columns.map((column) => column[Math.floor(column.length / 2)] ?? null),
    high: columns.map((column) => column.at(-1) ?? null),
  };
}

/** Returns a test for the line of a reading. */
export function belongsTo(reading: ReportIndicator['readings'][number]): (series: ChartSeries) => boolean {
  return (series) =>
    series.subject === reading.subject &&
    Object.entries(reading.labels).every(([label, value]) => series.labels[label] === value);
}
