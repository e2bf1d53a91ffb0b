import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTimeZone } from '../../../src/config/period.ts';
import { currentTimeZoneName } from '../../../src/config/time-zones.ts';

/** Names from the IANA database, which is independent of CLDR, the source of the table. */
const [PRESENT = [], OTHERS = []] = readFileSync(
  new URL('../../fixtures/iana-time-zones.txt', import.meta.url),
  'utf8',
)
  .split(/^#.*\n/m)
  .map((names) => names.split(/\s+/).filter((name) => name !== ''))
  .filter((names) => names.length > 0);

/** Returns the local time in a time zone, as text. */
function clockOf(timeZone: string): (time: Date) => string {
  const format = new Intl.DateTimeFormat('en', { timeZone, dateStyle: 'short', timeStyle: 'long' });
  const parts = (time: Date) => format.formatToParts(time).filter(({ type }) => type !== 'timeZoneName');
  return (time) =>
    parts(time)
      .map(({ value }) => value)
      .join('');
}

describe('a time zone', () => {
  it.each([
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['Europe/Kyiv', 'Europe/Kyiv'],
    ['EUROPE/KYIV', 'Europe/Kyiv'],
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['asia/ho_chi_minh', 'Asia/Ho_Chi_Minh'],
    ['America/Godthab', 'America/Nuuk'],
    ['America/Fort_Wayne', 'America/Indiana/Indianapolis'],
    ['US/Pacific', 'America/Los_Angeles'],
    ['Iceland', 'Atlantic/Reykjavik'],
    ['PRC', 'Asia/Shanghai'],
    ['Europe/Amsterdam', 'Europe/Amsterdam'],
    ['Etc/UTC', 'UTC'],
    ['Zulu', 'UTC'],
    ['etc/gmt+5', 'Etc/GMT+5'],
    ['+05:30', '+05:30'],
  ])('%s becomes %s', (written, shown) => {
    expect(checkTimeZone(written, 'timeZone')).toBe(shown);
  });

  it('keeps every current name', () => {
    expect(PRESENT).toHaveLength(418);
    expect(PRESENT.map((name) => currentTimeZoneName(name.toLowerCase()))).toEqual(PRESENT);
  });

  it('has a current name for every name that Node offers', () => {
    const offered = Intl.supportedValuesOf('timeZone');
    expect(offered.filter((name) => !PRESENT.includes(name)).length).toBeGreaterThan(0);
    expect(offered.map(currentTimeZoneName).filter((name) => !PRESENT.includes(name))).toEqual([]);
  });

  it('has a current name for every former name, or is UTC or a fixed offset from it', () => {
    expect(OTHERS.length).toBeGreaterThan(150);
    const shown = OTHERS.map(currentTimeZoneName);
    const strange = shown.filter(
      (name) => !PRESENT.includes(name) && name !== 'UTC' && !/^Etc\/GMT[+-]\d{1,2}$/.test(name),
    );
    expect(strange).toEqual([]);
  });

  it('has the same local time under its current name, which stays unchanged', () => {
    const moment = fc.date({
      min: new Date('1970-01-01'),
      max: new Date('2040-01-01'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...PRESENT, ...OTHERS),
        fc.func(fc.boolean()),
        fc.array(moment, { minLength: 5, maxLength: 20 }),
        (name, isUpper, moments) => {
          const written = [...name]
            .map((letter) => (isUpper(letter) ? letter.toUpperCase() : letter))
            .join('');
          const shown = currentTimeZoneName(written);
          expect(currentTimeZoneName(shown)).toBe(shown);
          expect(moments.map(clockOf(shown))).toEqual(moments.map(clockOf(name)));
        },
      ),
      { numRuns: 600 },
    );
  });
});
