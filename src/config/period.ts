import { TZDate } from '@date-fns/tz';
import { isValid, parse } from 'date-fns';
import { ConfigError } from './errors.ts';

/** Unix seconds. */
export type Period = { start: number; end: number };

/** A shorter period has too few scrapes to judge anything that must last. */
export const SHORTEST_PERIOD_SECONDS = 600;

const LOCAL_FORMS = [
  { pattern: /^\d{4}-\d{2}-\d{2}$/, format: 'yyyy-MM-dd' },
  { pattern: /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}$/, format: "yyyy-MM-dd'T'HH:mm" },
  { pattern: /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}$/, format: "yyyy-MM-dd'T'HH:mm:ss" },
] as const;

const WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/**
 * A time as people write it: with an offset ("2026-11-21T08:00Z"), or as a wall clock of the time zone shows it
 * ("2026-11-21", which is midnight, or "2026-11-21T08:00"). Unix seconds.
 */
export function parseTime(text: string, timeZone: string, name: string): number {
  if (WITH_OFFSET.test(text)) {
    const milliseconds = Date.parse(text);
    if (Number.isFinite(milliseconds)) return Math.floor(milliseconds / 1000);
  }
  const form = LOCAL_FORMS.find(({ pattern }) => pattern.test(text));
  if (form) {
    const time = parse(text.replace(' ', 'T'), form.format, TZDate.tz(timeZone, 2000, 0, 1));
    if (isValid(time)) return Math.floor(time.getTime() / 1000);
  }
  throw new ConfigError(
    `${name}: "${text}" is not a time such as 2026-11-21, 2026-11-21T08:00 or 2026-11-21T08:00Z`,
  );
}

export type PeriodRequest = {
  from?: string | undefined;
  to?: string | undefined;
  /** How far the period reaches back from its end, in seconds, where no start is given. */
  rangeSeconds: number;
  timeZone: string;
  now: Date;
};

/**
 * The period that a report is to cover. Without an end it ends with the last whole minute.
 * @throws ConfigError when it ends before it starts, lies in the future or is too short
 */
export function resolvePeriod({ from, to, rangeSeconds, timeZone, now }: PeriodRequest): Period {
  const nowSeconds = now.getTime() / 1000;
  const end = to === undefined ? Math.floor(nowSeconds / 60) * 60 : parseTime(to, timeZone, '--to');
  const start = from === undefined ? end - rangeSeconds : parseTime(from, timeZone, '--from');
  if (end > nowSeconds) throw new ConfigError(`--to: ${to} lies in the future`);
  if (start >= end)
    throw new ConfigError(
      to === undefined ? `--from: ${from} lies in the future` : `--from: ${from} is not before --to ${to}`,
    );
  if (end - start < SHORTEST_PERIOD_SECONDS)
    throw new ConfigError(
      `${from === undefined ? '--range' : '--from'}: the period is shorter than ${SHORTEST_PERIOD_SECONDS / 60} minutes, too short to judge`,
    );
  return { start, end };
}

/** @throws ConfigError when nobody knows the time zone */
export function checkTimeZone(timeZone: string, name: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    throw new ConfigError(
      `${name}: "${timeZone}" is not a known time zone such as Asia/Shanghai, Europe/Berlin or UTC`,
    );
  }
}
