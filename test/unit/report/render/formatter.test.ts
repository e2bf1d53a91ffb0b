import { describe, expect, it } from 'vitest';
import type { Language, Unit } from '../../../../src/report/model/indicator.ts';
import { createFormatter } from '../../../../src/report/render/kit/formatter.ts';

const DAY = { start: '2026-11-21T08:00:00Z', end: '2026-11-22T08:00:00Z', timeZone: 'Europe/Berlin' };

/** A number and its unit are joined by a no-break space. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const format = (language: Language = 'en', period = DAY) => createFormatter(language, period);

describe('values', () => {
  it.each<[number, Unit, string, string]>([
    [0, 'milliseconds', '0 ms', '0 ms'],
    [0.42, 'milliseconds', '0.42 ms', '0.42 ms'],
    [9.84, 'milliseconds', '9.84 ms', '9.84 ms'],
    [183.4, 'milliseconds', '183 ms', '183 ms'],
    // A value that rounds to a second is shown in seconds.
    [999.4, 'milliseconds', '999 ms', '999 ms'],
    [999.6, 'milliseconds', '1 s', '1 s'],
    [1840, 'milliseconds', '1.84 s', '1.84 s'],
    [0.3, 'seconds', '300 ms', '300 ms'],
    [75, 'seconds', '75 s', '75 s'],
    [1023.9 * 1024, 'bytes', '1 MiB', '1 MiB'],
    [512 * 1024 ** 2, 'bytes', '512 MiB', '512 MiB'],
    [1024 ** 3, 'bytes', '1 GiB', '1 GiB'],
    [1023.9 * 1024 ** 2, 'bytes', '1 GiB', '1 GiB'],
    [1020 * 1024 ** 2, 'bytes', '1,020 MiB', '1,020 MiB'],
    [1.234 * 1024 ** 3, 'bytes', '1.23 GiB', '1.23 GiB'],
    [0.042, 'cores', '0.042 cores', '0.042 核'],
    [1, 'cores', '1 core', '1 核'],
    [2.3, 'cores', '2.3 cores', '2.3 核'],
    [12_034, 'flows', '12,034', '12,034'],
    [247, 'pods', '247', '247'],
    [3.21, 'per-second', '3.21/s', '3.21/s'],
  ])('%d %s', (value, unit, english, chinese) => {
    expect(plain(format('en').value(value, unit))).toBe(english);
    expect(plain(format('zh-CN').value(value, unit))).toBe(chinese);
  });

  it('shows only 1 as 100% and only 0 as 0%', () => {
    const { percent } = format();
    expect([0, 0.0001, 0.053, 0.5, 0.9997, 0.99999, 1].map(percent)).toEqual([
      '0%',
      '<0.1%',
      '5.3%',
      '50%',
      '99.9%',
      '99.9%',
      '100%',
    ]);
  });

  it('shows a value with enough digits to differ from its bound', () => {
    const { valueBeside } = format();
    expect(plain(valueBeside(1.0004, 1, 'seconds'))).toBe('1.0004 s');
    expect(plain(valueBeside(0.80001, 0.8, 'ratio'))).toBe('80.001%');
    expect(valueBeside(240, 240, 'pods')).toBe('240');
  });
});

describe('durations', () => {
  it.each([
    [0, '0 s', '0 秒'],
    [45, '45 s', '45 秒'],
    [59.6, '1 min', '1 分钟'],
    [2400, '40 min', '40 分钟'],
    [3599, '1 h', '1 小时'],
    [55_200, '15 h 20 min', '15 小时 20 分钟'],
    [86_400, '24 h', '24 小时'],
    [183_600, '2 d 3 h', '2 天 3 小时'],
    [172_799, '2 d', '2 天'],
  ])('%d s', (seconds, english, chinese) => {
    expect(plain(format('en').duration(seconds))).toBe(english);
    expect(plain(format('zh-CN').duration(seconds))).toBe(chinese);
  });
});

describe('times', () => {
  it('have the day in a period of several days', () => {
    expect(format('en').time('2026-11-22T02:40:00Z')).toBe('Sun 03:40');
    expect(format('zh-CN').time('2026-11-22T02:40:00Z')).toBe('周日 03:40');
  });

  it('have no day within one calendar day, including midnight at its end', () => {
    const period = { start: '2026-11-20T23:00:00Z', end: '2026-11-21T23:00:00Z', timeZone: 'Europe/Berlin' };
    expect(format('en', period).time('2026-11-21T02:40:00Z')).toBe('03:40');
    expect(format('en', period).range('2026-11-21T02:40:00Z', '2026-11-21T23:00:00Z')).toBe('03:40–00:00');
  });

  it('have the date where weekdays would be ambiguous', () => {
    const period = { ...DAY, start: '2026-11-01T08:00:00Z' };
    expect(format('en', period).time('2026-11-15T02:40:00Z')).toBe('15 Nov 03:40');
    expect(format('zh-CN', period).time('2026-11-15T02:40:00Z')).toBe('11月15日 03:40');
  });

  it('have the weekday on an axis where there is room', () => {
    const day = (language: Language, start: string) =>
      format(language, { ...DAY, start }).day(new Date('2026-11-17T12:00:00Z'));
    expect(day('en', '2026-11-15T08:00:00Z')).toBe('Tue 17 Nov');
    expect(day('zh-CN', '2026-11-15T08:00:00Z')).toBe('11月17日 周二');
    expect(day('en', '2026-10-23T08:00:00Z')).toBe('17 Nov');
    const month = format('en', { ...DAY, start: '2026-10-23T08:00:00Z' });
    expect(month.weekday(new Date('2026-11-16T23:30:00Z'))).toBe('Tue 17 Nov');
  });

  it('have the day once in a range, and are one time where both ends read the same', () => {
    const { range } = format();
    expect(range('2026-11-22T02:40:00Z', '2026-11-22T03:20:00Z')).toBe('Sun 03:40–04:20');
    expect(range('2026-11-21T20:00:00Z', '2026-11-22T03:20:00Z')).toBe('Sat 21:00–Sun 04:20');
    expect(range('2026-11-22T02:40:00Z', '2026-11-22T02:40:30Z')).toBe('Sun 03:40');
  });

  it('have the zone in the hour that the clock shows twice', () => {
    const period = { start: '2026-10-24T22:00:00Z', end: '2026-10-25T22:00:00Z', timeZone: 'Europe/Berlin' };
    const { time } = format('en', period);
    expect(time('2026-10-25T00:30:00Z')).toBe('02:30 CEST');
    expect(time('2026-10-25T01:30:00Z')).toBe('02:30 CET');
    expect(time('2026-10-25T02:30:00Z')).toBe('03:30');
  });

  it('are in UTC, and named so, for an unknown time zone', () => {
    const { time, zoneName } = format('en', { ...DAY, timeZone: 'Mars/Olympus_Mons' });
    expect(time('2026-11-22T02:40:00Z')).toBe('Sun 02:40');
    expect(zoneName(DAY.end)).toBe('UTC');
  });
});
