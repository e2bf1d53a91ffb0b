/** A forecast reaches at most this many times as far as the history behind it. Our choice. */
const LONGEST_BY_HISTORY = 3;

/** No forecast reaches further than this many days, because nobody plans for later. Our choice. */
const LONGEST_DAYS = 365;

/** Days until a level reaches a limit, with the 95 % interval; `high` is null if it may be never or too far away. */
type DaysUntil = { value: number; low: number; high: number | null };

/**
 * Forecasts when a level that changes steadily reaches a limit above or below it. Returns `null` if it moves away from
 * the limit or the forecast would reach too far, and 0 days if it is already beyond the limit.
 * @param perDay the change per day with its 95 % interval
 * @param historyDays the length of the history in which the change was found
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
  if (left * direction <= 0) return { value: 0, low: 0, high: 0 };
  const horizon = Math.min(LONGEST_BY_HISTORY * historyDays, LONGEST_DAYS);
  const middle = left / value;
  if (middle > horizon) return null;
  const [slowest, fastest] = direction > 0 ? [low, high] : [high, low];
  const latest = slowest * direction > 0 ? left / slowest : Number.POSITIVE_INFINITY;
  return { value: middle, low: left / fastest, high: latest > horizon ? null : latest };
}
