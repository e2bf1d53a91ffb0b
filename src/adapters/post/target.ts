import { isIP } from 'node:net';
import { ConfigError } from '../../config/errors.ts';
import type { SecretReference } from '../secrets/schema.ts';
import { readSecret, type SecretSources } from '../secrets/secrets.ts';

/** Where messages of a channel are posted. All of it may be secret; never print it. */
export type PostTarget = {
  url: string;
  /** What a server may repeat in its answers, and what errors must not contain. */
  secrets: readonly string[];
};

/** Shorter parts of an address, such as "v2" and "send", are no secrets. */
const SHORTEST_SECRET = 8;

/**
 * Reads the address of a channel.
 * @param name the key of the configuration
 * @throws UserError that names the key and contains no part of the address
 */
export async function readTarget(
  reference: SecretReference,
  secrets: SecretSources,
  name: string,
): Promise<PostTarget> {
  const text = await readSecret(reference, secrets, name);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !isAllowed(url))
    throw new ConfigError(
      `${name}: the secret is not an https address; http is allowed for this machine only`,
    );
  if (url.username !== '' || url.password !== '')
    throw new ConfigError(
      `${name}: the address in the secret contains a user name or password, which is not sent`,
    );
  url.hash = '';
  return { url: url.href, secrets: secretsOf(url) };
}

function isAllowed({ protocol, hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  const isLoopback = host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
  return protocol === 'https:' || (protocol === 'http:' && isLoopback);
}

function secretsOf(url: URL): string[] {
  const parts = [...url.pathname.split('/'), ...url.searchParams.values()].filter(
    (part) => part.length >= SHORTEST_SECRET,
  );
  return [url.href, `${url.pathname}${url.search}`, ...parts];
}
