import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Issuer, openVisitor, startIssuer } from '../../fixtures/issuer.ts';
import { httpEvent, invocation, linesOf, service } from './surroundings.ts';

/** Where people sign in, on AWS. test/services/sign-in.test.ts does the same with a browser. */

const ADDRESS = 'https://health.example.com/antrea';
let issuer: Issuer;

beforeAll(async () => {
  issuer = await startIssuer({
    clients: [
      {
        client_id: 'antrea-health',
        redirect_uris: [`${ADDRESS}/sign-in/callback`],
        token_endpoint_auth_method: 'none',
      },
    ],
    people: { alice: { name: 'Alice' } },
  });
  writeFileSync(
    process.env['CONFIG_FILE'] ?? '',
    `
address: ${ADDRESS}
prometheus: { url: "http://127.0.0.1:9" }
clusters: [{ name: prod-berlin }]
signIn: { issuer: "${issuer.url}", clientId: antrea-health, sessionKeys: [{ environment: SESSION_KEY }] }
`,
  );
  process.env['SESSION_KEY'] = 'k'.repeat(32);
});
afterAll(() => issuer.stop());

/** Calls the function as the gateway does, whose mapping of a custom domain may take the base path away. */
async function ask(path: string, changes: Parameters<typeof httpEvent>[2] = {}) {
  const { handler } = await import('../../../handlers/on-demand.ts');
  const [rawPath = '', search = ''] = path.split('?');
  const routeKey = rawPath.endsWith('/reports') ? 'GET /reports' : '$default';
  const event = httpEvent(routeKey, rawPath, {
    queryStringParameters: Object.fromEntries(new URLSearchParams(search)),
    ...changes,
  });
  event.requestContext.http.method = 'GET';
  const answer = await handler(event, invocation(29_000), () => undefined);
  if (!answer) throw new Error('no answer');
  return answer;
}

const html = { accept: 'text/html' };
const cookiesOf = ({ cookies = [] }: { cookies?: string[] | undefined }) =>
  cookies.map((one) => one.split(';')[0] ?? '');

it.each(['', '/antrea'])(
  'signs people in below the path of the address, which the gateway calls "%s"',
  async (base) => {
    expect((await ask(`${base}/reports`)).statusCode).toBe(401);
    const begun = await ask(`${base}/reports?limit=7`, { headers: html });
    expect(begun.statusCode).toBe(302);
    const to = String(begun.headers?.['location']);
    const callback = await openVisitor().signIn(to, 'alice', ADDRESS);
    const query = Object.fromEntries(callback.searchParams);
    const back = await ask(`${base}/sign-in/callback?${callback.searchParams}`, {
      headers: html,
      cookies: ['other=1', ...cookiesOf(begun)],
    });
    expect(back).toMatchObject({ statusCode: 302, headers: { location: '/antrea/reports?limit=7' } });
    const page = await ask(`${base}/reports`, { headers: html, cookies: ['other=1', ...cookiesOf(back)] });
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('Signed in as <bdi>Alice</bdi>');
    expect(page.body).toContain('href="/antrea/sign-out"');
    const written = JSON.stringify(service.printed);
    for (const hidden of [query['code'] ?? '', query['state'] ?? '', 'eyJ', 'k'.repeat(32)])
      expect(written).not.toContain(hidden);
  },
);

it('says in the log that the issuer is down, and to the person that the login is', async () => {
  const begun = await ask('/reports', { headers: html });
  const callback = await openVisitor().signIn(String(begun.headers?.['location']), 'alice', ADDRESS);
  issuer.setStatus(503);
  const page = await ask(`/sign-in/callback?${callback.searchParams}`, {
    headers: html,
    cookies: cookiesOf(begun),
  });
  expect(page.statusCode).toBe(503);
  expect(page.body).toContain('The login does not answer');
  expect(linesOf('request failed')).toMatchObject([
    {
      error: {
        name: 'SignInError',
        message: 'signIn.issuer: does not answer as an OpenID Connect issuer does',
      },
    },
  ]);
  expect(JSON.stringify(service.printed)).not.toContain(callback.searchParams.get('code'));
  issuer.setStatus(null);
});
