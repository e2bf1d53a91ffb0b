/** People who sign in with a real issuer and a real browser: to `serve` behind a proxy with TLS, and to the function on-demand. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Page } from 'puppeteer-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createContext } from '../../scripts/offline/event-source.ts';
import { freePort } from '../../scripts/offline/free-port.ts';
import { listedReports } from '../../src/service/archive/listing.ts';
import { DEPLOYMENTS } from '../fixtures/deployments.ts';
import { type Issuer, startIssuer } from '../fixtures/issuer.ts';
import { resourcesOfType } from '../fixtures/template.ts';
import { type Chromium, openChromium } from './chromium.ts';
import { PROGRAM, runCommand } from './cli.ts';
import { type Deployment, deploy } from './deployment.ts';
import { type Front, gatewayEvent, startGateway, startTlsProxy, TLS } from './fronts.ts';
import { templatesOf } from './packaged.ts';
import { temporaryFolder } from './server.ts';
import { waitUntil } from './wait-until.ts';

const CAPTURE = fileURLToPath(new URL('../../examples/twelve-nodes.capture.gz', import.meta.url));
const AT = '2026-11-21T06:00:00Z';
const KEY = 'a key of the tests with more than 32 bytes';
const SECRET = 'a secret of the client';

const PEOPLE = {
  alice: { name: 'Alice', groups: ['sre'] },
  bob: { name: 'Bob', groups: ['team-berlin'] },
};

let chromium: Chromium;
beforeAll(async () => {
  chromium = await openChromium({ acceptInsecureCerts: true });
});
afterAll(() => chromium.close());

const configOf = (address: string, issuer: Issuer, more: string) => `
address: ${address}
prometheus: { capture: ${JSON.stringify(CAPTURE)} }
formats: [html]
clusters: [{ name: prod-berlin }, { name: top-secret }]
schedules: [{ name: daily, period: day }]
mail: { from: health@example.com }
digests: [{ name: operators, period: day, to: [noc@example.com] }]
signIn:
  issuer: ${issuer.url}
  clientId: antrea-health
  clientSecret: { environment: CLIENT_SECRET }
  sessionKeys: [{ environment: SESSION_KEY }]
  scopes: [profile, groups]
  groups: { claim: groups, clusters: { sre: ["*"], team-berlin: [prod-berlin] } }
${more}`;

const VARIABLES = { CLIENT_SECRET: SECRET, SESSION_KEY: KEY };

const issuerFor = (address: string, tls?: typeof TLS) =>
  startIssuer({
    clients: [
      {
        client_id: 'antrea-health',
        client_secret: SECRET,
        redirect_uris: [`${address}/sign-in/callback`],
        post_logout_redirect_uris: [`${address}/sign-out`],
      },
    ],
    people: PEOPLE,
    ...(tls && { tls }),
  });

const textOf = (page: Page) => page.evaluate('document.body.innerText') as Promise<string>;

/** Fills in the form of the issuer, on which the browser is. */
async function logIn(page: Page, login: string): Promise<void> {
  await page.type('input[name=login]', login);
  await page.type('input[name=password]', 'any');
  await Promise.all([page.waitForNavigation(), page.click('button[type=submit]')]);
}

/** Sends a request for a report as a page of the service would. @returns the status of the answer */
async function post(address: string, cookie: string, body: unknown): Promise<number | undefined> {
  const headers = { cookie, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };
  const sent = request(address, { method: 'POST', headers, ca: TLS.cert });
  sent.end(JSON.stringify(body));
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  answer.resume();
  return answer.statusCode;
}

type Host = {
  address: string;
  issuer: Issuer;
  /** Of the page of a report, in a digest. */
  link(cluster: string): Promise<string>;
};

/** What must hold for both hosts. */
function behavesWell(host: () => Host): void {
  it('leads from the link of a digest through the login to the report, and to the list', async () => {
    const { link, issuer, address } = host();
    const page = await chromium.newBrowser();
    const wanted = await link('prod-berlin');
    await page.goto(wanted);
    expect(page.url()).toContain(`${issuer.url}/interaction/`);
    await logIn(page, 'alice');
    expect(await textOf(page)).toContain('prod-berlin');
    expect(await page.title()).toContain('prod-berlin');
    await page.goto(`${address}/reports`);
    const text = await textOf(page);
    expect(text).toContain('Signed in as Alice');
    expect(text).toContain('top-secret');
    const cookies = await page.cookies(address);
    const ours = cookies.filter(({ name }) => name.includes('antrea-health'));
    expect(ours).toMatchObject([
      { name: '__Host-antrea-health-session', secure: true, httpOnly: true, sameSite: 'Lax', path: '/' },
    ]);
    expect(await page.evaluate('document.cookie')).not.toContain('antrea-health');
  });

  it('shows a person the clusters of the own groups only', async () => {
    const { link, address } = host();
    const page = await chromium.newBrowser();
    await page.goto(await link('top-secret'));
    await logIn(page, 'bob');
    // As for a report that does not exist.
    expect(await textOf(page)).toContain('there is no such report');
    await page.goto(`${address}/reports`);
    const text = await textOf(page);
    expect(text).toContain('prod-berlin');
    expect(text).not.toContain('top-secret');
    // The policy of the page lets no script ask.
    const cookies = (await page.cookies(address)).map(({ name, value }) => `${name}=${value}`).join('; ');
    const ask = (cluster: string) => post(`${address}/reports`, cookies, { cluster });
    expect([await ask('top-secret'), await ask('nowhere'), await ask('prod-berlin')]).toEqual([
      422, 422, 200,
    ]);
  });

  it('signs out here and at the issuer, and asks again', async () => {
    const { address, issuer } = host();
    const page = await chromium.newBrowser();
    await page.goto(`${address}/reports`);
    await logIn(page, 'alice');
    const signOut = await page.$('a[href="/sign-out"]');
    await Promise.all([page.waitForNavigation(), signOut?.click()]);
    expect(page.url()).toContain(`${issuer.url}/session/end`);
    await Promise.all([page.waitForNavigation(), page.click('button[value=yes]')]);
    expect(page.url()).toContain(`${address}/sign-out`);
    expect(await textOf(page)).toContain('You are signed out');
    await page.goto(`${address}/reports`);
    expect(page.url()).toContain(`${issuer.url}/interaction/`);
  });

  it('asks before a link from elsewhere signs out, and the form reaches the issuer', async () => {
    const { address, issuer } = host();
    const page = await chromium.newBrowser();
    await page.goto(`${address}/reports`);
    await logIn(page, 'alice');
    await page.goto(`${address}/sign-out`);
    expect(await textOf(page)).toContain('Sign out?');
    await Promise.all([page.waitForNavigation(), page.click('button')]);
    expect(page.url()).toContain(`${issuer.url}/session/end`);
  });

  it('shows a page instead of a report when the login is refused or the issuer is down', async () => {
    const { address, issuer } = host();
    const page = await chromium.newBrowser();
    await page.goto(`${address}/reports`);
    await page.goto(`${address}/sign-in/callback?state=made-up&code=made-up`);
    expect(await textOf(page)).toContain('This sign-in is over');
    const again = await page.$('a');
    await Promise.all([page.waitForNavigation(), again?.click()]);
    await logIn(page, 'alice');
    expect(page.url()).toBe(`${address}/`);
    const other = await chromium.newBrowser();
    await other.goto(`${address}/reports`);
    await other.setRequestInterception(true);
    other.on('request', (request) => {
      if (request.url().includes('/sign-in/callback')) issuer.setStatus(503);
      void request.continue();
    });
    await logIn(other, 'alice');
    expect(await textOf(other)).toContain('The login does not answer');
    issuer.setStatus(null);
  });
}

describe('serve, behind a proxy with TLS', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let issuer: Issuer;
  let front: Front;
  let child: ChildProcess;
  let address = '';
  let archive: string[] = [];
  const log: string[] = [];

  beforeAll(async () => {
    folder = await temporaryFolder('sign-in');
    const port = await freePort();
    address = `https://127.0.0.1:${port}`;
    issuer = await issuerFor(address, TLS);
    const config = join(folder.path, 'antrea-health.yaml');
    const authority = join(folder.path, 'ca.pem');
    await writeFile(authority, TLS.cert);
    await writeFile(config, configOf(address, issuer, `  caFile: ${authority}\n`));
    archive = ['--config', config, '--archive', join(folder.path, 'archive')];
    const made = await runCommand(['schedule', ...archive, '--at', AT]);
    expect(made).toMatchObject({ code: 0 });
    child = spawn(process.execPath, [PROGRAM, 'serve', ...archive, '--listen', '127.0.0.1:0'], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'], ...VARIABLES },
    });
    if (child.stderr) createInterface({ input: child.stderr }).on('line', (line) => log.push(line));
    const url = () => log.flatMap((line) => /msg="?serves.* url=(http:\/\/[\d.:]+)/.exec(line)?.[1] ?? [])[0];
    await waitUntil(
      () => url() !== undefined || child.exitCode !== null,
      () => log.join('\n'),
    );
    front = await startTlsProxy(port, url() ?? '');
  });
  afterAll(async () => {
    if (child?.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'close');
    }
    await front?.stop();
    await issuer?.stop();
    await folder?.remove();
  });

  behavesWell(() => ({
    address,
    issuer,
    async link(cluster) {
      const out = join(folder.path, 'digest');
      const written = await runCommand(['digest', ...archive, '--at', AT, '--dry-run', '--out', out]);
      expect(written).toMatchObject({ code: 0 });
      const files = await readdir(out, { recursive: true });
      const html = files.find((name) => name.endsWith('.html')) ?? '';
      const text = await readFile(join(out, html), 'utf8');
      const [, href = ''] =
        new RegExp(`href="(${address}/reports/${cluster}/[^"]+/report.html)"`).exec(text) ?? [];
      return href;
    },
  }));

  it('writes no token, code, cookie or secret to the log', () => {
    const written = log.join('\n');
    expect(written).toContain('signIn');
    for (const hidden of [SECRET, KEY, 'eyJ', 'code=', 'state=']) expect(written).not.toContain(hidden);
  });
});

describe('the HTTP API on AWS', () => {
  let issuer: Issuer;
  let front: Front;
  let service: Deployment;
  let address = '';
  let routes: { RouteKey: string; AuthorizationType?: string }[] = [];
  const answers: string[] = [];

  beforeAll(async () => {
    const names = ['people who sign in', 'people who sign in, and programs with tokens'] as const;
    const templates = await templatesOf({ people: DEPLOYMENTS[names[0]], both: DEPLOYMENTS[names[1]] });
    routes = Object.values(templates).flatMap((template) =>
      resourcesOfType(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties),
    ) as typeof routes;
    const port = await freePort();
    address = `https://127.0.0.1:${port}`;
    issuer = await issuerFor(address);
    Object.assign(process.env, VARIABLES);
    service = await deploy(configOf(address, issuer, ''));
    await service.schedule('daily', AT);
    const workers = service.startWorkers(1);
    await service.drain();
    await workers.stop();
    front = await startGateway(port, routeKeys(), onDemand);
  });
  afterAll(async () => {
    await front?.stop();
    await issuer?.stop();
    await service?.stop();
  });

  const routeKeys = () => routes.map(({ RouteKey }) => RouteKey).filter((key) => key !== '$default');
  const onDemand: Parameters<typeof startGateway>[2] = async (event) => {
    const { handler } = await import('../../handlers/on-demand.ts');
    const context = createContext({ functionName: 'on-demand', timeoutSeconds: 29 });
    const answer = await handler(event, context, () => undefined);
    if (!answer) throw new Error('no answer');
    return answer;
  };

  it('has no route that the gateway lets pass and the function answers without a session', async () => {
    expect(new Set(routes.map(({ RouteKey }) => RouteKey)).size).toBeGreaterThanOrEqual(5);
    const without = routes.filter(({ AuthorizationType = 'NONE' }) => AuthorizationType === 'NONE');
    expect(without).toHaveLength(routes.length);
    const [report] = (await listedReports(service.store, null, { limit: 1 })).reports;
    const values: Record<string, string> = {
      cluster: report?.cluster ?? '',
      id: report?.id ?? '',
      file: 'report.html',
    };
    for (const { RouteKey } of without) {
      const [method = '', path = ''] = RouteKey === '$default' ? ['GET', '/'] : RouteKey.split(' ');
      const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
      for (const accept of ['application/json', 'text/html']) {
        const sent = { method, address: filled, headers: { accept }, body: '{"cluster":"prod-berlin"}' };
        const answer = await onDemand(gatewayEvent(routeKeys(), sent));
        answers.push(JSON.stringify(answer));
        if (accept === 'text/html' && method === 'GET')
          expect([RouteKey, answer.statusCode, String(answer.headers?.['location'])]).toEqual([
            RouteKey,
            302,
            expect.stringContaining(`${issuer.url}/auth?`),
          ]);
        else expect([RouteKey, answer.statusCode]).toEqual([RouteKey, 401]);
      }
    }
    for (const answer of answers) expect(answer).not.toContain(report?.id);
  });

  behavesWell(() => ({
    address,
    issuer,
    async link(cluster) {
      const { reports } = await listedReports(service.store, cluster, { limit: 1 });
      return `${address}/reports/${cluster}/${reports[0]?.id}/report.html`;
    },
  }));
});
