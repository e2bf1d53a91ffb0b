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

/** Stores with the given values by name. The error for a missing name has a secret in its field `value`. */
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

/** Returns the error message, and expects it to be one line without the secret. */
async function messageOf(
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
  it('come from files and variables, without the trailing line break that editors add', async () => {
    const file = await fileOf('token', `\uFEFF${SECRET}\r\n`);
    expect(await read({ bearerToken: { file } })).toEqual({
      url: 'https://prometheus.example/prom',
      headers: { authorization: `Bearer ${SECRET}` },
      certificateAuthority: undefined,
    });
    const { headers } = await read(
      {
        basic: { username: 'me', password: { environment: 'PASSWORD' } },
        headers: { 'X-Key': { file }, constructor: 'c' },
      },
      { PASSWORD: 'pä:ss' },
    );
    expect(headers).toEqual({ authorization: basic('me:pä:ss'), 'x-key': SECRET, constructor: 'c' });
  });

  it('in the address are moved to a header', async () => {
    const { url, headers } = await read({ url: `http://me%40x:${SECRET}%2F@prometheus:9090/a/b//` });
    expect(url).toBe('http://prometheus:9090/a/b');
    expect(headers).toEqual({ authorization: basic(`me@x:${SECRET}/`) });
  });

  it('are removed from an address that keeps its parameters', async () => {
    const { url, headers } = await read({ url: `http://me:${SECRET}@host/a/?namespace=x&dedup=true` });
    expect(url).toBe('http://host/a?namespace=x&dedup=true');
    expect(headers).toEqual({ authorization: basic(`me:${SECRET}`) });
  });

  it('come from AWS, whole or as a field of a JSON object', async () => {
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

  it('that a store cannot return now are not reported as a configuration error', async () => {
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

  it('are not looked up in stores that are not referenced', async () => {
    const never = () => Promise.reject(new Error('looked up'));
    const stores = { parameter: never, secret: never };
    await expect(
      read({ bearerToken: { environment: 'TOKEN' } }, { TOKEN: SECRET }, stores),
    ).resolves.toBeTruthy();
  });

  it('are not taken from properties that every object has', async () => {
    for (const environment of ['constructor', '__proto__', 'toString'])
      expect(await messageOf({ bearerToken: { environment } })).toMatch(
        /^prometheus\.bearerToken: the environment variable \w+ is not set$/,
      );
  });

  it.each<[string, Partial<PrometheusSettings>, RegExp]>([
    ['an unset variable', { bearerToken: { environment: 'NOPE' } }, /^prometheus\.bearerToken: .* NOPE /],
    [
      'a missing file',
      { headers: { 'X-Key': { file: '/nowhere/key' } } },
      /^prometheus\.headers\.X-Key: cannot read \/nowhere\/key \(ENOENT\)$/,
    ],
    [
      'a folder instead of a file',
      { bearerToken: { file: '/' } },
      /^prometheus\.bearerToken: cannot read \/ \(EISDIR\)$/,
    ],
    ['nothing', { bearerToken: { environment: 'EMPTY' } }, /^prometheus\.bearerToken: is empty$/],
    [
      'several lines',
      { basic: { username: 'me', password: { environment: 'LINES' } } },
      /^prometheus\.basic\.password: must be a single line$/,
    ],
    [
      'a character that is not allowed in a header',
      { bearerToken: { environment: 'CHINESE' } },
      /^prometheus\.bearerToken: contains a character/,
    ],
    [
      'a line break in a plain header',
      { headers: { 'X-Key': `${SECRET}\nX: y` } },
      /^prometheus\.headers\.X-Key: contains a character/,
    ],
    [
      'more than one kind of authentication',
      { headers: { Authorization: { environment: 'TOKEN' } }, bearerToken: { environment: 'TOKEN' } },
      /^prometheus\.headers\.Authorization: give only one of/,
    ],
    [
      'a user name in the address and a token',
      { url: `http://me:${SECRET}@host`, bearerToken: { environment: 'TOKEN' } },
      /^prometheus\.url: /,
    ],
    [
      'a user name in the address and a signature',
      { url: `http://me:${SECRET}@host`, sigv4: {} },
      /^prometheus\.url: contains a user name in addition to other credentials/,
    ],
    [
      'an Authorization header and a signature',
      { headers: { Authorization: { environment: 'TOKEN' } }, sigv4: {} },
      /^prometheus\.headers\.Authorization: give only one of this, .* and prometheus\.sigv4$/,
    ],
    [
      'a missing parameter',
      { headers: { 'X-Key': { parameter: '/nope' } } },
      /^prometheus\.headers\.X-Key: there is no parameter \/nope$/,
    ],
    [
      'a missing secret',
      { basic: { username: 'me', password: { secret: 'nope' } } },
      /^prometheus\.basic\.password: there is no secret nope$/,
    ],
    [
      'a missing field',
      { bearerToken: { secret: 'fields', key: 'passwort' } },
      /^prometheus\.bearerToken: the secret fields has no field "passwort"/,
    ],
    [
      'a field that every object has',
      { bearerToken: { secret: 'fields', key: 'toString' } },
      /has no field "toString"/,
    ],
    ['a field that is an object', { bearerToken: { secret: 'fields', key: 'more' } }, /has no field "more"/],
    [
      'an empty field',
      { bearerToken: { secret: 'fields', key: 'empty' } },
      /^prometheus\.bearerToken: is empty$/,
    ],
    [
      'a field of a secret that is plain text',
      { bearerToken: { secret: 'plain', key: 'password' } },
      /the secret plain is not a JSON object; leave out "key"$/,
    ],
    [
      'a field of invalid JSON',
      { bearerToken: { secret: 'broken', key: 'password' } },
      /the secret broken is not a JSON/,
    ],
    ['a field of a list', { bearerToken: { secret: 'list', key: '0' } }, /the secret list is not a JSON/],
    [
      'a JSON object without a chosen field',
      { bearerToken: { secret: 'fields' } },
      /the secret fields is a JSON object; choose one of its fields with "key"$/,
    ],
    ['an invalid escape in the address', { url: `http://me:${SECRET}%@host` }, /^prometheus\.url: .*%25/],
    [
      'a parameter of queries in the address',
      { url: `http://host/?token=${SECRET}&query=up` },
      /^prometheus\.url: leave out the parameter "query", which every query sets itself$/,
    ],
    [
      'a fragment in the address',
      { url: `http://host/#${SECRET}` },
      /^prometheus\.url: leave out "#" and what follows$/,
    ],
    ['no address', { url: undefined }, /^prometheus\.url: /],
  ])('are refused, without the secret in the message, when there is %s', async (_, change, message) => {
    const environment = { EMPTY: ' \n', LINES: `${SECRET}\nmore`, CHINESE: `${SECRET}密`, TOKEN: SECRET };
    expect(await messageOf(change, environment)).toMatch(message);
  });
});

describe('trusted certificates', () => {
  it('are read unchanged', async () => {
    const caFile = new URL('../../../fixtures/tls/server-cert.pem', import.meta.url).pathname;
    const { certificateAuthority } = await read({ caFile });
    expect(certificateAuthority).toMatch(/^-----BEGIN CERTIFICATE-----/);
  });

  it('are refused when the file is missing or contains none, which Node would accept silently', async () => {
    expect(await messageOf({ caFile: '/nowhere/ca.pem' })).toMatch(
      /^prometheus\.caFile: cannot read .*ENOENT/,
    );
    const key = new URL('../../../fixtures/tls/server-key.pem', import.meta.url).pathname;
    expect(await messageOf({ caFile: key })).toMatch(/^prometheus\.caFile: .*no PEM certificate/);
    expect(await messageOf({ caFile: await fileOf('empty.pem', '') })).toMatch(/no PEM certificate/);
  });
});
