import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../../src/config/file.ts';
import { clusterKey } from '../../../../src/report/model/cluster-key.ts';
import { API_ROUTES, answer, routeOf } from '../../../../src/service/api/api.ts';
import type { ApiContext } from '../../../../src/service/api/context.ts';
import type { ApiResponse } from '../../../../src/service/api/http.ts';
import { restrictContext } from '../../../../src/service/api/visible.ts';
import { listedReports, listReport } from '../../../../src/service/archive/listing.ts';
import { noteRequest } from '../../../../src/service/archive/requests.ts';
import { visibleStore } from '../../../../src/service/archive/visible-store.ts';
import { openMemoryStore } from '../../../fixtures/memory-store.ts';
import { finishedReport } from '../archive/surroundings.ts';
import { addReport, idOf, openApi } from './surroundings.ts';

const NOW = new Date('2026-11-22T09:30:15Z');

/** Clusters of the configuration, two of which a person sees, and one that was removed from it. */
const VISIBLE = ['prod-berlin', '生产'];
const HIDDEN = ['top-secret', 'prod', '测试'];
const REMOVED = 'removed';

const configOf = (clusters: readonly string[]) => `
timeZone: Europe/Berlin
prometheus: { url: "http://127.0.0.1:9" }
clusters: [${clusters.map((name) => `{ name: ${name} }`).join(', ')}]
`;

/** A service with two reports of each cluster and one that is requested. */
async function openWith(configured: readonly string[], reported: readonly string[]): Promise<ApiContext> {
  const { context } = openApi(NOW.toISOString(), configOf(configured));
  for (const name of reported) {
    for (const day of [19, 20, 21]) await addReport(context, name, day);
    await noteRequest(context.store, idOf(name, 21), NOW);
  }
  return context;
}

function ask(
  context: ApiContext,
  [method, address, body]: readonly [string, string, string?],
): Promise<ApiResponse> {
  const { pathname, searchParams } = new URL(address, 'http://localhost');
  const query = Object.fromEntries(searchParams);
  const { accept = 'application/json', ...others } = query;
  return answer(
    { ...routeOf(method, pathname), query: others, headers: { accept }, body, basePath: '' },
    context,
  );
}

/** Requests about a cluster, one for each route at least. */
function requestsAbout(name: string): (readonly [string, string, string?])[] {
  const at = `/reports/${clusterKey(name)}`;
  const query = `cluster=${encodeURIComponent(name)}`;
  return [
    ['POST', '/reports', JSON.stringify({ cluster: name, range: '24h' })],
    ['POST', '/reports', JSON.stringify({ cluster: name, start: '2026-11-20', end: '2026-11-21' })],
    ['GET', '/'],
    ['GET', '/?accept=text/html'],
    ['GET', '/reports'],
    ['GET', '/reports?limit=1'],
    ['GET', '/reports?accept=text/html'],
    ['GET', `/reports?${query}`],
    ['GET', `/reports?cluster=${clusterKey(name)}`],
    ['GET', `/reports?${query}&accept=text/html`],
    ...[19, 20, 21].flatMap((day) => [
      ['GET', `${at}/${idOf(name, day)}`] as const,
      ['GET', `${at}/${idOf(name, day)}/report.json`] as const,
      ['GET', `${at}/${idOf(name, day)}/report.html`] as const,
    ]),
    ['GET', at],
    ['GET', `${at}?accept=text/html`],
    ['GET', `${at}/compare?first=${idOf(name, 20)}&second=${idOf(name, 21)}`],
    ['GET', `${at}/compare?second=${idOf(name, 21)}&accept=text/html`],
    ['GET', `${at}/${idOf(name, 21)}?accept=text/html`],
    ['GET', `${at}/latest`],
    ['GET', `${at}/latest/report.json`],
    ['GET', `${at}/latest/report.html`],
    ['GET', `/reports/prod-berlin/${idOf(name, 20)}/report.json`],
  ];
}

describe('a caller who sees some clusters', () => {
  it.each([...HIDDEN, REMOVED])('gets the same answers about "%s" as if it did not exist', async (name) => {
    const all = [...VISIBLE, ...HIDDEN];
    const full = await openWith(all, [...all, REMOVED]);
    const restricted = restrictContext(full, new Set(VISIBLE));
    const without = await openWith(VISIBLE, VISIBLE);
    const asked = new Set<string>();
    for (const request of requestsAbout(name)) {
      asked.add(routeOf(request[0], new URL(request[1], 'http://localhost').pathname).route);
      expect([request, await ask(restricted, request)]).toEqual([request, await ask(without, request)]);
    }
    // Which routes are asked here. A new one belongs into the list above.
    expect([...asked].sort()).toEqual([...API_ROUTES].sort());
  });

  it.each(VISIBLE)('gets the same answers about "%s" as others', async (name) => {
    const all = [...VISIBLE, ...HIDDEN];
    const full = await openWith(all, [...all, REMOVED]);
    const restricted = restrictContext(await openWith(all, [...all, REMOVED]), new Set(VISIBLE));
    for (const request of requestsAbout(name).filter(
      ([, address]) => !/^\/(?:reports)?(?:$|\?(?:limit|accept))/.test(address),
    ))
      expect([request, await ask(restricted, request)]).toEqual([request, await ask(full, request)]);
  });

  it('but none of those that exist gets a page that says so, and an empty list', async () => {
    const restricted = restrictContext(await openWith(HIDDEN, HIDDEN), new Set(['gone']));
    expect(JSON.parse((await ask(restricted, ['GET', '/reports'])).body)).toEqual({
      reports: [],
      next: null,
    });
    const page = await ask(restricted, ['GET', '/reports?accept=text/html']);
    expect(page.body).toContain('You are signed in, but you have no access');
    expect(page.body).not.toContain('POST /reports');
  });

  it('sees everything with "all"', async () => {
    const full = await openWith(VISIBLE, VISIBLE);
    expect(restrictContext(full, 'all')).toBe(full);
  });
});

describe('the visible part of a store', () => {
  const NAMES = ['a', 'b', 'c', 'd', 'e'];
  const anyReports = fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.integer({ min: 10, max: 28 })), {
    maxLength: 40,
  });

  it('lists page by page exactly what is visible, in the same order', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyReports,
        fc.subarray(NAMES),
        fc.integer({ min: 1, max: 7 }),
        async (reports, visible, limit) => {
          const store = openMemoryStore();
          for (const [name, day] of reports)
            await listReport(store, finishedReport(`202611${day}t000000z`, { id: idOf(name, day) }));
          const wanted = (await listedReports(store, null, { limit: 1000 })).reports.filter(({ cluster }) =>
            visible.includes(cluster),
          );
          const seen = [];
          let after: string | null = null;
          do {
            const page = await listedReports(visibleStore(store, new Set(visible)), null, { limit, after });
            expect(page.reports.length).toBeLessThanOrEqual(limit);
            // Only the last page may have room left.
            if (page.next !== null) expect(page.reports).toHaveLength(limit);
            seen.push(...page.reports);
            after = page.next;
          } while (after !== null);
          expect(seen).toEqual(wanted);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('has nothing of others: no object, no key, no link, and nothing can be put there', async () => {
    const { store } = await openWith([...VISIBLE, ...HIDDEN], [...VISIBLE, ...HIDDEN]);
    const keys: string[] = [];
    for (let startAfter = ''; ; startAfter = keys.at(-1) ?? '') {
      const page = await store.list('', startAfter === '' ? {} : { startAfter });
      keys.push(...page.keys);
      if (!page.more) break;
    }
    const visible = visibleStore(store, new Set(VISIBLE.map(clusterKey)));
    const isVisible = (key: string) =>
      VISIBLE.some((name) => new RegExp(`^(?:reports|index/clusters)/${clusterKey(name)}/`).test(key));
    expect(keys.filter(isVisible).length).toBeGreaterThan(5);
    expect(keys.filter((key) => !isVisible(key)).length).toBeGreaterThan(20);
    for (const key of keys) {
      expect([key, (await visible.get(key)) !== null]).toEqual([key, isVisible(key)]);
      if (isVisible(key)) continue;
      await expect(visible.link(key, 60)).rejects.toThrow('not visible');
      await expect(visible.put(key, Buffer.from(''), { contentType: 'text/plain' })).rejects.toThrow(
        'not visible',
      );
      for (const prefix of key
        .split('/')
        .map((_, at, parts) => `${parts.slice(0, at).join('/')}/`)
        .filter((one) => one !== '/')) {
        const { keys: listed } = await visible.list(prefix);
        expect(listed.filter((one) => !isVisible(one) && !one.startsWith('index/all/'))).toEqual([]);
        for (const one of listed.filter((entry) => entry.startsWith('index/all/')))
          expect(VISIBLE.some((name) => one.includes(`_${clusterKey(name)}-2026`))).toBe(true);
      }
    }
  });
});

describe('the configuration of a restricted context', () => {
  it('is the same as before for everything else', async () => {
    const file = parseConfig(configOf(['a', 'b']), 'test.yaml').file;
    const context = await openWith(['a', 'b'], []);
    const { config } = restrictContext(context, new Set(['b']));
    expect(config.file).toEqual({ ...file, clusters: [{ name: 'b' }] });
  });
});
