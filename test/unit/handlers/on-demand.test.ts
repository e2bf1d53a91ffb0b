import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clusterKey } from '../../../src/report/model/cluster-key.ts';
import { claimReport, finishReport } from '../../../src/service/archive/claims.ts';
import { listReport } from '../../../src/service/archive/listing.ts';
import { jobSchema } from '../../../src/service/jobs/job.ts';
import { finishedReport } from '../service/archive/surroundings.ts';
import { httpEvent, invocation, jobFor, linesOf, service } from './surroundings.ts';

const { handler } = await import('../../../handlers/on-demand.ts');

async function ask(routeKey: string, rawPath: string, changes: Partial<APIGatewayProxyEventV2> = {}) {
  const answer = await handler(httpEvent(routeKey, rawPath, changes), invocation(29_000), () => undefined);
  if (!answer) throw new Error('no answer');
  const { statusCode, headers = {}, body = '', isBase64Encoded = false } = answer;
  return { statusCode, headers, body, isBase64Encoded };
}

const post = (body: string, changes: Partial<APIGatewayProxyEventV2> = {}) =>
  ask('POST /reports', '/reports', { body, ...changes });

const sent = () => service.messages.QUEUE_URL.map(({ body }) => jobSchema.parse(JSON.parse(body)));

describe('a request', () => {
  it('with a body in Base64 is decoded', async () => {
    const body = Buffer.from('{"cluster": "生产"}').toString('base64');
    expect((await post(body, { isBase64Encoded: true })).statusCode).toBe(202);
    expect((await post('{"cluster": "prod-berlin", "period": "day"}')).statusCode).toBe(202);
    expect((await post(body)).statusCode).toBe(400);
    expect(sent().map(({ cluster }) => cluster)).toEqual(['生产', 'prod-berlin']);
  });

  it('may write its headers in any case', async () => {
    const text = { 'Content-Type': 'text/plain' };
    expect((await post('cluster=prod-berlin', { headers: text })).statusCode).toBe(415);
  });

  it('may be a form of the pages, and not of those of another site', async () => {
    const send = (site: Record<string, string>) =>
      post(Buffer.from('cluster=prod-berlin&period=day&language=').toString('base64'), {
        isBase64Encoded: true,
        headers: { 'content-type': 'application/x-www-form-urlencoded', host: 'api.example', ...site },
      });
    for (const site of [{}, { 'sec-fetch-site': 'cross-site' }, { origin: 'https://evil.example' }])
      expect((await send(site)).statusCode).toBe(403);
    expect(sent()).toEqual([]);
    const answer = await send({ origin: 'https://api.example' });
    expect([answer.statusCode, answer.headers['location']]).toEqual([
      303,
      `/reports/prod-berlin/${sent()[0]?.id}`,
    ]);
  });

  it.each([
    ['/', ''],
    ['/prod', '/prod'],
    ['/prod/', '/prod'],
    ['/health/cluster', '/health/cluster'],
    ['//evil.example', ''],
    ['//evil.example/', ''],
  ])('for the start page at %s returns addresses below "%s"', async (path, base) => {
    const { body } = await ask('GET /', path);
    expect(JSON.parse(body).reports).toBe(`${base}/reports`);
  });

  it.each([
    ['/reports', ''],
    ['/prod/reports', '/prod'],
    ['/health/cluster/reports', '/health/cluster'],
    ['/reports/reports', '/reports'],
    ['//evil.example/reports', ''],
    ['/\\evil.example/reports', ''],
  ])('to %s returns addresses below "%s"', async (path, base) => {
    const created = await ask('POST /reports', path, { body: '{"cluster":"prod-berlin","period":"day"}' });
    const [job] = sent();
    const { location } = created.headers;
    expect(location).toBe(`${base}/reports/prod-berlin/${job?.id}`);
    const route = 'GET /reports/{cluster}/{id}';
    const pathParameters = { cluster: 'prod-berlin', id: job?.id ?? '' };
    const shown = await ask(route, `${path}/prod-berlin/${job?.id}`, { pathParameters });
    expect(JSON.parse(shown.body).url).toBe(location);
  });
});

describe('an address in a response', () => {
  const ORIGIN = 'https://own.example';
  const HOSTS = ['evil.example', 'user@evil.example', 'evil.example:443', '[::1]'];
  const STARTS = [
    ...[
      '//',
      '///',
      '/\\',
      '\\\\',
      '\\/',
      '/\t/',
      '/\n/',
      '/\r/',
      '/\t\\',
      '\t//',
      ' //',
      '\0//',
      '/%09/',
      '/%2f/',
    ],
    ...[
      '/./',
      '/../',
      '/.//',
      '/..//',
      '/%2e%2e//',
      'https://',
      'https:/',
      'https:',
      'javascript:',
      '/;//',
      '/?//',
      '/#//',
    ],
  ];

  /** Expects that a browser finds all addresses that these paths lead to on the same host, below /reports. */
  async function expectOwnAddresses(base: string): Promise<void> {
    const store = await service.deployedStore();
    const latest = finishedReport('20261121t230000z');
    await listReport(store, latest);
    const created = await ask('POST /reports', `${base}/reports`, { body: '{"cluster":"prod-berlin"}' });
    const redirected = await ask('GET /reports/{cluster}/{id}', `${base}/reports/prod-berlin/latest`, {
      pathParameters: { cluster: 'prod-berlin', id: 'latest' },
    });
    const list = await ask('GET /reports', `${base}/reports`, { queryStringParameters: { limit: '1' } });
    expect([created.statusCode, redirected.statusCode, list.statusCode]).toEqual([202, 302, 200]);
    const addresses = [
      created.headers['location'],
      redirected.headers['location'],
      JSON.parse(created.body).url,
      ...JSON.parse(list.body).reports.map(({ url }: { url: string }) => url),
    ];
    expect(addresses).toHaveLength(4);
    for (const address of addresses) {
      const url = new URL(address, ORIGIN);
      expect([address, url.origin]).toEqual([address, ORIGIN]);
      expect(url.pathname).toMatch(/\/reports\/prod-berlin\/[a-z0-9-]+$/);
    }
  }

  it.each(STARTS.flatMap((start) => HOSTS.map((host) => [`${start}${host}`])))(
    'stays on the same host when the path begins with %j',
    async (base) => {
      await expectOwnAddresses(base);
      await expectOwnAddresses(`/stage${base}`);
    },
  );

  it('stays on the same host whatever the path is', async () => {
    const part = fc.oneof(fc.constantFrom(...STARTS, ...HOSTS, '/', '\\', '\t', '@', ':'), fc.string());
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 5 }), (parts) => expectOwnAddresses(parts.join(''))),
    );
  });

  it('is never that of a cluster or a report that a path invents', async () => {
    const name = fc.oneof(fc.constantFrom(...STARTS, ...HOSTS, 'latest', 'prod-berlin'), fc.string());
    await fc.assert(
      fc.asyncProperty(name, name, async (cluster, id) => {
        const pathParameters = { cluster, id };
        const { headers } = await ask('GET /reports/{cluster}/{id}', '/reports/a/b', { pathParameters });
        expect(headers['location']).toBeUndefined();
      }),
    );
  });
});

describe('a response', () => {
  it('is compressed when it is long and the caller accepts gzip', async () => {
    const store = await service.deployedStore();
    for (let hour = 0; hour < 50; hour += 1) {
      const end = new Date(Date.UTC(2026, 10, 1, hour)).toISOString();
      await listReport(store, finishedReport(end.replace(/\.\d+|[-:]/g, '').toLowerCase()));
    }
    const list = (accepted: string, queryStringParameters = {}) =>
      ask('GET /reports', '/reports', { headers: { 'Accept-Encoding': accepted }, queryStringParameters });
    const [plain, short] = [await list('br, deflate'), await list('gzip', { limit: '1' })];
    for (const { headers, isBase64Encoded } of [plain, short]) {
      expect(headers).not.toHaveProperty('content-encoding');
      expect(isBase64Encoded).toBe(false);
    }
    expect(JSON.parse(plain.body).reports).toHaveLength(50);
    expect(JSON.parse(short.body).reports).toHaveLength(1);

    const packed = await list('br, GZIP;q=0.8');
    expect(packed).toMatchObject({ statusCode: 200, isBase64Encoded: true });
    expect(packed.headers).toEqual({ ...plain.headers, 'content-encoding': 'gzip' });
    expect(gunzipSync(Buffer.from(packed.body, 'base64')).toString()).toBe(plain.body);
  });
});

describe('the HTML of a report', () => {
  it('is sent as it is stored, compressed once', async () => {
    const store = await service.deployedStore();
    const job = jobFor('prod-berlin', ['html']);
    const now = new Date('2026-11-21T05:00:00Z');
    const claim = await claimReport(store, job, { token: 't', seconds: 60, now, isRetried: true });
    if (claim.outcome !== 'claimed') throw new Error(claim.outcome);
    const html = `<!doctype html>${'报告'.repeat(20_000)}`;
    const file = { name: 'report.html', key: 'reports/x/report.html', contentType: 'text/html', bytes: 1 };
    await store.put(file.key, Buffer.from(html), { contentType: file.contentType });
    const result = { verdict: 'healthy' as const, score: 100, complete: true, critical: 0, warning: 0 };
    await finishReport(store, claim.claimed, { files: [file], missing: [], result }, now);
    const open = (headers: Record<string, string>) =>
      ask('GET /reports/{cluster}/{id}/{file}', `/reports/prod-berlin/${job.id}/report.html`, {
        pathParameters: { cluster: 'prod-berlin', id: job.id, file: 'report.html' },
        headers,
      });
    const [plain, packed] = [await open({}), await open({ 'Accept-Encoding': 'gzip, br' })];
    expect([plain.isBase64Encoded, plain.headers['content-encoding']]).toEqual([true, undefined]);
    expect(Buffer.from(plain.body, 'base64').toString()).toBe(html);
    expect([packed.isBase64Encoded, packed.headers['content-encoding']]).toEqual([true, 'gzip']);
    expect(gunzipSync(Buffer.from(packed.body, 'base64')).toString()).toBe(html);
    expect(packed.body.length).toBeLessThan(2_000);
    for (const { headers } of [plain, packed])
      expect(headers['content-security-policy']).toMatch(/^sandbox .*frame-ancestors 'none'$/);
  });
});

describe('the log', () => {
  it('names the request in every entry, also for failures', async () => {
    await post(JSON.stringify({ cluster: '生产' }));
    expect(linesOf('job sent')).toMatchObject([
      { requestId: 'request-1', reportId: sent()[0]?.id, cluster: '生产' },
    ]);
    const store = await service.deployedStore();
    service.deployedStore = async () => ({ ...store, list: () => Promise.reject(new Error('S3 is away')) });
    const pathParameters = { cluster: clusterKey('生产'), id: 'latest' };
    const route = 'GET /reports/{cluster}/{id}';
    const failed = await ask(route, '/reports/x/latest', { pathParameters });
    expect(failed.statusCode).toBe(500);
    expect(linesOf('request failed')).toMatchObject([
      { requestId: 'request-1', route, ...pathParameters, error: { message: 'S3 is away' } },
    ]);
  });

  it('holds no keys of the request before, even when that one failed', async () => {
    const store = await service.deployedStore();
    service.deployedStore = () => Promise.reject(new Error('no bucket'));
    const pathParameters = { cluster: 'prod-berlin', id: 'latest', file: 'report.html' };
    const route = 'GET /reports/{cluster}/{id}/{file}';
    const failed = await ask(route, '/reports/x/y/z', { pathParameters });
    expect(failed.statusCode).toBe(500);
    expect(failed.headers?.['content-type']).toBe('application/problem+json');
    expect(failed.body).not.toContain('no bucket');
    service.deployedStore = async () => store;
    await post(JSON.stringify({ cluster: '生产' }));
    const [line] = linesOf('job sent');
    expect(line).not.toHaveProperty('id');
    expect(line).not.toHaveProperty('file');
  });
});
