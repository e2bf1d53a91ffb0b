/** A trend says little of times much longer than it was watched for. Three times is this project's own choice, … */
const LONGEST_BY_HISTORY = 3;

/** … and so is that nobody plans for what comes after a year. */
const LONGEST_DAYS = 365;

/** In how many days a level is reached; `high` is null where that is never, or later than can be said. */
export type DaysUntil = { value: number; low: number; high: number | null };

/**
 * When a level that changes steadily reaches a limit, above or below it. `null` where it does not get there, or later
 * than can be said: after three times the history, or a year. A level that is there already has no days left.
 * @param perDay the change per day with its 95 % interval
 * @param historyDays how long the level was watched
 */
export function daysUntil(
  limit: number,
  levelNow: number,
  perDay: { value: number; low: number; high: number },
  historyDays: number,
): DaysUntil | null {
  const { value, low, high } = perDay;
  const left = limit - levelNow;
  const direction = Math.sign(value);
  if (direction === 0) return null;
  // Past the limit in the direction in which the level moves.
  if (left * direction <= 0) return { value: 0, low: 0, high: 0 };
  const horizon = Math.min(LONGEST_BY_HISTORY * historyDays, LONGEST_DAYS);
  const middle = left / value;
  if (middle > horizon) return null;
  const [slowest, fastest] = direction > 0 ? [low, high] : [high, low];
  const latest = slowest * direction > 0 ? left / slowest : Number.POSITIVE_INFINITY;
  return { value: middle, low: left / fastest, high: latest > horizon ? null : latest };
}
