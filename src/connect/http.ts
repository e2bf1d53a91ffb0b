import type { Authenticate, Caller } from '../adapters/http/authentication.ts';
import { ConfigError } from '../config/errors.ts';
import type { ConfigFile } from '../config/schema/config.ts';

export { type HttpRequest, type HttpServer, startHttpServer } from '../adapters/http/server.ts';
export type { Authenticate };

/** The addresses and the name of this machine for itself. */
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

/**
 * Opens what finds out who sends requests. Without a configured way, only this machine may send any.
 * @param host where the server listens
 * @throws ConfigError when others could send requests and nothing says who may
 */
export async function openAuthentication(
  { serve }: Pick<ConfigFile, 'serve'>,
  host: string,
): Promise<Authenticate> {
  const { authentication } = serve ?? {};
  if (authentication === undefined) {
    if (!LOOPBACK.test(host))
      throw new ConfigError(
        `--listen: everybody who reaches ${host} could read the reports; set serve.authentication in the configuration, or listen on 127.0.0.1`,
      );
    return byMachine;
  }
  const [{ openAuthentication: open }, { readCertificates }] = await Promise.all([
    import('../adapters/http/authentication.ts'),
    import('../adapters/secrets/secrets.ts'),
  ]);
  return open(
    authentication,
    await readCertificates(authentication.jwt?.caFile, 'serve.authentication.jwt.caFile'),
  );
}

/**
 * A browser of this machine may show the pages of others, whose scripts can make a name of theirs point to this machine.
 * Their requests have that name.
 */
const byMachine: Authenticate = async ({ host = '' }): Promise<Caller> =>
  LOOPBACK.test(host.replace(/:\d+$/, ''))
    ? { user: '' }
    : { refused: 'use the address http://127.0.0.1, or set serve.authentication in the configuration' };
