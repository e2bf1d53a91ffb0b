import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { apiHandler } from '../../../src/cli/serve-requests.ts';
import { openAuthentication } from '../../../src/connect/http.ts';
import type { Authenticate } from '../../../src/service/api/caller.ts';
import { openApi } from '../service/api/surroundings.ts';

const NOW = '2026-11-22T05:00:00Z';
const anybody: Authenticate = async () => ({ user: 'alice' });

type Sent = { method?: string; path?: string; headers?: Record<string, string>; body?: string };

/** The requests of one server. */
function open({ authenticate = anybody, basePath = '' } = {}) {
  const { context, sent } = openApi(NOW);
  const handle = apiHandler({ ...context, filesBy: 'content' }, authenticate, basePath);
  const ask = ({ method = 'GET', path = '/reports', headers = {}, body }: Sent) => {
    const message = { headers, socket: { remoteAddress: '127.0.0.1' } } as unknown as IncomingMessage;
    return handle({ method, path, query: {}, body, message });
  };
  return { ask, sent };
}

const REQUEST = { method: 'POST', body: '{"cluster": "prod-berlin"}' };

describe('requests to serve', () => {
  it('without authentication are answered to this machine under its own names only', async () => {
    const authenticate = await openAuthentication({}, '127.0.0.1');
    const { ask } = open({ authenticate });
    for (const host of ['127.0.0.1:8080', 'localhost', 'localhost:9999', '[::1]:8080'])
      expect((await ask({ headers: { host } })).status, host).toBe(200);
    for (const host of ['evil.example.com', 'localhost.evil.example.com:8080', '', '10.0.0.1'])
      expect((await ask({ headers: { host } })).status, host).toBe(401);
  });

  it('of others need an authentication', async () => {
    for (const host of ['0.0.0.0', '10.0.0.1', '::', 'example.com'])
      await expect(openAuthentication({}, host), host).rejects.toThrow('set signIn or serve.authentication');
  });

  it('that are refused say how to ask', async () => {
    const { ask, sent } = open({ authenticate: async () => ({ refused: 'send a token' }) });
    const response = await ask(REQUEST);
    expect(response).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    expect(JSON.parse(response.body)).toMatchObject({ detail: 'send a token' });
    expect(sent).toEqual([]);
    expect((await ask({ path: '/healthz' })).body).toBe('ok\n');
  });

  it('while the issuer is down fail, and say so in the log', async () => {
    const { ask } = open({ authenticate: () => Promise.reject(new Error('no issuer')) });
    expect((await ask({})).status).toBe(500);
  });

  it('of a page of another site ask for no report', async () => {
    const { ask, sent } = open();
    for (const site of ['cross-site', 'same-site'])
      expect((await ask({ ...REQUEST, headers: { 'sec-fetch-site': site } })).status).toBe(403);
    expect(sent).toEqual([]);
    for (const headers of [{}, { 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }])
      expect([200, 202]).toContain((await ask({ ...REQUEST, headers })).status);
    expect(sent.length).toBeGreaterThan(0);
    expect((await ask({ headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(200);
  });

  it('may have a base path, which some proxies leave out', async () => {
    const { ask } = open({ basePath: '/antrea' });
    for (const path of ['/antrea/reports', '/reports']) expect((await ask({ path })).status).toBe(200);
    for (const path of ['/', '/antrea', '/antrea/'])
      expect(JSON.parse((await ask({ path })).body).reports, path).toBe('/antrea/reports');
    expect((await ask({ path: '/antreareports' })).status).toBe(404);
    expect((await ask({ ...REQUEST, path: '/antrea/reports' })).headers['location']).toMatch(
      /^\/antrea\/reports\/prod-berlin\//,
    );
  });

  it.each(['/nothing', '//reports', '/reports/', '/reports/a/b/c/d', '/reports/%2e%2e/x/report.html'])(
    'to %s find nothing',
    async (path) => {
      expect((await open().ask({ path })).status).toBe(404);
    },
  );

  it('with other methods find nothing, and HEAD is as GET', async () => {
    const { ask } = open();
    expect((await ask({ method: 'DELETE' })).status).toBe(404);
    expect((await ask({ method: 'HEAD' })).status).toBe(200);
  });
});
