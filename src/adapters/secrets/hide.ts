/** Shorter secrets would hide parts of ordinary words. */
const SHORTEST = 4;

/**
 * Returns a text without secrets, since servers repeat what they received: in the form that was sent, or in another one.
 * @param secrets passwords, tokens and values of headers, such as "Bearer …" and "Basic …"
 */
export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap(formsOf)
    .filter((form) => form.length >= SHORTEST)
    .sort((a, b) => b.length - a.length)
    .reduce((hidden, form) => hidden.replaceAll(form, '***'), text);
}

/** Returns the forms in which a secret can appear. */
function formsOf(secret: string): string[] {
  const [, scheme = '', credentials = secret] = /^([\w-]+) (.+)$/.exec(secret) ?? [];
  const bare = [secret, credentials, ...(scheme.toLowerCase() === 'basic' ? decodeBasic(credentials) : [])];
  return bare.flatMap((one) => {
    const base64 = Buffer.from(one).toString('base64');
    return [
      one,
      base64,
      base64.replace(/=+$/, ''),
      Buffer.from(one).toString('base64url'),
      encodeURIComponent(one),
      new URLSearchParams([['', one]]).toString().slice(1),
      JSON.stringify(one).slice(1, -1),
    ];
  });
}

/** Returns the user name with its password, and the password, of an Authorization header (RFC 7617). */
function decodeBasic(credentials: string): string[] {
  const pair = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return colon < 0 ? [] : [pair, pair.slice(colon + 1)];
}
