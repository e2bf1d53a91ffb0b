import { knownOf, medianBefore, medianFrom, medianOf, runningMedians, scatterOf } from '../medians.ts';
import { dailyLevels, type Line, rhythmOf, withoutRhythm } from './rhythm.ts';

/** A jump is seen between the medians of half a day before and after it: spikes and short bursts move neither. */
const WINDOW_DAYS = 0.5;

/** Jumps this much larger than usual are candidates; what is said of them has to pass more than that. */
const LEAST_DEVIATIONS = 3.5;

/** Nor is anything a candidate that changes the level by less than this share. */
const LEAST_SHARE = 0.15;

/** A median of so many other weeks is not moved by a jump in one of them. */
const LEAST_WEEKS = 3;

/** A leak that is restarted every second day has this many breaks in a month; more is noise. */
const MOST_BREAKS = 15;

/**
 * Where a level may have jumped: the first points after, in order. Found from what lies next to them alone, so that
 * neither a slope nor another jump gets in the way. What happens every week at the same hour is no jump.
 */
export function findBreaks({ values: given, perDay }: Line): number[] {
  // Rhythm and noise of most levels grow with them; in logarithms they do not, and a jump is a share.
  const isPositive = given.every((value) => !(value <= 0));
  const values = isPositive ? given.map(Math.log) : given;
  const line = { values, perDay };
  const daily = withoutRhythm(values, rhythmOf(line, dailyLevels(line), perDay));
  const known: number[] = [];
  for (let index = 0; index < daily.length; index += 1) if (!Number.isNaN(daily[index])) known.push(index);
  const width = Math.max(3, Math.round(perDay * WINDOW_DAYS));
  const medians = runningMedians(knownOf(daily, 0, daily.length), width);
  const jumps = new Float64Array(values.length).fill(Number.NaN);
  const before = new Float64Array(values.length);
  for (let after = width; after < medians.length; after += 1) {
    const index = known[after] as number;
    before[index] = medians[after - width] as number;
    jumps[index] = (medians[after] as number) - (before[index] as number);
  }

  const unusual = unusualJumps(jumps, 7 * perDay);
  const scatter = scatterOf(unusual);
  const sizes = unusual.map((jump, index) => {
    const level = isPositive ? 1 : Math.abs(before[index] as number);
    const size = Math.abs(jump);
    return size > Math.max(LEAST_DEVIATIONS * scatter, LEAST_SHARE * level) ? size : 0;
  });
  const breaks: number[] = [];
  while (breaks.length < MOST_BREAKS) {
    let largest = 0;
    for (let index = 1; index < sizes.length; index += 1)
      if ((sizes[index] as number) > (sizes[largest] as number)) largest = index;
    if (!sizes[largest]) break;
    breaks.push(largest);
    sizes.fill(0, Math.max(0, largest - 2 * width), largest + 2 * width + 1);
  }
  return breaks.filter((point) => lastsADay(daily, point, perDay, isPositive)).sort((a, b) => a - b);
}

/** Whether a jump is still there when whole days are compared, which most bursts are not. */
export function lastsADay(levels: Float64Array, point: number, perDay: number, isLogarithm = false): boolean {
  const before = medianBefore(levels, point, perDay);
  // Where the level rises, whole days show less of a jump than half ones.
  const least = (LEAST_SHARE / 2) * (isLogarithm ? 1 : Math.abs(before));
  return Math.abs(medianFrom(levels, point, perDay) - before) >= least;
}

/** Jumps less the median of those at the same hour of the other weeks. */
function unusualJumps(jumps: Float64Array, week: number): Float64Array {
  const others = new Float64Array(Math.ceil(jumps.length / week));
  const unusual = jumps.slice();
  for (let index = 0; index < jumps.length; index += 1) {
    const jump = jumps[index] as number;
    let known = 0;
    for (let other = index % week; other < jumps.length; other += week) {
      if (other === index || Number.isNaN(jumps[other])) continue;
      others[known] = jumps[other] as number;
      known += 1;
    }
    if (known === 0) continue;
    const rest = jump - medianOf(others, known);
    // Of one or two other weeks, a single jump would make the same hour of the rest unusual.
    if (known >= LEAST_WEEKS) unusual[index] = rest;
    else unusual[index] = jump * rest > 0 ? Math.sign(jump) * Math.min(Math.abs(jump), Math.abs(rest)) : 0;
  }
  return unusual;
}

/**
 * The point at which a jump between two levels is seen best: where the deviations from the old level before it and
 * from the new one after it sum up to least. The levels are those of a day on either side.
 */
export function refineBreak({ values, perDay }: Line, candidate: number): number {
  let found = candidate;
  const reach = Math.round(perDay * WINDOW_DAYS);
  const nearest = Math.max(2, Math.round(perDay / 4));
  for (let round = 0; round < 2; round += 1) {
    const before = medianBefore(values, found - 1, perDay);
    const after = medianFrom(values, found + 1, perDay);
    const first = Math.max(1, found - reach);
    const end = Math.min(values.length - nearest, found + reach + 1);
    let sum = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let index = first; index < end; index += 1) {
      const value = values[index] as number;
      if (Number.isNaN(value)) continue;
      // The new level begins with a point that is known.
      if (sum < least) {
        least = sum;
        found = index;
      }
      sum += Math.abs(value - before) - Math.abs(value - after);
    }
  }
  return found;
}
