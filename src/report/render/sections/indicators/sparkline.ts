import type { ReportIndicator } from '../../../model/report.ts';
import type { Values } from '../../kit/charts/lines.ts';
import { sparkline } from '../../kit/charts/sparkline.ts';
import type { Context } from '../../kit/context.ts';
import { type Markup, markup } from '../../kit/markup.ts';
import { axisOf, belongsTo, envelopeOf } from './chart-data.ts';

/** Points of a sparkline, which is about a hundred pixels wide. */
const POINTS = 120;

const TICKS = 3;

/** Returns the worst subject of an indicator over the range of all; null without values. */
export function sparklineOf(context: Context, indicator: ReportIndicator, title: string): Markup | null {
  const [firstSeries] = indicator.series;
  const [reading] = indicator.readings;
  if (firstSeries === undefined || reading === undefined) return null;
  const worst = indicator.series.find(belongsTo(reading)) ?? firstSeries;
  const band = indicator.envelope ?? (indicator.series.length > 1 ? envelopeOf(indicator.series) : null);
  const { axis, drawn } = axisOf(context, indicator, TICKS);
  return markup(
    sparkline({
      title,
      low: axis.low,
      high: axis.high,
      worst: thin(worst.values, Math.max),
      band: band && { low: thin(band.low, Math.min), high: thin(band.high, Math.max) },
      thresholds: drawn,
    }),
  );
}

/** Replaces several steps by their extreme, so that no peak is lost. */
function thin(values: Values, extremeOf: (...values: number[]) => number): Values {
  const size = Math.ceil(values.length / POINTS);
  if (size <= 1) return values;
  return Array.from({ length: Math.ceil(values.length / size) }, (_, index) => {
    const steps = values.slice(index * size, (index + 1) * size).filter((value) => value !== null);
    return steps.length === 0 ? null : extremeOf(...steps);
  });
}
