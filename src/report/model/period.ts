import { TZDate, tzOffset } from '@date-fns/tz';
// The package's index loads some three hundred files.
import { startOfDay } from 'date-fns/startOfDay';
import { startOfISOWeek } from 'date-fns/startOfISOWeek';
import { startOfMonth } from 'date-fns/startOfMonth';
import { subDays } from 'date-fns/subDays';
import { subMonths } from 'date-fns/subMonths';
import { subWeeks } from 'date-fns/subWeeks';

/** Unix seconds. */
export type Period = { start: number; end: number };

/** The stretches of a calendar that reports and digests are made of. */
export const CALENDAR_UNITS = ['day', 'week', 'month'] as const;
export type CalendarUnit = (typeof CALENDAR_UNITS)[number];

const START = { day: startOfDay, week: startOfISOWeek, month: startOfMonth } as const;
const ONE_BEFORE = { day: subDays, week: subWeeks, month: subMonths } as const;

/**
 * The last whole day, week (from Monday, ISO 8601) or month before `now` as the calendar of a time zone has it. When
 * the clocks change a day has 23 or 25 hours.
 */
export function calendarPeriod(unit: CalendarUnit, timeZone: string, now: Date): Period {
  // What the clock on the wall shows there, as a time of UTC, where a calendar knows no changes of clocks.
  const wall = new TZDate(now.getTime() + tzOffset(timeZone, now) * 60_000, 'UTC');
  const end = START[unit](wall);
  const start = ONE_BEFORE[unit](end, 1);
  const unixSeconds = (date: Date) => fromWallClock(date.getTime(), timeZone) / 1000;
  return { start: unixSeconds(start), end: unixSeconds(end) };
}

const DAY_MILLISECONDS = 86_400_000;

/** The days that a period touches as the calendar of a time zone has them; the first and the last may be cut short. */
export function daysOf({ start, end }: Period, timeZone: string): Period[] {
  const wallOf = (seconds: number) => seconds * 1000 + tzOffset(timeZone, new Date(seconds * 1000)) * 60_000;
  const days: Period[] = [];
  let from = start;
  while (from < end) {
    const nextMidnight = Math.floor(wallOf(from) / DAY_MILLISECONDS + 1) * DAY_MILLISECONDS;
    const to = Math.min(end, fromWallClock(nextMidnight, timeZone) / 1000);
    days.push({ start: from, end: to });
    from = to;
  }
  return days;
}

/**
 * When the clocks of a time zone show what a clock of UTC shows at `wall`, both in milliseconds. An hour that is shown twice is taken for
 * the first of the two, one that is skipped for the hour after it. (date-fns and TZDate choose by the time zone of
 * the machine.)
 */
export function fromWallClock(wall: number, timeZone: string): number {
  const offsetAt = (time: number) => tzOffset(timeZone, new Date(time)) * 60_000;
  // The clocks change at most once in two days, so one of the offsets before and after is the one in force.
  const before = wall - offsetAt(wall - DAY_MILLISECONDS);
  const after = wall - offsetAt(wall + DAY_MILLISECONDS);
  return [before, after].find((time) => time + offsetAt(time) === wall) ?? before;
}
