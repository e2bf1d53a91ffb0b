import { scaleLinear } from 'd3-scale';
import type { Unit } from '../../../model/indicator.ts';
import type { Formatter } from '../formatter.ts';
import { UNIT_FORMATS } from '../units.ts';

export type ValueAxis = { low: number; high: number; ticks: { value: number; label: string }[] };

/** Smallest top of an axis for ratios, so that noise of a few thousandths does not fill the chart. */
const MIN_RATIO = 0.1;

/**
 * Returns an axis with about `ticks` round ticks in the magnitude that people would use: bytes in steps of 1 GiB, not of
 * 1,000,000,000. Only the topmost tick has the unit.
 */
export function valueAxis(
  format: Formatter,
  { lowest, highest, unit, ticks }: { lowest: number; highest: number; unit: Unit; ticks: number },
): ValueAxis {
  const top = unit === 'ratio' ? Math.max(highest, MIN_RATIO) : highest;
  const magnitude = format.magnitude(top, unit);
  const { divisor } = magnitude;
  const from = lowest / divisor;
  const to = top > lowest ? top / divisor : from + 1;
  const scale = scaleLinear().domain([from, to]).nice(ticks);
  const isCounted = UNIT_FORMATS[unit].noun === 'counted';
  const values = scale.ticks(ticks).filter((value) => !isCounted || Number.isInteger(value));
  const [low = from, high = to] = scale.domain();
  return {
    low: low * divisor,
    high: high * divisor,
    ticks: values.map((value, index) => {
      const isTop = index === values.length - 1;
      return {
        value: value * divisor,
        label: !isTop
          ? format.number(value)
          : isCounted
            ? format.counted(value, unit)
            : format.inMagnitude(value, magnitude),
      };
    }),
  };
}
