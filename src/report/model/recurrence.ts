import { tzOffset } from '@date-fns/tz';
import { mergePeriods, type Period } from './period.ts';
import { DAY_SECONDS } from './time.ts';

/** A part of a day that comes again, such as "first Sun 22:00-02:00". */
export type RecurringTime = {
  /** The days on which it begins; 0 is Sunday. */
  weekdays: readonly number[];
  /** Which of these weekdays in a month: 1 to 4, or -1 for the last one; null: each. */
  nth: number | null;
  /** Seconds after midnight as the clock shows them; an end after more than a day is on the next day. */
  start: number;
  end: number;
};

export type Recurrence = {
  /** The times as the configuration has them. */
  every: readonly string[];
  times: readonly RecurringTime[];
  timeZone: string;
};

/**
 * Returns the windows that overlap a period, in order and disjoint. A moment is within a window if the clock of
 * the time zone shows such a time then: one that the clock skips is in no window, and one that it shows twice is in two.
 * docs/decisions/0028-maintenance.md has the reasons.
 */
export function windowsWithin({ times, timeZone }: Recurrence, { start, end }: Period): Period[] {
  // A window that begins two days before can reach into the period only where the clocks change by a day, as in Samoa.
  const first = Math.floor((start + offsetAt(start, timeZone)) / DAY_SECONDS) - 2;
  const last = Math.floor((end + offsetAt(end, timeZone)) / DAY_SECONDS) + 1;
  const windows: Period[] = [];
  for (let day = first; day <= last; day += 1)
    for (const time of times)
      if (beginsOn(time, day)) windows.push(...whenClockShows(day * DAY_SECONDS, time, timeZone));
  return mergePeriods(windows.filter((window) => window.start < end && window.end > start));
}

/** @param day days since 1970 on the calendar */
function beginsOn({ weekdays, nth }: RecurringTime, day: number): boolean {
  const date = new Date(day * DAY_SECONDS * 1000);
  if (!weekdays.includes(date.getUTCDay())) return false;
  if (nth === null) return true;
  const ofMonth = date.getUTCDate();
  if (nth > 0) return Math.ceil(ofMonth / 7) === nth;
  const daysOfMonth = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return ofMonth + 7 > daysOfMonth;
}

/** Seconds. Time zones are at most 14 hours from UTC, so a clock shows a time within this time before or after UTC does. */
const MOST_FROM_UTC = 15 * 3600;

/** Returns when the clock of a time zone shows a time of a day: once, twice, or not at all. */
function whenClockShows(midnight: number, { start, end }: RecurringTime, timeZone: string): Period[] {
  const [from, to] = [midnight + start, midnight + end];
  let [low, high] = [from - MOST_FROM_UTC, to + MOST_FROM_UTC];
  const [before, after] = [offsetAt(low, timeZone), offsetAt(high, timeZone)];
  if (before === after) return [{ start: from - before, end: to - before }];
  // Clocks change at most once in these days. The search ends at the second of the change.
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle, timeZone) === before) low = middle;
    else high = middle;
  }
  return [
    { start: from - before, end: Math.min(to - before, high) },
    { start: Math.max(from - after, high), end: to - after },
  ].filter((part) => part.start < part.end);
}

/** Returns the seconds by which a clock is ahead of UTC. */
function offsetAt(unixSeconds: number, timeZone: string): number {
  return tzOffset(timeZone, new Date(unixSeconds * 1000)) * 60;
}
