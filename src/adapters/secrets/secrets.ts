import { X509Certificate } from 'node:crypto';
import { ConfigError, UnavailableError } from '../../config/errors.ts';
import { readInput } from '../../config/input.ts';
import type { MailConfig } from '../../config/mail-schema.ts';
import type { PrometheusSettings } from '../../config/settings.ts';
import type { SecretReference } from './schema.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Look-ups of what a secret reference names elsewhere than on this machine. Their errors are of one line, without the
 * secret; `temporary: true` on one says that it may be had later.
 */
export type SecretStores = {
  parameter(name: string): Promise<string>;
  secret(name: string): Promise<string>;
};

/** Where secrets are looked up. */
export type SecretSources = { environment: Environment; secretStores: SecretStores };

async function readSecret(reference: SecretReference, places: SecretSources, name: string): Promise<string> {
  const trimmed = (await readValue(reference, places, name)).trim();
  if (trimmed === '') throw new ConfigError(`${name}: is empty`);
  if (/[\r\n]/.test(trimmed)) throw new ConfigError(`${name}: has more than one line`);
  return trimmed;
}

async function readValue(
  reference: SecretReference,
  { environment, secretStores }: SecretSources,
  name: string,
): Promise<string> {
  if ('file' in reference) return (await readInput(reference.file, name)).toString('utf8');
  if ('environment' in reference) return readVariable(reference.environment, environment, name);
  if ('parameter' in reference)
    return secretStores.parameter(reference.parameter).catch((error: unknown) => {
      throw storeFailure(error, name);
    });
  const value = await secretStores.secret(reference.secret).catch((error: unknown) => {
    throw storeFailure(error, name);
  });
  return readField(value, reference, name);
}

/** Only the message goes on: what else an error of a store holds may be the secret. */
function storeFailure(error: unknown, name: string): Error {
  const { message, temporary } = error as Error & { temporary?: boolean };
  return temporary ? new UnavailableError(`${name}: ${message}`) : new ConfigError(`${name}: ${message}`);
}

/** A field of a secret that is JSON, as Secrets Manager's own console makes them; without `key` the whole secret. */
function readField(
  value: string,
  { secret, key }: { secret: string; key?: string | undefined },
  name: string,
): string {
  const fields = parseFields(value);
  if (key === undefined) {
    if (fields)
      throw new ConfigError(
        `${name}: the secret ${secret} holds a JSON object; say with "key" which of its fields`,
      );
    return value;
  }
  if (!fields) throw new ConfigError(`${name}: the secret ${secret} is not a JSON object; leave out "key"`);
  const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (typeof field !== 'string' && typeof field !== 'number')
    throw new ConfigError(`${name}: the secret ${secret} has no field "${key}" with a text in it`);
  return String(field);
}

function parseFields(value: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : null;
  } catch {
    // What is said of text that is not JSON quotes it.
    return null;
  }
}

function readVariable(variable: string, environment: Environment, name: string): string {
  const value = Object.hasOwn(environment, variable) ? environment[variable] : undefined;
  if (value === undefined) throw new ConfigError(`${name}: the environment variable ${variable} is not set`);
  return value;
}

/** Headers that are secrets whatever they say, and do not belong into a file that gets copied and committed. */
const SECRET_HEADERS = ['authorization', 'proxy-authorization', 'cookie'];

/** How Prometheus is reached. The headers' values may be secret: never print them. */
export type Access = {
  /** Without credentials, and without a slash at the end of its path. Values of its query may be secret, too. */
  url: string;
  headers: Record<string, string>;
  certificateAuthority: string | undefined;
};

/**
 * Looks up the secrets and gathers all that a client needs, but for what `sigv4` signs.
 * @throws ConfigError naming the key, UnavailableError when a store cannot be asked now; neither's message holds a secret
 */
export async function readAccess(
  settings: PrometheusSettings,
  environment: Environment,
  secretStores: SecretStores,
): Promise<Access> {
  const headers = await readHeaders(settings, { environment, secretStores });
  const { url, authorization } = splitAddress(settings.url);
  if (authorization !== undefined) {
    if (headers['authorization'] !== undefined || settings.sigv4)
      throw new ConfigError(
        'prometheus.url: holds a user name beside other credentials; give only one of them',
      );
    headers['authorization'] = authorization;
  }
  return { url, headers, certificateAuthority: await readCertificates(settings.caFile, 'prometheus.caFile') };
}

async function readHeaders(
  settings: PrometheusSettings,
  places: SecretSources,
): Promise<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const [header, value] of Object.entries(settings.headers)) {
    const name = `prometheus.headers.${header}`;
    // In small letters, since otherwise "Authorization" and "authorization" would be sent both, as one value.
    const key = header.toLowerCase();
    if (headers[key] !== undefined) throw new ConfigError(`${name}: is given twice`);
    if (typeof value === 'string' && SECRET_HEADERS.includes(key))
      throw new ConfigError(
        `${name}: is a secret; name a file, an environment variable or another place that holds it`,
      );
    headers[key] = checkHeader(
      typeof value === 'string' ? value : await readSecret(value, places, name),
      name,
    );
  }
  if ((settings.bearerToken || settings.basic || settings.sigv4) && headers['authorization'] !== undefined)
    throw new ConfigError(
      'prometheus.headers.Authorization: give either this or prometheus.bearerToken, prometheus.basic or prometheus.sigv4',
    );
  if (settings.bearerToken) {
    const token = await readSecret(settings.bearerToken, places, 'prometheus.bearerToken');
    headers['authorization'] = checkHeader(`Bearer ${token}`, 'prometheus.bearerToken');
  }
  if (settings.basic) {
    const password = await readSecret(settings.basic.password, places, 'prometheus.basic.password');
    headers['authorization'] = basicAuthorization(settings.basic.username, password);
  }
  return headers;
}

function checkHeader(value: string, name: string): string {
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
    throw new ConfigError(`${name}: has a character that a header cannot hold, such as a line break`);
  return value;
}

function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** What the client asks with; in the address it would take the place of the question, or join it. */
export const QUESTION_PARAMETERS: readonly string[] = ['query', 'start', 'end', 'step', 'time', 'nocache'];

/** The address without the credentials that some people put into it, which would turn up in messages there. */
function splitAddress(text: string | undefined): { url: string; authorization: string | undefined } {
  if (text === undefined) throw new ConfigError('prometheus.url: say where Prometheus is');
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

async function readCertificates(path: string | undefined, name: string): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const text = (await readInput(path, name)).toString('utf8');
  try {
    // Node takes a file without a certificate in silence and then trusts nobody.
    new X509Certificate(text);
  } catch {
    throw new ConfigError(`${name}: ${path} holds no certificate in PEM form`);
  }
  return text;
}

/** How an SMTP server is reached. The password is secret: never print it. */
export type SmtpAccess = Omit<NonNullable<MailConfig['smtp']>, 'password' | 'caFile'> & {
  password: string | undefined;
  certificateAuthority: string | undefined;
};

/** @throws ConfigError or UnavailableError naming the key; its message holds no secret */
export async function readSmtpAccess(
  { password, caFile, ...server }: NonNullable<MailConfig['smtp']>,
  places: SecretSources,
): Promise<SmtpAccess> {
  return {
    ...server,
    password: password && (await readSecret(password, places, 'mail.smtp.password')),
    certificateAuthority: await readCertificates(caFile, 'mail.smtp.caFile'),
  };
}
