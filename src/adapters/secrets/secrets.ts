import { X509Certificate } from 'node:crypto';
import type { Environment } from '../../config/environment.ts';
import { ConfigError } from '../../config/errors.ts';
import { readInput } from '../../config/input.ts';
import { UserError } from '../../report/model/user-error.ts';
import type { SecretReference } from './schema.ts';

/**
 * AWS's two services for secrets. Both functions return the current value, which is secret.
 * @throws UserError without any part of the secret; `retry` when the service may return it later
 */
export type SecretStores = {
  /** A parameter of Systems Manager Parameter Store, decrypted, by its path or ARN. */
  parameter(name: string): Promise<string>;
  /** A secret of Secrets Manager, by its name or ARN. */
  secret(name: string): Promise<string>;
};

/** Where secrets are looked up. */
export type SecretSources = { environment: Environment; secretStores: SecretStores };

/**
 * Returns a secret of one line, without the white space around it.
 * @param name the key of the configuration, for messages
 * @throws UserError that names the key and contains no part of the secret
 */
export async function readSecret(
  reference: SecretReference,
  sources: SecretSources,
  name: string,
): Promise<string> {
  const trimmed = (await readValue(reference, sources, name)).trim();
  if (trimmed === '') throw new ConfigError(`${name}: is empty`);
  if (/[\r\n]/.test(trimmed)) throw new ConfigError(`${name}: must be a single line`);
  return trimmed;
}

async function readValue(
  reference: SecretReference,
  { environment, secretStores }: SecretSources,
  name: string,
): Promise<string> {
  if ('file' in reference) return (await readInput(reference.file, name)).toString('utf8');
  if ('environment' in reference) return readVariable(reference.environment, environment, name);
  const isParameter = 'parameter' in reference;
  const value = await (isParameter
    ? secretStores.parameter(reference.parameter)
    : secretStores.secret(reference.secret)
  ).catch((error: unknown) => {
    throw toNamedError(error, name);
  });
  return isParameter ? value : readField(value, reference, name);
}

/** Keeps only the message of a store's error, because its other fields may contain the secret. */
function toNamedError(error: unknown, name: string): Error {
  const message = `${name}: ${(error as Error).message}`;
  return error instanceof UserError && error.retry
    ? new UserError(message, { retry: true })
    : new ConfigError(message);
}

/** Returns a field of a secret that is a JSON object, as the console of Secrets Manager makes them; without `key` the whole secret. */
function readField(
  value: string,
  { secret, key }: { secret: string; key?: string | undefined },
  name: string,
): string {
  const fields = parseFields(value);
  if (key === undefined) {
    if (fields)
      throw new ConfigError(
        `${name}: the secret ${secret} is a JSON object; choose one of its fields with "key"`,
      );
    return value;
  }
  if (!fields) throw new ConfigError(`${name}: the secret ${secret} is not a JSON object; leave out "key"`);
  const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (typeof field !== 'string' && typeof field !== 'number')
    throw new ConfigError(`${name}: the secret ${secret} has no field "${key}" that is text or a number`);
  return String(field);
}

function parseFields(value: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : null;
  } catch {
    // The error is dropped because its message quotes the text.
    return null;
  }
}

function readVariable(variable: string, environment: Environment, name: string): string {
  const value = Object.hasOwn(environment, variable) ? environment[variable] : undefined;
  if (value === undefined) throw new ConfigError(`${name}: the environment variable ${variable} is not set`);
  return value;
}

/**
 * Returns the headers of a configuration with their secrets, by their names in lower case.
 * @param name the key of the configuration, for messages
 * @throws UserError that names the key and contains no part of a secret
 */
export async function readHeaders(
  headers: Readonly<Record<string, string | SecretReference>>,
  sources: SecretSources,
  name: string,
): Promise<Record<string, string>> {
  const read: Record<string, string> = {};
  for (const [header, value] of Object.entries(headers)) {
    const key = `${name}.${header}`;
    read[header.toLowerCase()] = checkHeader(
      typeof value === 'string' ? value : await readSecret(value, sources, key),
      key,
    );
  }
  return read;
}

/** @throws ConfigError unless the value is allowed in a header */
export function checkHeader(value: string, name: string): string {
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value))
    throw new ConfigError(
      `${name}: contains a character that is not allowed in a header, such as a line break`,
    );
  return value;
}

/**
 * Returns the text of a file of PEM certificates.
 * @param name the key of the configuration, for messages
 * @throws ConfigError when the file cannot be read or contains no certificate
 */
export async function readCertificates(path: string | undefined, name: string): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const text = (await readInput(path, name)).toString('utf8');
  try {
    // Without this check, Node accepts a file without a certificate and then trusts no server.
    new X509Certificate(text);
  } catch {
    throw new ConfigError(`${name}: ${path} contains no PEM certificate`);
  }
  return text;
}
