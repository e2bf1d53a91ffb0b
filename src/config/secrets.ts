import { readFile } from 'node:fs/promises';
import { ConfigError } from './errors.ts';
import type { SecretReference } from './schema.ts';
import type { PrometheusSettings } from './settings.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

async function readSecret(
  reference: SecretReference,
  environment: Environment,
  name: string,
): Promise<string> {
  const value =
    'file' in reference ? await readFileOf(reference.file, name) : environment[reference.environment];
  if (value === undefined)
    throw new ConfigError(
      `${name}: the environment variable ${'environment' in reference ? reference.environment : ''} is not set`,
    );
  const trimmed = value.trim();
  if (trimmed === '') throw new ConfigError(`${name}: is empty`);
  if (/[\r\n]/.test(trimmed)) throw new ConfigError(`${name}: has more than one line`);
  return trimmed;
}

async function readFileOf(path: string, name: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new ConfigError(
      `${name}: cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? 'error'})`,
    );
  }
}

/** The headers that prove who asks, and the certificates to trust. Their values are secret: never print them. */
export async function readCredentials(
  settings: PrometheusSettings,
  environment: Environment,
): Promise<{ headers: Record<string, string>; certificateAuthority: string | undefined }> {
  const headers: Record<string, string> = {};
  for (const [header, value] of Object.entries(settings.headers))
    headers[header] =
      typeof value === 'string'
        ? value
        : await readSecret(value, environment, `prometheus.headers.${header}`);
  if (settings.bearerToken)
    headers['authorization'] =
      `Bearer ${await readSecret(settings.bearerToken, environment, 'prometheus.bearerToken')}`;
  if (settings.basic) {
    const password = await readSecret(settings.basic.password, environment, 'prometheus.basic.password');
    headers['authorization'] =
      `Basic ${Buffer.from(`${settings.basic.username}:${password}`).toString('base64')}`;
  }
  return {
    headers,
    certificateAuthority:
      settings.caFile === undefined ? undefined : await readFileOf(settings.caFile, 'prometheus.caFile'),
  };
}
