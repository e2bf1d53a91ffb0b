/** The addresses and the name of a machine for itself. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

/** Whether a host, as in an address or in --listen, is reached from its machine only. */
export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/** Whether nobody can read along on the way to an address: it is https, or stays on its machine, as in tests. */
export function isPrivateAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
}
