import type { SecretSources } from '../adapters/secrets/secrets.ts';
import { ConfigError } from '../config/errors.ts';
import type { ConfigFile } from '../config/schema/config.ts';
import { isLoopback } from '../config/schema/private-address.ts';
import { signInOf } from '../config/sign-in.ts';
import type { Authenticate, Caller } from '../service/api/caller.ts';
import type { Gate } from '../service/sign-in/gate.ts';

export { type HttpRequest, type HttpServer, startHttpServer } from '../adapters/http/server.ts';

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
    if (!isLoopback(host))
      throw new ConfigError(
        `--listen: everybody who reaches ${host} could read the reports; set signIn or serve.authentication in the configuration, or listen on 127.0.0.1`,
      );
    return byMachine;
  }
  const [{ openAuthentication: open }, { readCertificates }] = await Promise.all([
    import('../adapters/http/authentication.ts'),
    import('../adapters/secrets/secrets.ts'),
  ]);
  return open(authentication, await readCertificates(authentication.jwt?.caFile, TOKEN_CA_FILE));
}

const TOKEN_CA_FILE = 'serve.authentication.jwt.caFile';

/**
 * Opens what decides who uses the pages of `serve` where people sign in; null when the configuration has no signIn.
 * @throws UserError that names the key of the configuration
 */
export async function openServeGate(
  file: ConfigFile,
  { secrets, onError }: { secrets: SecretSources; onError: (error: unknown) => void },
): Promise<Gate | null> {
  const settings = signInOf(file);
  if (settings === null) return null;
  const { openGate } = await import('./sign-in.ts');
  const { jwt } = file.serve?.authentication ?? {};
  const tokens = jwt && {
    config: jwt,
    key: 'serve.authentication.jwt',
    fetch: await fetchOf(jwt.caFile, TOKEN_CA_FILE),
  };
  const fetch = await fetchOf(settings.caFile, 'signIn.caFile');
  return openGate({ settings, tokens: tokens ?? null, secrets, fetch, onError });
}

/** @param name the key of the configuration, for messages */
async function fetchOf(caFile: string | undefined, name: string): Promise<typeof fetch> {
  if (caFile === undefined) return fetch;
  const [{ fetchTrusting }, { readCertificates }] = await Promise.all([
    import('../adapters/http/issuer-fetch.ts'),
    import('../adapters/secrets/secrets.ts'),
  ]);
  return fetchTrusting((await readCertificates(caFile, name)) ?? '');
}

/**
 * A browser of this machine may show the pages of others, whose scripts can make a name of theirs point to this machine.
 * Their requests have that name.
 */
const byMachine: Authenticate = async ({ host = '' }): Promise<Caller> =>
  isLoopback(String(host).replace(/:\d+$/, ''))
    ? { user: '' }
    : {
        refused:
          'use the address http://127.0.0.1, or set signIn or serve.authentication in the configuration',
      };
