import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { beforeEach, describe, expect, it } from 'vitest';
import type { ApiRequest, ApiResponse } from '../../../../src/service/api/http.ts';
import { claimReport, failReport, finishReport } from '../../../../src/service/archive/claims.ts';
import { listReport } from '../../../../src/service/archive/listing.ts';
import type { Job } from '../../../../src/service/jobs/job.ts';
import { sampleReport } from '../../../fixtures/sample-report.ts';
import { type Api, openApi } from './surroundings.ts';

/** The API behaves as docs/openapi.json describes, checked with an independent JSON Schema validator. */

type Media = { schema?: { $ref?: string; type?: string } };
type Operation = {
  responses: Record<string, { content?: Record<string, Media>; headers?: Record<string, unknown> }>;
};
const document: {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
} = JSON.parse(readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8'));

const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema({ $id: 'openapi', components: document.components });

const NOW = '2026-11-22T09:30:15Z';
const cluster = 'prod-berlin';

let api: Api;
const answered = new Set<string>();
beforeEach(() => {
  api = openApi(NOW);
});

/** Sends a request and checks the response against the document. */
async function ask(route: string, request: Partial<ApiRequest> = {}): Promise<ApiResponse> {
  const [method = '', path = ''] = route.split(' ');
  const response = await api.ask(route, request);
  const described = document.paths[path]?.[method.toLowerCase()]?.responses[response.status];
  expect(described, `${route} answered ${response.status}: ${response.body}`).toBeDefined();
  answered.add(`${route} ${response.status}`);
  // Every described header is present, except one that is optional.
  const optional = route === 'GET /reports/{cluster}/{id}' && response.status === 200;
  for (const header of optional ? [] : Object.keys(described?.headers ?? {}))
    expect(response.headers[header], `${route} ${response.status} ${header}`).toBeDefined();
  const type = response.headers['content-type']?.split(';')[0] ?? '';
  if (described?.content === undefined) {
    expect(response.body).toBe('');
    expect(response.headers['location']).toBeDefined();
    return response;
  }
  const media = described.content[type];
  expect(media, `${route} ${response.status} as ${type}`).toBeDefined();
  if (media?.schema?.$ref) {
    const validate = ajv.getSchema(`openapi${media.schema.$ref}`);
    expect(validate?.(JSON.parse(response.body)), JSON.stringify(validate?.errors)).toBe(true);
  }
  return response;
}

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

const sendForm = (fields: Record<string, string>) =>
  ask('POST /reports', {
    body: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
  });

const post = (body: unknown) => ask('POST /reports', { body: JSON.stringify(body) });
const at = ({ id }: Job) => ({ cluster, id });

async function finish(job: Job): Promise<void> {
  const { store } = api.context;
  const now = new Date(NOW);
  const claim = await claimReport(store, job, { token: 'test', seconds: 60, now, isRetried: true });
  if (claim.outcome !== 'claimed') throw new Error(claim.outcome);
  const files = [
    { name: 'report.html', key: `x/${job.id}/report.html`, contentType: 'text/html', bytes: 3 },
    { name: 'report.json', key: `x/${job.id}/report.json`, contentType: 'application/json', bytes: 3 },
  ];
  const document = Buffer.from(JSON.stringify(sampleReport()));
  for (const { key, contentType, name } of files)
    await store.put(key, name === 'report.json' ? document : Buffer.from('<p>'), { contentType });
  const missing = [{ format: 'pdf' as const, reason: 'Chromium crashed' }];
  const result = { verdict: 'warning' as const, score: 81, complete: true, critical: 0, warning: 2 };
  const state = await finishReport(store, claim.claimed, { files, missing, result }, now);
  await listReport(store, state);
}

describe('the API behaves as docs/openapi.json describes', () => {
  it('for a report from the request to its files', async () => {
    const first = await post({ cluster, period: 'day' });
    expect(first.status).toBe(202);
    const [job] = api.sent;
    if (!job) throw new Error('nothing was sent');
    expect(job.period).toEqual({ start: '2026-11-20T23:00:00Z', end: '2026-11-21T23:00:00Z' });
    expect(first.headers['location']).toBe(`/reports/${cluster}/${job.id}`);

    // Another request for the same report starts nothing new.
    const again = await post({ cluster, start: '2026-11-21', end: '2026-11-22', formats: ['html', 'pdf'] });
    expect(again.status).toBe(202);
    expect(JSON.parse(again.body).id).toBe(job.id);
    expect(api.sent).toHaveLength(1);

    const queued = await ask('GET /reports/{cluster}/{id}', { parameters: at(job) });
    expect(JSON.parse(queued.body)).toMatchObject({ state: 'queued', verdict: null, files: [] });
    const early = { ...at(job), file: 'report.html' };
    expect((await ask('GET /reports/{cluster}/{id}/{file}', { parameters: early })).status).toBe(409);
    expect((await ask('GET /reports/{cluster}/{id}', { parameters: { cluster, id: 'latest' } })).status).toBe(
      404,
    );

    await finish(job);
    const ready = await post({ cluster, period: 'day' });
    expect(ready.status).toBe(200);
    expect(JSON.parse(ready.body)).toMatchObject({
      state: 'ready',
      verdict: 'warning',
      score: 81,
      files: [
        { name: 'report.html', url: `/reports/${cluster}/${job.id}/report.html` },
        { name: 'report.json', url: `/reports/${cluster}/${job.id}/report.json` },
      ],
      missing: [{ format: 'pdf', reason: 'Chromium crashed' }],
    });
    expect(api.sent).toHaveLength(1);

    const html = await ask('GET /reports/{cluster}/{id}/{file}', { parameters: early });
    expect(html.headers['content-disposition']).toContain('inline');
    const json = await ask('GET /reports/{cluster}/{id}/{file}', {
      parameters: { ...at(job), file: 'report.json' },
    });
    expect(json.headers['location']).toMatch(/report\.json$/);
    const opened = await ask('GET /reports/{cluster}/{id}', { parameters: at(job), headers: BROWSER });
    expect(opened.headers['location']).toBe(`/reports/${cluster}/${job.id}/report.html`);
    const pdf = await ask('GET /reports/{cluster}/{id}/{file}', {
      parameters: { ...at(job), file: 'report.pdf' },
    });
    expect(pdf.status).toBe(404);
    expect(JSON.parse(pdf.body).detail).toContain('Chromium crashed');
    const latest = await ask('GET /reports/{cluster}/{id}', { parameters: { cluster, id: 'latest' } });
    expect(latest.headers['location']).toBe(`/reports/${cluster}/${job.id}`);
    await ask('GET /reports/{cluster}/{id}/{file}', {
      parameters: { cluster, id: 'latest', file: 'report.html' },
    });
  });

  it('for one report in several languages, formats and paper sizes', async () => {
    await post({ cluster, period: 'day' });
    await post({ cluster, period: 'day', language: 'zh-CN' });
    await post({ cluster, period: 'day', formats: ['html'] });
    await post({ cluster, period: 'day', pageSize: 'Letter' });
    await post({ cluster: '生产 <b>', period: 'day' });
    expect(api.sent.map(({ id }) => id.replace(/^.*z-[0-9a-f]{8}/, ''))).toEqual([
      '-en',
      '-zh-cn',
      '-en-html',
      '-en-letter',
      '-zh-cn-html',
    ]);
    expect(api.sent[2]?.formats).toEqual(['html', 'json']);
    const [first, chinese] = [api.sent[0], api.sent[4]].map((job) => job?.id.match(/^(.*)-\d{8}t/)?.[1]);
    expect(first).toBe('prod-berlin');
    expect(chinese).toMatch(/^b-[0-9a-f]{8}$/);
  });

  it('for a report that failed and is requested again', async () => {
    await post({ cluster, period: 'week' });
    const [job] = api.sent;
    if (!job) throw new Error('nothing was sent');
    const now = new Date(NOW);
    const claim = await claimReport(api.context.store, job, {
      token: 'test',
      seconds: 60,
      now,
      isRetried: true,
    });
    if (claim.outcome !== 'claimed') throw new Error(claim.outcome);
    await failReport(api.context.store, claim.claimed, { reason: 'no Prometheus', final: true, now });
    const failed = await ask('GET /reports/{cluster}/{id}', { parameters: at(job) });
    expect(JSON.parse(failed.body)).toMatchObject({ state: 'failed', reason: 'no Prometheus' });
    const file = await ask('GET /reports/{cluster}/{id}/{file}', {
      parameters: { ...at(job), file: 'report.html' },
    });
    expect(file.status).toBe(404);
    expect(JSON.parse(file.body).detail).toContain('no Prometheus');
    expect((await post({ cluster, period: 'week' })).status).toBe(202);
    expect(api.sent).toHaveLength(2);
  });

  it('for the list, page by page', async () => {
    for (const start of ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04', '2026-11-05'])
      await post({ cluster, start, end: start.replace(/\d$/, (day) => String(Number(day) + 1)) });
    for (const job of api.sent) await finish(job);
    const pages: string[][] = [];
    let after: string | undefined;
    do {
      const query = { limit: '2', cluster, ...(after ? { after } : {}) };
      const page = JSON.parse((await ask('GET /reports', { query })).body);
      pages.push(page.reports.map(({ period }: Job) => period.end.slice(0, 10)));
      after =
        page.next === null
          ? undefined
          : (new URLSearchParams(page.next.split('?')[1]).get('after') ?? undefined);
    } while (after !== undefined);
    expect(pages).toEqual([['2026-11-05', '2026-11-04'], ['2026-11-03', '2026-11-02'], ['2026-11-01']]);
    const html = await ask('GET /reports', {
      headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' },
    });
    expect(html.body).toContain('prod-berlin');
    expect((await ask('GET /reports', { headers: { accept: '*/*' } })).headers['content-type']).toBe(
      'application/json',
    );
  });

  it('for the start, and for a cluster', async () => {
    await post({ cluster, period: 'day' });
    for (const job of api.sent) await finish(job);
    const start = JSON.parse((await ask('GET /')).body);
    expect(start.clusters[0]).toEqual({ name: cluster, url: `/reports/${cluster}` });
    expect((await ask('GET /', { headers: BROWSER })).body).toContain(cluster);
    const ofCluster = { parameters: { cluster } };
    const list = JSON.parse((await ask('GET /reports/{cluster}', ofCluster)).body);
    expect(list.reports).toHaveLength(1);
    await ask('GET /reports/{cluster}', { ...ofCluster, headers: BROWSER });
    await ask('GET /reports/{cluster}', { ...ofCluster, query: { limit: 'all' } });
    await ask('GET /reports/{cluster}', { parameters: { cluster: 'nobody' } });
  });

  it('for forms', async () => {
    const sent = await sendForm({ cluster, period: 'week', language: 'en' });
    expect(sent.status).toBe(303);
    expect(sent.headers['location']).toBe(`/reports/${cluster}/${api.sent[0]?.id}`);
    expect((await sendForm({ cluster, period: 'year' })).status).toBe(422);
    expect((await sendForm({ again: 'nothing' })).status).toBe(404);
    api.context.send = () => Promise.reject(new Error('the queue is gone'));
    expect((await sendForm({ cluster, period: 'month' })).headers['retry-after']).toBe('60');
  });

  it('for the comparison of two reports', async () => {
    await post({ cluster, start: '2026-11-19', end: '2026-11-20' });
    await post({ cluster, start: '2026-11-20', end: '2026-11-21' });
    for (const job of api.sent) await finish(job);
    const [first = '', second = ''] = api.sent.map(({ id }) => id);
    const compare = (query: Record<string, string>, headers = {}) =>
      ask('GET /reports/{cluster}/compare', { parameters: { cluster }, query, headers });
    const before = await compare({ second });
    expect(before.headers['location']).toBe(`/reports/${cluster}/compare?first=${first}&second=${second}`);
    const difference = JSON.parse((await compare({ first, second })).body);
    expect(difference).toMatchObject({ version: '1', outcome: 'same' });
    expect((await compare({ first, second }, BROWSER)).headers['content-type']).toContain('text/html');
    expect((await compare({ second: first })).status).toBe(422);
  });

  it('for failures of the service', async () => {
    api.context.send = () => Promise.reject(new Error('the queue is gone: secret'));
    const refused = await post({ cluster, period: 'day' });
    expect(refused.status).toBe(503);
    expect(refused.body).not.toContain('secret');
    // No report waits for a job that was never sent.
    api.context.send = async (job) => void api.sent.push(job);
    expect((await post({ cluster, period: 'day' })).status).toBe(202);
    expect(api.sent).toHaveLength(1);
    api.context.store = {
      ...api.context.store,
      get: () => Promise.reject(new Error('secret')),
      list: () => Promise.reject(new Error('secret')),
    };
    for (const response of [
      await post({ cluster, period: 'month' }),
      await ask('GET /', { headers: BROWSER }),
      await ask('GET /reports'),
      await ask('GET /reports/{cluster}', { parameters: { cluster } }),
      await ask('GET /reports/{cluster}/compare', {
        parameters: { cluster },
        query: { second: api.sent[0]?.id },
      }),
      await ask('GET /reports/{cluster}/{id}', { parameters: { cluster, id: 'latest' } }),
      await ask('GET /reports/{cluster}/{id}/{file}', { parameters: { cluster, id: 'latest', file: 'x' } }),
    ]) {
      expect(response.status).toBe(500);
      expect(response.body).not.toContain('secret');
    }
    expect(api.errors.length).toBe(8);
  });

  it('and describes no response that does not occur', async () => {
    await ask('POST /reports', { body: '{' });
    await ask('POST /reports', { body: '{}' });
    await ask('POST /reports', { body: 'x'.repeat(10_000) });
    await ask('POST /reports', { body: '{}', headers: { 'content-type': 'text/plain' } });
    await ask('GET /reports', { query: { limit: 'all' } });
    const described = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).flatMap(([method, { responses }]) =>
        Object.keys(responses)
          // Responses of the gateway itself.
          .filter((status) => !['401', '403', '429'].includes(status))
          .map((status) => `${method.toUpperCase()} ${path} ${status}`),
      ),
    );
    expect([...answered].sort()).toEqual(described.sort());
  });
});
