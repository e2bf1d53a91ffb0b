import { scaleLinear } from 'd3-scale';
import type { Unit } from '../../../model/indicator.ts';
import type { Formatter } from '../formatter.ts';

export type ValueAxis = { low: number; high: number; ticks: { value: number; label: string }[] };

/** Units whose values are whole things, between which there is nothing to mark. */
const COUNTED: readonly Unit[] = [
  'failed-bundles',
  'flows',
  'pods',
  'restarts',
  'agents',
  'controllers',
  'items',
  'retries',
  'service-ports',
  'packets',
  'connections',
  'reconnections',
  'domain-names',
  'evictions',
  'goroutines',
];

/** A ratio of a few thousandths would otherwise fill its chart with noise. */
const LEAST_RATIO = 0.1;

/**
 * An axis with few round ticks in the unit that people would use: bytes in steps of GiB, not of 1,000,000,000. Only
 * the topmost tick carries the unit.
 */
export function valueAxis(
  lowest: number,
  highest: number,
  unit: Unit,
  format: Formatter,
  noun: (amount: string, value: number) => string,
  wanted: number,
): ValueAxis {
  const top = unit === 'ratio' ? Math.max(highest, LEAST_RATIO) : highest;
  const magnitude = format.magnitude(top, unit);
  const { divisor } = magnitude;
  const from = lowest / divisor;
  const to = top > lowest ? top / divisor : from + 1;
  const scale = scaleLinear().domain([from, to]).nice(wanted);
  const isCounted = COUNTED.includes(unit);
  const values = scale.ticks(wanted).filter((value) => !isCounted || Number.isInteger(value));
  const [low = from, high = to] = scale.domain();
  return {
    low: low * divisor,
    high: high * divisor,
    ticks: values.map((value, index) => {
      const isTop = index === values.length - 1;
      return {
        value: value * divisor,
        label: isTop ? noun(format.inMagnitude(value, magnitude), value) : format.number(value),
      };
    }),
  };
}
