import { mean } from 'd3-array';
import { quickselect } from 'simple-statistics';

/** Makes the median absolute deviation of normal noise its standard deviation: 1 / probit(0.75). */
export const MAD_TO_DEVIATION = 1.4826;

/** The same for the mean absolute deviation: √(π/2). */
const MEAN_ABSOLUTE_TO_DEVIATION = 1.2533;

/** The middle of the first `count` numbers of a buffer, which are moved about. NaN of none. */
export function medianOf(buffer: Float64Array, count: number): number {
  if (count === 0) return Number.NaN;
  // Most calls are for a dozen numbers, where inserting one after the other beats any other way of sorting.
  if (count <= 24) {
    for (let index = 1; index < count; index += 1) {
      const value = buffer[index] as number;
      let place = index - 1;
      for (; place >= 0 && (buffer[place] as number) > value; place -= 1)
        buffer[place + 1] = buffer[place] as number;
      buffer[place + 1] = value;
    }
    const half = count >> 1;
    const upper = buffer[half] as number;
    return count % 2 === 1 ? upper : ((buffer[half - 1] as number) + upper) / 2;
  }
  const half = count >> 1;
  // Its type wants an array, but it only reads and swaps elements.
  quickselect(buffer as unknown as number[], half, 0, count - 1);
  const upper = buffer[half] as number;
  if (count % 2 === 1) return upper;
  let lower = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < half; index += 1) lower = Math.max(lower, buffer[index] as number);
  return (lower + upper) / 2;
}

/** The median of what is known between two points, the second excluded. NaN stands for unknown. */
export function medianBetween(values: Float64Array, first: number, end: number): number {
  const known = knownOf(values, first, end);
  return medianOf(known, known.length);
}

/** The median of the last points before one, as many as `width` holds, counted from where something is known. */
export function medianBefore(values: Float64Array, point: number, width: number): number {
  let end = point;
  while (end > 0 && Number.isNaN(values[end - 1])) end -= 1;
  return medianBetween(values, end - width, end);
}

/** The median of the first points from one on, counted from where something is known. */
export function medianFrom(values: Float64Array, point: number, width: number): number {
  let first = point;
  while (first < values.length && Number.isNaN(values[first])) first += 1;
  return medianBetween(values, first, first + width);
}

/** What is known between two points, the second excluded, in a list of its own. */
export function knownOf(values: Float64Array, first: number, end: number): Float64Array {
  const from = Math.max(0, first);
  const until = Math.min(values.length, end);
  const known = new Float64Array(Math.max(0, until - from));
  let count = 0;
  for (let index = from; index < until; index += 1) {
    const value = values[index] as number;
    if (Number.isNaN(value)) continue;
    known[count] = value;
    count += 1;
  }
  return known.subarray(0, count);
}

/**
 * The median of each stretch of `width` points, by its first point; all points are known. Kept in order while the
 * stretch moves on, since sorting each stretch anew would take most of the time of a report.
 */
export function runningMedians(values: Float64Array, width: number): Float64Array {
  const count = values.length - width + 1;
  if (count <= 0) return new Float64Array(0);
  const medians = new Float64Array(count);
  const sorted = values.slice(0, width).sort();
  const half = width >> 1;
  for (let first = 0; ; first += 1) {
    const upper = sorted[half] as number;
    medians[first] = width % 2 === 1 ? upper : ((sorted[half - 1] as number) + upper) / 2;
    if (first + 1 >= count) return medians;
    const leaving = values[first] as number;
    const entering = values[first + width] as number;
    let place = 0;
    while (sorted[place] !== leaving) place += 1;
    for (; place + 1 < width && (sorted[place + 1] as number) < entering; place += 1)
      sorted[place] = sorted[place + 1] as number;
    for (; place > 0 && (sorted[place - 1] as number) > entering; place -= 1)
      sorted[place] = sorted[place - 1] as number;
    sorted[place] = entering;
  }
}

/**
 * The usual scatter of numbers: 1.4826 × MAD. Where more than half of them are the same, that is 0, and the mean
 * absolute deviation stands in, as Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers, advise. NaN
 * stands for unknown.
 */
export function scatterOf(numbers: Float64Array): number {
  const known = knownOf(numbers, 0, numbers.length);
  if (known.length === 0) return 0;
  const middle = medianOf(known, known.length);
  for (let index = 0; index < known.length; index += 1)
    known[index] = Math.abs((known[index] as number) - middle);
  const spread = medianOf(known, known.length);
  return spread > 0 ? MAD_TO_DEVIATION * spread : MEAN_ABSOLUTE_TO_DEVIATION * (mean(known) ?? 0);
}
