import { describe, expect, it } from 'vitest';
import { timeTicks } from '../../../../src/report/render/kit/time-ticks.ts';

const BERLIN = 'Europe/Berlin';

function clock(timeZone: string, at: Date): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' }).format(at);
}

const ticks = (from: string, to: string, timeZone = BERLIN) =>
  timeTicks(Date.parse(from), Date.parse(to), timeZone);
const clocks = (from: string, to: string, timeZone = BERLIN) =>
  ticks(from, to, timeZone).map(({ at }) => clock(timeZone, at));

describe('ticks of a time axis', () => {
  it('are at round hours of the wall clock', () => {
    expect(clocks('2026-11-21T08:00:00Z', '2026-11-22T08:00:00Z')).toEqual(
      '09:00 12:00 15:00 18:00 21:00 00:00 03:00 06:00 09:00'.split(' '),
    );
  });

  it('are at round hours on a day of 25 hours, once in the repeated hour', () => {
    const day = ticks('2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z');
    expect(day.map(({ at }) => clock(BERLIN, at))).toEqual(
      '00:00 03:00 06:00 09:00 12:00 15:00 18:00 21:00 00:00'.split(' '),
    );
    // On that day, there are four hours from 00:00 to 03:00.
    const [midnight, three] = day;
    expect(Number(three?.at) - Number(midnight?.at)).toBe(4 * 3_600_000);
  });

  it('are at round hours on a day of 23 hours, without the skipped hour', () => {
    expect(clocks('2026-03-28T22:00:00Z', '2026-03-29T04:00:00Z')).toEqual(
      '23:00 00:00 01:00 03:00 04:00 05:00 06:00'.split(' '),
    );
  });

  it('are at whole hours in a time zone that is half an hour off', () => {
    expect(clocks('2026-11-21T18:30:00Z', '2026-11-22T18:30:00Z', 'Asia/Kolkata')).toContain('12:00');
  });

  it.each([
    ['an hour', '2026-11-21T09:00:00Z'],
    ['a week', '2026-11-28T08:00:00Z'],
    ['a month', '2026-12-21T08:00:00Z'],
    ['a year', '2027-11-21T08:00:00Z'],
  ])('are few for %s', (_, to) => {
    const count = ticks('2026-11-21T08:00:00Z', to).length;
    expect(count).toBeGreaterThanOrEqual(1);
    expect(count).toBeLessThanOrEqual(16);
  });

  it('mark the beginnings of days at midnight', () => {
    const days = ticks('2026-11-21T08:00:00Z', '2026-11-28T08:00:00Z');
    expect(days.every(({ at, startsDay }) => startsDay && clock(BERLIN, at) === '00:00')).toBe(true);
  });
});
