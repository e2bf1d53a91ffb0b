import { ConfigError } from '../../config/errors.ts';
import {
  checkHeader,
  readCertificates,
  readHeaders,
  readSecret,
  type SecretSources,
} from '../secrets/secrets.ts';
import type { PrometheusSettings } from './schema.ts';

/** What a client needs to reach Prometheus. Header values may be secret; never print them. */
export type Access = {
  /** Without credentials and without a slash at the end of its path. Values of its query may be secret, too. */
  url: string;
  headers: Record<string, string>;
  certificateAuthority: string | undefined;
};

/**
 * Reads the secrets and returns what a client needs, except for signatures (`sigv4`).
 * @throws UserError that names the key and contains no secret: a ConfigError, or one to retry when a store cannot be
 *   reached now
 */
export async function readAccess(settings: PrometheusSettings, secrets: SecretSources): Promise<Access> {
  const headers = await readAllHeaders(settings, secrets);
  const { url, authorization } = splitAddress(settings.url);
  if (authorization !== undefined) {
    if (headers['authorization'] !== undefined || settings.sigv4)
      throw new ConfigError(
        'prometheus.url: contains a user name in addition to other credentials; give only one of them',
      );
    headers['authorization'] = authorization;
  }
  return { url, headers, certificateAuthority: await readCertificates(settings.caFile, 'prometheus.caFile') };
}

async function readAllHeaders(
  settings: PrometheusSettings,
  secrets: SecretSources,
): Promise<Record<string, string>> {
  const headers = await readHeaders(settings.headers, secrets, 'prometheus.headers');
  if ((settings.bearerToken || settings.basic || settings.sigv4) && headers['authorization'] !== undefined)
    throw new ConfigError(
      'prometheus.headers.Authorization: give only one of this, prometheus.bearerToken, prometheus.basic and prometheus.sigv4',
    );
  if (settings.bearerToken) {
    const token = await readSecret(settings.bearerToken, secrets, 'prometheus.bearerToken');
    headers['authorization'] = checkHeader(`Bearer ${token}`, 'prometheus.bearerToken');
  }
  if (settings.basic) {
    const password = await readSecret(settings.basic.password, secrets, 'prometheus.basic.password');
    headers['authorization'] = basicAuthorization(settings.basic.username, password);
  }
  return headers;
}

function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** The parameters of a query. In the address, they would replace those of the query or be sent in addition. */
export const QUERY_PARAMETERS: readonly string[] = ['query', 'start', 'end', 'step', 'time', 'nocache'];

/** Separates an address from the credentials that it may contain, so that messages can name the address. */
function splitAddress(text: string | undefined): { url: string; authorization: string | undefined } {
  if (text === undefined) throw new ConfigError('prometheus.url: give the address of Prometheus');
  const address = new URL(text);
  const { username, password } = address;
  if (address.hash !== '') throw new ConfigError('prometheus.url: leave out "#" and what follows');
  const reserved = [...address.searchParams.keys()].find((name) => QUERY_PARAMETERS.includes(name));
  if (reserved !== undefined)
    throw new ConfigError(
      `prometheus.url: leave out the parameter "${reserved}", which every query sets itself`,
    );
  const url = `${address.origin}${address.pathname.replace(/\/+$/, '')}${address.search}`;
  if (username === '' && password === '') return { url, authorization: undefined };
  try {
    return {
      url,
      authorization: basicAuthorization(decodeURIComponent(username), decodeURIComponent(password)),
    };
  } catch {
    throw new ConfigError('prometheus.url: write a "%" in its user name or password as "%25"');
  }
}
