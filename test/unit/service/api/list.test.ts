import { beforeEach, describe, expect, it } from 'vitest';
import type { OutputFormat } from '../../../../src/report/formats.ts';
import { fileName } from '../../../../src/report/formats.ts';
import { clusterKey } from '../../../../src/report/model/cluster-key.ts';
import type { Language } from '../../../../src/report/model/indicator.ts';
import { toInstant } from '../../../../src/report/model/time.ts';
import type { ApiRequest } from '../../../../src/service/api/http.ts';
import { latestReport } from '../../../../src/service/api/latest.ts';
import { listReport } from '../../../../src/service/archive/listing.ts';
import { storedIdOf } from '../../../../src/service/archive/stored-id.ts';
import { finishedReport } from '../archive/surroundings.ts';
import { type Api, openApi } from './surroundings.ts';

const BERLIN = 'prod-berlin';
const CHINESE = '生产 <b>';
const KEY = clusterKey(CHINESE);
const BROWSER = 'text/html,application/xhtml+xml,*/*;q=0.8';

let api: Api;
beforeEach(() => {
  api = openApi('2026-11-22T09:30:15Z');
});

type Listed = {
  cluster?: string;
  /** The day of November 2026 at whose start the period ends. */
  end?: number;
  days?: number;
  language?: Language;
  formats?: OutputFormat[];
};

/** Adds a finished report to the list and returns its id. */
async function list({
  cluster = BERLIN,
  end = 20,
  days = 1,
  language = 'en',
  formats = ['html', 'json'],
}: Listed) {
  const ends = Date.UTC(2026, 10, end) / 1000;
  const time = toInstant(ends).replace(/[-:]/g, '').toLowerCase();
  const hash = String(Math.round(days * 100)).padStart(8, '0');
  const id = storedIdOf(`${cluster}-${time}-${hash}`, { language, formats, pageSize: 'A4' });
  const files = formats.map((format) => ({ name: fileName(format), key: 'k', contentType: '', bytes: 1 }));
  const period = { start: toInstant(ends - days * 86_400), end: toInstant(ends) };
  await listReport(api.context.store, finishedReport(time, { id, language, formats, period, files }));
  return id;
}

const ask = (query: Record<string, string> = {}, headers: Record<string, string> = {}, more = {}) =>
  api.ask('GET /reports', { query, headers, ...more } satisfies Partial<ApiRequest>);

/** Returns the addresses of a page, as a browser reads them. */
const addressesIn = (html: string) =>
  [...html.matchAll(/href="([^"]*)"/g)].map(([, href = '']) =>
    href.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&'),
  );

describe('the latest report', () => {
  const latest = async (cluster: string, format?: OutputFormat) =>
    (await latestReport(api.context.store, api.context.config, cluster, format))?.id ?? null;

  it.each<[string, Listed, Listed[], OutputFormat?]>([
    ['ends last', { end: 20, days: 7 }, [{ end: 19 }, { end: 18 }]],
    ['is in the cluster’s own language', { cluster: KEY, language: 'zh-CN' }, [{ cluster: KEY }]],
    ['is in the cluster’s own language', { language: 'en' }, [{ language: 'zh-CN' }]],
    ['is in that language, however long', { days: 7 }, [{ language: 'zh-CN', days: 1 }]],
    ['is the shortest', { days: 0.25 }, [{ days: 30 }, { days: 1 }, { days: 7 }]],
    ['has the file', { formats: ['pdf', 'json'], days: 7, language: 'zh-CN' }, [{ days: 1 }], 'pdf'],
    ['has the file, though another one ends later', { end: 18, formats: ['pdf', 'json'] }, [{}], 'pdf'],
    ['is of the cluster', { end: 18 }, [{ cluster: KEY, end: 20 }]],
    ['says why, where none has the file', { end: 20 }, [{ end: 19 }], 'pdf'],
  ])('%s', async (_, wanted, others, format) => {
    for (const other of others) await list(other);
    const id = await list(wanted);
    expect(await latest(wanted.cluster ?? BERLIN, format)).toBe(id);
  });

  it('is not found for a cluster without reports', async () => {
    await list({ cluster: KEY });
    expect(await latest(BERLIN)).toBeNull();
  });
});

describe('the list', () => {
  it('is complete when a program follows its links, with the requested cluster and page size', async () => {
    for (const end of [1, 2, 3, 4, 5]) {
      await list({ end, cluster: KEY });
      await list({ end });
    }
    const found: string[] = [];
    let query: Record<string, string> = { cluster: CHINESE, limit: '2' };
    for (let page = 1; page <= 3; page += 1) {
      const response = await ask(query, {}, { basePath: '/stage' });
      const { reports, next } = JSON.parse(response.body);
      expect(reports).toHaveLength(page < 3 ? 2 : 1);
      for (const { cluster, url, period } of reports) {
        expect(cluster).toBe(CHINESE);
        expect(url).toMatch(`/stage/reports/${KEY}/`);
        found.push(period.end.slice(0, 10));
      }
      if (page === 3) expect(next).toBeNull();
      else expect(next).toMatch(/^\/stage\/reports\?/);
      query = Object.fromEntries(new URL(next ?? '', 'https://api.invalid').searchParams);
    }
    expect(found).toEqual(['2026-11-05', '2026-11-04', '2026-11-03', '2026-11-02', '2026-11-01']);
  });

  it('accepts a cluster’s key, and shows the key of a cluster that is no longer configured', async () => {
    await list({ cluster: KEY });
    await list({ end: 18 });
    await list({ cluster: 'gone', end: 17 });
    const clustersOf = async (query = {}) =>
      JSON.parse((await ask(query)).body).reports.map(({ cluster }: { cluster: string }) => cluster);
    expect(await clustersOf({ cluster: CHINESE })).toEqual([CHINESE]);
    expect(await clustersOf({ cluster: KEY })).toEqual([CHINESE]);
    expect(await clustersOf()).toEqual([CHINESE, BERLIN, 'gone']);
  });

  it.each([
    ['', 'application/json'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    ['application/json, text/html', 'application/json'],
    ['TEXT/HTML, application/json', 'text/html; charset=utf-8'],
    [BROWSER, 'text/html; charset=utf-8'],
  ])('answers a request that accepts "%s" with %s', async (accept, type) => {
    const { headers } = await ask({}, { accept });
    expect(headers['content-type']).toBe(type);
    expect(headers['cache-control']).toBe('no-store');
  });
});

describe('the page', () => {
  const page = async (query = {}, language = 'en') => {
    const { headers, body } = await ask(query, { accept: BROWSER, 'accept-language': language });
    return { headers, body, addresses: addressesIn(body) };
  };

  it.each([
    ['the language that is asked for', { lang: 'zh-CN' }, 'en', 'zh-CN'],
    ['the language that is asked for', { lang: 'en' }, 'zh-CN', 'en'],
    ['what the browser prefers', {}, 'zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
    ['what the browser prefers', {}, 'en-GB,zh;q=0.5', 'en'],
    ['English where it has nothing else', {}, 'fr', 'en'],
  ])('is in %s: %j, %s', async (_, query, accepted, language) => {
    await list({});
    const { headers, body } = await page(query, accepted);
    expect(headers['content-language']).toBe(language);
    expect(headers['vary']).toContain('accept-language');
    expect(body).toContain(`<html lang="${language}">`);
  });

  it('links each row to the page of its cluster, unless that is no longer configured', async () => {
    await list({ cluster: KEY });
    await list({ cluster: 'gone', end: 17 });
    const { addresses, body } = await page({ lang: 'en' });
    expect(addresses).toContain(`/reports/${KEY}?lang=en`);
    expect(addresses.filter((address) => address.startsWith('/reports/gone?'))).toEqual([]);
    expect(body).toContain('gone');
  });

  it('links only to files that exist', async () => {
    const [both, one] = [await list({}), await list({ end: 19, formats: ['pdf', 'json'] })];
    const { addresses } = await page();
    const files = new Set(addresses.filter((address) => /report\.\w+$/.test(address)));
    expect([...files].sort()).toEqual(
      [
        `/reports/${BERLIN}/${both}/report.html`,
        `/reports/${BERLIN}/${both}/report.json`,
        `/reports/${BERLIN}/${one}/report.json`,
        `/reports/${BERLIN}/${one}/report.pdf`,
      ].sort(),
    );
  });

  it('links to the next and the first page and to the other languages, and keeps cluster and page size', async () => {
    for (const end of [1, 2, 3]) await list({ end, cluster: KEY });
    const first = await page({ cluster: KEY, limit: '1', lang: 'zh-CN' });
    const next = first.addresses.find((address) => address.includes('after='));
    const { pathname, searchParams } = new URL(next ?? '', 'https://api.invalid');
    expect(pathname).toBe(`/reports/${KEY}`);
    const query = Object.fromEntries(searchParams);
    expect(query).toMatchObject({ limit: '1', lang: 'zh-CN' });
    const second = await page({ cluster: KEY, ...query });
    expect(second.headers['content-language']).toBe('zh-CN');
    expect(second.body).toContain('20261102t000000z');
    // To the first page of this cluster, and to the same page in English.
    expect(second.addresses).toContain(`/reports/${KEY}?lang=zh-CN&limit=1`);
    expect(second.addresses).toContain(
      `/reports/${KEY}?lang=en&limit=1&after=${encodeURIComponent(query['after'] ?? '')}`,
    );
    // To all clusters and to their reports.
    for (const { addresses } of [first, second])
      expect(addresses).toEqual(expect.arrayContaining(['/?lang=zh-CN', '/reports?lang=zh-CN']));
  });

  it('draws a cluster’s score history from its daily reports only', async () => {
    for (const end of [8, 9, 10, 11]) await list({ end });
    for (const end of [9, 10]) await list({ end, language: 'zh-CN' });
    await list({ end: 11, days: 7 });
    await list({ end: 11, days: 0.25 });
    await list({ end: 12, days: 0.5 });
    expect((await page({ cluster: BERLIN })).body).toContain('Score history of the last 4 reports');
  });
});
