import { openSecretStores } from '../adapters/secrets/aws.ts';
import type { SecretSources } from '../adapters/secrets/secrets.ts';
import type { Environment } from '../config/environment.ts';

/** Where secrets are read. Keep it: secrets from AWS are cached for some minutes. */
export function openSecretSources(environment: Environment): SecretSources {
  return { environment, secretStores: openSecretStores() };
}
