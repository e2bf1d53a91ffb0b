import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readAccess } from '../../../../src/adapters/prometheus/access.ts';
import type { PrometheusSettings } from '../../../../src/adapters/prometheus/schema.ts';
import type { SecretStores } from '../../../../src/adapters/secrets/secrets.ts';
import type { Environment } from '../../../../src/config/environment.ts';
import { ConfigError } from '../../../../src/config/errors.ts';
import { UserError } from '../../../../src/report/model/user-error.ts';

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
  capture: undefined,
  bearerToken: undefined,
  basic: undefined,
  sigv4: undefined,
  headers: {},
  caFile: undefined,
  timeoutMilliseconds: undefined,
  concurrency: undefined,
  ...change,
});

/** Stores that hold what they are given by name, and complain as those of AWS do. */
function storesOf(held: Readonly<Record<string, string>>): SecretStores {
  const lookUp = (kind: string) => async (name: string) => {
    const value = held[`${kind} ${name}`];
    if (value === undefined) throw Object.assign(new Error(`there is no ${kind} ${name}`), { value: SECRET });
    return value;
  };
  return { parameter: lookUp('parameter'), secret: lookUp('secret') };
}

const STORES = storesOf({
  'parameter /antrea/token': `${SECRET}\n`,
  'secret plain': SECRET,
  'secret fields': JSON.stringify({
    user: 'me',
    password: SECRET,
    pin: 4711,
    more: { deep: SECRET },
    empty: '',
  }),
  'secret broken': `{"password": "${SECRET}`,
  'secret list': JSON.stringify([SECRET]),
});

const read = (change: Partial<PrometheusSettings>, environment: Environment = {}, stores = STORES) =>
  readAccess(settingsOf(change), { environment, secretStores: stores });

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

  it('leave the parameters of an address in it', async () => {
    const { url, headers } = await read({ url: `http://me:${SECRET}@host/a/?namespace=x&dedup=true` });
    expect(url).toBe('http://host/a?namespace=x&dedup=true');
    expect(headers).toEqual({ authorization: basic(`me:${SECRET}`) });
  });

  it('come from AWS, whole or a field of what is JSON', async () => {
    const { headers } = await read({
      bearerToken: { parameter: '/antrea/token' },
      headers: {
        'X-Plain': { secret: 'plain' },
        'X-Field': { secret: 'fields', key: 'password' },
        'X-Number': { secret: 'fields', key: 'pin' },
      },
    });
    expect(headers).toEqual({
      authorization: `Bearer ${SECRET}`,
      'x-plain': SECRET,
      'x-field': SECRET,
      'x-number': '4711',
    });
  });

  it('that a store cannot give now are no mistake of the configuration', async () => {
    const fail = () =>
      Promise.reject(Object.assign(new UserError('too busy', { retry: true }), { value: SECRET }));
    const error = await read(
      { bearerToken: { parameter: '/a' } },
      {},
      { parameter: fail, secret: fail },
    ).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toEqual(new UserError('prometheus.bearerToken: too busy', { retry: true }));
    expect(error).not.toBeInstanceOf(ConfigError);
  });

  it('are not asked for from stores that are not named', async () => {
    const never = () => Promise.reject(new Error('asked'));
    const stores = { parameter: never, secret: never };
    await expect(
      read({ bearerToken: { environment: 'TOKEN' } }, { TOKEN: SECRET }, stores),
    ).resolves.toBeTruthy();
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
    [
      'a user in the address beside a signature',
      { url: `http://me:${SECRET}@host`, sigv4: {} },
      /^prometheus\.url: contains a user name in addition to other credentials/,
    ],
    [
      'a header of one’s own beside a signature',
      { headers: { Authorization: { environment: 'TOKEN' } }, sigv4: {} },
      /^prometheus\.headers\.Authorization: give either this or .* prometheus\.sigv4$/,
    ],
    [
      'a parameter that is not there',
      { headers: { 'X-Key': { parameter: '/nope' } } },
      /^prometheus\.headers\.X-Key: there is no parameter \/nope$/,
    ],
    [
      'a secret that is not there',
      { basic: { username: 'me', password: { secret: 'nope' } } },
      /^prometheus\.basic\.password: there is no secret nope$/,
    ],
    [
      'a field that is not there',
      { bearerToken: { secret: 'fields', key: 'passwort' } },
      /^prometheus\.bearerToken: the secret fields has no field "passwort"/,
    ],
    [
      'a field that every object has',
      { bearerToken: { secret: 'fields', key: 'toString' } },
      /has no field "toString"/,
    ],
    ['a field with fields', { bearerToken: { secret: 'fields', key: 'more' } }, /has no field "more"/],
    [
      'an empty field',
      { bearerToken: { secret: 'fields', key: 'empty' } },
      /^prometheus\.bearerToken: is empty$/,
    ],
    [
      'a field of what has none',
      { bearerToken: { secret: 'plain', key: 'password' } },
      /the secret plain is not a JSON object; leave out "key"$/,
    ],
    [
      'a field of half a JSON',
      { bearerToken: { secret: 'broken', key: 'password' } },
      /the secret broken is not a JSON/,
    ],
    ['a field of a list', { bearerToken: { secret: 'list', key: '0' } }, /the secret list is not a JSON/],
    [
      'fields, of which none is named',
      { bearerToken: { secret: 'fields' } },
      /the secret fields holds a JSON object; say with "key"/,
    ],
    ['a half-written escape in the address', { url: `http://me:${SECRET}%@host` }, /^prometheus\.url: .*%25/],
    [
      'a question in the address',
      { url: `http://host/?token=${SECRET}&query=up` },
      /^prometheus\.url: leave out the parameter "query", which every query sets itself$/,
    ],
    [
      'a fragment in the address',
      { url: `http://host/#${SECRET}` },
      /^prometheus\.url: leave out "#" and what follows$/,
    ],
    ['no address', { url: undefined }, /^prometheus\.url: /],
  ])('are refused without being repeated when there is %s', async (_, change, message) => {
    const environment = { EMPTY: ' \n', LINES: `${SECRET}\nmore`, CHINESE: `${SECRET}密`, TOKEN: SECRET };
    expect(await complaintOf(change, environment)).toMatch(message);
  });
});

describe('certificates to trust', () => {
  it('are read as they are', async () => {
    const caFile = new URL('../../../fixtures/tls/server-cert.pem', import.meta.url).pathname;
    const { certificateAuthority } = await read({ caFile });
    expect(certificateAuthority).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });

  it('are refused when the file is not there or holds none, which Node would pass over in silence', async () => {
    expect(await complaintOf({ caFile: '/nowhere/ca.pem' })).toMatch(
      /^prometheus\.caFile: cannot read .*ENOENT/,
    );
    const key = new URL('../../../fixtures/tls/server-key.pem', import.meta.url).pathname;
    expect(await complaintOf({ caFile: key })).toMatch(/^prometheus\.caFile: .*no certificate/);
    expect(await complaintOf({ caFile: await fileOf('empty.pem', '') })).toMatch(/no certificate/);
  });
});
