import { ConfigError } from '../config/errors.ts';
import type { Settings } from '../config/settings.ts';

/** How to reach Prometheus, as options of the command. */
export type ConnectionFlags = { prometheus?: string; bearerTokenFile?: string; caFile?: string };

/** What is typed wins over what is written down. */
export function reachedBy(settings: Settings['prometheus'], flags: ConnectionFlags): Settings['prometheus'] {
  // What was typed is not repeated: people put passwords into addresses, and messages end up in logs.
  if (flags.prometheus !== undefined && !isAddress(flags.prometheus))
    throw new ConfigError('--prometheus: is not an http or https address such as http://localhost:9090');
  return {
    ...settings,
    url: flags.prometheus ?? settings.url,
    caFile: flags.caFile ?? settings.caFile,
    ...(flags.bearerTokenFile === undefined
      ? {}
      : { bearerToken: { file: flags.bearerTokenFile }, basic: undefined, sigv4: undefined }),
  };
}

function isAddress(text: string): boolean {
  return /^https?:\/\/[^/]/i.test(text) && URL.canParse(text);
}
