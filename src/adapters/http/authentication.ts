import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import { createSecureContext, getCACertificates } from 'node:tls';
import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { Agent, type Dispatcher, fetch } from 'undici';
import * as z from 'zod';
import { UserError } from '../../report/model/user-error.ts';
import { type AuthenticationConfig, addRange } from './schema.ts';

/** Who sent a request, or why it is refused: a text for the caller. */
export type Caller = { user: string } | { refused: string };

/**
 * Finds out who sent a request.
 * @param address the IP address that the request came from
 * @throws UserError when the issuer of tokens cannot be reached
 */
export type Authenticate = (headers: IncomingHttpHeaders, address: string) => Promise<Caller>;

type JwtConfig = NonNullable<AuthenticationConfig['jwt']>;
type ProxyConfig = NonNullable<AuthenticationConfig['proxy']>;

/** @param certificateAuthority PEM text with certificates to trust in addition to the system's */
export function openAuthentication(
  { jwt, proxy }: AuthenticationConfig,
  certificateAuthority?: string,
): Authenticate {
  if (jwt !== undefined) return byToken(jwt, certificateAuthority);
  if (proxy !== undefined) return byProxy(proxy);
  throw new RangeError('there is no way to authenticate');
}

/**
 * Trusts a header of a proxy. IPv4 addresses of a socket that serves both families have the form ::ffff:10.0.0.1.
 */
function byProxy({ userHeader, from }: ProxyConfig): Authenticate {
  const proxies = new BlockList();
  for (const range of from) addRange(proxies, range);
  const name = userHeader.toLowerCase();
  return async (headers, address) => {
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
    if (!proxies.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4'))
      return { refused: 'send the request through the proxy' };
    const user = headers[name];
    // With two headers of the name, one may be the caller's.
    if (typeof user !== 'string' || user.trim() === '' || user.includes(','))
      return { refused: 'the proxy does not name one user' };
    return { user };
  };
}

/** The signatures that issuers of OpenID Connect use; not those with a shared secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** Clocks of two machines differ by less. */
const CLOCK_TOLERANCE_SECONDS = 30;

function byToken(config: JwtConfig, certificateAuthority: string | undefined): Authenticate {
  const dispatcher =
    certificateAuthority === undefined
      ? undefined
      : new Agent({
          connect: {
            secureContext: createSecureContext({ ca: [...getCACertificates(), certificateAuthority] }),
          },
        });
  const issuer = config.issuer.replace(/\/+$/, '');
  let keys: Promise<JWTVerifyGetKey> | undefined;
  return async (headers) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
    if (token === undefined) return { refused: 'send a token: Authorization: Bearer …' };
    keys ??= findKeys(issuer, dispatcher).catch((error) => {
      keys = undefined;
      throw error;
    });
    try {
      const { payload } = await jwtVerify(token, await keys, {
        // Some issuers end their name with a slash.
        issuer: [issuer, `${issuer}/`],
        audience: config.audience,
        algorithms: ALGORITHMS,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        requiredClaims: ['exp'],
      });
      return { user: payload.sub ?? '' };
    } catch (error) {
      if (isAboutToken(error)) return { refused: refusalOf(error) };
      throw unreachable(issuer, error);
    }
  };
}

/** Other errors are those of fetching the keys. */
function isAboutToken(error: unknown): error is errors.JOSEError {
  return (
    error instanceof errors.JOSEError &&
    !(error instanceof errors.JWKSTimeout) &&
    !(error instanceof errors.JWKSInvalid) &&
    error.code !== errors.JOSEError.code
  );
}

function refusalOf(error: errors.JOSEError): string {
  if (error instanceof errors.JWTExpired) return 'the token has expired';
  if (error instanceof errors.JWTClaimValidationFailed)
    return `the token’s claim "${error.claim}" does not fit`;
  return 'the token is not valid';
}

const metadataSchema = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** An answer of an issuer takes less than a second. */
const ISSUER_MILLISECONDS = 5_000;

/** Reads where the issuer has its keys (OpenID Connect Discovery 1.0, section 4). */
async function findKeys(issuer: string, dispatcher: Dispatcher | undefined): Promise<JWTVerifyGetKey> {
  const request = async (url: string, signal: AbortSignal) =>
    fetch(url, { signal, redirect: 'manual', ...(dispatcher && { dispatcher }) });
  try {
    const response = await request(
      `${issuer}/.well-known/openid-configuration`,
      AbortSignal.timeout(ISSUER_MILLISECONDS),
    );
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    const metadata = metadataSchema.parse(await response.json());
    if (metadata.issuer.replace(/\/+$/, '') !== issuer) throw new Error('it names another issuer');
    return createRemoteJWKSet(new URL(metadata.jwks_uri), {
      // The type of undici's response is not that of Node's, although they are the same.
      [customFetch]: async (url, { signal }) => (await request(url, signal)) as unknown as Response,
    });
  } catch (error) {
    throw unreachable(issuer, error);
  }
}

function unreachable(issuer: string, cause: unknown): UserError {
  if (cause instanceof UserError) return cause;
  // Only the origin, because an address can contain credentials.
  const { origin } = new URL(issuer);
  return new UserError(`serve.authentication.jwt: the issuer ${origin} does not answer as an issuer does`, {
    retry: true,
    cause,
  });
}
