/** Secrets wherever the program can have them, servers that repeat them, and a search of everything that it writes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/program.ts';
import { captureOutput } from '../faults/output.ts';
import { replaceTime } from '../faults/time.ts';
import { findSecrets, formsOf, plant, plantPlain } from '../fixtures/planted-secrets.ts';
import { PROGRAM } from './cli.ts';
import type { Answer, Request } from './faulty-proxy.ts';
import { temporaryFolder } from './server.ts';
import { type SmallDay, startSmallDay } from './small-day.ts';
import { type MailServer, startSmtpServer, tlsFixture } from './smtp.ts';
import { waitUntil } from './wait-until.ts';

const SECRETS = {
  token: plant('token'),
  basicPassword: plant('basic'),
  addressPassword: plant('address'),
  parameter: plant('parameter'),
  header: plant('header'),
  smtpPassword: plant('smtp'),
  channel: plantPlain('channel'),
  signing: plant('signing'),
  s3Key: plantPlain('s3key'),
  s3Secret: plant('s3secret'),
  s3Password: plant('s3password'),
  awsSecret: plant('awssecret'),
  awsSession: plant('awssession'),
  caller: plantPlain('caller'),
};

const ENVIRONMENT = {
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  BASIC_PASSWORD: SECRETS.basicPassword.value,
  HEADER: SECRETS.header.value,
  SMTP_PASSWORD: SECRETS.smtpPassword.value,
  SIGNING: SECRETS.signing.value,
  S3_KEY: SECRETS.s3Key.value,
  AWS_ACCESS_KEY_ID: 'unused',
  AWS_SECRET_ACCESS_KEY: SECRETS.awsSecret.value,
  AWS_SESSION_TOKEN: SECRETS.awsSession.value,
  AWS_REGION: 'us-east-1',
};

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** The forms in which servers and proxies repeat what they got. */
const REPEATED: readonly ((text: string) => string)[] = [
  (text) => text,
  encodeURIComponent,
  (text) => new URLSearchParams({ x: text }).toString(),
  (text) => Buffer.from(text).toString('base64'),
  (text) => Buffer.from(text).toString('base64url'),
  (text) => Buffer.from(text).toString('hex'),
  (text) => JSON.stringify(text),
  escapeHtml,
  (text) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
];

/** Everything secret that a request has, in all forms. */
function repetitionsOf({ headers, path }: Request): string[] {
  const { authorization = '', 'x-key': key = '' } = headers;
  const [scheme = '', credentials = ''] = authorization.split(' ');
  const decoded = scheme === 'Basic' ? Buffer.from(credentials, 'base64').toString() : credentials;
  const tenant = new URLSearchParams(path.split('?')[1]).get('tenant') ?? '';
  const received = [authorization, credentials, decoded, decoded.split(':')[1] ?? '', String(key), tenant];
  return received.filter((text) => text !== '').flatMap((text) => REPEATED.map((repeat) => repeat(text)));
}

type Mode = (request: Request, repeated: string) => Answer | Promise<Answer>;

const JSON_TYPE = { 'content-type': 'application/json' };
const json = (status: number, content: unknown): Answer => ({
  status,
  headers: JSON_TYPE,
  body: Buffer.from(JSON.stringify(content)),
});
const refusal = (status: number) => (_: Request, repeated: string) =>
  json(status, { status: 'error', errorType: 'internal', error: `not now: ${repeated}`, message: repeated });

/** How the server answers, by the first part of the path. */
const MODES: Readonly<Record<string, Mode>> = {
  ok: async (request) => {
    if (request.path.includes('/status/'))
      return json(200, {
        data: { application: repetitionsOf(request)[0], version: repetitionsOf(request).at(-1) },
      });
    const isTrial = new URLSearchParams(request.body.toString()).get('query') === 'vector(1)';
    if (isTrial) return json(200, { status: 'success', data: { resultType: 'vector', result: [] } });
    const { status, body } = await day.answer(request);
    const warnings = repetitionsOf(request).map((text) => `seen: ${text}`);
    const own = [0, 1, 2].map((more) => warnings[(answered * 3 + more) % warnings.length]);
    return json(status, { ...JSON.parse(body.toString()), warnings: own });
  },
  unauthorized: refusal(401),
  'bad-query': refusal(422),
  broken: refusal(500),
  gateway: (_, repeated) => ({
    status: 502,
    headers: { 'content-type': 'text/html' },
    body: Buffer.from(`<html>${repeated}</html>`),
  }),
  redirect: (_, repeated) => ({
    status: 302,
    headers: { location: `http://elsewhere.example/?${encodeURIComponent(repeated)}` },
    body: Buffer.from(repeated),
  }),
  encoding: (request) => ({
    status: 200,
    headers: { 'content-encoding': String(request.headers['x-key'] ?? request.headers.authorization) },
    body: Buffer.from('x'),
  }),
  strange: (_, repeated) =>
    json(200, { status: repeated, data: { resultType: repeated, result: [repeated] } }),
};

let day: SmallDay;
let answered = 0;
let folder: { path: string; remove(): Promise<void> };
let mail: MailServer;

beforeAll(async () => {
  folder = await temporaryFolder('secrets');
  for (const name of ['in', 'out']) await mkdir(join(folder.path, name));
  for (const name of ['token', 's3Secret'] as const)
    await writeFile(join(folder.path, 'in', name), `${SECRETS[name].value}\n`);
  day = await startSmallDay();
  // The server has no TLS.
  await writeFile(
    inFolder('in', 'channel'),
    `${day.url.replace('http:', 'https:')}/${SECRETS.channel.value}`,
  );
  day.handler = async (request) => {
    const [, mode = '', ...rest] = request.path.split('/');
    answered += 1;
    const all = repetitionsOf(request);
    const own = { ...request, path: `/${rest.join('/')}` };
    return (MODES[mode] as Mode)(own, all[answered % all.length] ?? '');
  };
  mail = await startSmtpServer({
    tls: 'none',
    login: { user: 'health', password: SECRETS.smtpPassword.value },
    answerLogin: () => ({
      status: 535,
      text: `no: ${SECRETS.smtpPassword.value} ${Buffer.from(`\0health\0${SECRETS.smtpPassword.value}`).toString('base64')}`,
    }),
  });
  Object.assign(process.env, ENVIRONMENT);
});

afterAll(async () => {
  await mail?.stop();
  await day?.stop();
  await folder?.remove();
});

const inFolder = (...names: string[]) => join(folder.path, ...names);

type ConfigParts = {
  /** The address of Prometheus, for all clusters or by cluster. */
  server: string | ((cluster: string) => string);
  archive?: string;
  serve?: string;
};

/** Writes a configuration whose clusters authenticate in different ways. */
async function writeConfig({ server, archive, serve = '{}' }: ConfigParts): Promise<string> {
  const address = (cluster: string, user = '') => {
    const url = typeof server === 'string' ? server : server(cluster);
    const search = `tenant=${encodeURIComponent(SECRETS.parameter.value)}`;
    return JSON.stringify(`${url.replace('://', `://${user}`)}/?${search}`);
  };
  const user = `me:${encodeURIComponent(SECRETS.addressPassword.value)}@`;
  const file = inFolder('in', 'config.yaml');
  await writeFile(
    file,
    `
clusters:
- { name: token, prometheus: { url: ${address('token')}, bearerToken: { file: "${inFolder('in', 'token')}" } } }
- name: basic
  prometheus: { url: ${address('basic')}, basic: { username: me, password: { environment: BASIC_PASSWORD } } }
- { name: address, prometheus: { url: ${address('address', user)} } }
- { name: header, prometheus: { url: ${address('header')}, headers: { X-Key: { environment: HEADER } } } }
schedules: [{ name: daily, period: day, formats: [json, html] }]
digests: [{ name: daily, period: day, to: [noc@example.com], channels: [ops] }]
channels:
- { name: ops, dingtalk: { url: { file: "${inFolder('in', 'channel')}" }, signingSecret: { environment: SIGNING } } }
mail:
  from: health@example.com
  smtp: { host: 127.0.0.1, port: ${mail.port}, tls: none, user: health, password: { environment: SMTP_PASSWORD } }
archive: ${archive ?? `{ folder: "${inFolder('out', 'archive')}" }`}
serve: ${serve}
`,
  );
  return file;
}

/** Runs commands and expects their exit codes; `null` is any. Returns what they wrote. */
async function runAll(
  commands: readonly (readonly [number | null, ...string[]])[],
): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const clock = replaceTime();
  clock.set(new Date(day.period.end * 1000 + 6 * 3_600_000));
  const output = captureOutput();
  try {
    for (const [expected, ...parameters] of commands) {
      output.clear();
      const code = await runCommandLine(['node', 'antrea-health', ...parameters], ENVIRONMENT);
      const text = output.text();
      texts.set(parameters.join(' '), text);
      expect(code, text).toBe(expected ?? code);
    }
  } finally {
    output.restore();
    clock.restore();
  }
  return texts;
}

/** Runs the commands with a server that answers no query, and expects that they fail in lines without secrets. */
async function expectNoReport(server: string): Promise<void> {
  const config = await writeConfig({ server });
  const report = ['report', '--config', config, '--out', inFolder('out'), '--cluster'];
  const capture = ['--capture', inFolder('out', 'b.capture.gz')];
  const texts = await runAll([
    [1, 'check', '--config', config],
    [1, ...report, 'token', ...PERIOD],
    [1, ...report, 'address', ...PERIOD, ...capture],
    [1, 'schedule', '--config', config, '--at', '2026-11-22T06:00Z'],
  ]);
  expect(findSecrets(new Map<string, string | Uint8Array>([...texts, ...writtenFiles()]), SECRETS)).toEqual(
    [],
  );
  for (const text of [...texts.values()].slice(1)) expect(text).toMatch(/^antrea-health: .{20}/m);
}

/** Runs `work` while a server listens on a free port. */
async function withServer(server: Server | TlsServer, work: (port: number) => Promise<void>): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await work((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

type Served = {
  /** Sends a request with a token. Returns the body of the answer. */
  request(method: string, path: string, body?: unknown): Promise<string>;
  log(): string;
  /** Returns everything that was answered and written, by its place. */
  stop(): Promise<Map<string, string>>;
};

/** Starts `serve` as a process. */
async function startServe(config: string): Promise<Served> {
  const listen = ['--listen', '127.0.0.1:0', '--listen-metrics', '127.0.0.1:0'];
  const child = spawn(process.execPath, [PROGRAM, 'serve', '--config', config, ...listen], {
    env: ENVIRONMENT,
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => {
      log += data.toString();
    });
  const ended = once(child, 'close');
  const urls = () => [...log.matchAll(/url=(\S+?)\/(?:metrics)?$/gm)].map(([, url]) => url);
  await waitUntil(
    () => urls().length === 2 || child.exitCode !== null,
    () => log,
  );
  const answers = new Map<string, string>();
  return {
    log: () => log,
    async request(method, path, body) {
      const [pages, metrics] = urls();
      const response = await fetch(`${path === '/metrics' ? metrics : pages}${path}`, {
        method,
        headers: { authorization: `Bearer ${SECRETS.caller.value}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        redirect: 'manual',
      });
      const text = await response.text();
      const headers = JSON.stringify([...response.headers]);
      answers.set(`${method} ${path} ${answers.size}`, `${response.status} ${headers} ${text}`);
      return text;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      return new Map([...answers, ['the log', log]]);
    },
  };
}

/** All files that the commands wrote. */
function writtenFiles(): Map<string, Uint8Array> {
  const entries = readdirSync(inFolder('out'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.map((file) => [file, readFileSync(file)]));
}

const AT = ['--at', '2026-11-21T06:00Z'];
const PERIOD = ['--from', '2026-11-20T00:00Z', '--to', '2026-11-21T00:00Z'];

describe('the search', () => {
  it.each(REPEATED.map((repeat) => [repeat('secret "&/ x'), repeat] as const))('finds %s', (_, repeat) => {
    const secrets = { token: SECRETS.token };
    for (const before of ['', 'a', 'ab', 'user:'])
      for (const after of ['', 'z', '==']) {
        const text = `some text ${repeat(`${before}${SECRETS.token.value}${after}`)} more`;
        expect(findSecrets(new Map([['x', text]]), secrets)).toHaveLength(1);
      }
    expect(findSecrets(new Map([['x', 'some text']]), secrets)).toEqual([]);
    expect(formsOf(SECRETS.token).every((form) => form.length > 10)).toBe(true);
  });
});

describe('no secret is written', () => {
  it('by any command when the server repeats it in warnings and in its version', async () => {
    const config = await writeConfig({ server: `${day.url}/ok` });
    const files = ['--out', inFolder('out'), '--capture', inFolder('out', 'a.capture.gz')];
    const digest = ['digest', '--config', config, ...AT];
    const texts = await runAll([
      // The recorded day lacks the answers to some of its queries.
      [null, 'check', '--config', config],
      [null, 'check', '--config', config, '--json'],
      [0, 'report', '--config', config, '--cluster', 'address', ...PERIOD, ...files],
      [0, 'schedule', '--config', config, ...AT],
      [0, ...digest, '--dry-run', '--out', inFolder('out')],
      [1, ...digest, '--test-to', 'me@example.com'],
      [1, ...digest, '--test-to', 'ops'],
      [1, ...digest],
    ]);
    const all = writtenFiles();
    expect(findSecrets(new Map<string, string | Uint8Array>([...texts, ...all]), SECRETS)).toEqual([]);
    const kinds = new Set([...all.keys()].flatMap((name) => /\.(\w+)$/.exec(name)?.[1] ?? []));
    expect([...kinds].sort()).toEqual(['eml', 'gz', 'html', 'json', 'pdf', 'txt']);
    // The warnings arrived.
    const report = [...all].find(([name]) => name.endsWith('report.json'))?.[1];
    expect(Buffer.from(report ?? []).toString()).toContain('seen: ***');
  });

  it.each(Object.keys(MODES).filter((mode) => mode !== 'ok'))(
    'by check, report and schedule when the server answers each query with one: %s',
    async (mode) => {
      const before = answered;
      await expectNoReport(`${day.url}/${mode}`);
      expect(answered - before).toBeGreaterThanOrEqual(9);
    },
  );

  it('by check, report and schedule when nothing listens', () => expectNoReport('http://127.0.0.1:9'));

  it('by check, report and schedule when the certificate is not trusted', async () => {
    const server = createTlsServer({
      key: tlsFixture('server-key.pem'),
      cert: tlsFixture('server-cert.pem'),
    });
    await withServer(server, (port) => expectNoReport(`https://127.0.0.1:${port}`));
  });

  it.each([403, 500, 301, 200])('by schedule and digest when S3 answers %d', async (status) => {
    let requests = 0;
    const server = createServer(({ headers, url }, response) => {
      requests += 1;
      const repeated = escapeHtml(`${headers.authorization} ${headers['x-amz-security-token']} ${url}`);
      const code = requests % 2 === 0 ? SECRETS.s3Key.value : 'SignatureDoesNotMatch';
      response.writeHead(status, {
        'content-type': 'application/xml',
        location: `http://x.example/?${SECRETS.s3Key.value}`,
      });
      response.end(
        `<Error><Code>${code}</Code><Message>${repeated}</Message><AWSAccessKeyId>${SECRETS.s3Key.value}</AWSAccessKeyId></Error>`,
      );
    });
    await withServer(server, async (port) => {
      const user = `me:${encodeURIComponent(SECRETS.s3Password.value)}@`;
      const secret = inFolder('in', 's3Secret');
      const s3 = `{ bucket: reports, endpoint: "http://${user}127.0.0.1:${port}", accessKeyId: { environment: S3_KEY }, secretAccessKey: { file: "${secret}" } }`;
      const config = await writeConfig({ server: `${day.url}/ok`, archive: `{ s3: ${s3} }` });
      const texts = await runAll([
        [1, 'schedule', '--config', config, ...AT],
        [1, 'digest', '--config', config, ...AT, '--dry-run', '--out', inFolder('out')],
      ]);
      expect(requests).toBeGreaterThan(4);
      expect(findSecrets(texts, SECRETS)).toEqual([]);
    });
  });

  it('by serve, in pages, API, metrics, log and files', async () => {
    const config = await writeConfig({
      server: (cluster) => `${day.url}/${cluster === 'address' ? 'ok' : 'unauthorized'}`,
      archive: `{ folder: "${inFolder('out', 'served')}" }`,
    });
    const server = await startServe(config);
    const paths: string[] = [];
    for (const cluster of ['address', 'basic']) {
      const body = { cluster, start: '2026-11-20', end: '2026-11-21', formats: ['html'] };
      paths.push(JSON.parse(await server.request('POST', '/reports', body)).url);
    }
    await waitUntil(
      async () => /"state": ?"ready"/.test(await server.request('GET', paths[0] ?? '')),
      () => 'the report is not ready',
    );
    await waitUntil(
      () => server.log().includes('tried again'),
      () => server.log(),
    );
    for (const path of ['/reports', ...paths.flatMap((one) => [`${one}/report.html`, `${one}/report.json`])])
      await server.request('GET', path);
    await server.request('GET', '/metrics');
    const texts = await server.stop();
    const all = new Map<string, string | Uint8Array>([...texts, ...writtenFiles()]);
    expect(findSecrets(all, SECRETS)).toEqual([]);
    expect([...texts.values()].join()).toContain('seen: ***');
  });

  it('by serve when the issuer of the tokens cannot be asked', async () => {
    const issuer = `http://me:${encodeURIComponent(SECRETS.addressPassword.value)}@127.0.0.1:9/`;
    const config = await writeConfig({
      server: day.url,
      serve: `{ authentication: { jwt: { issuer: "${issuer}", audience: [reports] } } }`,
    });
    const server = await startServe(config);
    await server.request('GET', '/reports');
    const texts = await server.stop();
    expect([...texts.values()][0]).toMatch(/^(?:401|500) /);
    expect(findSecrets(texts, SECRETS)).toEqual([]);
  });
});
