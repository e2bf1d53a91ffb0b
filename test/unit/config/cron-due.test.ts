import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCronProblem } from '../../../src/config/cron.ts';
import { lastDue } from '../../../src/config/cron-due.ts';

const due = (cron: string, before: string, timeZone = 'UTC') => {
  expect(findCronProblem(cron)).toBeNull();
  return lastDue({ cron: `cron(${cron})`, timeZone }, new Date(before))?.toISOString() ?? null;
};

describe('the time at which a cron expression was due last', () => {
  // November 2026 begins on a Sunday.
  it.each([
    ['every day', '0 6 * * ? *', '2026-11-20T06:00:00.000Z'],
    ['later that day', '30 12 * * ? *', '2026-11-19T12:30:00.000Z'],
    ['every Monday', '0 6 ? * MON *', '2026-11-16T06:00:00.000Z'],
    ['Monday by its number', '0 6 ? * 2 *', '2026-11-16T06:00:00.000Z'],
    ['Monday to Friday', '0 6 ? * MON-FRI *', '2026-11-20T06:00:00.000Z'],
    ['weekends', '0 6 ? * SAT,SUN *', '2026-11-15T06:00:00.000Z'],
    ['Saturday as the last day of the week', '0 6 ? * L *', '2026-11-14T06:00:00.000Z'],
    ['the first of the month', '0 6 1 * ? *', '2026-11-01T06:00:00.000Z'],
    ['the last day of the month', '0 6 L * ? *', '2026-10-31T06:00:00.000Z'],
    ['the last day from Monday to Friday', '0 6 LW * ? *', '2026-10-30T06:00:00.000Z'],
    ['the workday nearest to a Sunday, in the month', '0 6 1W * ? *', '2026-11-02T06:00:00.000Z'],
    ['the workday nearest to a Saturday', '0 6 14W * ? *', '2026-11-13T06:00:00.000Z'],
    ['the last Friday of the month', '0 6 ? * 6L *', '2026-10-30T06:00:00.000Z'],
    ['the third Wednesday', '0 6 ? * WED#3 *', '2026-11-18T06:00:00.000Z'],
    ['the 31st', '0 6 31 * ? *', '2026-10-31T06:00:00.000Z'],
    ['steps of minutes', '*/20 8 * * ? *', '2026-11-20T08:40:00.000Z'],
    ['steps from a value', '5/25 0/3 * * ? *', '2026-11-20T06:55:00.000Z'],
    ['steps of a range', '0 1-9/4 * * ? *', '2026-11-20T05:00:00.000Z'],
    ['a month', '0 6 15 SEP ? *', '2026-09-15T06:00:00.000Z'],
    ['years', '0 6 * * ? 2026-2027', '2026-11-20T06:00:00.000Z'],
  ])('is right for %s', (_, cron, expected) => {
    expect(due(cron, '2026-11-20T08:59:00Z')).toBe(expected);
  });

  it('is nothing for a time long ago or still to come', () => {
    expect(due('0 6 15 MAR ? *', '2026-11-20T08:59:00Z')).toBeNull();
    expect(due('0 6 * * ? 2027', '2026-11-20T08:59:00Z')).toBeNull();
  });

  // https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html, "Daylight savings time".
  it.each([
    ['skips a time that the clocks skip', '2026-03-29T12:00:00Z', '2026-03-28T01:30:00.000Z'],
    ['has it again on the next day', '2026-03-30T12:00:00Z', '2026-03-30T00:30:00.000Z'],
    ['has a time that the clocks show twice once', '2026-10-25T12:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['has it on the day before', '2026-10-24T12:00:00Z', '2026-10-24T00:30:00.000Z'],
  ])('%s', (_, before, expected) => {
    expect(due('30 2 * * ? *', before, 'Europe/Berlin')).toBe(expected);
  });

  it('is the day of the time zone, not that of UTC', () => {
    expect(due('0 6 ? * MON *', '2026-11-16T00:00:00Z', 'Asia/Shanghai')).toBe('2026-11-15T22:00:00.000Z');
    expect(due('0 20 1 * ? *', '2026-11-02T05:00:00Z', 'America/Los_Angeles')).toBe(
      '2026-11-02T04:00:00.000Z',
    );
  });

  it('is at most a day and an hour ago for a daily time, and shows that time on the clock there', () => {
    const zones = ['UTC', 'Asia/Shanghai', 'Europe/Berlin', 'America/St_Johns', 'Africa/Cairo'];
    const far = [...zones, 'Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Kathmandu'];
    fc.assert(
      fc.property(
        fc.constantFrom(...far),
        fc.date({ min: new Date('2024-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }),
        fc.nat(23),
        fc.nat(59),
        (timeZone, before, hour, minute) => {
          const at = lastDue({ cron: `cron(${minute} ${hour} * * ? *)`, timeZone }, before);
          if (at === null) throw new Error('it is due each day');
          // A day on which the clocks skip the time has none.
          const hours = (before.getTime() - at.getTime()) / 3_600_000;
          expect(hours).toBeGreaterThanOrEqual(0);
          expect(hours).toBeLessThan(49);
          const clock = new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'short' }).format(at);
          expect(clock).toBe(`${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
        },
      ),
    );
  });
});
