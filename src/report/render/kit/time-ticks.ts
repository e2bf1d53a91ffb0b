import { TZDate, tzOffset } from '@date-fns/tz';

/** Milliseconds. */
export const DAY = 86_400_000;

/** Returns the time zone, or UTC where this machine does not know it, as may happen with a stored report. */
export function zoneOrUtc(timeZone: string): string {
  return Number.isNaN(tzOffset(timeZone, new Date(0))) ? 'UTC' : timeZone;
}

/** Returns the local calendar day of an instant, as days since 1970. */
export function localDay(instant: number, timeZone: string): number {
  return Math.floor((instant + tzOffset(timeZone, new Date(instant)) * 60_000) / DAY);
}

/** Returns whether a local day starts at an instant, which is 1:00 where clocks are set forward at midnight. */
export function startsDay(instant: number, timeZone: string): boolean {
  return localDay(instant - 1, timeZone) !== localDay(instant, timeZone);
}

export type TimeTick = {
  at: Date;
  /** At midnight the axis shows the date instead of the hour. */
  startsDay: boolean;
  /** Minor ticks have no label where there is little room. */
  minor: boolean;
};

/** Possible distances between ticks, in hours. */
const STEPS = [1, 2, 3, 4, 6, 12, 24, 48, 7 * 24, 14 * 24, 28 * 24] as const;

/**
 * Returns ticks at round hours of the wall clock, at most about `most` of them. Every third hour is 00, 03, 06 … also
 * on the days of the year that have 23 or 25 hours. An hour that the clock skips has no tick; an hour that it shows
 * twice has one.
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
  const date = new Date(day * DAY);
  const zoned = new TZDate(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate(), hour, timeZone);
  return zoned.getHours() === hour ? new Date(zoned.getTime()) : null;
}
