import { tzOffset } from '@date-fns/tz';
import { fromWallClock, type Period } from './period.ts';
import type { CalendarUnit } from './schema.ts';

/**
 * The last whole day, week (from Monday, ISO 8601) or month before `now` as the calendar of a time zone has it. When
 * the clocks change a day has 23 or 25 hours.
 */
export function calendarPeriod(unit: CalendarUnit, timeZone: string, now: Date): Period {
  // What a calendar on the wall shows there, kept in the UTC fields of a date.
  const today = new Date(now.getTime() + tzOffset(timeZone, now) * 60_000);
  const [year, month, day] = [today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate()];
  const midnight = (...date: [number, number, number]) => fromWallClock(Date.UTC(...date), timeZone) / 1000;
  switch (unit) {
    case 'day':
      return { start: midnight(year, month, day - 1), end: midnight(year, month, day) };
    case 'week': {
      const monday = day - ((today.getUTCDay() + 6) % 7);
      return { start: midnight(year, month, monday - 7), end: midnight(year, month, monday) };
    }
    case 'month':
      return { start: midnight(year, month - 1, 1), end: midnight(year, month, 1) };
  }
}
