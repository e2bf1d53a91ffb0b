import type { Unit } from '../../model/indicator.ts';
import { magnitudeOf, PERCENT_LIMITS, significantDigits, WHOLE_FROM } from './numbers.ts';

/** How exactly values of a unit are written, the same in all languages. */
export type Precision = {
  /** Returns the value that the text of a value shows: 12.3 for 12.345. It has the same text. */
  shown(value: number): number;
  /** Returns a distance for which some multiple is written like the value, and most others are not. */
  step(value: number): number;
};

export function precisionOf(unit: Unit): Precision {
  if (unit === 'ratio') return { shown: shownRatio, step: ratioStep };
  return {
    shown: (value) => {
      const { divisor } = magnitudeOf(value, unit);
      return shownAmount(value / divisor) * divisor;
    },
    step: (value) => {
      const { divisor } = magnitudeOf(value, unit);
      return amountStep(Math.abs(value) / divisor) * divisor;
    },
  };
}

function shownAmount(amount: number): number {
  const size = Math.abs(amount);
  return Number(size >= WHOLE_FROM ? amount.toFixed(0) : amount.toPrecision(significantDigits(size)));
}

function amountStep(size: number): number {
  if (size === 0) return Number.POSITIVE_INFINITY;
  return Number.isInteger(size) || size >= WHOLE_FROM
    ? 1
    : 10 ** (Math.floor(Math.log10(size)) + 1 - significantDigits(size));
}

function shownRatio(ratio: number): number {
  const { smallest, whole, precise } = PERCENT_LIMITS;
  if (ratio > 0 && ratio < smallest) return smallest / 5;
  if (ratio > precise && ratio < 1) return Math.floor(ratio * 1000) / 1000;
  return Number(ratio.toFixed(ratio < whole ? 3 : 2));
}

function ratioStep(ratio: number): number {
  const { smallest, whole, precise } = PERCENT_LIMITS;
  if (ratio === 0) return Number.POSITIVE_INFINITY;
  if (ratio > 0 && ratio < smallest) return smallest / 5;
  return ratio < whole || (ratio > precise && ratio < 1) ? 0.001 : 0.01;
}
