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
  if (Number.isInteger(amount)) return amount;
  const size = Math.abs(amount);
  return round(amount, (exponent) => (size >= WHOLE_FROM ? exponent + 1 : significantDigits(size)));
}

function amountStep(size: number): number {
  if (size === 0) return Number.POSITIVE_INFINITY;
  if (Number.isInteger(size) || size >= WHOLE_FROM) return 1;
  return 10 ** (Math.floor(Math.log10(size)) + 1 - significantDigits(size));
}

/**
 * Rounds half away from zero in decimals, as Intl.NumberFormat does: 10.95 is 11, although its double is less.
 * @param keep returns how many digits stay, from the exponent of the first one
 */
function round(value: number, keep: (exponent: number) => number): number {
  // The shortest decimal that is this number.
  const [mantissa = '0', exponent = '0'] = Math.abs(value).toExponential().split('e');
  const digits = mantissa.replace('.', '');
  const kept = keep(Number(exponent));
  if (kept >= digits.length) return value;
  if (kept < 0) return 0;
  const rounded = Number(digits.slice(0, kept)) + (Number(digits[kept]) >= 5 ? 1 : 0);
  return Math.sign(value) * Number(`${rounded}e${Number(exponent) + 1 - kept}`);
}

function shownRatio(ratio: number): number {
  const { smallest, whole, precise } = PERCENT_LIMITS;
  if (ratio > 0 && ratio < smallest) return smallest / 5;
  if (ratio > precise && ratio < 1) return Math.floor(ratio * 1000) / 1000;
  return round(ratio, (exponent) => exponent + 1 + (ratio < whole ? 3 : 2));
}

function ratioStep(ratio: number): number {
  const { smallest, whole, precise } = PERCENT_LIMITS;
  if (ratio === 0) return Number.POSITIVE_INFINITY;
  if (ratio > 0 && ratio < smallest) return smallest / 5;
  return ratio < whole || (ratio > precise && ratio < 1) ? 0.001 : 0.01;
}
