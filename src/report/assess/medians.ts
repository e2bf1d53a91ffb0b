import { mean } from 'd3-array';
import { quickselect } from 'simple-statistics';

/**
 * Medians of typed arrays, in which NaN stands for an unknown value. `median` of d3-array and of simple-statistics copy
 * all numbers first and take more than twice as long, and medians take most of the time of an assessment.
 */

/** 1 / probit(0.75): makes the median absolute deviation of normal noise its standard deviation. */
export const MAD_TO_DEVIATION = 1.4826;

/** √(π/2): does the same for the mean absolute deviation. */
const MEAN_ABSOLUTE_TO_DEVIATION = 1.2533;

/** Up to this many numbers, insertion sort is faster than quickselect. */
const LONGEST_INSERTION_SORT = 24;

/** Returns the median of the known values, or `null` if there are none. */
export function medianOf(values: ArrayLike<number>): number | null {
  const buffer = new Float64Array(values.length);
  let count = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number;
    if (!Number.isNaN(value)) buffer[count++] = value;
  }
  return count === 0 ? null : medianInPlace(buffer, count);
}

/** Returns the median of the first `count` values of a buffer, which it reorders; NaN if `count` is 0. */
export function medianInPlace(buffer: Float64Array, count: number): number {
  if (count === 0) return Number.NaN;
  if (count <= LONGEST_INSERTION_SORT) {
    for (let known = 1; known < count; known += 1) insert(buffer, known, buffer[known] as number);
    return middleOf(buffer, count);
  }
  const half = count >> 1;
  // The declared type asks for an array, but quickselect only reads and swaps elements.
  quickselect(buffer as unknown as number[], half, 0, count - 1);
  const upper = buffer[half] as number;
  if (count % 2 === 1) return upper;
  let lower = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < half; index += 1) lower = Math.max(lower, buffer[index] as number);
  return lower + (upper - lower) / 2;
}

/** Inserts a value among the first `count` values of a sorted buffer. */
function insert(sorted: Float64Array, count: number, value: number): void {
  let place = count;
  for (; place > 0 && (sorted[place - 1] as number) > value; place -= 1)
    sorted[place] = sorted[place - 1] as number;
  sorted[place] = value;
}

/** Returns the median of the first `count` values of a sorted buffer; NaN if `count` is 0. */
function middleOf(sorted: Float64Array, count: number): number {
  if (count === 0) return Number.NaN;
  const upper = sorted[count >> 1] as number;
  if (count % 2 === 1) return upper;
  const lower = sorted[(count >> 1) - 1] as number;
  return lower + (upper - lower) / 2;
}

/** Returns the median of the known values between two points, the second excluded; NaN if there are none. */
export function medianBetween(values: Float64Array, first: number, end: number): number {
  const known = knownBetween(values, first, end);
  return medianInPlace(known, known.length);
}

/** Returns the median of the `width` points that end with the last known one before `point`. */
export function medianBefore(values: Float64Array, point: number, width: number): number {
  let end = point;
  while (end > 0 && Number.isNaN(values[end - 1])) end -= 1;
  return medianBetween(values, end - width, end);
}

/** Returns the median of the `width` points that begin with the first known one from `point` on. */
export function medianFrom(values: Float64Array, point: number, width: number): number {
  let first = point;
  while (first < values.length && Number.isNaN(values[first])) first += 1;
  return medianBetween(values, first, first + width);
}

/** Returns a copy of the known values between two points, the second excluded. */
export function knownBetween(values: Float64Array, first: number, end: number): Float64Array {
  const until = Math.min(values.length, end);
  const known = new Float64Array(Math.max(0, until - Math.max(0, first)));
  let count = 0;
  for (let index = Math.max(0, first); index < until; index += 1) {
    const value = values[index] as number;
    if (!Number.isNaN(value)) known[count++] = value;
  }
  return known.subarray(0, count);
}

/**
 * Returns the median of the known values in each window of `width` points, by the window's first point. The window
 * stays sorted while it moves, because sorting each one would take most of the time of a report.
 */
export function runningMedians(values: Float64Array, width: number): Float64Array {
  const medians = new Float64Array(Math.max(0, values.length - width + 1));
  const sorted = new Float64Array(width);
  let known = 0;
  for (let index = 0; index < values.length; index += 1) {
    const leaving = index < width ? Number.NaN : (values[index - width] as number);
    if (!Number.isNaN(leaving)) {
      known -= 1;
      for (let place = sorted.indexOf(leaving); place < known; place += 1)
        sorted[place] = sorted[place + 1] as number;
    }
    const entering = values[index] as number;
    if (!Number.isNaN(entering)) insert(sorted, known++, entering);
    if (index + 1 >= width) medians[index + 1 - width] = middleOf(sorted, known);
  }
  return medians;
}

/**
 * Returns the usual scatter of the known values: 1.4826 × the median absolute deviation (MAD). If more than half of
 * the values are equal, the MAD is 0 and 1.2533 × the mean absolute deviation replaces it (Iglewicz and Hoaglin 1993,
 * How to Detect and Handle Outliers).
 */
export function scatterOf(values: Float64Array): number {
  const known = knownBetween(values, 0, values.length);
  if (known.length === 0) return 0;
  const middle = medianInPlace(known, known.length);
  for (let index = 0; index < known.length; index += 1)
    known[index] = Math.abs((known[index] as number) - middle);
  const spread = medianInPlace(known, known.length);
  return spread > 0 ? MAD_TO_DEVIATION * spread : MEAN_ABSOLUTE_TO_DEVIATION * (mean(known) ?? 0);
}
