import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { clusterKey } from '../../../../src/report/model/cluster-key.ts';
import { LANGUAGES } from '../../../../src/report/model/indicator.ts';
import type { ApiRequest } from '../../../../src/service/api/http.ts';
import { failReport } from '../../../../src/service/archive/claims.ts';
import type { Job } from '../../../../src/service/jobs/job.ts';
import { writeSmallCapture } from '../../../fixtures/small-capture.ts';
import { attribute, elementsOf, textOf } from '../../report/render/elements.ts';
import * as browser from './browser.ts';
import { type Api, openApi } from './surroundings.ts';

/** The pages as a browser gets them: from requests to what is shown. */

const NOW = new Date('2026-11-22T09:30:15Z');
const BERLIN = 'prod-berlin';
const CHINESE = '生产 <b>';
const CONFIG = `
timeZone: Europe/Berlin
prometheus: { url: "http://127.0.0.1:9" }
clusters:
  - name: prod-berlin
  - name: 生产 <b>
    timeZone: Asia/Shanghai
    language: zh-CN
    formats: [html]
schedules:
  - { name: daily, period: day, at: "06:00" }
`;
const SHOW = 'GET /reports/{cluster}/{id}';
const OPEN = 'GET /reports/{cluster}/{id}/{file}';

let api: Api;
beforeEach(() => {
  api = openApi(NOW.toISOString(), CONFIG);
});

const visit = (route: string, wanted?: Partial<ApiRequest>) => browser.visit(api, route, wanted);
const submit = (fields: Record<string, string>, query?: Record<string, string>) =>
  browser.submit(api, fields, query);
const request = (body?: Record<string, unknown>) => browser.request(api, body);
const claim = (job: Job) => browser.claim(api, job);
const fail = (job: Job, reason: string) => browser.fail(api, job, reason);
const finish = (job: Job, contents?: Parameters<typeof browser.finish>[2]) =>
  browser.finish(api, job, contents);

/** The cluster rows of the start page: status, name and what is said below. */
async function rows(): Promise<string[]> {
  const { body } = await visit('GET /');
  return elementsOf(body)
    .filter(({ tagName, parentNode }) => tagName === 'tr' && parentNode?.nodeName === 'tbody')
    .map((row) => textOf(row).replace(/\s+/g, ' ').trim());
}

describe('the start page', () => {
  it('warns of a report that was due, until it is requested, and says why it is not there', async () => {
    const missed =
      'No report for 21 Nov 2026. It was due on 22 Nov 2026, 06:00, and nothing has requested it.';
    expect(await rows()).toEqual([
      'No report yetprod-berlin',
      missed,
      'No report yet生产 <b>',
      missed.replace('06:00', '13:00'),
    ]);
    const job = await request();
    expect((await rows())[1]).toBe('21 Nov 2026 Queued since 22 Nov 2026, 10:30');
    const claimed = await claim(job);
    expect((await rows())[1]).toBe('21 Nov 2026 Being made since 22 Nov 2026, 10:30');
    await failReport(api.context.store, claimed, { reason: 'no <answer>', final: true, now: NOW });
    expect((await rows())[1]).toBe('21 Nov 2026 Failed on 22 Nov 2026, 10:30 no <answer>');
    expect((await submit({ again: job.id })).status).toBe(303);
    await finish(job);
    expect((await rows())[0]).toMatch(/^No report yet生产/);
    expect((await rows()).at(-1)).toMatch(/^Healthyprod-berlin100.*21 Nov 2026ended 10 h ago/);
  });

  it('calls a cluster out of date whose last report is healthy and whose next one failed', async () => {
    await finish(await request({ period: undefined, start: '2026-11-20', end: '2026-11-21' }));
    const job = await request();
    await fail(job, 'no answer');
    expect((await rows()).slice(-2)).toEqual([
      expect.stringMatching(/^Out of dateprod-berlin100/),
      '21 Nov 2026 Failed on 22 Nov 2026, 10:30 no answer',
    ]);
  });

  it('expects no report of a capture, which has one period', async () => {
    const capture = await writeSmallCapture();
    api = openApi(
      NOW.toISOString(),
      `
prometheus: { capture: ${JSON.stringify(capture.file)} }
clusters: [{ name: recorded }]
schedules: [{ name: daily, period: day }]
`,
    );
    expect(await rows()).toEqual(['No report yetrecorded']);
    // The form does not offer another period either.
    const { body } = await visit('GET /');
    expect(body).not.toContain('<select id="request-period"');
    expect((await submit({ cluster: 'recorded', period: 'week', language: 'en' })).status).toBe(303);
    expect((await submit({ again: api.sent[0]?.id ?? '' })).status).toBe(303);
  });

  it('finds a failure among many finished reports, in a store that lists a few keys at a time', async () => {
    const failed = await request({ period: undefined, start: '2026-11-01', end: '2026-11-02' });
    await fail(failed, 'no answer');
    for (let hour = 0; hour < 35; hour += 1) {
      const end = new Date(Date.UTC(2026, 10, 20, hour)).toISOString().slice(0, 16);
      await finish(await request({ period: undefined, start: '2026-11-19T00:00Z', end: `${end}Z` }));
    }
    const { store } = api.context;
    api.context.store = {
      ...store,
      list: async (prefix, options = {}) =>
        store.list(prefix, { ...options, limit: prefix.startsWith('reports/') ? 7 : options.limit }),
    };
    const { text } = await visit('GET /reports/{cluster}', { parameters: { cluster: BERLIN } });
    expect(text).toContain('1 Nov 2026 Failed on 22 Nov 2026, 10:30 no answer');
  });

  it('waits an hour before it warns', async () => {
    api.context.now = () => new Date('2026-11-22T05:59:59Z');
    const day = await request({ period: undefined, start: '2026-11-20', end: '2026-11-21' });
    await finish(day);
    expect((await rows()).join()).toContain('Healthyprod-berlin');
    api.context.now = () => new Date('2026-11-22T06:00:00Z');
    expect((await rows()).join()).toContain('Out of dateprod-berlin');
  });

  it('does not warn after a hundred later reports', async () => {
    const job = await request();
    await finish(job);
    for (let minute = 0; minute < 101; minute += 1) {
      const end = new Date(Date.UTC(2026, 10, 22, 5, minute)).toISOString().slice(0, 16);
      await finish(await request({ period: undefined, start: '2026-11-22T00:00Z', end: `${end}Z` }));
    }
    expect((await rows()).at(-1)).toMatch(/^Healthyprod-berlin/);
  });

  it('shows a report that its worker could not add to the list', async () => {
    const job = await request();
    const { store } = api.context;
    api.context.store = {
      ...store,
      put: async (key, ...more) => (key.startsWith('index/') ? null : store.put(key, ...more)),
    };
    await finish(job);
    expect((await rows()).at(-1)).toMatch(/^Healthyprod-berlin100/);
  });

  it('shows the other clusters when the state of one report is damaged', async () => {
    const job = await request();
    const { keys } = await api.context.store.list('reports/');
    const key = keys.find((one) => one.includes(job.id)) ?? '';
    await api.context.store.put(key, Buffer.from('{'), { contentType: 'application/json' });
    expect(await rows()).toHaveLength(4);
    expect(api.errors).toHaveLength(1);
  });

  it('has the language that the address names on all its links and forms', async () => {
    const { body, headers } = await visit('GET /', { query: { lang: 'zh-CN' }, basePath: '/base' });
    expect(headers['content-language']).toBe('zh-CN');
    const addresses = elementsOf(body).flatMap(
      (one) => attribute(one, 'href') ?? attribute(one, 'action') ?? [],
    );
    const inside = addresses.filter((address) => !address.startsWith('#') && !address.includes('/report.'));
    expect(inside.length).toBeGreaterThan(3);
    for (const address of inside) expect(address).toMatch(/^\/base\/.*[?]lang=(zh-CN|en)$/);
  });

  it('gives programs the addresses', async () => {
    const { body } = await api.ask('GET /', { basePath: '/base', headers: { accept: '*/*' } });
    expect(JSON.parse(body)).toEqual({
      clusters: [
        { name: BERLIN, url: '/base/reports/prod-berlin' },
        { name: CHINESE, url: `/base/reports/${clusterKey(CHINESE)}` },
      ],
      reports: '/base/reports',
    });
  });
});

describe('the page of a cluster', () => {
  it('is the same at both addresses', async () => {
    await finish(await request());
    await fail(await request({ period: 'week' }), 'no answer');
    const byPath = await visit('GET /reports/{cluster}', { parameters: { cluster: BERLIN } });
    const byQuery = await visit('GET /reports', { query: { cluster: BERLIN } });
    expect(byPath.body).toBe(byQuery.body);
    expect(byPath.text).toContain('9–15 Nov 2026 Failed on 22 Nov 2026, 10:30 no answer');
    expect(byPath.text).toContain('Make a report now');
  });

  it('gives programs the list, page by page', async () => {
    await finish(await request());
    await finish(await request({ period: 'week' }));
    const ask = async (query: Record<string, string>) =>
      JSON.parse((await api.ask('GET /reports/{cluster}', { parameters: { cluster: BERLIN }, query })).body);
    const first = await ask({ limit: '1' });
    expect(first.next).toMatch(/^\/reports\/prod-berlin\?limit=1&after=/);
    const second = await ask(Object.fromEntries(new URL(first.next, 'http://x').searchParams));
    expect([...first.reports, ...second.reports].map(({ period }) => period.end)).toEqual([
      '2026-11-21T23:00:00Z',
      '2026-11-15T23:00:00Z',
    ]);
  });
});

describe('a form', () => {
  it.each([
    ['day', '2026-11-20T23:00:00Z', '2026-11-21T23:00:00Z'],
    ['week', '2026-11-08T23:00:00Z', '2026-11-15T23:00:00Z'],
    ['month', '2026-09-30T22:00:00Z', '2026-10-31T23:00:00Z'],
    ['24h', '2026-11-21T09:30:00Z', '2026-11-22T09:30:00Z'],
  ])('requests a %s of the cluster and leads to the page of the report', async (period, start, end) => {
    const { status, headers } = await submit({ cluster: BERLIN, period, language: '' }, { lang: 'zh-CN' });
    const [job] = api.sent;
    expect(status).toBe(303);
    expect(headers['location']).toBe(`/reports/prod-berlin/${job?.id}?lang=zh-CN`);
    expect(job).toMatchObject({
      cluster: BERLIN,
      period: { start, end },
      language: 'en',
      trigger: 'on-demand',
    });
  });

  it('names clusters by key or name, and their language when none is chosen', async () => {
    for (const cluster of [clusterKey(CHINESE), CHINESE])
      await submit({ cluster, period: 'day', language: '' });
    await submit({ cluster: CHINESE, period: 'day', language: 'en' });
    expect(api.sent.map(({ cluster, language }) => [cluster, language])).toEqual([
      [CHINESE, 'zh-CN'],
      [CHINESE, 'en'],
    ]);
  });

  it('is the same request as that of a program', async () => {
    const job = await request();
    const { headers } = await submit({ cluster: BERLIN, period: 'day', language: 'en' });
    expect(headers['location']).toBe(`/reports/prod-berlin/${job.id}`);
    expect(api.sent).toHaveLength(1);
  });

  const wrongField = (body: string) => {
    const wrong = elementsOf(body).filter((one) => attribute(one, 'aria-invalid') === 'true');
    return wrong.map((one) => {
      const id = attribute(one, 'aria-describedby');
      const message = elementsOf(body).find((other) => attribute(other, 'id') === id);
      return [attribute(one, 'name'), message && textOf(message)];
    });
  };

  it.each([
    [{ cluster: 'nobody', period: 'day' }, 'cluster', 'Choose one of the clusters.', '2 clusters'],
    [{ period: 'day' }, 'cluster', 'Choose one of the clusters.', '2 clusters'],
    [{ cluster: BERLIN, period: 'year' }, 'period', 'Choose one of the periods.', BERLIN],
    [{ cluster: BERLIN }, 'period', 'Choose one of the periods.', BERLIN],
    [{ cluster: BERLIN, period: 'week', language: 'fr' }, 'language', 'Choose one of the languages.', BERLIN],
  ])('with %j is shown again with a message at the field', async (fields, field, message, heading) => {
    const { status, body, headers } = await submit(fields as unknown as Record<string, string>);
    expect([status, headers['content-type']]).toEqual([422, 'text/html; charset=utf-8']);
    expect(wrongField(body)).toEqual([[field, message]]);
    const h1 = elementsOf(body).find(({ tagName }) => tagName === 'h1');
    expect(h1 && textOf(h1)).toBe(heading);
    expect(api.sent).toEqual([]);
    // What was chosen stays chosen.
    if (field === 'language') {
      const chosen = elementsOf(body).filter((one) => attribute(one, 'selected') !== undefined);
      expect(chosen.map((one) => attribute(one, 'value'))).toContain('week');
    }
  });

  it('says that the queue does not answer, and when to try again', async () => {
    api.context.send = () => Promise.reject(new Error('secret'));
    const { status, text, headers } = await submit({ cluster: BERLIN, period: 'day', language: 'en' });
    expect([status, headers['retry-after']]).toEqual([503, '60']);
    expect(text).toContain('The report could not be requested at the moment. Try again in a minute.');
    expect(text).not.toContain('secret');
    expect(api.errors).toHaveLength(1);
  });

  it.each([
    ['an unknown report', { again: 'prod-berlin-20261121t230000z-0123abcd-en' }, 404],
    ['a path', { again: '../../state' }, 404],
    ['too much', { cluster: 'x'.repeat(10_000) }, 413],
  ])('that is about %s gets a page', async (_, fields, status) => {
    const response = await submit(fields as Record<string, string>);
    expect([response.status, response.headers['content-type']]).toEqual([status, 'text/html; charset=utf-8']);
    expect(api.sent).toEqual([]);
  });

  it('"try again" asks for the same report, in its language and formats', async () => {
    const job = await request({ language: 'zh-CN', formats: ['html', 'csv'], pageSize: 'Letter' });
    await fail(job, 'no answer');
    expect((await submit({ again: job.id })).headers['location']).toBe(`/reports/prod-berlin/${job.id}`);
    expect(api.sent.map(({ id }) => id)).toEqual([job.id, job.id]);
  });
});

describe('the page of a report', () => {
  const show = (job: Job, more?: Partial<ApiRequest>) => browser.show(api, job, more);

  it('refreshes itself until the report is ready, and then leads to it', async () => {
    const job = await request();
    const queued = await show(job);
    expect(queued.headers['refresh']).toBe('5');
    expect(queued.text).toContain('Queued Since 22 Nov 2026, 10:30.');
    await claim(job);
    const running = await show(job, { query: { lang: 'zh-CN' } });
    expect(running.headers['refresh']).toBe('5');
    expect(running.text).toContain('生成中');
    api.context.now = () => new Date(NOW.getTime() + 301_000);
    const again = await show(job);
    expect(again.text).toMatch(/Queued.*Last attempt ?attempt 1 of 3 ended without a result/);
    await finish(job);
    const ready = await show(job);
    expect([ready.status, ready.headers['location']]).toEqual([
      302,
      `/reports/prod-berlin/${job.id}/report.html`,
    ]);
    // Programs still get the state.
    const state = await api.ask(SHOW, { parameters: { cluster: BERLIN, id: job.id } });
    expect(JSON.parse(state.body)).toMatchObject({ state: 'ready' });
  });

  it('has the reason of a failure and a button', async () => {
    const job = await request();
    await fail(job, 'Prometheus does not answer');
    const { body, text, headers } = await show(job);
    expect(headers).not.toHaveProperty('refresh');
    expect(text).toContain('Prometheus does not answer');
    const input = elementsOf(body).find((one) => attribute(one, 'name') === 'again');
    expect(input && attribute(input, 'value')).toBe(job.id);
  });

  it('lists the files of a report without HTML, and of one whose HTML needs a link', async () => {
    const job = await request({ formats: ['json'] });
    await finish(job);
    const { store } = api.context;
    const { keys } = await store.list('reports/');
    const key = keys.find((one) => one.includes(job.id)) ?? '';
    const object = await store.get(key);
    const state = JSON.parse(Buffer.from(object?.bytes ?? []).toString());
    const write = (files: unknown) =>
      store.put(key, Buffer.from(JSON.stringify({ ...state, files })), { contentType: 'application/json' });
    await write(state.files.filter(({ name }: { name: string }) => name !== 'report.html'));
    const without = await show(job);
    expect(without.status).toBe(200);
    expect(without.body).toContain(`/reports/prod-berlin/${job.id}/report.json`);
    expect(without.body).not.toContain('report.html');
    await write(state.files.map((file: { name: string }) => ({ ...file, bytes: 5_000_000 })));
    expect((await show(job)).body).toContain(`/reports/prod-berlin/${job.id}/report.html`);
    api.context.filesBy = 'content';
    expect((await show(job)).status).toBe(302);
  });

  it('that does not exist is a page, too', async () => {
    for (const id of ['nothing', 'prod-berlin-20261121t230000z-0123abcd-en', 'latest']) {
      const { status, headers } = await visit(SHOW, { parameters: { cluster: BERLIN, id } });
      expect([status, headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    }
  });
});

describe('the HTML of a report on AWS', () => {
  const open = (id: string, headers: Record<string, string> = {}) =>
    api.ask(OPEN, { parameters: { cluster: BERLIN, id, file: 'report.html' }, headers });

  it('is answered by the function, compressed for those who accept it', async () => {
    const job = await request();
    await finish(job);
    const plain = await open(job.id);
    expect(Buffer.from(plain.bytes ?? []).toString()).toBe('<p>the report');
    expect(plain.headers).not.toHaveProperty('content-encoding');
    const packed = await open(job.id, { 'accept-encoding': 'br, gzip' });
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    expect(gunzipSync(packed.bytes ?? new Uint8Array()).toString()).toBe('<p>the report');
    expect(plain.headers['cache-control']).toContain('immutable');
  });

  it('is not kept by browsers at the address of the latest report', async () => {
    await finish(await request());
    expect((await open('latest')).headers['cache-control']).toBe('no-store');
  });

  it('is a link where it is too large for a response', async () => {
    const job = await request();
    await finish(job, { html: randomBytes(4_430_000) });
    for (const headers of [{}, { 'accept-encoding': 'gzip' }] as Record<string, string>[])
      expect((await open(job.id, headers)).headers['location']).toMatch(/report\.html$/);
    const other = await request({ period: 'week' });
    // 20 MB that fit when they are compressed.
    await finish(other, { html: Buffer.alloc(20_000_000, '<p>') });
    expect((await open(other.id)).status).toBe(302);
    const packed = await open(other.id, { 'accept-encoding': 'gzip' });
    expect(packed.status).toBe(200);
    expect(packed.bytes?.length).toBeLessThan(6_000_000 * 0.74);
  });
});

describe('the comparison', () => {
  const compare = (query: Record<string, string>, cluster = BERLIN) =>
    visit('GET /reports/{cluster}/compare', { parameters: { cluster }, query });

  async function days(...ends: number[]): Promise<string[]> {
    const ids: string[] = [];
    for (const end of ends) {
      const job = await request({ period: undefined, start: `2026-11-${end - 1}`, end: `2026-11-${end}` });
      await finish(job);
      ids.push(job.id);
    }
    return ids;
  }

  it('is with the report before of the same length and language', async () => {
    const [first = '', second = ''] = await days(19, 21);
    await finish(await request({ period: 'week', start: undefined }));
    const chinese = async (start: string, end: string) => {
      const job = await request({ period: undefined, start, end, language: 'zh-CN' });
      await finish(job);
      return job.id;
    };
    const [before, after] = [
      await chinese('2026-11-18', '2026-11-19'),
      await chinese('2026-11-20', '2026-11-21'),
    ];
    await finish(await request({ period: undefined, start: '2026-11-19', end: '2026-11-19T12:00' }));
    const { headers } = await compare({ second, lang: 'zh-CN' });
    expect(headers['location']).toBe(
      `/reports/prod-berlin/compare?lang=zh-CN&first=${first}&second=${second}`,
    );
    expect((await compare({ second: after })).headers['location']).toBe(
      `/reports/prod-berlin/compare?first=${before}&second=${after}`,
    );
  });

  it.each(LANGUAGES)('is a page with both reports and links to them in %s', async (lang) => {
    const [first = '', second = ''] = await days(19, 20);
    const { status, body, text } = await compare({ first, second, lang });
    expect(status).toBe(200);
    expect(text).toContain(BERLIN);
    for (const id of [first, second]) expect(body).toContain(`/reports/prod-berlin/${id}?lang`);
  });

  it.each<[string, (ids: string[]) => Record<string, string>, string]>([
    [
      'two clusters',
      ([id = '']) => ({ first: id, second: id.replace(BERLIN, 'prod-paris') }),
      'two clusters',
    ],
    [
      'a report that does not exist',
      ([id = '']) => ({ first: id, second: id.replace('-en', '-zh-cn') }),
      'does not exist',
    ],
    ['text', () => ({ first: '../x', second: '<b>' }), 'does not exist'],
    ['nothing', () => ({}), 'does not exist'],
    ['the first report', ([id = '']) => ({ second: id }), 'no earlier report'],
  ])('of %s is one clear line', async (_, query, line) => {
    const ids = await days(19);
    const { status, body, text } = await compare(query(ids));
    expect(status).toBe(422);
    expect(text).toContain(line);
    expect(body).not.toContain('<b>');
    const chinese = await compare({ ...query(ids), lang: 'zh-CN' });
    expect(chinese.text).toMatch(/报告[^a-z]+。/);
    expect(chinese.text).not.toContain(line);
    expect(api.errors).toEqual([]);
  });

  it('of a damaged document or an unfinished report is one clear line', async () => {
    const [first = ''] = await days(19);
    const damaged = await request();
    await finish(damaged, { json: Buffer.from('{"schemaVersion": "4"') });
    const { status, text } = await compare({ first, second: damaged.id });
    expect(status).toBe(422);
    expect(text).toContain('missing or damaged');
    expect(api.errors).toHaveLength(1);
    const unfinished = await request({ period: 'month' });
    expect((await compare({ first, second: unfinished.id })).text).toContain('not ready');
    expect((await compare({ second: unfinished.id })).text).toContain('not ready');
  });
});
