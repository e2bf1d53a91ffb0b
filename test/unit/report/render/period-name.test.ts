import { describe, expect, it } from 'vitest';
import { LANGUAGES } from '../../../../src/report/model/indicator.ts';
import { createContext } from '../../../../src/report/render/create-context.ts';
import { periodName } from '../../../../src/report/render/kit/period-name.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';

function nameOf(start: string, end: string, timeZone: string, language: (typeof LANGUAGES)[number]) {
  const report = sampleReport();
  return periodName(
    createContext({ ...report, period: { ...report.period, start, end, timeZone } }, language),
  );
}

const SHANGHAI = 'Asia/Shanghai';
const BERLIN = 'Europe/Berlin';

describe('the name of a period', () => {
  it.each([
    ['2026-11-19T16:00:00Z', '2026-11-20T16:00:00Z', SHANGHAI, 'Fri 20 Nov 2026', '2026年11月20日 周五'],
    // Clocks change: a day of 23 and one of 25 hours.
    ['2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z', BERLIN, 'Sun 29 Mar 2026', '2026年3月29日 周日'],
    ['2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z', BERLIN, 'Sun 25 Oct 2026', '2026年10月25日 周日'],
    ['2026-11-16T00:00:00Z', '2026-11-23T00:00:00Z', 'UTC', 'Week 47, 2026', '2026年第47周'],
    // ISO 8601: the week with the first Thursday of 2027 is its first; this one is still of 2026.
    ['2026-12-28T00:00:00Z', '2027-01-04T00:00:00Z', 'UTC', 'Week 53, 2026', '2026年第53周'],
    ['2026-10-31T23:00:00Z', '2026-11-30T23:00:00Z', BERLIN, 'November 2026', '2026年11月'],
    ['2026-02-01T00:00:00Z', '2026-03-01T00:00:00Z', 'UTC', 'February 2026', '2026年2月'],
    // Not from Monday to Monday, and not a whole month.
    ['2026-11-17T00:00:00Z', '2026-11-24T00:00:00Z', 'UTC', '17–23 Nov 2026', '2026年11月17日至11月23日'],
    ['2026-11-01T00:00:00Z', '2027-01-01T00:00:00Z', 'UTC', '1 Nov – 31 Dec 2026', '2026年11月1日至12月31日'],
  ])('from %s to %s in %s is "%s" and "%s"', (start, end, timeZone, en, zh) => {
    expect(LANGUAGES.map((language) => nameOf(start, end, timeZone, language))).toEqual([en, zh]);
  });

  it('does not exist for a period with hours', () => {
    for (const language of LANGUAGES) {
      expect(nameOf('2026-11-20T00:00:00Z', '2026-11-20T18:00:00Z', 'UTC', language)).toBeNull();
      expect(nameOf('2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z', SHANGHAI, language)).toBeNull();
    }
  });
});
