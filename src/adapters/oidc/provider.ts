import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  buildEndSessionUrl,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  None,
  ResponseBodyError,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type ServerMetadata,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import type { SignInSettings } from '../../config/sign-in.ts';
import { UserError } from '../../report/model/user-error.ts';
import { type Attempt, type Claims, type Provider, SignInError } from '../../service/sign-in/provider.ts';
import { cached } from '../aws/cached.ts';

export type ProviderOptions = {
  settings: Pick<SignInSettings, 'issuer' | 'clientId' | 'clientAuthentication' | 'scope' | 'groups'>;
  /** Where the issuer sends browsers back to. */
  redirectUri: string;
  /** Returns the secret of a confidential client, undefined for a public one. */
  readClientSecret: () => Promise<string | undefined>;
  /** Node's own, or one that trusts more certificates. */
  fetch: typeof fetch;
  now: () => Date;
};

/** How long what the issuer says about itself, its keys and the client's secret are used before they are read again. */
const DISCOVERED_MILLISECONDS = 10 * 60_000;

/** For one answer of the issuer; on Lambda, signing in takes up to four of them in 29 s. */
const ANSWER_SECONDS = 6;

/** The code flow of OpenID Connect with PKCE (RFC 7636). */
export function openProvider(options: ProviderOptions): Provider {
  const { settings, redirectUri, now } = options;
  const discovered = cached(
    () => discover(options),
    () => now().getTime() + DISCOVERED_MILLISECONDS,
    () => now().getTime(),
  );
  const withIssuer = async <T>(work: (issuer: Configuration) => T | Promise<T>): Promise<T> => {
    try {
      return await work(await discovered());
    } catch (error) {
      throw toSignInError(error);
    }
  };
  return {
    begin: () =>
      withIssuer(async (issuer) => {
        const attempt = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier() };
        const { href } = buildAuthorizationUrl(issuer, {
          redirect_uri: redirectUri,
          scope: settings.scope,
          state: attempt.state,
          nonce: attempt.nonce,
          code_challenge: await calculatePKCECodeChallenge(attempt.verifier),
          code_challenge_method: 'S256',
        });
        return { address: href, attempt };
      }),
    finish: (query, attempt) =>
      withIssuer((issuer) => finish(issuer, callbackAddress(redirectUri, query), attempt, settings.groups)),
    signOutAddress: (returnTo) =>
      withIssuer((issuer) =>
        issuer.serverMetadata().end_session_endpoint === undefined
          ? null
          : buildEndSessionUrl(issuer, { post_logout_redirect_uri: returnTo }).href,
      ),
  };
}

async function discover({ settings, readClientSecret, fetch }: ProviderOptions): Promise<Configuration> {
  const issuer = new URL(settings.issuer);
  const secret = await readClientSecret();
  const isInsecure = issuer.protocol === 'http:';
  return discovery(
    issuer,
    settings.clientId,
    undefined,
    authenticateClient(secret, settings.clientAuthentication),
    {
      timeout: ANSWER_SECONDS,
      [customFetch]: (address, options) => fetch(address, options as RequestInit),
      execute: [enableNonRepudiationChecks, ...(isInsecure ? [allowInsecureRequests] : [])],
    },
  );
}

/** Basic, which every issuer must support (RFC 6749, section 2.3.1), unless the issuer says that it does not. */
function authenticateClient(
  secret: string | undefined,
  wanted: SignInSettings['clientAuthentication'],
): ClientAuth {
  if (secret === undefined) return None();
  const [basic, post] = [ClientSecretBasic(secret), ClientSecretPost(secret)];
  return (issuer: ServerMetadata, ...others) => {
    // The default of OpenID Connect Discovery 1.0, section 3.
    const { token_endpoint_auth_methods_supported: methods = ['client_secret_basic'] } = issuer;
    const isOnlyPost = !methods.includes('client_secret_basic') && methods.includes('client_secret_post');
    return ((wanted ?? (isOnlyPost ? 'post' : 'basic')) === 'post' ? post : basic)(issuer, ...others);
  };
}

/** The registered address with the query of the callback: what a request says about its host may be wrong. */
function callbackAddress(redirectUri: string, query: Readonly<Record<string, string | undefined>>): URL {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, value);
  return url;
}

async function finish(
  issuer: Configuration,
  address: URL,
  { state, nonce, verifier }: Attempt,
  groups: SignInSettings['groups'],
): Promise<Claims> {
  const tokens = await authorizationCodeGrant(issuer, address, {
    expectedState: state,
    expectedNonce: nonce,
    pkceCodeVerifier: verifier,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new SignInError('refused', 'signIn: the issuer returned no ID token');
  const wanted = ['name', ...(groups ? [groups.claim] : [])];
  const isComplete = wanted.every((claim) => claims[claim] !== undefined);
  // Many issuers leave these claims to UserInfo (OpenID Connect Core 1.0, section 5.4).
  if (isComplete || issuer.serverMetadata().userinfo_endpoint === undefined) return claims;
  return { ...(await fetchUserInfo(issuer, tokens.access_token, claims.sub)), ...claims };
}

/** Codes of errors that a later attempt may not meet (RFC 6749, section 4.1.2.1). */
const TEMPORARY = ['temporarily_unavailable', 'server_error'];

/** Keeps the code of an error only: texts and causes of the library contain answers of the issuer, and with them tokens. */
function toSignInError(error: unknown): Error {
  if (error instanceof UserError) return error;
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    const code = codeOf(error.error);
    if (code === 'access_denied') return new SignInError('denied', 'signIn: the issuer denied access');
    if (TEMPORARY.includes(code))
      return new SignInError('unavailable', `signIn: the issuer answered ${code}`);
    if (code === 'invalid_grant')
      return new SignInError(
        'expired',
        'signIn: the issuer does not accept the code; it was used or expired',
      );
    if (code !== 'invalid_client') return new SignInError('refused', `signIn: the issuer answered ${code}`);
  }
  if (error instanceof ResponseBodyError || error instanceof WWWAuthenticateChallengeError)
    return new SignInError(
      'refused',
      'signIn: the issuer does not accept this client; check signIn.clientId, signIn.clientSecret and signIn.clientAuthentication',
    );
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (message === 'discovered metadata issuer does not match the expected issuer')
    return new SignInError('refused', 'signIn.issuer: the issuer has another name for itself; use that name');
  if (isUnreachable(error))
    return new SignInError('unavailable', 'signIn.issuer: does not answer as an OpenID Connect issuer does');
  return new SignInError('refused', `signIn: the issuer’s answer is not valid (${codeOf(code)})`);
}

/** Failures of the connection, time-outs, and answers that come from something else than an issuer. */
function isUnreachable(error: unknown): boolean {
  const { code, message, name } = error as { code?: string; message?: string; name?: string };
  const CODES = [
    'OAUTH_TIMEOUT',
    'OAUTH_ABORT',
    'OAUTH_RESPONSE_IS_NOT_CONFORM',
    'OAUTH_RESPONSE_IS_NOT_JSON',
  ];
  return name === 'TimeoutError' || message === 'fetch failed' || CODES.includes(code ?? '');
}

const codeOf = (code: unknown): string =>
  typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : 'an unknown error';
