import { afterEach, describe, expect, it, vi } from 'vitest';
import { ConfigError } from '../../../src/config/errors.ts';
import { checkTimeZone, type PeriodRequest, parseTime, resolvePeriod } from '../../../src/config/period.ts';

const HOUR = 3600;
const DAY = 86_400;

const iso = (seconds: number) => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
const parse = (text: string, timeZone: string) => iso(parseTime(text, timeZone, '--from'));

/** Time zones of the machine, which must not affect the result. */
const MACHINES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Shanghai', 'Africa/Cairo'];

afterEach(() => vi.unstubAllEnvs());

describe('a time', () => {
  it.each([
    ['2026-11-21T08:00Z', 'Asia/Shanghai', '2026-11-21T08:00:00Z'],
    ['2026-11-21T08:00:30+08:00', 'UTC', '2026-11-21T00:00:30Z'],
    ['2026-11-21T08:00-0530', 'UTC', '2026-11-21T13:30:00Z'],
    ['2026-11-21T08:00:59.9Z', 'UTC', '2026-11-21T08:00:59Z'],
    ['2026-11-21', 'Asia/Shanghai', '2026-11-20T16:00:00Z'],
    ['2026-11-21T08:00', 'Asia/Kolkata', '2026-11-21T02:30:00Z'],
    ['2026-11-21 08:00:30', 'UTC', '2026-11-21T08:00:30Z'],
    ['2026-07-01T08:00', 'Europe/Berlin', '2026-07-01T06:00:00Z'],
    ['2026-01-01T08:00', 'Europe/Berlin', '2026-01-01T07:00:00Z'],
    ['2028-02-29', 'UTC', '2028-02-29T00:00:00Z'],
    ['2026-11-21T08:00', '+05:30', '2026-11-21T02:30:00Z'],
  ])('%s in %s is %s', (text, timeZone, expected) => {
    expect(parse(text, timeZone)).toBe(expected);
  });

  it.each([
    ['occurs twice is the first occurrence', '2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T00:30:00Z'],
    ['occurs twice is the first occurrence', '2026-11-01T01:30', 'America/New_York', '2026-11-01T05:30:00Z'],
    ['comes after an hour that occurs twice', '2026-10-25T03:00', 'Europe/Berlin', '2026-10-25T02:00:00Z'],
    ['is skipped is an hour later', '2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
    ['is skipped is an hour later', '2026-03-08T02:30', 'America/New_York', '2026-03-08T07:30:00Z'],
    ['is skipped at midnight', '2026-04-24', 'Africa/Cairo', '2026-04-23T22:00:00Z'],
    [
      'is skipped only in the machine’s time zone',
      '2026-03-08T02:30',
      'Europe/Berlin',
      '2026-03-08T01:30:00Z',
    ],
  ])('that %s (%s in %s) does not depend on the machine’s time zone', (_, text, timeZone, expected) => {
    for (const machine of MACHINES) {
      vi.stubEnv('TZ', machine);
      expect([machine, parse(text, timeZone)]).toEqual([machine, expected]);
    }
  });

  it.each([
    '2026-02-30',
    '2026-02-30T08:00Z',
    '2027-02-29T08:00+08:00',
    '2026-13-01',
    '2026-11-21T24:00',
    '2026-11-21T24:00Z',
    '2026-11-21T08:60',
    '2026-11-21T08:00+99:00',
    '2026-11-21T8:00',
    '2026-11-21Z',
    '21.11.2026',
    'yesterday',
    '1763712000',
    '',
    '2026-11-21T08:00Z and more',
    '2026-11-21\n',
  ])('cannot be %j', (text) => {
    expect(() => parseTime(text, 'UTC', '--from')).toThrow(ConfigError);
    expect(() => parseTime(text, 'UTC', '--from')).toThrow(/^--from: .* is not a time such as/s);
  });
});

describe('a period', () => {
  const NOW = new Date('2026-12-01T10:20:45Z');
  const resolve = (request: Partial<PeriodRequest>) =>
    resolvePeriod({ rangeSeconds: DAY, timeZone: 'UTC', now: NOW, ...request });

  it('ends with the last full minute and has the given length', () => {
    const { start, end } = resolve({ rangeSeconds: 6 * HOUR });
    expect([iso(start), iso(end)]).toEqual(['2026-12-01T04:20:00Z', '2026-12-01T10:20:00Z']);
  });

  it('is from a start until now, until an end, or from a start to an end', () => {
    const spans = [
      resolve({ from: '2026-12-01' }),
      resolve({ to: '2026-12-01' }),
      resolve({ from: '2026-11-01', to: '2026-11-02T12:00' }),
    ];
    expect(spans.map(({ start, end }) => `${iso(start)} ${iso(end)}`)).toEqual([
      '2026-12-01T00:00:00Z 2026-12-01T10:20:00Z',
      '2026-11-30T00:00:00Z 2026-12-01T00:00:00Z',
      '2026-11-01T00:00:00Z 2026-11-02T12:00:00Z',
    ]);
  });

  it.each([
    ['Europe/Berlin', '2026-03-28', '2026-03-29', 24],
    ['Europe/Berlin', '2026-03-29', '2026-03-30', 23],
    ['Europe/Berlin', '2026-10-25', '2026-10-26', 25],
    ['America/New_York', '2026-03-08', '2026-03-09', 23],
    ['America/New_York', '2026-11-01', '2026-11-02', 25],
    ['America/New_York', '2026-11-02', '2026-11-03', 24],
    ['Africa/Cairo', '2026-04-24', '2026-04-25', 23],
    ['Asia/Shanghai', '2026-10-25', '2026-10-26', 24],
  ])('of a day in %s, from %s to %s, has %i hours', (timeZone, from, to, hours) => {
    for (const machine of MACHINES) {
      vi.stubEnv('TZ', machine);
      const { start, end } = resolve({ from, to, timeZone });
      expect([machine, (end - start) / HOUR]).toEqual([machine, hours]);
    }
  });

  it.each<[string, Partial<PeriodRequest>, RegExp]>([
    [
      'ends before it starts',
      { from: '2026-11-02', to: '2026-11-01' },
      /^--from: 2026-11-02 is not before --to 2026-11-01$/,
    ],
    ['ends when it starts', { from: '2026-11-02', to: '2026-11-02' }, /^--from: /],
    ['ends in the future', { to: '2026-12-01T10:21Z' }, /^--to: .*future/],
    [
      'ends in the future in local time',
      { to: '2026-12-02', timeZone: 'America/New_York' },
      /^--to: .*future/,
    ],
    ['starts in the future', { from: '2026-12-02' }, /^--from: .*future/],
    ['is too short', { rangeSeconds: 599 }, /^--range: .*at least 10 minutes/],
    ['starts a few minutes ago', { from: '2026-12-01T10:15' }, /^--from: .*at least 10 minutes/],
    ['starts before 1970', { rangeSeconds: 99_999 * 7 * DAY }, /^--range: .*1970/],
    ['has an invalid start', { from: 'monday' }, /^--from: "monday" is not a time/],
    ['has an invalid end', { to: 'monday' }, /^--to: "monday" is not a time/],
  ])('that %s is refused', (_, request, message) => {
    expect(() => resolve(request)).toThrow(ConfigError);
    expect(() => resolve(request)).toThrow(message);
  });

  it('can be exactly ten minutes long', () => {
    expect(resolve({ rangeSeconds: 600 })).toMatchObject({ end: Date.parse('2026-12-01T10:20:00Z') / 1000 });
  });
});

describe('a time zone', () => {
  it('is accepted in any case and returned in the usual spelling', () => {
    expect(checkTimeZone('asia/shanghai', 'timeZone')).toBe('Asia/Shanghai');
    expect(checkTimeZone('UTC', 'timeZone')).toBe('UTC');
  });

  it.each(['Mars/Olympus', '', 'GMT+25', 'Asia/Shanghai\n', '__proto__'])('%j is unknown', (name) => {
    expect(() => checkTimeZone(name, '--time-zone')).toThrow(ConfigError);
    expect(() => checkTimeZone(name, '--time-zone')).toThrow(/^--time-zone: .* is not a known time zone/s);
  });
});
