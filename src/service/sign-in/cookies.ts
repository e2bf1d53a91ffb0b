/** Cookies as RFC 6265 has them. */

/**
 * Returns the cookies of a request by name. Of two with one name, the first counts: browsers send that of the longer path
 * first, and all of ours have the same path.
 */
export function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>();
  for (const part of (header ?? '').split(';')) {
    const [, name, value = ''] = /^\s*([^=\s]+)=(\S*)\s*$/.exec(part) ?? [];
    if (name !== undefined && !cookies.has(name)) cookies.set(name, value);
  }
  return cookies;
}

export type CookieRules = {
  /** Whether the service is reached by https; only tests and development do without. */
  isSecure: boolean;
};

/**
 * Returns the name of one of our cookies. Browsers accept the prefix only from https and from this host, so that no
 * neighbour of the same domain can set the cookie (RFC 6265bis, section 4.1.3.2).
 */
export function cookieName(name: string, { isSecure }: CookieRules): string {
  return `${isSecure ? '__Host-' : ''}antrea-health-${name}`;
}

/**
 * Returns the value of a Set-Cookie header. Lax: browsers send the cookie with links that lead here, such as those of a
 * digest, but not with the forms and frames of other sites.
 */
export function setCookie(name: string, value: string, seconds: number, { isSecure }: CookieRules): string {
  return [
    `${name}=${value}`,
    'Path=/',
    `Max-Age=${seconds}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(isSecure ? ['Secure'] : []),
  ].join('; ');
}

export function clearCookie(name: string, rules: CookieRules): string {
  return setCookie(name, '', 0, rules);
}
