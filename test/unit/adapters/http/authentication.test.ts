import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openAuthentication } from '../../../../src/adapters/http/authentication.ts';
import type { Authenticate } from '../../../../src/service/api/caller.ts';

/** An issuer whose keys come from a real server, as those of OpenID Connect do. */
let server: Server;
let issuer = '';
let keys: { publicKey: CryptoKey; privateKey: CryptoKey };
let isDown = false;
let named: string | undefined;

beforeAll(async () => {
  keys = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  server = createServer(({ url }, response) => {
    if (isDown) return void response.writeHead(503).end();
    const content = url?.endsWith('/keys')
      ? { keys: [jwk] }
      : { issuer: named ?? issuer, jwks_uri: `${issuer}/keys` };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(content));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

type Claims = { iss?: string; aud?: string; expires?: number | null; key?: CryptoKey; algorithm?: string };

function token({ iss = issuer, aud = 'reports', expires = 60, key = keys.privateKey }: Claims = {}) {
  const now = Math.floor(Date.now() / 1000);
  const unsigned = new SignJWT({ sub: 'alice' })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setIssuer(iss)
    .setAudience(aud)
    .setIssuedAt(now);
  return (expires === null ? unsigned : unsigned.setExpirationTime(now + expires)).sign(key);
}

const bearer = async (text: string | Promise<string>) => ({ authorization: `Bearer ${await text}` });
const byToken = () => openAuthentication({ jwt: { issuer, audience: ['other', 'reports'] } });

describe('a token', () => {
  it('of the issuer names its user', async () => {
    expect(await byToken()(await bearer(token()), '')).toEqual({ user: 'alice' });
  });

  it.each<[string, Claims, RegExp]>([
    ['of another issuer', { iss: 'https://login.example.com' }, /"iss"/],
    ['for another audience', { aud: 'mail' }, /"aud"/],
    ['that has expired', { expires: -60 }, /expired/],
    ['that never expires', { expires: null }, /"exp"/],
  ])('%s is refused', async (_, claims, reason) => {
    expect(await byToken()(await bearer(token(claims)), '')).toEqual({
      refused: expect.stringMatching(reason),
    });
  });

  it('signed with another key, or changed, or not signed, is refused', async () => {
    const other = await generateKeyPair('ES256');
    const [header = '', payload = '', signature = ''] = (await token()).split('.');
    const forged = Buffer.from(JSON.stringify({ sub: 'eve', iss: issuer, aud: 'reports' })).toString(
      'base64url',
    );
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    const shared = await new SignJWT({ sub: 'eve' })
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .setIssuer(issuer)
      .setAudience('reports')
      .setExpirationTime('1h')
      .sign(new TextEncoder().encode(JSON.stringify(await exportJWK(keys.publicKey))));
    const wrong = [
      await token({ key: other.privateKey }),
      `${header}.${forged}.${signature}`,
      `${none}.${payload}.`,
      shared,
      'x',
      'a.b.c',
    ];
    for (const one of wrong)
      expect(await byToken()(await bearer(one), ''), one).toEqual({ refused: 'the token is not valid' });
  });

  it('is needed', async () => {
    for (const headers of [{}, { authorization: 'Basic YTpi' }, { authorization: 'Bearer ' }])
      expect(await byToken()(headers, '')).toEqual({ refused: 'send a token: Authorization: Bearer …' });
  });

  it('is not judged while the issuer is down, and judged again afterwards', async () => {
    const authenticate = byToken();
    const headers = await bearer(token());
    isDown = true;
    await expect(authenticate(headers, '')).rejects.toMatchObject({ name: 'UserError', retry: true });
    isDown = false;
    expect(await authenticate(headers, '')).toEqual({ user: 'alice' });
  });

  it('is not judged by the keys of an issuer with another name', async () => {
    named = 'https://login.example.com';
    await expect(byToken()(await bearer(token()), '')).rejects.toThrow('does not answer as an issuer does');
    named = undefined;
  });
});

describe('a proxy', () => {
  const authenticate: Authenticate = openAuthentication({
    proxy: { userHeader: 'X-Forwarded-User', from: ['10.1.0.0/16', '192.0.2.7', 'fd00::/8'] },
  });

  it.each(['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.7', 'fd12::1'])(
    'at %s names the user',
    async (address) => {
      expect(await authenticate({ 'x-forwarded-user': 'alice' }, address)).toEqual({ user: 'alice' });
    },
  );

  it.each(['10.2.0.1', '::ffff:192.0.2.8', 'fe80::1', '::1', '', 'nonsense'])(
    'at %s is not one of ours',
    async (address) => {
      expect(await authenticate({ 'x-forwarded-user': 'alice' }, address)).toHaveProperty('refused');
    },
  );

  it.each([{}, { 'x-forwarded-user': ' ' }, { 'x-forwarded-user': 'eve, alice' }])(
    'that sends %j names nobody',
    async (headers) => {
      expect(await authenticate(headers, '10.1.2.3')).toEqual({
        refused: 'the proxy does not name one user',
      });
    },
  );
});
