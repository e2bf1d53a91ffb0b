import {
  createRemoteJWKSet,
  customFetch,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import * as z from 'zod';
import { UserError } from '../../report/model/user-error.ts';

export type TokenConfig = { issuer: string; audience: string[] };

/** Node's own, or one that trusts more certificates. */
type Fetch = typeof globalThis.fetch;

/** The claims of a token, or why it is refused. */
export type ReadToken = (
  authorization: string | undefined,
) => Promise<{ claims: JWTPayload } | { refused: string }>;

/** The signatures that issuers of OpenID Connect use; not those with a shared secret. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'];

/** Clocks of two machines differ by less. */
const CLOCK_TOLERANCE_SECONDS = 30;

/**
 * Verifies the tokens that programs send in the header Authorization.
 * @param key the key of the configuration, for messages
 */
export function openTokens(config: TokenConfig, key: string, fetch: Fetch): ReadToken {
  const issuer = config.issuer.replace(/\/+$/, '');
  let keys: Promise<JWTVerifyGetKey> | undefined;
  return async (authorization) => {
    const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? '') ?? [];
    if (token === undefined) return { refused: 'send a token: Authorization: Bearer …' };
    keys ??= findKeys(issuer, key, fetch).catch((error) => {
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
      return { claims: payload };
    } catch (error) {
      if (isAboutToken(error)) return { refused: refusalOf(error) };
      throw unreachable(issuer, key, error);
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
async function findKeys(issuer: string, key: string, fetch: Fetch): Promise<JWTVerifyGetKey> {
  try {
    const response = await fetch(`${issuer}/.well-known/openid-configuration`, {
      signal: AbortSignal.timeout(ISSUER_MILLISECONDS),
      redirect: 'manual',
    });
    if (response.status !== 200) throw new Error(`status ${response.status}`);
    const metadata = metadataSchema.parse(await response.json());
    if (metadata.issuer.replace(/\/+$/, '') !== issuer) throw new Error('it names another issuer');
    return createRemoteJWKSet(new URL(metadata.jwks_uri), {
      [customFetch]: (url, { signal }) => fetch(url, { signal, redirect: 'manual' }),
    });
  } catch (error) {
    throw unreachable(issuer, key, error);
  }
}

function unreachable(issuer: string, key: string, cause: unknown): UserError {
  if (cause instanceof UserError) return cause;
  // Only the origin, because an address can contain credentials.
  const { origin } = new URL(issuer);
  return new UserError(`${key}: the issuer ${origin} does not answer as an issuer does`, {
    retry: true,
    cause,
  });
}
