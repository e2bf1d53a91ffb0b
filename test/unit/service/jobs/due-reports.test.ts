import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { schedulesOf } from '../../../../src/config/schedules.ts';
import type { ConfigFile } from '../../../../src/config/schema/config.ts';
import { toInstant } from '../../../../src/report/model/time.ts';
import { dueReports, isMade } from '../../../../src/service/jobs/due-reports.ts';

type Schedules = NonNullable<ConfigFile['schedules']>;

function dueAt(now: string, schedules: Schedules, { name = 'a', timeZone = 'Europe/Berlin' } = {}) {
  const file: ConfigFile = { timeZone, clusters: [{ name: 'a' }, { name: 'b' }], schedules };
  return dueReports(
    schedulesOf(file),
    new Date(now),
  )({ name, timeZone }).map(({ period, at }) => [
    toInstant(period.start),
    toInstant(period.end),
    at.toISOString(),
  ]);
}

const DAILY: Schedules = [{ name: 'daily', period: 'day', at: '06:00' }];

describe('the reports that were due', () => {
  it('are those of the day before, from an hour after the time of the schedule', () => {
    const friday = ['2026-11-18T23:00:00Z', '2026-11-19T23:00:00Z', '2026-11-20T05:00:00.000Z'];
    const thursday = ['2026-11-17T23:00:00Z', '2026-11-18T23:00:00Z', '2026-11-19T05:00:00.000Z'];
    expect(dueAt('2026-11-20T05:59:59Z', DAILY)).toEqual([thursday]);
    expect(dueAt('2026-11-20T06:00:00Z', DAILY)).toEqual([friday]);
  });

  it('have the period that the schedule asks for where clocks change', () => {
    expect(dueAt('2026-10-26T08:00:00Z', DAILY)).toEqual([
      ['2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', '2026-10-26T05:00:00.000Z'],
    ]);
    expect(dueAt('2026-03-30T08:00:00Z', DAILY)).toEqual([
      ['2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', '2026-03-30T04:00:00.000Z'],
    ]);
  });

  it('have the day of their cluster, with the schedule in another time zone', () => {
    const inUtc: Schedules = [{ name: 'daily', period: 'day', at: '06:00', timeZone: 'UTC' }];
    // It is still the 19th in Los Angeles, whose last whole day is the 18th.
    expect(dueAt('2026-11-20T08:00:00Z', inUtc, { timeZone: 'America/Los_Angeles' })).toEqual([
      ['2026-11-18T08:00:00Z', '2026-11-19T08:00:00Z', '2026-11-20T06:00:00.000Z'],
    ]);
    expect(dueAt('2026-11-20T08:00:00Z', inUtc, { timeZone: 'Pacific/Kiritimati' })).toEqual([
      ['2026-11-18T10:00:00Z', '2026-11-19T10:00:00Z', '2026-11-20T06:00:00.000Z'],
    ]);
  });

  it('are one for each period, and only those of schedules with the cluster', () => {
    const schedules: Schedules = [
      ...DAILY,
      { name: 'also', period: 'day', at: '07:00', language: 'zh-CN' },
      { name: 'weekly', period: 'week', clusters: ['b'] },
      { name: 'monthly', period: 'month' },
    ];
    const lengths = (name: string) =>
      dueAt('2026-11-20T12:00:00Z', schedules, { name }).map(
        ([start = '', end = '']) => (Date.parse(end) - Date.parse(start)) / 3_600_000,
      );
    expect(lengths('a')).toEqual([24, 31 * 24 + 1]);
    expect(lengths('b')).toEqual([24, 7 * 24, 31 * 24 + 1]);
    expect(dueAt('2026-11-20T12:00:00Z', [])).toEqual([]);
  });

  it('never end in the future, and change once a day', () => {
    const zones = [
      'UTC',
      'Asia/Shanghai',
      'Europe/Berlin',
      'America/St_Johns',
      'Africa/Cairo',
      'Pacific/Apia',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...zones),
        fc.constantFrom('00:00', '02:30', '06:00', '23:45'),
        fc.date({ min: new Date('2025-01-01'), max: new Date('2028-01-01'), noInvalidDate: true }),
        (timeZone, scheduleZone, at, now) => {
          const schedules: Schedules = [{ name: 'daily', period: 'day', at, timeZone: scheduleZone }];
          const [today, ...others] = dueAt(now.toISOString(), schedules, { timeZone });
          expect(others).toEqual([]);
          const [start = '', end = '', due = ''] = today ?? [];
          expect(Date.parse(end)).toBeLessThanOrEqual(Date.parse(due));
          expect(Date.parse(due)).toBeLessThanOrEqual(now.getTime() - 3_600_000);
          const hours = (Date.parse(end) - Date.parse(start)) / 3_600_000;
          expect(hours).toBeGreaterThanOrEqual(23);
          expect(hours).toBeLessThanOrEqual(25);
        },
      ),
    );
  });
});

describe('a report that was due', () => {
  const seconds = (text: string) => Date.parse(text) / 1000;
  const due = {
    period: { start: seconds('2026-11-19T00:00:00Z'), end: seconds('2026-11-20T00:00:00Z') },
    at: new Date('2026-11-20T06:00:00Z'),
  };
  const finished = (start: string, end: string) => [{ period: { start: seconds(start), end: seconds(end) } }];

  it.each([
    ['is made by a report of its period', '2026-11-19T00:00:00Z', '2026-11-20T00:00:00Z', true],
    ['is not missing after a later one', '2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z', true],
    ['is not made by the one before', '2026-11-18T00:00:00Z', '2026-11-19T00:00:00Z', false],
    ['is not made by six hours on request', '2026-11-20T00:00:00Z', '2026-11-20T06:00:00Z', false],
    ['is not made by that of a week', '2026-11-13T00:00:00Z', '2026-11-20T00:00:00Z', false],
  ])('%s', (_, start, end, expected) => {
    expect(isMade(due, finished(start, end))).toBe(expected);
  });
});
