import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openProvider, type ProviderOptions } from '../../../../src/adapters/oidc/provider.ts';
import { type Issuer, openVisitor, startIssuer } from '../../../fixtures/issuer.ts';

const redirectUri = 'https://health.example.com/antrea/sign-in/callback';
const SECRET = 'a secret with / and + and %';
const CLIENT = { redirect_uris: [redirectUri], client_secret: SECRET };

const PEOPLE = { alice: { name: 'Alice', groups: ['sre', 'team-a'] }, eve: { name: 'Eve' } };

let issuer: Issuer;
let short: Issuer;
let now = new Date();

beforeAll(async () => {
  const clients = [
    { client_id: 'basic', ...CLIENT },
    { client_id: 'post', ...CLIENT, token_endpoint_auth_method: 'client_secret_post' },
    { client_id: 'public', redirect_uris: [redirectUri], token_endpoint_auth_method: 'none' },
  ];
  [issuer, short] = await Promise.all([
    startIssuer({ clients, people: PEOPLE }),
    startIssuer({ clients, people: PEOPLE, isShort: true }),
  ]);
});
afterAll(async () => {
  await issuer.stop();
  await short.stop();
});
beforeEach(() => {
  issuer.setStatus(null);
  now = new Date();
});

type Changes = Partial<ProviderOptions['settings']> & { secret?: string | undefined };

const open = ({ secret = SECRET, ...changes }: Changes = {}) =>
  openProvider({
    settings: {
      issuer: issuer.url,
      clientId: 'basic',
      scope: 'openid profile',
      groups: undefined,
      ...changes,
    },
    redirectUri,
    readClientSecret: async () => (changes.clientId === 'public' ? undefined : secret),
    fetch,
    now: () => now,
  });

const GROUPS = { scope: 'openid profile groups', groups: { claim: 'groups', clusters: { sre: ['*'] } } };

async function signIn(changes: Changes = {}, login = 'alice') {
  const provider = open(changes);
  const { address, attempt } = await provider.begin();
  const callback = await openVisitor().signIn(address, login, redirectUri);
  return { provider, attempt, query: Object.fromEntries(callback.searchParams) };
}

describe('signing in', () => {
  it.each([
    ['basic', undefined],
    ['post', 'post' as const],
    ['public', undefined],
  ])('as the client "%s" returns the claims about the person', async (clientId, clientAuthentication) => {
    const { provider, query, attempt } = await signIn({ clientId, clientAuthentication, ...GROUPS });
    expect(await provider.finish(query, attempt)).toMatchObject({ sub: 'alice', ...PEOPLE.alice });
  });

  it('asks with PKCE, state and nonce, which differ each time', async () => {
    const provider = open();
    const [one, two] = [await provider.begin(), await provider.begin()];
    const { searchParams } = new URL(one.address);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      response_type: 'code',
      redirect_uri: redirectUri,
      state: one.attempt.state,
      nonce: one.attempt.nonce,
      code_challenge_method: 'S256',
    });
    expect(searchParams.get('code_challenge')).not.toBe(one.attempt.verifier);
    expect(new Set([...Object.values(one.attempt), ...Object.values(two.attempt)]).size).toBe(6);
  });

  it('reads no UserInfo if the ID token has all claims', async () => {
    const { provider, query, attempt } = await signIn({ issuer: short.url, ...GROUPS });
    expect(await provider.finish(query, attempt)).toMatchObject({ sub: 'alice', ...PEOPLE.alice });
    expect(short.requests.filter((request) => request.includes('/me'))).toEqual([]);
  });

  it('reads what the issuer says about itself once in ten minutes', async () => {
    const provider = open();
    const count = () => issuer.requests.filter((request) => request.includes('.well-known')).length;
    const before = count();
    await Promise.all([provider.begin(), provider.begin()]);
    await provider.begin();
    expect(count()).toBe(before + 1);
    now = new Date(now.getTime() + 10 * 60_000);
    await provider.begin();
    expect(count()).toBe(before + 2);
  });
});

describe('a callback', () => {
  it('counts once', async () => {
    const { provider, query, attempt } = await signIn();
    await provider.finish(query, attempt);
    await expect(provider.finish(query, attempt)).rejects.toMatchObject({ problem: 'expired' });
  });

  it.each(['state', 'nonce', 'verifier'] as const)('with another %s is refused', async (key) => {
    const { provider, query, attempt } = await signIn();
    const other = (await provider.begin()).attempt;
    await expect(provider.finish(query, { ...attempt, [key]: other[key] })).rejects.toMatchObject({
      name: 'SignInError',
      problem: key === 'verifier' ? 'expired' : 'refused',
    });
  });

  it('that the person or the issuer refused says so, without the text of the issuer', async () => {
    const provider = open();
    const { attempt } = await provider.begin();
    const refused = (error: string) =>
      provider.finish(
        { state: attempt.state, error, error_description: '<script>eyJhbGciOi</script>', iss: issuer.url },
        attempt,
      );
    await expect(refused('access_denied')).rejects.toMatchObject({ problem: 'denied' });
    await expect(refused('temporarily_unavailable')).rejects.toMatchObject({
      problem: 'unavailable',
      retry: true,
    });
    const error = await refused('<b>').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      problem: 'refused',
      message: 'signIn: the issuer answered an unknown error',
    });
    expect(error).not.toHaveProperty('cause');
  });
});

describe('an issuer', () => {
  it('that does not know the client or its secret makes it say which keys to check', async () => {
    const { provider, query, attempt } = await signIn({ secret: 'another' });
    const error = await provider.finish(query, attempt).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      problem: 'refused',
      message:
        'signIn: the issuer does not accept this client; check signIn.clientId, signIn.clientSecret and signIn.clientAuthentication',
    });
    expect(error).not.toHaveProperty('cause');
  });

  it('that is down, or is none, is noticed, and answers again later', async () => {
    const provider = open();
    issuer.setStatus(503);
    await expect(provider.begin()).rejects.toMatchObject({ problem: 'unavailable' });
    issuer.setStatus(200);
    await expect(provider.begin()).rejects.toMatchObject({ problem: 'unavailable' });
    issuer.setStatus(null);
    expect((await provider.begin()).address).toContain(issuer.url);
    await expect(open({ issuer: 'http://127.0.0.1:9' }).begin()).rejects.toMatchObject({
      problem: 'unavailable',
      message: 'signIn.issuer: does not answer as an OpenID Connect issuer does',
    });
  });

  it('with another name is refused', async () => {
    await expect(
      open({ issuer: issuer.url.replace('127.0.0.1', 'localhost') }).begin(),
    ).rejects.toMatchObject({
      message: 'signIn.issuer: the issuer has another name for itself; use that name',
    });
  });

  it('has an address to sign out at, to which it returns', async () => {
    const address = await open().signOutAddress('https://health.example.com/sign-out');
    expect(address).toMatch(new RegExp(`^${issuer.url}/session/end\\?`));
    expect(Object.fromEntries(new URL(address ?? '').searchParams)).toEqual({
      client_id: 'basic',
      post_logout_redirect_uri: 'https://health.example.com/sign-out',
    });
  });
});
