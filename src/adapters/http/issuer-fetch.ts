import { createSecureContext, getCACertificates } from 'node:tls';
import { Agent, fetch } from 'undici';

/**
 * Returns a `fetch` that trusts more certificates than those of the system.
 * @param certificateAuthority PEM text
 */
export function fetchTrusting(certificateAuthority: string): typeof globalThis.fetch {
  const dispatcher = new Agent({
    connect: { secureContext: createSecureContext({ ca: [...getCACertificates(), certificateAuthority] }) },
  });
  const trusting: typeof fetch = (address, options) => fetch(address, { ...options, dispatcher });
  // The types of undici's requests and responses are not those of Node's, although they are the same.
  return trusting as unknown as typeof globalThis.fetch;
}
