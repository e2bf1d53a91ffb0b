import { TZDate } from '@date-fns/tz';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRecurringTime } from '../../../../src/config/recurrence.ts';
import { type Recurrence, windowsWithin } from '../../../../src/report/model/recurrence.ts';

const recurrenceOf = (timeZone: string, ...every: readonly string[]): Recurrence => ({
  every,
  times: every.map((text) => parseRecurringTime(text, 'every')),
  timeZone,
});
const unix = (instant: string) => Date.parse(instant) / 1000;
const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

function windowsOf(recurrence: Recurrence, start: string, end: string): string[] {
  return windowsWithin(recurrence, { start: unix(start), end: unix(end) }).map(
    (window) => `${iso(window.start)} ${iso(window.end)}`,
  );
}

describe('windows of a recurring time', () => {
  it.each<[what: string, every: string, zone: string, start: string, end: string, windows: string[]]>([
    [
      'begin on their weekday and go over midnight',
      'Tue 22:00-02:00',
      'Asia/Shanghai',
      '2026-12-01T00:00:00Z',
      '2026-12-09T00:00:00Z',
      ['2026-12-01T14:00:00Z 2026-12-01T18:00:00Z', '2026-12-08T14:00:00Z 2026-12-08T18:00:00Z'],
    ],
    [
      'can have begun before the period',
      'Tue 22:00-02:00',
      'UTC',
      '2026-12-02T00:00:00Z',
      '2026-12-03T00:00:00Z',
      ['2026-12-01T22:00:00Z 2026-12-02T02:00:00Z'],
    ],
    [
      'are on the first such day of a month',
      'first Sun 01:00-05:00',
      'UTC',
      '2026-11-01T00:00:00Z',
      '2027-01-01T00:00:00Z',
      ['2026-11-01T01:00:00Z 2026-11-01T05:00:00Z', '2026-12-06T01:00:00Z 2026-12-06T05:00:00Z'],
    ],
    [
      'are on the last such day of a month',
      'last Sat of the month 23:00-24:00',
      'UTC',
      '2026-02-01T00:00:00Z',
      '2026-03-01T00:00:00Z',
      ['2026-02-28T23:00:00Z 2026-03-01T00:00:00Z'],
    ],
    [
      'of whole days that follow each other are one',
      'Sat and Sun 00:00-24:00',
      'Europe/Berlin',
      '2026-10-21T00:00:00Z',
      '2026-10-28T00:00:00Z',
      ['2026-10-23T22:00:00Z 2026-10-25T23:00:00Z'],
    ],
    [
      'are an hour shorter when the clocks go forward within them',
      'day 22:00-04:00',
      'Europe/Berlin',
      '2026-03-28T22:00:00Z',
      '2026-03-29T20:00:00Z',
      ['2026-03-28T21:00:00Z 2026-03-29T02:00:00Z'],
    ],
    [
      'do not exist when the clocks skip them',
      'Sun 02:15-02:45',
      'Europe/Berlin',
      '2026-03-28T00:00:00Z',
      '2026-03-30T00:00:00Z',
      [],
    ],
    [
      'begin when the clocks go forward if their beginning is skipped',
      'Sun 02:30-03:15',
      'Europe/Berlin',
      '2026-03-28T00:00:00Z',
      '2026-03-30T00:00:00Z',
      ['2026-03-29T01:00:00Z 2026-03-29T01:15:00Z'],
    ],
    [
      'are an hour longer when the clocks go back within them',
      'Sun 01:00-04:00',
      'Europe/Berlin',
      '2026-10-24T00:00:00Z',
      '2026-10-26T00:00:00Z',
      ['2026-10-24T23:00:00Z 2026-10-25T03:00:00Z'],
    ],
    [
      'are there twice when the clocks show them twice',
      'Sun 02:15-02:45',
      'Europe/Berlin',
      '2026-10-24T00:00:00Z',
      '2026-10-26T00:00:00Z',
      ['2026-10-25T00:15:00Z 2026-10-25T00:45:00Z', '2026-10-25T01:15:00Z 2026-10-25T01:45:00Z'],
    ],
    [
      'have clocks that change by half an hour',
      'Sun 01:30-02:30',
      'Australia/Lord_Howe',
      '2026-10-03T00:00:00Z',
      '2026-10-05T00:00:00Z',
      // At 02:00 (UTC+10:30) the clocks show 02:30.
      ['2026-10-03T15:00:00Z 2026-10-03T15:30:00Z'],
    ],
    [
      'can have an offset as their time zone',
      'Mon 09:00-10:00',
      '+05:30',
      '2026-12-07T00:00:00Z',
      '2026-12-08T00:00:00Z',
      ['2026-12-07T03:30:00Z 2026-12-07T04:30:00Z'],
    ],
  ])('%s', (_, every, zone, start, end, windows) => {
    expect(windowsOf(recurrenceOf(zone, every), start, end)).toEqual(windows);
  });

  it('are those minutes in which the clock shows a time of the window, in every time zone', () => {
    const zone = fc.constantFrom(
      'UTC',
      'Asia/Kolkata',
      'Europe/Berlin',
      'America/New_York',
      'America/St_Johns',
      'America/Sao_Paulo',
      'Asia/Beirut',
      'Africa/Casablanca',
      'Australia/Lord_Howe',
      'Pacific/Kiritimati',
    );
    // The clocks change in the last nights of March and October, and in the first of April and November.
    const day = fc.oneof(
      fc.constantFrom('2026-03-08', '2026-03-29', '2026-04-05', '2026-10-04', '2026-10-25', '2026-11-01'),
      fc
        .date({ min: new Date('2012-03-01'), max: new Date('2037-01-01'), noInvalidDate: true })
        .map((date) => date.toISOString().slice(0, 10)),
    );
    const clock = fc.integer({ min: 0, max: 287 }).map((fives) => fives * 5);
    const time = fc
      .record({ days: fc.constantFrom(...DAYS), from: clock, to: clock })
      .filter(({ from, to }) => from !== to);
    const times = fc.array(time, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(zone, day, times, (timeZone, date, all) => {
        const texts = all.map(({ days, from, to }) => `${days} ${clockText(from)}-${clockText(to)}`);
        const period = { start: unix(date) - 86_400, end: unix(date) + 2 * 86_400 };
        const windows = windowsWithin(recurrenceOf(timeZone, ...texts), period);
        const edges = windows.flatMap(({ start, end }) => [start, end]);
        expect(edges).toEqual([...new Set(edges)].sort((a, b) => a - b));
        for (let minute = period.start; minute < period.end; minute += 60) {
          const isInside = windows.some(({ start, end }) => start <= minute && minute < end);
          if (isInside !== all.some((one) => isShown(one, new TZDate(minute * 1000, timeZone))))
            expect.fail(`${texts.join(', ')} ${timeZone} ${iso(minute)} is inside: ${isInside}`);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('grow with the days of a period, not faster', () => {
    const every = recurrenceOf('Europe/Berlin', 'day 01:00-02:00', 'day 01:30-03:00', 'Mon-Fri 22:00-23:00');
    const days = windowsWithin(every, { start: unix('2026-01-01'), end: unix('2027-01-01') });
    expect(days.length).toBe(365 + 261);
  });
});

const DAYS = ['day', 'Mon-Fri', 'Fri-Mon', 'Sun', 'Sat, Sun', 'first Sun', 'second Tue', 'last Sun'] as const;

const clockText = (minutes: number) =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => `${part}`.padStart(2, '0')).join(':');

/** The plainest rule: the clock shows a time of the window, on such a day or on the day after it. */
function isShown({ days, from, to }: { days: (typeof DAYS)[number]; from: number; to: number }, now: TZDate) {
  const minutes = now.getHours() * 60 + now.getMinutes();
  const today = new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate()));
  const yesterday = new Date(today.getTime() - 86_400_000);
  if (from < to) return minutes >= from && minutes < to && isDay(days, today);
  return (minutes >= from && isDay(days, today)) || (minutes < to && isDay(days, yesterday));
}

function isDay(days: (typeof DAYS)[number], date: Date): boolean {
  const [weekday, ofMonth] = [date.getUTCDay(), date.getUTCDate()];
  const isLast = new Date(date.getTime() + 7 * 86_400_000).getUTCMonth() !== date.getUTCMonth();
  return {
    day: true,
    'Mon-Fri': weekday >= 1 && weekday <= 5,
    'Fri-Mon': weekday >= 5 || weekday <= 1,
    Sun: weekday === 0,
    'Sat, Sun': weekday === 6 || weekday === 0,
    'first Sun': weekday === 0 && ofMonth <= 7,
    'second Tue': weekday === 2 && ofMonth > 7 && ofMonth <= 14,
    'last Sun': weekday === 0 && isLast,
  }[days];
}
