import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { fileName, OUTPUT_FORMATS } from '../../../../src/report/formats.ts';
import { clusterKey } from '../../../../src/report/model/cluster-key.ts';
import { VERDICTS } from '../../../../src/report/model/report.ts';
import { clusterOfId, reportFolder } from '../../../../src/service/archive/address.ts';
import {
  listedOf,
  listedReports,
  listReport,
  scoreHistoryOf,
} from '../../../../src/service/archive/listing.ts';
import { stateSchema } from '../../../../src/service/archive/state.ts';
import type { Store } from '../../../../src/service/archive/store.ts';
import { storedIdOf } from '../../../../src/service/archive/stored-id.ts';
import { openMemoryStore } from '../../../fixtures/memory-store.ts';
import { finishedReport } from './surroundings.ts';

let store: Store;
beforeEach(() => {
  store = openMemoryStore();
});

describe('the list', () => {
  it('returns what was added, latest first, in whichever order it was added', async () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 60 * 24 * 365 * 60 }), { maxLength: 12 });
    const result = fc.record({
      verdict: fc.constantFrom(...VERDICTS),
      score: fc.integer({ min: 0, max: 100 }),
      complete: fc.boolean(),
      critical: fc.nat(999),
      warning: fc.nat(999),
      silenced: fc.option(fc.record({ critical: fc.nat(999), warning: fc.nat(999) }), { nil: undefined }),
    });
    await fc.assert(
      fc.asyncProperty(minutes, result, fc.integer({ min: 1, max: 5 }), async (times, said, limit) => {
        const fresh = openMemoryStore();
        for (const minute of times) {
          const end = new Date(Date.UTC(2000, 0, 2) + minute * 60_000).toISOString();
          const state = finishedReport(end.replace(/\.\d+|[-:]/g, '').toLowerCase(), { result: said });
          await listReport(fresh, state);
          await listReport(fresh, state);
        }
        const found: number[] = [];
        let after: string | null = null;
        do {
          const page: Awaited<ReturnType<typeof listedReports>> = await listedReports(fresh, 'prod-berlin', {
            limit,
            after,
          });
          for (const report of page.reports) {
            const { silenced, ...others } = said;
            expect(report).toMatchObject({ ...others, cluster: 'prod-berlin' });
            expect(report.silenced).toEqual(silenced);
            expect(report.period.end - report.period.start).toBe(86_400);
            found.push((report.period.end * 1000 - Date.UTC(2000, 0, 2)) / 60_000);
          }
          after = page.next;
        } while (after !== null);
        expect(found).toEqual(times.toSorted((a, b) => b - a));
      }),
      { numRuns: 30 },
    );
  });

  it('keeps the formats of a report, whichever and however many there are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.subarray(OUTPUT_FORMATS), async (formats) => {
        const files = formats.map((format) => ({
          name: fileName(format),
          key: 'k',
          contentType: 'text/plain',
          bytes: 1,
        }));
        const result = {
          verdict: 'critical' as const,
          score: 100,
          complete: false,
          critical: 999_999,
          warning: 999_999,
          silenced: { critical: 999_999, warning: 999_999 },
        };
        // The longest id has a long cluster name and names every format and the paper.
        const id = storedIdOf(`${clusterKey('x'.repeat(200))}-20261121t160000z-0123abcd`, {
          language: 'zh-CN',
          formats: OUTPUT_FORMATS,
          pageSize: 'Letter',
        });
        const state = finishedReport('20261121t160000z', {
          id,
          files,
          result,
        });
        expect(listedOf(state)).toMatchObject({ id, formats, ...result });
        // The store refuses an entry that is too long for the name of a file.
        await listReport(store, state);
      }),
    );
  });

  it('remembers which reports found no Antrea metrics', async () => {
    const result = { verdict: 'unknown' as const, score: 3, complete: false, critical: 0, warning: 0 };
    const states = [
      finishedReport('20261121t230000z', { result: { ...result, nothingSeen: true } }),
      finishedReport('20261120t230000z', { result }),
    ];
    for (const state of states) await listReport(store, stateSchema.parse(state));
    const { reports } = await listedReports(store, null, { limit: 10 });
    expect(reports.map(({ nothingSeen, complete }) => [nothingSeen, complete])).toEqual([
      [true, false],
      [undefined, false],
    ]);
  });

  it('ignores keys that are not entries', async () => {
    await listReport(store, finishedReport('20261121t230000z'));
    await store.put('index/all/readme.txt', Buffer.from('hello'), { contentType: 'text/plain' });
    const { reports } = await listedReports(store, null, { limit: 10 });
    expect(reports).toHaveLength(1);
  });
});

describe('a cluster’s score history', () => {
  const HOUR = 3600;
  /** Reports of the given lengths in hours that end on consecutive days, latest first. */
  const reportsOf = (...hours: number[]) =>
    hours.map((long, index) => {
      const end = Date.UTC(2026, 2, 31) / 1000 - index * 24 * HOUR;
      const id = `${index}`;
      const said = { verdict: 'healthy' as const, score: 100, complete: true, critical: 0, warning: 0 };
      const period = { start: end - long * HOUR, end };
      return { id, cluster: 'c', period, ...said, language: 'en' as const, formats: [] };
    });

  it.each([
    ['nothing', [], ''],
    ['daily reports, those of the days when the clocks change too', [24, 23, 24, 25], '0 1 2 3'],
    ['daily reports with weekly ones and single hours between', [6, 24, 168, 24, 12, 24, 169], '1 3 5'],
    ['weekly reports, one day in between', [168, 24, 167, 168], '0 2 3'],
    ['as many of one kind as of the other: the latest decides', [168, 24, 24, 168], '0 3'],
    ['as many of one kind as of the other: the latest decides', [24, 168, 168, 24], '0 3'],
    ['months of any length', [744, 24, 720, 672], '0 2 3'],
    ['parts of a day, which are not all the same', [6, 6, 3, 6], '0 1 3'],
  ])('from %s', (_, hours, ids) => {
    const course = scoreHistoryOf(reportsOf(...hours));
    expect(course.map(({ id }) => id).join(' ')).toBe(ids);
  });
});

describe('addresses', () => {
  it('follow from the id alone: the day of the last second, in UTC', () => {
    const id = 'prod-berlin-20261122t000000z-0123abcd-zh-cn-html';
    expect(reportFolder(id)).toBe(`reports/prod-berlin/2026/11/21/${id}`);
    const shanghai = 'prod-2-20261121t160000z-0123abcd-en';
    expect(reportFolder(shanghai)).toBe(`reports/prod-2/2026/11/21/${shanghai}`);
    expect(clusterOfId(shanghai)).toBe('prod-2');
  });
});
