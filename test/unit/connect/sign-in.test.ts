import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/file.ts';
import { type SignInSettings, signInOf } from '../../../src/config/sign-in.ts';
import { openSecretSources } from '../../../src/connect/secrets.ts';
import { openGate } from '../../../src/connect/sign-in.ts';

/** Two issuers with the same key: that of people, and that of programs only. */
let server: Server;
let origin = '';
let keys: { publicKey: CryptoKey; privateKey: CryptoKey };
beforeAll(async () => {
  keys = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  server = createServer(({ url = '' }, response) => {
    const [, name] = url.split('/');
    const content = url.endsWith('/keys')
      ? { keys: [jwk] }
      : { issuer: `${origin}/${name}`, jwks_uri: `${origin}/${name}/keys` };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(content));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const CONFIG = () => `
address: https://health.example.com
clusters: [{ name: prod-berlin }, { name: prod-paris }]
signIn:
  issuer: ${origin}/people
  clientId: health
  clientSecret: { environment: SECRET }
  sessionKeys: [{ environment: KEY }]
  groups: { claim: groups, clusters: { sre: ["*"], berlin: [prod-berlin] } }
`;

const ENVIRONMENT = { KEY: 'k'.repeat(32), SECRET: 's3cret' };

function open(tokensOf: 'people' | 'programs' | null, environment: Record<string, string> = ENVIRONMENT) {
  const config = { issuer: `${origin}/${tokensOf}`, audience: ['reports'] };
  return openGate({
    settings: signInOf(parseConfig(CONFIG(), 'test.yaml').file) as SignInSettings,
    tokens: tokensOf === null ? null : { config, key: 'serve.authentication.jwt', fetch },
    secrets: openSecretSources(environment),
    fetch,
    onError: () => undefined,
  });
}

const token = (issuer: string, claims: Record<string, unknown>) =>
  new SignJWT({ sub: 'alice', ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setIssuer(`${origin}/${issuer}`)
    .setAudience('reports')
    .setExpirationTime('1h')
    .sign(keys.privateKey);

describe('a token where people sign in', () => {
  it.each<[string, Record<string, unknown>, unknown]>([
    ['all clusters to a group that has all', { groups: ['sre', 'x'] }, 'all'],
    ['the clusters of its group', { groups: 'berlin' }, new Set(['prod-berlin'])],
    ['nothing without a group', {}, new Set()],
    ['nothing to a group that is not configured', { groups: ['toString', '*', null, {}] }, new Set()],
  ])('of their issuer shows %s, so that nobody gets around the groups', async (_, claims, clusters) => {
    const { readToken } = await open('people');
    expect(await readToken?.(`Bearer ${await token('people', claims)}`)).toEqual({ user: 'alice', clusters });
  });

  it('of another issuer, which only programs have, shows all clusters', async () => {
    const { readToken } = await open('programs');
    const read = async (issuer: string) => readToken?.(`Bearer ${await token(issuer, {})}`);
    expect(await read('programs')).toEqual({ user: 'alice', clusters: 'all' });
    expect(await read('people')).toEqual({ refused: 'the token’s claim "iss" does not fit' });
  });

  it('is not read when programs have no access', async () => {
    expect((await open(null)).readToken).toBeNull();
  });
});

describe('the secrets of signing in', () => {
  it.each<[Record<string, string>, string]>([
    [{ SECRET: 'x' }, 'signIn.sessionKeys.0: the environment variable KEY is not set'],
    [{ KEY: 'short', SECRET: 'x' }, 'signIn.sessionKeys.0: has fewer than 32 bytes; make one with'],
    [{ KEY: ENVIRONMENT.KEY }, 'signIn.clientSecret: the environment variable SECRET is not set'],
  ])('are read at the start: %j', async (environment, message) => {
    const error = await open(null, environment).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ isUsage: true, message: expect.stringContaining(message) });
    expect(String(error)).not.toContain('short');
  });
});
