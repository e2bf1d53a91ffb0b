import type { Grid } from '../../report/model/series.ts';
import { type Cursor, readDecimal } from './decimal.ts';

/** How Go formats values that are not finite. */
const NOT_FINITE = /^(?:NaN|[+-]?Inf)$/;

export type Pair = { time: number; value: number };

/**
 * Reads a pair of a time in Unix seconds and a value, which Prometheus writes as a string. A value that is not finite
 * becomes NaN. Everything else is an error, since it must not count as a missing value or as 0.
 * @returns `null` if it is not such a pair
 */
export function readPair(pair: unknown): Pair | null {
  const [time, text] = Array.isArray(pair) ? pair : [];
  if (typeof time !== 'number' || typeof text !== 'string') return null;
  if (NOT_FINITE.test(text)) return { time, value: Number.NaN };
  const value = Number(text);
  return text.trim() === '' || !Number.isFinite(value) ? null : { time, value };
}

/** Times have a precision of a millisecond, and calculated ones deviate by less. */
const TIME_TOLERANCE_SECONDS = 0.001;

/**
 * Writes a pair to its point of the grid; one outside of it is ignored. Some servers move the times: Thanos's query
 * frontend aligns them to multiples of the step, up to one step early. A value belongs to the step that contains its time,
 * so that the last step of a period does not look as if it had no data.
 */
export function placeOnGrid(time: number, value: number, grid: Grid, values: Float64Array): void {
  const index = Math.ceil((time - TIME_TOLERANCE_SECONDS - grid.start) / grid.stepSeconds) - 1;
  if (index >= 0 && index < grid.count) values[index] = value;
}

const [OPEN, CLOSE, COMMA, QUOTE, UPPER_N, LOWER_A, ONE] = Buffer.from('[],"Na1');

/** The times from 2001 to 2033 are the numbers of ten digits that begin with 1. */
const TIME_DIGITS = 10;

/**
 * Reads a time in Unix seconds and moves the cursor behind it. Nearly all of them are whole numbers of ten digits, which
 * need no more than this loop.
 * @returns what `readDecimal` returns
 */
function readTime(bytes: Uint8Array, cursor: Cursor): number {
  const end = cursor.at + TIME_DIGITS;
  if (bytes[cursor.at] !== ONE || bytes[end] !== COMMA) return readDecimal(bytes, cursor);
  let seconds = 0;
  for (let at = cursor.at; at < end; at += 1) {
    const digit = (bytes[at] as number) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return readDecimal(bytes, cursor);
    seconds = (seconds * 10 + digit) | 0;
  }
  cursor.at = end;
  return seconds;
}

/**
 * Reads the pairs from `from` to `end` onto the grid, up to the first that is incomplete or written unusually.
 * @returns the offset behind the last pair that was read; `from` if there was none
 */
export function readPairs(
  { bytes, from, end }: { bytes: Uint8Array; from: number; end: number },
  grid: Grid,
  values: Float64Array,
): number {
  const cursor: Cursor = { at: from };
  let behind = from;
  let at = from;
  while (bytes[at] === OPEN) {
    cursor.at = at + 1;
    const time = readTime(bytes, cursor);
    if (Number.isNaN(time) || bytes[cursor.at] !== COMMA || bytes[cursor.at + 1] !== QUOTE) return behind;
    at = cursor.at + 2;
    cursor.at = at;
    const value = readDecimal(bytes, cursor);
    if (Number.isNaN(value)) {
      if (bytes[at] !== UPPER_N || bytes[at + 1] !== LOWER_A || bytes[at + 2] !== UPPER_N) return behind;
      cursor.at = at + 3;
    }
    at = cursor.at + 2;
    // The bytes from `end` have no meaning.
    if (at > end || bytes[at - 2] !== QUOTE || bytes[at - 1] !== CLOSE) return behind;
    placeOnGrid(time, value, grid, values);
    behind = at;
    if (bytes[at] !== COMMA) return behind;
    at += 1;
  }
  return behind;
}
