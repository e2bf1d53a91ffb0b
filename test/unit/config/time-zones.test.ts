import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkTimeZone } from '../../../src/config/period.ts';
import { presentName } from '../../../src/config/time-zones.ts';

/** The database's own lists, which know nothing of CLDR, from which the table is. */
const [PRESENT = [], OTHERS = []] = readFileSync(
  new URL('../../fixtures/iana-time-zones.txt', import.meta.url),
  'utf8',
)
  .split(/^#.*\n/m)
  .map((names) => names.split(/\s+/).filter((name) => name !== ''))
  .filter((names) => names.length > 0);

/** The wall clock there, as text. */
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
  ])('written as %s is shown as %s', (written, shown) => {
    expect(checkTimeZone(written, 'timeZone')).toBe(shown);
  });

  it('under a name of today keeps it, whichever of them it is', () => {
    expect(PRESENT).toHaveLength(418);
    expect(PRESENT.map((name) => presentName(name.toLowerCase()))).toEqual(PRESENT);
  });

  it('that Node offers under a former name has a name of today', () => {
    const offered = Intl.supportedValuesOf('timeZone');
    expect(offered.filter((name) => !PRESENT.includes(name)).length).toBeGreaterThan(0);
    expect(offered.map(presentName).filter((name) => !PRESENT.includes(name))).toEqual([]);
  });

  it('under any former name has one of today, or is UTC or a fixed distance from it', () => {
    expect(OTHERS.length).toBeGreaterThan(150);
    const shown = OTHERS.map(presentName);
    const strange = shown.filter(
      (name) => !PRESENT.includes(name) && name !== 'UTC' && !/^Etc\/GMT[+-]\d{1,2}$/.test(name),
    );
    expect(strange).toEqual([]);
  });

  it('under the name that is shown has the same clocks, and the same name', () => {
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
          const shown = presentName(written);
          expect(presentName(shown)).toBe(shown);
          expect(moments.map(clockOf(shown))).toEqual(moments.map(clockOf(name)));
        },
      ),
      { numRuns: 600 },
    );
  });
});
