import { TZDate, tzOffset } from '@date-fns/tz';

const DAY = 86_400_000;

/** A report that was stored with a zone this machine does not know is still shown, in UTC and saying so. */
export function zoneOrUtc(timeZone: string): string {
  return Number.isNaN(tzOffset(timeZone, new Date(0))) ? 'UTC' : timeZone;
}

/** Which day it is on the wall, as days since 1970: for telling days apart. */
export function localDay(instant: number, timeZone: string): number {
  return Math.floor((instant + tzOffset(timeZone, new Date(instant)) * 60_000) / DAY);
}

export type TimeTick = {
  at: Date;
  /** Midnight, where the axis says which day begins. */
  startsDay: boolean;
  /** Left out where there is little room. */
  minor: boolean;
};

/** In hours; from a day on, in days. */
const STEPS = [1, 2, 3, 4, 6, 12, 24, 48, 7 * 24, 14 * 24, 28 * 24] as const;

/**
 * Ticks at sensible hours of the wall clock: every third hour is 00, 03, 06 … also on the two days of the year that
 * have 23 or 25 hours. An hour that the clock skips has no tick, an hour that it shows twice has one.
 */
export function timeTicks(from: number, to: number, timeZone: string, most = 9): TimeTick[] {
  const hours = (to - from) / 3_600_000;
  const step = STEPS.find((candidate) => hours / candidate <= most) ?? Math.ceil(hours / most / 24) * 24;
  const sparse = step * 2;
  const firstDay = localDay(from, timeZone);
  const lastDay = localDay(to, timeZone);
  const ticks: TimeTick[] = [];
  for (let day = firstDay; day <= lastDay; day += 1) {
    if (step >= 24 && ((day - firstDay) * 24) % step !== 0) continue;
    for (let hour = 0; hour < 24; hour += Math.min(step, 24)) {
      const at = wallClock(day, hour, timeZone);
      if (at === null || at.getTime() < from || at.getTime() > to) continue;
      const minor = step < 12 ? hour % sparse !== 0 : ((day - firstDay) * 24 + hour) % sparse !== 0;
      ticks.push({ at, startsDay: hour === 0, minor });
    }
  }
  return ticks;
}

function wallClock(day: number, hour: number, timeZone: string): Date | null {
  const calendar = new Date(day * DAY);
  const zoned = new TZDate(
    calendar.getUTCFullYear(),
    calendar.getUTCMonth(),
    calendar.getUTCDate(),
    hour,
    timeZone,
  );
  return zoned.getHours() === hour ? new Date(zoned.getTime()) : null;
}
