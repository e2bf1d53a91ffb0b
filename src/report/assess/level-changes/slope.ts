import { medianBetween, medianInPlace } from '../medians.ts';

/** The median level of one day. Days of different parts are not compared, because there is a break between them. */
export type Day = {
  /** Its middle, in days from the first point on. */
  day: number;
  value: number;
  part: number;
};

export type Slope = {
  /** Median change per day with its 95 % confidence interval. */
  perDay: { value: number; low: number; high: number };
  /** The distance of Kendall's S from what chance produces, in its standard deviations. */
  significance: number;
  /** The factor by which the variance grows because neighbouring days are similar. */
  dependence: number;
};

/** Upper bound on the correlation of neighbouring days. A stronger one in a month is mostly what the slope misses. */
const MOST_CORRELATION = 0.5;

/** probit(0.975): 95 % of a normal distribution are at most this many standard deviations from the mean. */
const NORMAL_95 = 1.96;

/**
 * Widens the interval, because the rhythm, restarts and onset were estimated from the same days. From the benchmark:
 * without it, the interval contains only 64 to 93 % of the slopes.
 */
const INTERVAL_FACTOR = 1.4;

/**
 * Returns how fast days rise or fall, or `null` if they have fewer than three pairs. Sources:
 * - Kendall's test by parts: Hirsch, Slack and Smith 1982, Techniques of Trend Analysis for Monthly Water Quality Data.
 * - The median of all slopes between two days of a part, and its interval: Sen 1968, Estimates of the Regression
 *   Coefficient Based on Kendall's Tau.
 * - The variance of dependent days: Hamed and Rao 1998, A Modified Mann-Kendall Trend Test for Autocorrelated Data.
 */
export function slopeOf(days: readonly Day[]): Slope | null {
  const slopes = new Float64Array((days.length * (days.length - 1)) / 2);
  let [pairs, signs] = [0, 0];
  const sizes = new Map<number, number>();
  for (const [index, late] of days.entries()) {
    sizes.set(late.part, (sizes.get(late.part) ?? 0) + 1);
    for (let earlier = index - 1; earlier >= 0; earlier -= 1) {
      const early = days[earlier] as Day;
      if (early.part !== late.part) break;
      slopes[pairs] = (late.value - early.value) / (late.day - early.day);
      signs += Math.sign(late.value - early.value);
      pairs += 1;
    }
  }
  if (pairs < 3) return null;
  const value = medianInPlace(slopes, pairs);
  const sorted = slopes.subarray(0, pairs).sort();
  let variance = 0;
  for (const size of sizes.values()) variance += (size * (size - 1) * (2 * size + 5)) / 18;
  const dependence = dependenceOf(days, value);
  const reach = INTERVAL_FACTOR * NORMAL_95 * Math.sqrt(variance * dependence);
  const low = sorted[Math.max(0, Math.floor((pairs - reach) / 2))] as number;
  const high = sorted[Math.min(pairs - 1, Math.ceil((pairs + reach) / 2))] as number;
  // Continuity correction: S changes in steps of two, so one is subtracted.
  const significance = (Math.sign(signs) * Math.max(0, Math.abs(signs) - 1)) / Math.sqrt(variance);
  return { perDay: { value, low, high }, significance, dependence };
}

/** Returns the factor by which the correlation of neighbouring days, without the slope, increases the variance. */
function dependenceOf(days: readonly Day[], slope: number): number {
  const residuals = Float64Array.from(days, ({ day, value }) => value - slope * day);
  // Each part has its own level.
  for (let first = 0; first < days.length; ) {
    let end = first;
    while (end < days.length && days[end]?.part === days[first]?.part) end += 1;
    const middle = medianBetween(residuals, first, end);
    for (; first < end; first += 1) residuals[first] = (residuals[first] as number) - middle;
  }
  let [products, squares] = [0, 0];
  for (const [index, residual] of residuals.entries()) {
    squares += residual * residual;
    if (index > 0 && days[index]?.part === days[index - 1]?.part)
      products += residual * (residuals[index - 1] as number);
  }
  if (squares === 0) return 1;
  // Short series underestimate it (Marriott and Pope 1954, Bias in the Estimation of Autocorrelations).
  const estimate = products / squares;
  const correlation = Math.min(MOST_CORRELATION, Math.max(0, estimate + (1 + 3 * estimate) / days.length));
  return (1 + correlation) / (1 - correlation);
}
