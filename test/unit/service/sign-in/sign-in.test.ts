import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Issuer } from '../../../fixtures/issuer.ts';
import { addReport } from '../api/surroundings.ts';
import {
  ADDRESS,
  CONFIG,
  KEY,
  NAVIGATES,
  openBrowser,
  openService,
  startTestIssuer,
} from './surroundings.ts';

let issuer: Issuer;
beforeAll(async () => {
  issuer = await startTestIssuer();
});
afterAll(() => issuer.stop());
afterEach(() => issuer.setStatus(null));

const LINK = '/reports?cluster=prod-berlin&lang=zh';
const SESSION = '__Host-antrea-health-session';
const program = { accept: 'application/json', 'sec-fetch-mode': 'cors' };

const open = (...all: Parameters<typeof openService> extends [unknown, ...infer More] ? More : never) =>
  openService(issuer, ...all);

describe('a person', () => {
  it('signs in and comes back to the address that was asked for', async () => {
    const browser = openBrowser(open());
    const sent = await browser.open(LINK);
    expect(sent.status).toBe(302);
    expect(sent.headers['location']).toMatch(new RegExp(`^${issuer.url}/auth\\?`));
    const back = await browser.signIn(LINK, 'alice');
    expect([back.status, back.headers['location']]).toEqual([302, LINK]);
    const page = await browser.open(LINK);
    expect(page.status).toBe(200);
    expect(page.headers['cache-control']).toBe('no-store');
    expect(page.body).toContain('已登录：<bdi>Alice</bdi>');
    expect(page.body).toContain('<a href="/sign-out">退出登录</a>');
  });

  it('gets cookies that only this host and no script reads, and a small session', async () => {
    for (const login of ['bob', '孟']) {
      const browser = openBrowser(open());
      const { cookies = [] } = await browser.signIn('/reports', login);
      expect(cookies).toHaveLength(2);
      for (const cookie of cookies) {
        expect(cookie).toMatch(
          /^__Host-antrea-health-[a-z0-9-]+=[\w.-]*; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax; Secure$/,
        );
        expect(cookie.length).toBeLessThan(2500);
      }
      const { body } = await browser.open('/reports');
      expect(body).toMatch(login === 'bob' ? /<bdi>Bob &lt;b&gt;<\/bdi>/ : /<bdi>孟{60}<\/bdi>/);
    }
  });

  it('signs in in several tabs at once, and a hundred leave no more than a few cookies', async () => {
    const browser = openBrowser(open());
    const [one, two] = [
      await browser.login('/reports?limit=1', 'alice'),
      await browser.login('/reports?limit=2', 'alice'),
    ];
    expect((await browser.open(two)).headers['location']).toBe('/reports?limit=2');
    expect((await browser.open(one)).headers['location']).toBe('/reports?limit=1');
    browser.jar.delete(SESSION);
    for (let tab = 0; tab < 100; tab += 1) await browser.open(`/reports/prod-berlin/${'x'.repeat(400)}`);
    expect(browser.jar.size).toBeLessThanOrEqual(4);
    expect([...browser.jar].flat().join('').length).toBeLessThan(6000);
    const { cookies = [] } = await openBrowser(open()).open(`/reports?x=${'x'.repeat(5000)}`);
    expect(cookies.join('').length).toBeLessThan(1500);
  });

  it('stays signed in for the hours of the configuration, also after the key was replaced', async () => {
    const service = open({ sessionSeconds: 3600 });
    const browser = openBrowser(service);
    await browser.signIn('/reports', 'alice');
    const begin = Date.now();
    const status = async (seconds: number) => {
      service.setNow(new Date(begin + seconds * 1000));
      return (await browser.open('/reports', { headers: program })).status;
    };
    service.setKeys(['n'.repeat(40), KEY]);
    expect(await status(3500)).toBe(200);
    service.setKeys(['n'.repeat(40)]);
    expect(await status(3500)).toBe(401);
    service.setKeys(['short']);
    expect(await status(3500)).toBe(500);
    service.setKeys([KEY]);
    expect(await status(3700)).toBe(401);
  });

  it('sees the clusters of the groups that the issuer names, and no others', async () => {
    const service = open();
    const asked = ['/reports?cluster=prod-berlin', '/reports?cluster=prod-paris', '/reports?cluster=nowhere'];
    for (const [login, statuses] of [
      ['alice', [200, 200, 422]],
      ['bob', [200, 422, 422]],
      ['eve', [422, 422, 422]],
    ] as const) {
      const browser = openBrowser(service);
      await browser.signIn('/reports', login);
      const answers = await Promise.all(asked.map((address) => browser.open(address)));
      expect([login, answers.map(({ status }) => status)]).toEqual([login, statuses]);
    }
  });

  it('sees who signed in on the page of all clusters', async () => {
    const browser = openBrowser(open());
    const back = await browser.signIn('/', 'alice');
    expect(back.headers['location']).toBe('/');
    const page = await browser.open('/');
    expect([page.status, page.body.includes('Signed in as')]).toEqual([200, true]);
  });

  it('leaves no report in the cache of the browser', async () => {
    const service = open();
    service.api.context.filesBy = 'content';
    await addReport(service.api.context, 'prod-berlin', 20);
    const browser = openBrowser(service);
    await browser.signIn('/reports', 'alice');
    const file = await browser.open('/reports/prod-berlin/latest/report.json');
    expect([file.status, file.headers['cache-control']]).toEqual([200, 'no-store']);
  });
});

describe('a configuration with fewer hours', () => {
  it('ends sessions that have become too long', async () => {
    const service = open({ sessionSeconds: 36_000 });
    const browser = openBrowser(service);
    await browser.signIn('/reports', 'alice');
    const cookie = [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const shorter = open({ sessionSeconds: 3600 });
    const later = new Date(Date.now() + 3700_000);
    for (const [one, status] of [
      [service, 200],
      [shorter, 401],
    ] as const) {
      one.setNow(later);
      expect((await one.ask('/reports', { headers: { ...program, cookie } })).status).toBe(status);
    }
  });
});

describe('other requests', () => {
  it('without a session get a problem document, and no cookie', async () => {
    const { ask } = open();
    const requests = [
      { headers: program },
      { headers: { accept: 'application/json' } },
      { headers: { accept: '*/*' } },
      { headers: { accept: 'text/html', 'sec-fetch-mode': 'cors' } },
      { method: 'POST', headers: { accept: 'text/html', 'sec-fetch-mode': 'navigate' } },
      { method: 'HEAD', headers: NAVIGATES },
      { headers: { ...NAVIGATES, authorization: 'Bearer bad' } },
    ];
    for (const request of requests) {
      const response = await ask(LINK, request);
      expect(response).toMatchObject({
        status: 401,
        headers: { 'content-type': 'application/problem+json' },
      });
      expect(response).not.toHaveProperty('cookies');
    }
    expect((await ask(LINK, { headers: { ...program, authorization: 'Bearer good' } })).status).toBe(200);
  });

  it('that the page of another site sends with the cookie of a person are refused', async () => {
    const service = open();
    const browser = openBrowser(service);
    await browser.signIn('/reports', 'alice');
    const post = (headers: Record<string, string>) =>
      browser.open('/reports', {
        method: 'POST',
        headers: { ...program, 'sec-fetch-mode': 'cors', ...headers },
        body: '{"cluster":"prod-berlin","range":"24h"}',
      });
    const old = { 'sec-fetch-site': undefined } as unknown as Record<string, string>;
    for (const headers of [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { ...old, origin: 'https://evil.example' },
      { ...old, origin: 'null' },
    ])
      expect((await post(headers)).status).toBe(403);
    expect(service.api.sent).toEqual([]);
    expect((await post({ ...old, origin: ADDRESS })).status).toBe(202);
    expect((await post({ 'sec-fetch-site': 'same-origin' })).status).toBe(202);
    const token = {
      authorization: 'Bearer good',
      origin: 'https://tool.example',
      'content-type': 'application/json',
    };
    expect((await post({ ...old, ...token })).status).toBe(202);
  });
});

describe('a session', () => {
  it.each<[string, Parameters<typeof open>[0], string?]>([
    ['of another key', { keys: ['o'.repeat(32)] }],
    ['of another client', { clientId: 'another' }],
    ['of another issuer', { issuer: 'http://127.0.0.1:9' }],
    ['from before the groups changed', {}, ', new: [prod-paris]'],
  ])('%s is over', async (_, changes, groups = '') => {
    const browser = openBrowser(open());
    await browser.signIn('/reports', 'alice');
    const cookie = [...browser.jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const ask = (service: ReturnType<typeof open>) =>
      service.ask('/reports', { headers: { ...program, cookie } });
    expect((await ask(open())).status).toBe(200);
    expect((await ask(open(changes, CONFIG(issuer.url, groups)))).status).toBe(401);
  });

  it('that was changed anywhere is refused, and so is everything else in its place', async () => {
    const service = open();
    const browser = openBrowser(service);
    const callback = await browser.login('/reports', 'alice');
    const [attempt = ''] = browser.jar.values();
    await browser.open(callback);
    const session = browser.jar.get(SESSION) ?? '';
    const changed = Array.from({ length: session.length }, (_, at) => {
      const other = session[at] === 'A' ? 'B' : 'A';
      return `${session.slice(0, at)}${other}${session.slice(at + 1)}`;
    });
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"eve","name":"Eve","groups":""}').toString('base64url')}.`;
    const status = async (value: string) =>
      (await service.ask('/reports', { headers: { ...program, cookie: `${SESSION}=${value}` } })).status;
    expect(await status(session)).toBe(200);
    // The last character of base64url can have bits that count for nothing.
    const isSame = (value: string) =>
      value
        .split('.')
        .every((part, at) =>
          Buffer.from(part, 'base64url').equals(Buffer.from(session.split('.')[at] ?? '', 'base64url')),
        );
    for (const value of [
      ...changed.filter((one) => !isSame(one)),
      attempt,
      unsigned,
      '',
      'x',
      session.slice(0, -4),
    ])
      expect([value, await status(value)]).toEqual([value, 401]);
  });
});

describe('a callback', () => {
  const expectProblem = async (
    response: ReturnType<Awaited<ReturnType<typeof openBrowser>>['open']>,
    status: number,
  ) => {
    const { headers, body, cookies = [], ...others } = await response;
    expect(others.status).toBe(status);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(body).toContain('Sign in again');
    expect(cookies.filter((one) => one.startsWith(SESSION))).toEqual([]);
    return body;
  };

  it('is refused when it is replayed, with the cookie of before, too', async () => {
    const browser = openBrowser(open());
    const callback = await browser.login(LINK, 'alice');
    const before = new Map(browser.jar);
    expect((await browser.open(callback)).status).toBe(302);
    await expectProblem(browser.open(callback), 400);
    for (const [name, value] of before) browser.jar.set(name, value);
    const asked = issuer.requests.length;
    await expectProblem(browser.open(callback), 400);
    expect(issuer.requests.length).toBe(asked);
  });

  it('is refused by another server, too, because the issuer knows that the code was used', async () => {
    const browser = openBrowser(open());
    const callback = await browser.login(LINK, 'alice');
    const other = openBrowser(open());
    for (const [name, value] of browser.jar) other.jar.set(name, value);
    expect((await browser.open(callback)).status).toBe(302);
    await expectProblem(other.open(callback), 400);
  });

  it('is refused in another browser, with another state, and after ten minutes', async () => {
    const service = open();
    const browser = openBrowser(service);
    const callback = await browser.login(LINK, 'alice');
    await expectProblem(openBrowser(service).open(callback), 400);
    await expectProblem(browser.open(callback.replace(/state=[^&]+/, 'state=another')), 400);
    await expectProblem(browser.open(callback.replace(/state=[^&]+/, '')), 400);
    service.setNow(new Date(Date.now() + 11 * 60_000));
    await expectProblem(browser.open(callback), 400);
    service.setNow(new Date());
    expect((await browser.open(callback)).status).toBe(302);
  });

  it('with the cookie of another attempt under its name is refused', async () => {
    const browser = openBrowser(open());
    const callback = await browser.login(LINK, 'alice');
    const [[name = ''] = []] = browser.jar;
    browser.jar.clear();
    await browser.open(LINK);
    const [value = ''] = browser.jar.values();
    browser.jar.set(name, value);
    await expectProblem(browser.open(callback), 400);
  });

  it('that was denied, or finds the issuer down, shows a page without the text of the issuer', async () => {
    const service = open();
    const browser = openBrowser(service);
    const [first, second] = [await browser.login(LINK, 'alice'), await browser.login(LINK, 'alice')];
    const state = /state=[^&]+/.exec(first)?.[0];
    const iss = encodeURIComponent(issuer.url);
    const evil = `error=access_denied&error_description=${encodeURIComponent('<img src=x>')}`;
    const body = await expectProblem(browser.open(`/sign-in/callback?${state}&iss=${iss}&${evil}`), 403);
    expect(body).not.toContain('<img');
    expect(body).toContain(`href="${ADDRESS}/sign-in?to&#x3D;${encodeURIComponent(LINK)}"`);
    expect(service.errors).toEqual([]);
    issuer.setStatus(503);
    expect(await expectProblem(browser.open(second), 503)).not.toContain('out of order');
    expect(service.errors).toHaveLength(1);
    const chinese = await openBrowser(open()).open(LINK);
    expect(chinese.status).toBe(503);
    expect(chinese.body).toContain('登录系统没有响应');
  });

  it.each(['//evil.example', 'https://evil.example/', '/\\evil.example', '/sign-out'])(
    'leads to no other place, although %s was wanted',
    async (to) => {
      const browser = openBrowser(open());
      const back = await browser.signIn(`/sign-in?to=${encodeURIComponent(to)}`, 'alice');
      expect(back.headers['location']).toBe('/');
    },
  );
});

describe('signing out', () => {
  const OWN = { 'sec-fetch-site': 'same-origin' };

  it('ends the session here and at the issuer, which sends the browser back', async () => {
    const browser = openBrowser(open());
    await browser.signIn('/reports', 'alice');
    const out = await browser.open('/sign-out', { headers: OWN });
    expect(out.status).toBe(303);
    expect(out.headers['location']).toMatch(new RegExp(`^${issuer.url}/session/end\\?`));
    expect(browser.jar.size).toBe(0);
    expect((await browser.open('/sign-out', { method: 'HEAD' })).status).toBe(401);
    const page = await browser.open('/sign-out');
    expect([page.status, page.body.includes('You are signed out')]).toEqual([200, true]);
    expect((await browser.open('/reports')).headers['location']).toContain('/auth?');
  });

  it('needs a click on a page of this service', async () => {
    const browser = openBrowser(open());
    await browser.signIn('/reports', 'alice');
    for (const request of [
      {},
      { method: 'POST' },
      { headers: { 'sec-fetch-site': 'same-site' } },
      { headers: { ...OWN, 'sec-purpose': 'prefetch;prerender' } },
    ]) {
      const page = await browser.open('/sign-out', request);
      expect(page.status).toBe(200);
      expect(page.body).toContain('<form method="post" action="/sign-out">');
      expect(page.headers['content-security-policy']).toContain(`form-action 'self' ${issuer.url}`);
      expect(browser.jar.has(SESSION)).toBe(true);
    }
    const old = { 'sec-fetch-site': undefined } as unknown as Record<string, string>;
    expect((await browser.open('/sign-out', { method: 'POST', headers: old })).status).toBe(303);
    expect(browser.jar.size).toBe(0);
    const other = openBrowser(open());
    expect((await other.open('/sign-out', { method: 'POST', headers: old })).cookies).toBeUndefined();
  });

  it('works while the issuer is down', async () => {
    const service = open();
    const browser = openBrowser(service);
    await browser.signIn('/reports', 'alice');
    issuer.setStatus(503);
    service.setNow(new Date(Date.now() + 11 * 60_000));
    const out = await browser.open('/sign-out', { method: 'POST', headers: OWN });
    expect([out.status, out.headers['location']]).toEqual([303, '/sign-out']);
    expect(browser.jar.size).toBe(0);
  });
});
