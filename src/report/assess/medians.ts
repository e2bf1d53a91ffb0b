import { quickselect } from 'simple-statistics';
import { copyKnown } from '../model/series.ts';

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

/** Up to this many numbers, insertion sort is faster than `Float64Array.prototype.sort`. */
const LONGEST_COLUMN = 100;

/**
 * Returns a function that provides a buffer of a length. It is the same buffer in each call, so that the caller uses
 * one for all series: to allocate an array of weeks takes longer than to fill it. The values in it are arbitrary.
 */
export function reusableBuffer(): (length: number) => Float64Array {
  let [buffer, part] = [new Float64Array(0), new Float64Array(0)];
  return (length) => {
    if (buffer.length < length) buffer = new Float64Array(length);
    if (part.length !== length || part.buffer !== buffer.buffer) part = buffer.subarray(0, length);
    return part;
  };
}

/** Where the functions of this file sort values. None of them calls another one while it uses it. */
let scratch = new Float64Array(1024);

/** Half a megabyte. A series has at most 11,000 points. */
const LONGEST_SCRATCH = 65_536;

/** Returns `scratch` with room for at least `count` values. */
function scratchFor(count: number): Float64Array {
  // Of the values of thousands of nodes there are few medians, and their room would be kept for good.
  if (count > LONGEST_SCRATCH) return new Float64Array(count);
  if (scratch.length < count) scratch = new Float64Array(2 * count);
  return scratch;
}

/** Returns the median of the known values, or `null` if there are none. */
export function medianOf(values: Float64Array): number | null {
  const median = medianBetween(values, 0, values.length);
  return Number.isNaN(median) ? null : median;
}

/** Returns the median of the first `count` values of a buffer, which it reorders; NaN if `count` is 0. */
export function medianInPlace(buffer: Float64Array, count: number): number {
  if (count === 0) return Number.NaN;
  if (count <= LONGEST_INSERTION_SORT) {
    insertionSort(buffer, 0, count);
    return middleOf(buffer, count);
  }
  const half = count >> 1;
  // The declared type asks for an array, but quickselect only reads and swaps elements.
  quickselect(buffer as unknown as number[], half, 0, count - 1);
  const upper = buffer[half] as number;
  if (count % 2 === 1) return upper;
  let lower = buffer[0] as number;
  for (let index = 1; index < half; index += 1)
    if ((buffer[index] as number) > lower) lower = buffer[index] as number;
  return lower + (upper - lower) / 2;
}

/** Sorts the values between two places of a buffer, the second excluded. */
export function sortBetween(buffer: Float64Array, first: number, end: number): void {
  if (end - first <= LONGEST_COLUMN) insertionSort(buffer, first, end);
  else buffer.subarray(first, end).sort();
}

function insertionSort(buffer: Float64Array, first: number, end: number): void {
  for (let index = first + 1; index < end; index += 1) insert(buffer, first, index, buffer[index] as number);
}

/** Inserts a value among the sorted ones between two places of a buffer, the second excluded. */
function insert(buffer: Float64Array, first: number, end: number, value: number): void {
  let place = end;
  for (; place > first && (buffer[place - 1] as number) > value; place -= 1)
    buffer[place] = buffer[place - 1] as number;
  buffer[place] = value;
}

/** Replaces a value of a sorted buffer by another one and moves only what is between the two. */
function replace(sorted: Float64Array, count: number, leaving: number, entering: number): void {
  // From the end where the new value belongs, each value moves one place until that of the old one is free.
  const isRising = entering > leaving;
  let place = isRising ? count - 1 : 0;
  let moving = entering;
  if (isRising) while ((sorted[place] as number) > entering) place -= 1;
  else while ((sorted[place] as number) < entering) place += 1;
  for (const step = isRising ? -1 : 1; ; place += step) {
    const value = sorted[place] as number;
    sorted[place] = moving;
    if (value === leaving) return;
    moving = value;
  }
}

/** Removes a value from the first `count` values of a sorted buffer. */
function remove(sorted: Float64Array, count: number, value: number): void {
  let place = 0;
  while (sorted[place] !== value) place += 1;
  for (; place + 1 < count; place += 1) sorted[place] = sorted[place + 1] as number;
}

/** Returns the median of the first `count` values of a sorted buffer; NaN if `count` is 0. */
function middleOf(sorted: Float64Array, count: number): number {
  if (count === 0) return Number.NaN;
  const upper = sorted[count >> 1] as number;
  if (count % 2 === 1) return upper;
  const lower = sorted[(count >> 1) - 1] as number;
  return lower + (upper - lower) / 2;
}

/** Returns the median of the first `count` values of a sorted buffer without one of them. */
export function medianWithout(sorted: Float64Array, count: number, value: number): number {
  let place = 0;
  while (place < count && sorted[place] !== value) place += 1;
  const middle = (count - 1) >> 1;
  const upper = sorted[middle < place ? middle : middle + 1] as number;
  if (count % 2 === 0) return upper;
  const lower = sorted[middle - 1 < place ? middle - 1 : middle] as number;
  return lower + (upper - lower) / 2;
}

/** Returns the median of the known values between two points, the second excluded; NaN if there are none. */
export function medianBetween(values: Float64Array, first: number, end: number): number {
  const known = scratchFor(end - first);
  return medianInPlace(known, copyKnown(values, first, end, known));
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

/**
 * Writes the median of the known values in each window of `width` points to `medians`, by the window's first point. The
 * window stays sorted while it moves, because sorting each one would take most of the time of a report.
 * @returns the medians: `values.length - width + 1` of them
 */
export function runningMedians(values: Float64Array, width: number, medians: Float64Array): Float64Array {
  const sorted = scratchFor(width);
  let known = 0;
  for (let index = 0; index < values.length; index += 1) {
    const leaving = index < width ? Number.NaN : (values[index - width] as number);
    const entering = values[index] as number;
    if (!Number.isNaN(leaving) && !Number.isNaN(entering)) replace(sorted, known, leaving, entering);
    else if (!Number.isNaN(leaving)) remove(sorted, known--, leaving);
    else if (!Number.isNaN(entering)) insert(sorted, 0, known++, entering);
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
  const known = scratchFor(values.length);
  const count = copyKnown(values, 0, values.length, known);
  if (count === 0) return 0;
  const middle = medianInPlace(known, count);
  for (let index = 0; index < count; index += 1) known[index] = Math.abs((known[index] as number) - middle);
  const spread = medianInPlace(known, count);
  if (spread > 0) return MAD_TO_DEVIATION * spread;
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += known[index] as number;
  return MEAN_ABSOLUTE_TO_DEVIATION * (sum / count);
}
