import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/config/errors.ts';
import { type Environment, readAccess } from '../../../src/config/secrets.ts';
import type { PrometheusSettings } from '../../../src/config/settings.ts';

const SECRET = 's3cret-value';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'antrea-health-secrets-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

const settingsOf = (change: Partial<PrometheusSettings> = {}): PrometheusSettings => ({
  url: 'https://prometheus.example/prom/',
  bearerToken: undefined,
  basic: undefined,
  headers: {},
  caFile: undefined,
  timeoutMilliseconds: undefined,
  concurrency: undefined,
  ...change,
});

const read = (change: Partial<PrometheusSettings>, environment: Environment = {}) =>
  readAccess(settingsOf(change), environment);

const basic = (pair: string) => `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;

/** What is said when it cannot be read: one line, without the secret. */
async function complaintOf(
  change: Partial<PrometheusSettings>,
  environment: Environment = {},
): Promise<string> {
  const error = await read(change, environment).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ConfigError);
  const { message, stack = '', cause } = error as ConfigError;
  expect(message).not.toMatch(/[\r\n]/);
  expect(`${message}${stack}${JSON.stringify(cause) ?? ''}`).not.toContain(SECRET);
  return message;
}

describe('credentials', () => {
  it('come from files and variables, without the line break that editors leave', async () => {
    const file = await fileOf('token', `\uFEFF${SECRET}\r\n`);
    expect(await read({ bearerToken: { file } })).toEqual({
      url: 'https://prometheus.example/prom',
      headers: { authorization: `Bearer ${SECRET}` },
      certificateAuthority: undefined,
    });
    const { headers } = await read(
      { basic: { username: 'me', password: { environment: 'PASSWORD' } }, headers: { 'X-Key': { file } } },
      { PASSWORD: 'pä:ss' },
    );
    expect(headers).toEqual({ authorization: basic('me:pä:ss'), 'x-key': SECRET });
  });

  it('in the address become a header, and leave the address', async () => {
    const { url, headers } = await read({ url: `http://me%40x:${SECRET}%2F@prometheus:9090/a/b//` });
    expect(url).toBe('http://prometheus:9090/a/b');
    expect(headers).toEqual({ authorization: basic(`me@x:${SECRET}/`) });
  });

  it('cannot be taken from what every object has', async () => {
    for (const environment of ['constructor', '__proto__', 'toString'])
      expect(await complaintOf({ bearerToken: { environment } })).toMatch(
        /^prometheus\.bearerToken: the environment variable \w+ is not set$/,
      );
  });

  it.each<[string, Partial<PrometheusSettings>, RegExp]>([
    [
      'a variable that is not set',
      { bearerToken: { environment: 'NOPE' } },
      /^prometheus\.bearerToken: .* NOPE /,
    ],
    [
      'a file that is not there',
      { headers: { 'X-Key': { file: '/nowhere/key' } } },
      /^prometheus\.headers\.X-Key: cannot read \/nowhere\/key \(ENOENT\)$/,
    ],
    [
      'a folder in place of a file',
      { bearerToken: { file: '/' } },
      /^prometheus\.bearerToken: cannot read \/ \(EISDIR\)$/,
    ],
    ['nothing', { bearerToken: { environment: 'EMPTY' } }, /^prometheus\.bearerToken: is empty$/],
    [
      'several lines',
      { basic: { username: 'me', password: { environment: 'LINES' } } },
      /^prometheus\.basic\.password: has more than one line$/,
    ],
    [
      'a character that no header holds',
      { bearerToken: { environment: 'CHINESE' } },
      /^prometheus\.bearerToken: has a character/,
    ],
    [
      'a line break in a plain header',
      { headers: { 'X-Key': `${SECRET}\nX: y` } },
      /^prometheus\.headers\.X-Key: has a character/,
    ],
    [
      'a header twice',
      { headers: { 'X-Key': SECRET, 'x-key': SECRET } },
      /^prometheus\.headers\.x-key: is given twice$/,
    ],
    ['a secret in plain sight', { headers: { Cookie: SECRET } }, /^prometheus\.headers\.Cookie: is a secret/],
    [
      'two ways to prove who asks',
      { headers: { Authorization: { environment: 'TOKEN' } }, bearerToken: { environment: 'TOKEN' } },
      /^prometheus\.headers\.Authorization: give either/,
    ],
    [
      'a user in the address beside a token',
      { url: `http://me:${SECRET}@host`, bearerToken: { environment: 'TOKEN' } },
      /^prometheus\.url: /,
    ],
    ['a half-written escape in the address', { url: `http://me:${SECRET}%@host` }, /^prometheus\.url: .*%25/],
    [
      'a question in the address',
      { url: `http://host/?token=${SECRET}` },
      /^prometheus\.url: must end with its path/,
    ],
    ['no address', { url: undefined }, /^prometheus\.url: /],
  ])('are refused without being repeated when there is %s', async (_, change, message) => {
    const environment = { EMPTY: ' \n', LINES: `${SECRET}\nmore`, CHINESE: `${SECRET}密`, TOKEN: SECRET };
    expect(await complaintOf(change, environment)).toMatch(message);
  });
});

describe('certificates to trust', () => {
  it('are read as they are', async () => {
    const caFile = new URL('../../fixtures/tls/server-cert.pem', import.meta.url).pathname;
    const { certificateAuthority } = await read({ caFile });
    expect(certificateAuthority).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });

  it('are refused when the file is not there or holds none, which Node would pass over in silence', async () => {
    expect(await complaintOf({ caFile: '/nowhere/ca.pem' })).toMatch(
      /^prometheus\.caFile: cannot read .*ENOENT/,
    );
    const key = new URL('../../fixtures/tls/server-key.pem', import.meta.url).pathname;
    expect(await complaintOf({ caFile: key })).toMatch(/^prometheus\.caFile: .*no certificate/);
    expect(await complaintOf({ caFile: await fileOf('empty.pem', '') })).toMatch(/no certificate/);
  });
});
