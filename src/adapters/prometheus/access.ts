import { ConfigError } from '../../config/errors.ts';
import { readCertificates, readSecret, type SecretSources } from '../secrets/secrets.ts';
import type { PrometheusSettings } from './schema.ts';

/** Headers that are always secrets and must not be in a configuration file, which is copied and committed. */
const SECRET_HEADERS = ['authorization', 'proxy-authorization', 'cookie'];

/** What a client needs to reach Prometheus. The values of headers may be secret and must not be printed. */
export type Access = {
  /** Without credentials, and without a slash at the end of the path. Values of its query may be secret. */
  url: string;
  headers: Record<string, string>;
  certificateAuthority: string | undefined;
};

/**
 * Looks up the secrets and returns what a client needs, except for the signatures of `sigv4`.
 * @throws UserError that names the key: a ConfigError, or one with `retry` if a secret store cannot be reached. Messages
 * contain no secret
 */
export async function readAccess(settings: PrometheusSettings, secrets: SecretSources): Promise<Access> {
  const headers = await readHeaders(settings, secrets);
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

async function readHeaders(
  settings: PrometheusSettings,
  secrets: SecretSources,
): Promise<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [header, value] of Object.entries(settings.headers)) {
    const name = `prometheus.headers.${header}`;
    // Lower case, since "Authorization" and "authorization" would otherwise be joined into one value.
    const key = header.toLowerCase();
    if (headers[key] !== undefined) throw new ConfigError(`${name}: is given twice`);
    if (typeof value === 'string' && SECRET_HEADERS.includes(key))
      throw new ConfigError(
        `${name}: is a secret; name a file, an environment variable or another source for it`,
      );
    headers[key] = checkHeader(
      typeof value === 'string' ? value : await readSecret(value, secrets, name),
      name,
    );
  }
  if ((settings.bearerToken || settings.basic || settings.sigv4) && headers['authorization'] !== undefined)
    throw new ConfigError(
      'prometheus.headers.Authorization: give either this or prometheus.bearerToken, prometheus.basic or prometheus.sigv4',
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

function checkHeader(value: string, name: string): string {
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
    throw new ConfigError(`${name}: has a character that a header cannot contain, such as a line break`);
  return value;
}

function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** The parameters that the client sends. In the address they would replace or duplicate those of the query. */
export const QUESTION_PARAMETERS: readonly string[] = ['query', 'start', 'end', 'step', 'time', 'nocache'];

/** Removes credentials from the address, since messages contain it. */
function splitAddress(text: string | undefined): { url: string; authorization: string | undefined } {
  if (text === undefined) throw new ConfigError('prometheus.url: set the address of Prometheus');
  const address = new URL(text);
  const { username, password } = address;
  if (address.hash !== '') throw new ConfigError('prometheus.url: leave out "#" and what follows');
  const taken = [...address.searchParams.keys()].find((name) => QUESTION_PARAMETERS.includes(name));
  if (taken !== undefined)
    throw new ConfigError(
      `prometheus.url: leave out the parameter "${taken}", which every query sets itself`,
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
