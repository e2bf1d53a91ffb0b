import { ConfigError } from './errors.ts';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/** "90s", "10m", "24h", "7d", "2w", and compounds such as "1h30m", as in PromQL. */
export const DURATION_PATTERN = /^(?:\d+[smhdw])+$/;

/**
 * Returns the seconds of a duration such as "24h". A day has 24 hours.
 * @param name the option or key, for messages
 * @throws ConfigError when the text is not a duration, or the duration is zero
 */
export function parseDuration(text: string, name: string): number {
  if (!DURATION_PATTERN.test(text))
    throw new ConfigError(`${name}: "${text}" is not a duration such as 30s, 10m, 24h or 7d`);
  const seconds = [...text.matchAll(/(\d+)([smhdw])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * SECONDS[unit as keyof typeof SECONDS],
    0,
  );
  if (seconds <= 0) throw new ConfigError(`${name}: "${text}" must be longer than zero`);
  if (!Number.isSafeInteger(seconds)) throw new ConfigError(`${name}: "${text}" is too long`);
  return seconds;
}
