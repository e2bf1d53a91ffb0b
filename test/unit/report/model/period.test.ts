import { TZDate } from '@date-fns/tz';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastPeriod, PERIOD_UNITS } from '../../../../src/report/model/period.ts';

const iso = ({ start, end }: { start: number; end: number }) =>
  [start, end].map((seconds) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'));

const ZONES = [
  'UTC',
  'Asia/Shanghai',
  'Asia/Kolkata',
  'Europe/Berlin',
  'America/New_York',
  'America/Sao_Paulo',
  'Asia/Beirut',
  'Atlantic/Azores',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
];

describe('lastPeriod', () => {
  it.each([
    // The clocks went forward on 29 March 2026: a day of 23 hours.
    ['day', 'Europe/Berlin', '2026-03-30T04:00:00Z', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    // They went back on 25 October 2026: a day of 25 hours.
    ['day', 'Europe/Berlin', '2026-10-26T05:00:00Z', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
    ['day', 'Asia/Shanghai', '2026-11-21T22:00:00Z', '2026-11-20T16:00:00Z', '2026-11-21T16:00:00Z'],
    // In Beirut the clocks go forward at midnight: the day of 29 March 2026 began at one o'clock.
    ['day', 'Asia/Beirut', '2026-03-30T04:00:00Z', '2026-03-28T22:00:00Z', '2026-03-29T21:00:00Z'],
    // A Monday, a Sunday, and a week in which the clocks changed.
    ['week', 'UTC', '2026-11-16T00:00:00Z', '2026-11-09T00:00:00Z', '2026-11-16T00:00:00Z'],
    ['week', 'UTC', '2026-11-22T23:59:59Z', '2026-11-09T00:00:00Z', '2026-11-16T00:00:00Z'],
    ['week', 'America/New_York', '2026-11-02T11:00:00Z', '2026-10-26T04:00:00Z', '2026-11-02T05:00:00Z'],
    ['month', 'Europe/Berlin', '2026-04-01T04:00:00Z', '2026-02-28T23:00:00Z', '2026-03-31T22:00:00Z'],
    ['month', 'UTC', '2026-01-31T12:00:00Z', '2025-12-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['month', 'UTC', '2024-03-31T12:00:00Z', '2024-02-01T00:00:00Z', '2024-03-01T00:00:00Z'],
  ] as const)('the last %s in %s before %s', (unit, timeZone, now, start, end) => {
    expect(iso(lastPeriod(unit, timeZone, new Date(now)))).toEqual([start, end]);
  });

  it('is over, is the latest of its kind, and follows the one before, in every time zone', () => {
    // Samoa has no 30 December 2011. The first version of Prometheus is of 2012.
    const time = fc.date({ min: new Date('2012-03-01'), max: new Date('2037-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(fc.constantFrom(...PERIOD_UNITS), fc.constantFrom(...ZONES), time, (unit, zone, now) => {
        const period = lastPeriod(unit, zone, now);
        const days = (period.end - period.start) / 86_400;
        const [least, most] = { day: [0.9, 1.1], week: [6.9, 7.1], month: [27.9, 31.1] }[unit];
        expect(days).toBeGreaterThan(least ?? 0);
        expect(days).toBeLessThan(most ?? 0);
        expect(period.end).toBeLessThanOrEqual(now.getTime() / 1000);
        const before = lastPeriod(unit, zone, new Date(period.end * 1000 - 1));
        expect(before.end).toBe(period.start);
        // According to TZDate, it begins and ends with a day there.
        for (const edge of [period.start, period.end]) {
          const after = new TZDate(edge * 1000, zone);
          const just = new TZDate(edge * 1000 - 1000, zone);
          expect(after.getDate()).not.toBe(just.getDate());
        }
      }),
      { numRuns: 2000 },
    );
  });
});
