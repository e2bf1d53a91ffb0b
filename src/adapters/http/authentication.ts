import { BlockList, isIPv6 } from 'node:net';
import type { Authenticate } from '../../service/api/caller.ts';
import { openTokens } from '../oidc/tokens.ts';
import { fetchTrusting } from './issuer-fetch.ts';
import { type AuthenticationConfig, addRange } from './schema.ts';

type ProxyConfig = NonNullable<AuthenticationConfig['proxy']>;

/** @param certificateAuthority PEM text with certificates to trust in addition to the system's */
export function openAuthentication(
  { jwt, proxy }: AuthenticationConfig,
  certificateAuthority?: string,
): Authenticate {
  if (proxy !== undefined) return byProxy(proxy);
  if (jwt === undefined) throw new RangeError('there is no way to authenticate');
  const readToken = openTokens(
    jwt,
    'serve.authentication.jwt',
    certificateAuthority === undefined ? fetch : fetchTrusting(certificateAuthority),
  );
  return async ({ authorization }) => {
    const read = await readToken(String(authorization ?? ''));
    return 'refused' in read ? read : { user: read.claims.sub ?? '' };
  };
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
