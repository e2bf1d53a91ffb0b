import { X509Certificate } from 'node:crypto';
import type { Environment } from '../../config/environment.ts';
import { ConfigError } from '../../config/errors.ts';
import { readInput } from '../../config/input.ts';
import { UserError } from '../../report/model/user-error.ts';
import type { SecretReference } from './schema.ts';

/**
 * Services that keep secrets. Both functions return the secret's text.
 * @throws UserError without any part of the secret; `retry` when the service may return it later
 */
export type SecretStores = {
  parameter(name: string): Promise<string>;
  secret(name: string): Promise<string>;
};

/** Where secrets are looked up. */
export type SecretSources = { environment: Environment; secretStores: SecretStores };

/**
 * Reads a secret of one line.
 * @param name the key of the configuration
 * @throws UserError that names the key and holds no part of the secret
 */
export async function readSecret(
  reference: SecretReference,
  sources: SecretSources,
  name: string,
): Promise<string> {
  const trimmed = (await readValue(reference, sources, name)).trim();
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
  const message = `${name}: ${(error as Error).message}`;
  return error instanceof UserError && error.retry
    ? new UserError(message, { retry: true })
    : new ConfigError(message);
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

/**
 * Reads certificates in PEM form.
 * @param name the key of the configuration
 * @throws ConfigError when the file cannot be read or holds no certificate
 */
export async function readCertificates(path: string | undefined, name: string): Promise<string | undefined> {
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
