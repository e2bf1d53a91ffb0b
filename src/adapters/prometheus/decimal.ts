/**
 * Reads decimal numbers from bytes without making a text of them. Answers contain millions of numbers, and `Number` needs
 * several times as long. Every number is the one that `Number` returns.
 */

/** Where reading is: the offset of the next byte. */
export type Cursor = { at: number };

/** All powers of ten that a double represents exactly. */
const POWERS_OF_TEN = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
const LARGEST_EXACT_EXPONENT = 22;

/** A double represents all integers of up to 15 digits exactly. */
const EXACT_DIGITS = 15;

/** The digits are collected in two integers of nine digits, since the processor multiplies small integers fastest. */
const DIGITS_PER_PART = 9;

const POINT = 0x2e - 0x30;

/**
 * Reads a number in the notation of JSON and moves the cursor behind it.
 * @returns NaN if there is no such number, or one that only `Number` can read exactly; the cursor is then undefined
 */
export function readDecimal(bytes: Uint8Array, cursor: Cursor): number {
  let at = cursor.at;
  const isNegative = bytes[at] === 0x2d;
  if (isNegative) at += 1;
  const first = at;
  let point = -1;
  /** Digits after leading zeros. */
  let digits = 0;
  let high = 0;
  let low = 0;
  for (; ; at += 1) {
    const digit = (bytes[at] as number) - 0x30;
    if (digit >= 0 && digit <= 9) {
      if (digits >= DIGITS_PER_PART) low = (low * 10 + digit) | 0;
      else high = (high * 10 + digit) | 0;
      if (high > 0) digits += 1;
    } else if (digit === POINT && point < 0) point = at;
    else break;
  }
  const wholeDigits = (point < 0 ? at : point) - first;
  const fraction = point < 0 ? 0 : at - point - 1;
  const hasLeadingZero = bytes[first] === 0x30 && wholeDigits > 1;
  if (wholeDigits === 0 || hasLeadingZero || (point >= 0 && fraction === 0)) return Number.NaN;
  if (digits > 2 * DIGITS_PER_PART) return Number.NaN;
  cursor.at = at;
  const hasExponent = ((bytes[at] as number) | 0x20) === 0x65;
  const exponent = hasExponent ? readExponent(bytes, cursor) - fraction : -fraction;
  const lowDigits = Math.max(0, digits - DIGITS_PER_PART);
  const size =
    digits <= EXACT_DIGITS
      ? scale(high * (POWERS_OF_TEN[lowDigits] as number) + low, exponent)
      : divide(high, low, lowDigits, -exponent);
  return isNegative ? -size : size;
}

/** Reads the exponent with its letter. Returns NaN if there is none. */
function readExponent(bytes: Uint8Array, cursor: Cursor): number {
  let at = cursor.at + 1;
  const isNegative = bytes[at] === 0x2d;
  if (isNegative || bytes[at] === 0x2b) at += 1;
  const start = at;
  let exponent = 0;
  let digit = (bytes[at] as number) - 0x30;
  while (digit >= 0 && digit <= 9) {
    exponent = exponent * 10 + digit;
    at += 1;
    digit = (bytes[at] as number) - 0x30;
  }
  cursor.at = at;
  if (at === start) return Number.NaN;
  return isNegative ? -exponent : exponent;
}

/**
 * Returns `mantissa * 10 ** exponent`. IEEE 754 rounds one multiplication or division of exact numbers correctly
 * (Clinger, How to Read Floating Point Numbers Accurately, 1990).
 */
function scale(mantissa: number, exponent: number): number {
  if (exponent === 0) return mantissa;
  if (exponent < 0 && exponent >= -LARGEST_EXACT_EXPONENT)
    return mantissa / (POWERS_OF_TEN[-exponent] as number);
  if (exponent > 0 && exponent <= LARGEST_EXACT_EXPONENT)
    return mantissa * (POWERS_OF_TEN[exponent] as number);
  return Number.NaN;
}

/** Upper bound on the relative error of the second part of a quotient, which is below 2 ** -49. */
const ERROR = 2 ** -45;

/**
 * Returns `(high * 10 ** lowDigits + low) / 10 ** exponent`, with twice the precision of a double, so that it can be
 * rounded correctly (Dekker, A Floating-Point Technique for Extending the Available Precision, 1971). NaN if the exact
 * quotient is so near the middle of two doubles that even this does not decide.
 */
function divide(high: number, low: number, lowDigits: number, exponent: number): number {
  if (!(exponent >= 0 && exponent <= LARGEST_EXACT_EXPONENT)) return Number.NaN;
  const shift = POWERS_OF_TEN[lowDigits] as number;
  const divisor = POWERS_OF_TEN[exponent] as number;
  const product = high * shift;
  const mantissa = product + low;
  const rest = low - (mantissa - product) + productError(high, shift, product);
  const quotient = mantissa / divisor;
  const back = quotient * divisor;
  const correction = (mantissa - back - productError(quotient, divisor, back) + rest) / divisor;
  const margin = Math.abs(correction) * ERROR;
  const result = quotient + (correction - margin);
  return result === quotient + (correction + margin) ? result : Number.NaN;
}

/** Splits a double into halves of 26 bits. */
const SPLITTER = 2 ** 27 + 1;

/** Returns the difference between the exact product of two numbers and `product`, their rounded product. */
function productError(a: number, b: number, product: number): number {
  const largeA = a * SPLITTER;
  const highA = largeA - (largeA - a);
  const lowA = a - highA;
  const largeB = b * SPLITTER;
  const highB = largeB - (largeB - b);
  const lowB = b - highB;
  return lowA * lowB - (product - highA * highB - lowA * highB - highA * lowB);
}
