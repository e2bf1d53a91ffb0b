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
  return roundTo(amount, decimalsOf(amount));
}

/** Returns the decimals of a number; zero for whole numbers. */
function decimalsOf(amount: number): number {
  const size = Math.abs(amount);
  if (Number.isInteger(size) || size >= WHOLE_FROM) return 0;
  return significantDigits(size) - 1 - decimal(size).exponent;
}

/** Rounds half away from zero in decimals, as Intl.NumberFormat does: 10.95 is 11, although its double is less. */
function roundTo(value: number, decimals: number): number {
  const { digits, exponent } = decimal(Math.abs(value));
  const kept = exponent + decimals + 1;
  if (kept >= digits.length) return value;
  if (kept < 0) return 0;
  const rounded = Number(digits.slice(0, kept)) + (Number(digits[kept]) >= 5 ? 1 : 0);
  return Math.sign(value) * Number(`${rounded}e${-decimals}`);
}

/** Returns the digits of the shortest decimal that is this number, and the exponent of the first one. */
function decimal(size: number): { digits: string; exponent: number } {
  const [digits = '0', exponent = '0'] = size.toExponential().split('e');
  return { digits: digits.replace('.', ''), exponent: Number(exponent) };
}

function amountStep(size: number): number {
  return size === 0 ? Number.POSITIVE_INFINITY : 10 ** -decimalsOf(size);
}

function shownRatio(ratio: number): number {
  const { smallest, whole, precise } = PERCENT_LIMITS;
  if (ratio > 0 && ratio < smallest) return smallest / 5;
  if (ratio > precise && ratio < 1) return Math.floor(ratio * 1000) / 1000;
  return roundTo(ratio, ratio < whole ? 3 : 2);
}

function ratioStep(ratio: number): number {
  const { smallest, whole, precise } = PERCENT_LIMITS;
  if (ratio === 0) return Number.POSITIVE_INFINITY;
  if (ratio > 0 && ratio < smallest) return smallest / 5;
  return ratio < whole || (ratio > precise && ratio < 1) ? 0.001 : 0.01;
}
