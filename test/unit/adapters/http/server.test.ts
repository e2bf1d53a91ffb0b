import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, it } from 'vitest';
import { type HttpRequest, type HttpServer, startHttpServer } from '../../../../src/adapters/http/server.ts';
import type { ApiResponse } from '../../../../src/service/api/http.ts';

let server: HttpServer | undefined;
const errors: unknown[] = [];
afterEach(async () => {
  await server?.close();
  errors.length = 0;
});

const plain = (body: string): ApiResponse => ({
  status: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
});

async function start(handle: (request: HttpRequest) => Promise<ApiResponse>): Promise<string> {
  server = await startHttpServer({
    listen: { host: '127.0.0.1', port: 0 },
    mostBodyBytes: 100,
    handle,
    onError: (error) => errors.push(error),
  });
  return server.url;
}

/** Sends bytes as they are and returns everything that comes back. */
async function raw(url: string, request: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write(request);
  return text(socket);
}

it('passes on method, path, query and body, and sends the answer', async () => {
  const url = await start(async ({ method, path, query, body }) =>
    plain(JSON.stringify({ method, path, query, body })),
  );
  const response = await fetch(`${url}/reports/a%2Fb?cluster=x&lang=%E4%B8%AD`, {
    method: 'POST',
    body: '{"集群": 1}',
  });
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  expect(await response.json()).toEqual({
    method: 'POST',
    path: '/reports/a%2Fb',
    query: { cluster: 'x', lang: '中' },
    body: '{"集群": 1}',
  });
});

it('sends bytes as they are, and long texts compressed', async () => {
  const bytes = Uint8Array.from({ length: 20_000 }, (_, index) => index % 251);
  const url = await start(async ({ path }) =>
    path === '/file'
      ? { status: 200, headers: { 'content-type': 'application/pdf' }, body: '', bytes }
      : plain('x'.repeat(20_000)),
  );
  const file = await fetch(`${url}/file`);
  expect(file.headers.get('content-encoding')).toBeNull();
  expect(new Uint8Array(await file.arrayBuffer())).toEqual(bytes);
  const long = await fetch(url);
  expect(long.headers.get('content-encoding')).toBe('gzip');
  expect(Number(long.headers.get('content-length'))).toBeLessThan(1000);
  expect(await long.text()).toBe('x'.repeat(20_000));
  const head = await fetch(`${url}/file`, { method: 'HEAD' });
  expect([head.headers.get('content-length'), await head.text()]).toEqual(['20000', '']);
});

it('does not read a body that is too large', async () => {
  let calls = 0;
  const url = await start(async () => {
    calls += 1;
    return plain('');
  });
  const response = await fetch(url, { method: 'POST', body: 'x'.repeat(101) });
  expect(response.status).toBe(413);
  const endless = `POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999999\r\n\r\n${'x'.repeat(200)}`;
  expect(await raw(url, endless)).toMatch(/^HTTP\/1\.1 413 /);
  expect(calls).toBe(0);
});

it.each([
  ['an address as target', 'GET http://example.com/ HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'],
  ['no path', 'OPTIONS * HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n'],
  ['no host', 'GET / HTTP/1.1\r\n\r\n'],
  ['a long header', `GET / HTTP/1.1\r\nhost: a\r\nlong: ${'x'.repeat(20_000)}\r\n\r\n`],
  ['no request', 'nonsense\r\n\r\n'],
])('answers a request with %s with an error of the caller', async (_, request) => {
  const url = await start(async () => plain('reached'));
  expect(await raw(url, request)).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect((await fetch(url)).status).toBe(200);
});

it('reports what goes wrong, and goes on', async () => {
  const url = await start(async ({ path }) => {
    if (path === '/wrong') throw new Error('no answer');
    return plain('fine');
  });
  await expect(fetch(`${url}/wrong`)).rejects.toThrow();
  expect(errors).toEqual([new Error('no answer')]);
  expect(await (await fetch(url)).text()).toBe('fine');
});

it('finishes answers that have begun when it is closed', async () => {
  const begun = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const url = await start(async () => {
    begun.resolve();
    await goOn.promise;
    return plain('finished');
  });
  const response = fetch(url);
  await begun.promise;
  const closing = server?.close();
  await expect(fetch(url)).rejects.toThrow();
  goOn.resolve();
  expect(await (await response).text()).toBe('finished');
  await closing;
});

it('says which port is in use', async () => {
  const url = await start(async () => plain(''));
  const port = Number(new URL(url).port);
  const again = startHttpServer({
    listen: { host: '127.0.0.1', port },
    mostBodyBytes: 1,
    handle: async () => plain(''),
    onError: () => undefined,
  });
  await expect(again).rejects.toThrow(`--listen: 127.0.0.1:${port} is in use; choose another`);
});
