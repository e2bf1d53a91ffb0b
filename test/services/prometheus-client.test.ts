/** Tests the client against a real HTTP server that fails like proxies and servers fail. */

import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../scripts/offline/free-port.ts';
import { openSigner } from '../../src/adapters/aws/signature.ts';
import { QUERY_PARAMETERS } from '../../src/adapters/prometheus/access.ts';
import { openPrometheus } from '../../src/adapters/prometheus/client.ts';
import type { PrometheusOptions } from '../../src/adapters/prometheus/options.ts';
import { QueryError, type QueryErrorKind } from '../../src/report/gather/errors.ts';
import { expectedAuthorization } from '../fixtures/signature-check.ts';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');

const CERTIFICATE = fixture('server-cert.pem');
const OTHER_CERTIFICATE = fixture('other-cert.pem');
const TLS = { key: fixture('server-key.pem'), cert: CERTIFICATE };

type Seen = { method: string; path: string; headers: IncomingHttpHeaders; body: string };
type Answer = (response: ServerResponse, seen: Seen, count: number) => unknown;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Starts a server that records every request and answers it with `answer`. */
async function serve(answer: Answer, tls?: typeof TLS): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url: path = '', headers } = request;
    const one = { method, path, headers, body: await text(request) };
    seen.push(one);
    await answer(response, one, seen.length);
  };
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    // Some tests end the client during a request.
    take(request, response).catch(() => response.destroy());
  };
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, seen };
}

function open(url: string, options: Partial<PrometheusOptions> = {}) {
  const client = openPrometheus({ url, longestPauseMilliseconds: 5, ...options });
  closing.push(() => client.close());
  return client;
}

const GOOD = JSON.stringify({
  status: 'success',
  data: { resultType: 'vector', result: [{ metric: { node: 'n1' }, value: [1000, '3'] }] },
});

const good: Answer = (response) => response.writeHead(200).end(GOOD);

async function failureOf(work: Promise<unknown>): Promise<QueryError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(QueryError);
  const failure = error as QueryError;
  expect(failure.message).not.toMatch(/\n/);
  return failure;
}

/** Sends one query that fails. @returns the error and the number of requests */
async function askInVain(
  answer: Answer,
  options: Partial<PrometheusOptions> = {},
): Promise<{ kind: QueryErrorKind; message: string; tries: number; url: string }> {
  const { url, seen } = await serve(answer);
  const { kind, message } = await failureOf(open(url, options).instant('up', 1000));
  return { kind, message, tries: seen.length, url };
}

describe('requests of the client', () => {
  it('post a range query as a form with every point of the grid, below the path of the address', async () => {
    const { url, seen } = await serve((response) =>
      response.writeHead(200).end('{"status":"success","data":{"resultType":"matrix","result":[]}}'),
    );
    const query = 'sum(rate(a{b="x&y=z+1%20",c="节点"}[5m]))\n/ 2';
    const client = open(`${url}/prom/`, {
      headers: { authorization: 'Bearer abcdef', 'x-scope-orgid': 'tenant-1' },
    });
    const answer = await client.range(query, { start: 1_700_000_000, stepSeconds: 300, count: 3 });

    expect(answer).toEqual({ series: [], warnings: [] });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      method: 'POST',
      path: '/prom/api/v1/query_range',
      headers: { authorization: 'Bearer abcdef', 'x-scope-orgid': 'tenant-1', accept: 'application/json' },
    });
    expect(seen[0]?.headers['content-type']).toMatch(/^application\/x-www-form-urlencoded/);
    expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toEqual({
      query,
      start: '1700000300',
      end: '1700000900',
      step: '300',
      // Without it VictoriaMetrics changes the times of the grid.
      nocache: '1',
    });
  });

  it('post an instant query with its time', async () => {
    const { url, seen } = await serve(good);
    expect(await open(url).instant('up', 1_700_000_900)).toEqual({
      samples: [{ labels: { node: 'n1' }, value: 3 }],
      warnings: [],
    });
    expect(seen[0]).toMatchObject({ method: 'POST', path: '/api/v1/query' });
    expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toEqual({
      query: 'up',
      time: '1700000900',
    });
  });

  it('do not exceed the concurrency limit', async () => {
    let now = 0;
    let most = 0;
    const full = Promise.withResolvers<void>();
    const { url, seen } = await serve(async (response) => {
      now += 1;
      most = Math.max(most, now);
      // The first requests are answered when the limit is reached.
      if (now === 3) full.resolve();
      await full.promise;
      await sleep(10);
      now -= 1;
      response.writeHead(200).end(GOOD);
    });
    const client = open(url, { concurrency: 3 });
    await Promise.all(Array.from({ length: 20 }, (_, index) => client.instant(`q${index}`, 1)));
    expect(most).toBe(3);
    expect(new Set(seen.map(({ body }) => new URLSearchParams(body).get('query'))).size).toBe(20);
  });
});

describe('retries of the client', () => {
  it.each([500, 502, 503, 504, 429])('follow HTTP %i', async (status) => {
    const { url, seen } = await serve((response, _, count) =>
      count === 1 ? response.writeHead(status).end('busy') : response.writeHead(200).end(GOOD),
    );
    expect((await open(url).instant('up', 1)).samples).toHaveLength(1);
    expect(seen).toHaveLength(2);
    expect(seen[1]?.body).toBe(seen[0]?.body);
  });

  it('follow an answer that is cut off', async () => {
    const { url, seen } = await serve((response, _, count) => {
      response.writeHead(200, { 'content-length': GOOD.length });
      if (count > 1) return response.end(GOOD);
      return response.write(GOOD.slice(0, 40), () => response.destroy());
    });
    expect((await open(url).instant('up', 1)).samples).toHaveLength(1);
    expect(seen).toHaveLength(2);
  });

  it('end after four tries, with the message of Prometheus if there is one', async () => {
    expect(
      await askInVain((response) =>
        response
          .writeHead(500)
          .end('{"status":"error","errorType":"internal","error":"tsdb:\\n out of memory"}'),
      ),
    ).toMatchObject({
      kind: 'server',
      message: expect.stringMatching(/HTTP 500: tsdb: out of memory/),
      tries: 4,
    });
    const proxy = await askInVain((response) => response.writeHead(502).end('<html>nginx</html>'));
    expect(proxy).toMatchObject({ kind: 'server', tries: 4 });
    expect(proxy.message).not.toMatch(/nginx/);
    expect(await askInVain((response) => response.writeHead(429).end())).toMatchObject({
      kind: 'overloaded',
      tries: 4,
    });
    // A gateway that gives up before the server does.
    expect(await askInVain((response) => response.writeHead(504).end())).toMatchObject({
      kind: 'timeout',
      tries: 4,
    });
    expect(
      await askInVain((response) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('{', () => response.destroy());
      }),
    ).toMatchObject({ kind: 'connection', tries: 4 });
  });

  it('wait as long as Retry-After says, up to the longest pause', async () => {
    const timed = async (retryAfter: string, longestPauseMilliseconds: number) => {
      const { url } = await serve((response, _, count) =>
        count === 1
          ? response.writeHead(429, { 'retry-after': retryAfter }).end()
          : response.writeHead(200).end(GOOD),
      );
      const begin = performance.now();
      await open(url, { longestPauseMilliseconds }).instant('up', 1);
      return performance.now() - begin;
    };
    // Without the header the first pause is at most 1.5 s.
    const [asked, capped] = await Promise.all([timed('2', 15_000), timed('3600', 200)]);
    expect(asked).toBeGreaterThan(1950);
    expect(capped).toBeGreaterThan(195);
    // The server asked for an hour.
    expect(capped).toBeLessThan(100_000);
  });

  it.each<[string, number, string, QueryErrorKind, RegExp]>([
    [
      'a question it refuses',
      400,
      '{"errorType":"bad_data","error":"parse error"}',
      'rejected',
      /parse error/,
    ],
    ['a question it cannot execute', 422, '{"errorType":"execution","error":"no"}', 'rejected', /: no$/],
    [
      'a question too large',
      422,
      '{"errorType":"execution","error":"query processing would load too many samples into memory in query execution"}',
      'too-large',
      /as too large \(HTTP 422\): query processing would load/,
    ],
    [
      'an answer too large for the server',
      413,
      'response larger than the max (181673024 vs 52428800)',
      'too-large',
      /HTTP 413\): response larger/,
    ],
    [
      'a question about too many series',
      422,
      '{"errorType":"422","error":"the number of matching timeseries exceeds 300000; either narrow down"}',
      'too-many-series',
      /timeseries exceeds 300000/,
    ],
    ['a question it gave up', 503, '{"errorType":"timeout","error":"timed out"}', 'timeout', /timed out/],
    ['a wrong path', 404, '404 page not found', 'not-prometheus', /HTTP 404.*path/],
    ['wrong credentials', 401, '{"error":"no"}', 'unauthorized', /HTTP 401/],
    [
      'headers that are too long',
      431,
      '',
      'not-prometheus',
      /headers or address this long.*prometheus\.headers/,
    ],
    ['a page of HTML', 200, ' <!doctype html><title>Log in</title>', 'not-prometheus', /an HTML page/],
    ['half of an answer', 200, GOOD.slice(0, -20), 'not-prometheus', /incomplete or invalid JSON/],
    ['nothing', 204, '', 'not-prometheus', /incomplete or invalid JSON/],
    ['JSON of something else', 200, '{"health":"ok"}', 'not-prometheus', /not a query result/],
  ])('do not follow %s', async (_, status, body, kind, message) => {
    expect(await askInVain((response) => response.writeHead(status).end(body || undefined))).toMatchObject({
      kind,
      message: expect.stringMatching(message),
      tries: 1,
    });
  });

  it('do not follow a redirect, which would forward the credentials', async () => {
    const login = await serve(good);
    const { kind, message, tries } = await askInVain(
      (response) => response.writeHead(302, { location: `${login.url}/login` }).end(),
      { headers: { authorization: 'Bearer abcdef' } },
    );
    expect({ kind, tries }).toEqual({ kind: 'not-prometheus', tries: 1 });
    expect(message).toMatch(/redirects/);
    expect(login.seen).toEqual([]);
  });
});

describe('a server that takes only GET', () => {
  const MATRIX = '{"status":"success","data":{"resultType":"matrix","result":[]}}';
  const AWKWARD = `sum(rate(a{b="x&y=z+1%20~",c="节点 (1)!*'"}[5m]))\n/ 2 # ?a=b;c`;

  /** Answers GET normally and POST with this status. */
  const onlyGet =
    (status: number, body = GOOD): Answer =>
    (response, { method }) =>
      method === 'GET' ? response.writeHead(200).end(body) : response.writeHead(status).end('no');

  const methodsOf = (seen: readonly Seen[]) => seen.map(({ method }) => method).join(' ');

  it.each([403, 405, 501])(
    'gets GET requests after the first POST that it answers with %i',
    async (status) => {
      const { url, seen } = await serve(onlyGet(status, MATRIX));
      const client = open(`${url}/prom/`, { headers: { authorization: 'Bearer abcdef' } });
      const grid = { start: 1_700_000_000, stepSeconds: 300, count: 3 };
      for (const query of ['first', AWKWARD])
        expect(await client.range(query, grid)).toEqual({ series: [], warnings: [] });

      expect(methodsOf(seen)).toBe('POST GET GET');
      const { path = '', headers, body } = seen[2] ?? {};
      const { pathname, search, searchParams } = new URL(path, url);
      expect(pathname).toBe('/prom/api/v1/query_range');
      expect(Object.fromEntries(searchParams)).toEqual({
        ...{ query: AWKWARD, start: '1700000300', end: '1700000900', step: '300', nocache: '1' },
      });
      // Only forms encode a space as "+".
      expect(search).not.toContain('+');
      expect(headers).toMatchObject({ authorization: 'Bearer abcdef', accept: 'application/json' });
      expect(headers).not.toHaveProperty('content-type');
      expect(body).toBe('');
    },
  );

  it.each([403, 405, 501])('gets GET requests after %i, also with parallel requests', async (status) => {
    const { url, seen } = await serve(async (response, { method }) => {
      await sleep(5);
      return method === 'GET' ? response.writeHead(200).end(GOOD) : response.writeHead(status).end();
    });
    const client = open(url, { concurrency: 4 });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => client.instant(`q${index}`, 1)),
    );
    expect(answers.every(({ samples }) => samples.length === 1)).toBe(true);
    expect(seen.filter(({ method }) => method === 'POST').length).toBeLessThanOrEqual(4);
    expect(seen.filter(({ method }) => method === 'GET')).toHaveLength(20);
  });

  it('gets GET requests again after a temporary failure of GET', async () => {
    const { url, seen } = await serve((response, { method }, count) => {
      if (method === 'POST') return response.writeHead(403).end();
      return count < 3 ? response.writeHead(503).end() : response.writeHead(200).end(GOOD);
    });
    expect((await open(url).instant('up', 1)).samples).toHaveLength(1);
    expect(methodsOf(seen)).toBe('POST GET POST GET');
  });

  it('is quoted when it refuses the query', async () => {
    const { kind, message } = await askInVain((response, { method }) =>
      method === 'POST'
        ? response.writeHead(403).end('Forbidden')
        : response.writeHead(400).end('{"status":"error","errorType":"bad_data","error":"parse error"}'),
    );
    expect({ kind, message }).toMatchObject({
      kind: 'rejected',
      message: expect.stringMatching(/parse error/),
    });
  });

  it.each<[string, Answer]>([
    ['refuses both', (response) => response.writeHead(403).end()],
    [
      'answers GET with a login page',
      (response, { method }) =>
        response.writeHead(method === 'GET' ? 200 : 403).end('<!doctype html><title>Log in</title>'),
    ],
    [
      'sends GET to a login page',
      (response, { method }) =>
        method === 'GET'
          ? response.writeHead(302, { location: '/login' }).end()
          : response.writeHead(403).end(),
    ],
    [
      'knows nothing by GET',
      (response, { method }) => response.writeHead(method === 'GET' ? 404 : 403).end(),
    ],
    [
      'finds the GET too long before it looks at the credentials',
      (response, { method }) => response.writeHead(method === 'GET' ? 414 : 403).end(),
    ],
  ])('is not assumed when 403 refuses the credentials: it %s', async (_, answer) => {
    const { kind, message, tries } = await askInVain(answer);
    expect({ kind, tries }).toEqual({ kind: 'unauthorized', tries: 2 });
    expect(message).toMatch(/refused the credentials \(HTTP 403\)/);
  });

  it('is not assumed for a 403 after a successful POST', async () => {
    const { url, seen } = await serve((response, { method }, count) =>
      response.writeHead(count === 1 || method === 'GET' ? 200 : 403).end(GOOD),
    );
    const client = open(url);
    await client.instant('first', 1);
    expect((await failureOf(client.instant('second', 1))).kind).toBe('unauthorized');
    expect(methodsOf(seen)).toBe('POST POST');
  });

  it('is not assumed for a 401', async () => {
    const { kind, tries } = await askInVain((response, { method }) =>
      response.writeHead(method === 'GET' ? 200 : 401).end(GOOD),
    );
    expect({ kind, tries }).toEqual({ kind: 'unauthorized', tries: 1 });
  });

  it.each([405, 501])('is not assumed when GET gets %i too', async (status) => {
    const { kind, message } = await askInVain((response) => response.writeHead(status).end());
    expect(kind).toBe(status === 405 ? 'not-prometheus' : 'server');
    expect(message).toContain(`HTTP ${status}`);
  });

  it.each<[number, string]>([
    [414, '<html>Request-URI Too Large</html>'],
    [431, ''],
    // The answer of HAProxy.
    [400, '<html><body><h1>400 Bad request</h1>Your browser sent an invalid request.</body></html>'],
  ])(
    'fails only the query with the long address, in one line, when the address is too long (%i)',
    async (status, page) => {
      const { url } = await serve((response, { method, path }) => {
        if (method === 'POST') return response.writeHead(405).end();
        return path.length > 8190 ? response.writeHead(status).end(page) : response.writeHead(200).end(GOOD);
      });
      const client = open(`${url}?token=s3cret-parameter`);
      const { kind, message } = await failureOf(client.instant(`up{node=~"${'节点'.repeat(500)}"}`, 1));
      expect(kind).toBe('rejected');
      expect(message).toMatch(
        new RegExp(
          `^${url} takes queries by GET only, and this one is too long for it \\(HTTP ${status}, \\d{4} char`,
        ),
      );
      expect(message).toMatch(/allow POST or longer addresses/);
      expect(message).not.toContain('s3cret');
      expect((await client.instant('up', 1)).samples).toHaveLength(1);
    },
  );

  it('gets a signature of the query in the address', async () => {
    const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 's3cret-key' };
    const scope = { region: 'eu-central-1', service: 'aps' };
    const sign = openSigner({ ...scope, credentials: async () => keys });
    const { url, seen } = await serve((response, arrived) => {
      const headers = Object.fromEntries(
        Object.entries(arrived.headers).map(([name, value]) => [name, String(value)]),
      );
      if (headers['authorization'] !== expectedAuthorization({ ...arrived, headers }, keys, scope))
        return response.writeHead(403).end('{"message":"The signature does not match"}');
      return response.writeHead(arrived.method === 'GET' ? 200 : 405).end(GOOD);
    });
    const client = open(`${url}/workspaces/ws-1/?scope=a%20b&x=%2F`, { authorize: sign });
    expect((await client.instant(AWKWARD, 1)).samples).toHaveLength(1);
    expect(methodsOf(seen)).toBe('POST GET');
    expect(new URL(seen[1]?.path ?? '', url).searchParams.get('query')).toBe(AWKWARD);
  });
});

describe('parameters in the address', () => {
  it.each([
    ['', '/api/v1/query'],
    ['/', '/api/v1/query'],
    ['/prefix/', '/prefix/api/v1/query'],
    ['/prefix', '/prefix/api/v1/query'],
  ])('are part of every POST and GET request after the path %j', async (prefix, path) => {
    const kept = 'namespace=antrea%20system&dedup=true&match%5B%5D=a&match%5B%5D=b';
    const { url, seen } = await serve((response, { method }) =>
      response.writeHead(method === 'GET' ? 200 : 405).end(GOOD),
    );
    const client = open(`${url}${prefix}?${kept}&`);
    expect((await client.instant('up', 1000)).samples).toHaveLength(1);
    expect(seen.map((request) => [request.method, request.path])).toEqual([
      ['POST', `${path}?${kept}`],
      ['GET', `${path}?${kept}&query=up&time=1000`],
    ]);
    expect(seen[0]?.body).toBe('query=up&time=1000');
  });

  it('may not have names that queries use', async () => {
    const { url, seen } = await serve((response) =>
      response.writeHead(200).end('{"status":"success","data":{"resultType":"matrix","result":[]}}'),
    );
    const client = open(url);
    await client.range('up', { start: 0, stepSeconds: 60, count: 1 });
    await client.instant('up', 1).catch(() => undefined);
    const names = seen.flatMap(({ body }) => [...new URLSearchParams(body).keys()]);
    expect([...new Set(names)].sort()).toEqual([...QUERY_PARAMETERS].sort());
  });

  it.each([400, 401, 403, 404, 429, 500])(
    'do not appear in messages, even if HTTP %i echoes them',
    async (status) => {
      const { url } = await serve((response, { path }) => {
        const error = `${path} ${decodeURIComponent(path)}`;
        return response.writeHead(status).end(JSON.stringify({ errorType: 'x', error }));
      });
      const client = open(`${url}/prom/?namespace=x&token=s3cret%2Fparameter&key=s3cret+plus`, {
        adviceWhenRefused: 'check the token',
      });
      const { message } = await failureOf(client.instant('up', 1));
      expect(message).not.toContain('s3cret');
      expect(message).not.toContain('?namespace=x&token=s');
    },
  );

  it('do not appear in messages when no server answers', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { message } = await failureOf(open(`${url}/?token=s3cret`).instant('up', 1));
    expect(message).toBe(`cannot reach Prometheus at ${url} (ECONNREFUSED); check the address`);
  });
});

describe('messages of the client', () => {
  const secrets = {
    authorization: 'Bearer s3cret-token-1',
    'x-api-key': 's3cret-key-2',
    'x-basic': `Basic ${Buffer.from('me:s3cret-3').toString('base64')}`,
  };

  it.each([400, 401, 403, 404, 429, 500])(
    'contain no secret when HTTP %i echoes the headers',
    async (status) => {
      const { message } = await askInVain(
        (response, { headers }) =>
          response.writeHead(status).end(JSON.stringify({ errorType: 'x', error: JSON.stringify(headers) })),
        { headers: secrets },
      );
      for (const secret of ['s3cret', ...Object.values(secrets).map((value) => value.replace(/^\w+ /, ''))])
        expect(message).not.toContain(secret);
    },
  );

  it('and warnings of good answers contain no secret, and are few and short', async () => {
    const { url } = await serve((response, { headers }) => {
      const echo = Object.values(headers).join(' ');
      const warnings = [echo, ...Array.from({ length: 1000 }, () => 'w'.repeat(500))];
      const data = { resultType: 'vector', result: [] };
      response.writeHead(200).end(JSON.stringify({ status: 'success', data, warnings }));
    });
    const { warnings } = await open(url, { headers: secrets }).instant('up', 1);
    expect(warnings[0]).toContain('*** ');
    expect(warnings.join()).not.toMatch(/s3cret/);
    expect(warnings).toHaveLength(21);
    expect(warnings.at(-1)).toBe('981 more warnings of one answer');
    expect(Math.max(...warnings.map((text) => text.length))).toBe(300);
  });

  it('contain no part of a secret where a long message is cut', async () => {
    for (let length = 280; length <= 300; length += 4) {
      const error = `${'.'.repeat(length)} Bearer s3cret-token-1 was refused`;
      const { message } = await askInVain(
        (response) => response.writeHead(400).end(JSON.stringify({ error })),
        { headers: secrets },
      );
      expect(message).not.toMatch(/\. Bearer? s3/);
      expect(message).not.toContain('s3c');
    }
  });
});

describe('a server that does not answer', () => {
  it('is named when the connection is refused', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { kind, message } = await failureOf(open(url).instant('up', 1));
    expect(kind).toBe('connection');
    expect(message).toContain(`${url} (ECONNREFUSED)`);
  });

  it('is named without a retry when its host is unknown', async () => {
    // No resolver accepts a label of more than 63 letters.
    const url = `http://${'a'.repeat(64)}.invalid`;
    const lookup = vi.spyOn(dns, 'lookup');
    closing.push(() => lookup.mockRestore());
    const { kind, message } = await failureOf(open(url).instant('up', 1));
    expect(kind).toBe('connection');
    expect(message).toContain(`${url} (ENOTFOUND)`);
    expect(lookup).toHaveBeenCalledTimes(1);
  });

  it.each<[string, Answer]>([
    ['says nothing', () => undefined],
    ['says nothing after the headers', (response) => response.writeHead(200).flushHeaders()],
    [
      'dribbles',
      async (response) => {
        response.writeHead(200);
        for (const letter of GOOD.repeat(10)) {
          response.write(letter);
          await sleep(10);
        }
      },
    ],
  ])('causes a timeout without a retry when it %s', async (_, answer) => {
    const { kind, message, tries } = await askInVain(answer, { timeoutMilliseconds: 1000 });
    expect({ kind, tries }).toEqual({ kind: 'timeout', tries: 1 });
    expect(message).toMatch(/within 1 s.*prometheus\.timeout/);
  });

  it('is cut off at the largest answer, also a compressed one', async () => {
    const packed = gzipSync(Buffer.alloc(8 * 1024 ** 2, ' '));
    expect(packed.length).toBeLessThan(100_000);
    const { kind, message, tries } = await askInVain(
      (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
      { largestAnswerBytes: 1024 ** 2 },
    );
    expect({ kind, tries }).toEqual({ kind: 'too-large', tries: 1 });
    expect(message).toMatch(/too large/);
  });
});

describe('a compressed answer', () => {
  it.each([
    ['gzip', gzipSync(GOOD)],
    ['deflate', deflateSync(GOOD)],
    ['br', brotliCompressSync(GOOD)],
    ['identity', Buffer.from(GOOD)],
  ])('is unpacked: %s', async (encoding, packed) => {
    const { url, seen } = await serve((response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(packed),
    );
    expect((await open(url).instant('up', 1)).samples).toHaveLength(1);
    expect(seen[0]?.headers['accept-encoding']).toBe('gzip');
  });

  it('is read if it is an error', async () => {
    const { message } = await askInVain((response) =>
      response.writeHead(400, { 'content-encoding': 'gzip' }).end(gzipSync('{"error":"parse error"}')),
    );
    expect(message).toMatch(/parse error/);
  });

  it('is named when nobody asked for its encoding', async () => {
    const { kind, message, tries } = await askInVain((response) =>
      response.writeHead(200, { 'content-encoding': 'compress' }).end(GOOD),
    );
    expect({ kind, tries }).toEqual({ kind: 'not-prometheus', tries: 1 });
    expect(message).toMatch(/in the encoding compress/);
  });

  it('is asked for again when it is damaged or empty', async () => {
    const { url, seen } = await serve((response, _, count) =>
      response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .end(count === 1 ? Buffer.from('no gzip at all') : gzipSync(GOOD)),
    );
    expect((await open(url).instant('up', 1)).samples).toHaveLength(1);
    expect(seen).toHaveLength(2);
    const empty = await askInVain((response) =>
      response.writeHead(204, { 'content-encoding': 'gzip' }).end(),
    );
    expect(empty.message).toMatch(/incomplete or invalid JSON/);
  });
});

describe('a connection', () => {
  it('is used again after each answer, also after errors', async () => {
    const sockets = new Set<unknown>();
    const { url } = await serve((response, _, count) => {
      sockets.add(response.socket);
      return response.writeHead(count % 2 ? 200 : 400).end(count % 2 ? GOOD : '<html>'.repeat(1e6));
    });
    const client = open(url);
    for (let count = 0; count < 12; count += 1) await client.instant('up', 1).catch(() => undefined);
    // The next request may be sent just before the connection of the last one is free.
    expect(sockets.size).toBeLessThanOrEqual(2);
  });
});

describe('certificates', () => {
  it('of an unknown authority are refused without a retry, with the setting to change', async () => {
    const { url, seen } = await serve(good, TLS);
    const { kind, message } = await failureOf(open(url).instant('up', 1));
    expect(kind).toBe('certificate');
    expect(message).toMatch(/not trusted \(\w+\).*--ca-file/);
    expect(message).toContain(url);
    const { kind: other } = await failureOf(
      open(url, { certificateAuthority: OTHER_CERTIFICATE }).instant('up', 1),
    );
    expect(other).toBe('certificate');
    expect(seen).toEqual([]);
  });

  it('of the configured authority are accepted', async () => {
    const { url } = await serve(good, TLS);
    const client = open(url, { certificateAuthority: CERTIFICATE });
    expect((await client.instant('up', 1)).samples).toHaveLength(1);
  });

  it('of the usual authorities are still accepted with a configured authority', async () => {
    const { url } = await serve(good, TLS);
    const usual = getCACertificates();
    setDefaultCACertificates([...usual, CERTIFICATE]);
    try {
      const client = open(url, { certificateAuthority: OTHER_CERTIFICATE });
      expect((await client.instant('up', 1)).samples).toHaveLength(1);
    } finally {
      setDefaultCACertificates(usual);
    }
  });

  it('of another host are named as such, as is a server without TLS', async () => {
    const { url } = await serve(good, TLS);
    const named = url.replace('127.0.0.1', 'localhost');
    const { message } = await failureOf(open(named, { certificateAuthority: CERTIFICATE }).instant('up', 1));
    expect(message).toMatch(/for another host/);

    const plain = await serve(good);
    const wrong = await failureOf(open(plain.url.replace('http:', 'https:')).instant('up', 1));
    expect(wrong).toMatchObject({ kind: 'connection', message: expect.stringMatching(/cannot speak TLS/) });
  });
});

describe('an aborted signal', () => {
  it('stops the current requests and starts no waiting one', async () => {
    const controller = new AbortController();
    const { url, seen } = await serve(() => undefined);
    const client = open(url, { concurrency: 2, signal: controller.signal });
    const all = Array.from({ length: 6 }, () => failureOf(client.instant('up', 1)));
    while (seen.length < 2) await sleep(5);
    controller.abort();
    for (const { kind } of await Promise.all(all)) expect(kind).toBe('aborted');
    expect(seen).toHaveLength(2);
  });

  it('stops the pause before a retry', async () => {
    const controller = new AbortController();
    const { url, seen } = await serve((response) => response.writeHead(503, { 'retry-after': '3600' }).end());
    const client = open(url, { longestPauseMilliseconds: 3_600_000, signal: controller.signal });
    const failure = failureOf(client.instant('up', 1));
    while (seen.length < 1) await sleep(5);
    await sleep(20);
    controller.abort();
    expect((await failure).kind).toBe('aborted');
    expect(seen).toHaveLength(1);
  });
});
