import { TZDate, tzOffset } from '@date-fns/tz';
// The index of the package would load some 300 files.
import { startOfDay } from 'date-fns/startOfDay';
import { startOfISOWeek } from 'date-fns/startOfISOWeek';
import { startOfMonth } from 'date-fns/startOfMonth';
import { subDays } from 'date-fns/subDays';
import { subMonths } from 'date-fns/subMonths';
import { subWeeks } from 'date-fns/subWeeks';

/** Unix seconds. */
export type Period = { start: number; end: number };

/** The lengths of the periods that reports and digests are about. */
export const PERIOD_UNITS = ['day', 'week', 'month'] as const;
export type PeriodUnit = (typeof PERIOD_UNITS)[number];

const START = { day: startOfDay, week: startOfISOWeek, month: startOfMonth } as const;
const ONE_BEFORE = { day: subDays, week: subWeeks, month: subMonths } as const;

/**
 * Returns the last whole day, week (from Monday, ISO 8601) or month before `now` in a time zone. A day on which the
 * clocks change has 23 or 25 hours.
 */
export function lastPeriod(unit: PeriodUnit, timeZone: string, now: Date): Period {
  // The local time there, expressed in UTC, where the clocks never change.
  const wall = new TZDate(now.getTime() + tzOffset(timeZone, now) * 60_000, 'UTC');
  const end = START[unit](wall);
  const start = ONE_BEFORE[unit](end, 1);
  const unixSeconds = (date: Date) => fromWallClock(date.getTime(), timeZone) / 1000;
  return { start: unixSeconds(start), end: unixSeconds(end) };
}

const DAY_MILLISECONDS = 86_400_000;

/** Returns the days of a period in a time zone; the first and the last one may be cut short. */
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
 * Returns the Unix milliseconds at which the clocks of a time zone show a local time. Of an hour that occurs twice, it
 * returns the first; for an hour that is skipped, the hour after it. (date-fns and TZDate decide by the time zone of
 * the machine.)
 * @param wall the local time as Unix milliseconds of a clock in UTC that shows the same
 */
export function fromWallClock(wall: number, timeZone: string): number {
  const offsetAt = (time: number) => tzOffset(timeZone, new Date(time)) * 60_000;
  // The clocks change at most once in two days, so the offset is that of the day before or of the day after.
  const before = wall - offsetAt(wall - DAY_MILLISECONDS);
  const after = wall - offsetAt(wall + DAY_MILLISECONDS);
  return [before, after].find((time) => time + offsetAt(time) === wall) ?? before;
}

/** Returns periods in order, those that touch or overlap as one. */
export function mergePeriods(periods: readonly Period[]): Period[] {
  const merged: Period[] = [];
  for (const { start, end } of periods.toSorted((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}
