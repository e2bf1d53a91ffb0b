import { ConfigError } from '../config/errors.ts';
import type { Settings } from '../config/settings.ts';
import type { ConnectionFlags } from './options.ts';

/**
 * Returns the settings with the values that options override.
 * @throws ConfigError when --prometheus is not an address
 */
export function overrideConnection(
  settings: Settings['prometheus'],
  { prometheus, bearerTokenFile, caFile }: ConnectionFlags,
): Settings['prometheus'] {
  // The message does not repeat the value, because an address can contain a password and messages end up in logs.
  if (prometheus !== undefined && !isAddress(prometheus))
    throw new ConfigError('--prometheus: is not an http or https address such as http://localhost:9090');
  const overridden = { ...settings, url: prometheus ?? settings.url, caFile: caFile ?? settings.caFile };
  if (bearerTokenFile === undefined) return overridden;
  return { ...overridden, bearerToken: { file: bearerTokenFile }, basic: undefined, sigv4: undefined };
}

function isAddress(text: string): boolean {
  return /^https?:\/\/[^/]/i.test(text) && URL.canParse(text);
}
