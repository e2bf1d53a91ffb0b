import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUTPUT_FORMATS } from '../../../../src/report/formats.ts';
import { clusterKey } from '../../../../src/report/model/cluster-key.ts';
import { LANGUAGES } from '../../../../src/report/model/indicator.ts';
import { PAGE_SIZES } from '../../../../src/report/model/rendition.ts';
import { isKey } from '../../../../src/service/archive/store.ts';
import { readStoredId, storedFormats, storedIdOf } from '../../../../src/service/archive/stored-id.ts';

const rendition = fc.record({
  language: fc.constantFrom(...LANGUAGES),
  formats: fc.subarray(OUTPUT_FORMATS, { minLength: 1 }),
  pageSize: fc.constantFrom(...PAGE_SIZES),
});

describe('the id of a stored report', () => {
  it('contains language, formats and paper size for any cluster name', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 200 }), rendition, (cluster, wanted) => {
        const report = `${clusterKey(cluster)}-20261121t160000z-0123abcd`;
        const id = storedIdOf(report, wanted);
        expect(readStoredId(id)).toEqual({
          report,
          cluster: clusterKey(cluster),
          end: Date.parse('2026-11-21T16:00:00Z') / 1000,
          ...wanted,
          formats: storedFormats(wanted.formats),
        });
        expect(isKey(id)).toBe(true);
      }),
    );
  });

  it('keeps the ids of earlier versions: no format means the default ones', () => {
    const report = 'prod-20261121t160000z-0123abcd';
    const ids = [['html', 'pdf', 'json'], ['html', 'json'], ['pdf'], ['json']].map((formats) =>
      storedIdOf(report, { language: 'zh-CN', formats: formats as ['json'], pageSize: 'Letter' }),
    );
    expect(ids).toEqual([
      `${report}-zh-cn-letter`,
      `${report}-zh-cn-html-letter`,
      `${report}-zh-cn-pdf-letter`,
      `${report}-zh-cn-json-letter`,
    ]);
  });

  it('keeps the longest id short enough for an address', () => {
    const report = `${clusterKey('x'.repeat(200))}-20261121t160000z-0123abcd`;
    const longest = storedIdOf(report, { language: 'zh-CN', formats: OUTPUT_FORMATS, pageSize: 'Letter' });
    expect(longest).toContain('-html-pdf-csv-junit-openmetrics-letter');
    expect(readStoredId(longest)?.formats).toEqual(OUTPUT_FORMATS);
  });

  it.each([
    '-en-csv-html',
    '-en-openmetrics-junit',
    '-en-pdf-html',
    '-en-html-html',
    '-en-html-json',
    '-en-doc',
    '-fr',
    '-en-letter-html',
    '',
  ])('is not %s: one report has one id', (ending) => {
    expect(readStoredId(`prod-20261121t160000z-0123abcd${ending}`)).toBeNull();
  });
});
