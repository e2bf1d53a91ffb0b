import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDuration } from '../../../src/config/duration.ts';
import { ConfigError } from '../../../src/config/errors.ts';

describe('a duration', () => {
  it.each([
    ['30s', 30],
    ['10m', 600],
    ['24h', 86_400],
    ['7d', 604_800],
    ['2w', 1_209_600],
    ['1h30m', 5400],
    ['1d12h0m5s', 129_605],
    ['007s', 7],
  ])('%s is %i seconds', (text, seconds) => {
    expect(parseDuration(text, '--range')).toBe(seconds);
  });

  it.each([
    '',
    '24',
    'h',
    '1.5h',
    '-1h',
    '1 h',
    '1y',
    '1ms',
    '5M',
    '1h ',
    'PT1H',
    '1h30',
    '１h',
    '1e3s',
    '24h\n',
  ])('%j is refused, and the message names the option or key', (text) => {
    expect(() => parseDuration(text, 'report.range')).toThrow(ConfigError);
    expect(() => parseDuration(text, 'report.range')).toThrow(/^report\.range: /);
  });

  it.each(['0s', '0h0m', '99999999999999999w', `${'9'.repeat(400)}s`])(
    '%j is refused as zero or too long',
    (text) => {
      expect(() => parseDuration(text, '--range')).toThrow(ConfigError);
    },
  );

  it('of several parts is their sum, in any order', () => {
    const units = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };
    const part = fc.tuple(fc.integer({ min: 0, max: 9999 }), fc.constantFrom(...Object.entries(units)));
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const sum = parts.reduce((total, [count, [, seconds]]) => total + count * seconds, 0);
        fc.pre(sum > 0);
        const text = parts.map(([count, [unit]]) => `${count}${unit}`).join('');
        expect(parseDuration(text, 'x')).toBe(sum);
      }),
    );
  });
});
