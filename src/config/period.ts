import { fromWallClock, type Period } from '../report/model/period.ts';
import { ConfigError } from './errors.ts';
import { currentTimeZoneName } from './time-zones.ts';

/** A shorter period has too few scrapes to judge how long a condition lasts. */
export const SHORTEST_PERIOD_SECONDS = 600;

const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Returns the Unix seconds of a time with an offset ("2026-11-21T08:00Z") or in local time of the time zone
 * ("2026-11-21T08:00", or "2026-11-21" for midnight).
 * @param name the option or key, for messages
 * @throws ConfigError when the text is not a time
 */
export function parseTime(text: string, timeZone: string, name: string): number {
  const [, date, clock = '00:00', seconds = '00', offset] = TIME.exec(text) ?? [];
  const local = `${date}T${clock}:${seconds}`;
  const wallClock = Date.parse(`${local}Z`);
  // Date.parse() accepts 30 February as 2 March.
  if (Number.isFinite(wallClock) && new Date(wallClock).toISOString().startsWith(local)) {
    const milliseconds =
      offset === undefined ? fromWallClock(wallClock, timeZone) : Date.parse(`${local}${withColon(offset)}`);
    if (Number.isFinite(milliseconds)) return milliseconds / 1000;
  }
  throw new ConfigError(
    `${name}: "${text}" is not a time such as 2026-11-21, 2026-11-21T08:00 or 2026-11-21T08:00Z`,
  );
}

/**
 * Returns when a schedule or digest was due: the time given, else now.
 * @throws ConfigError when it is not a time
 */
export function dueTime(
  given: string | undefined,
  { timeZone, now, name }: { timeZone: string; now: Date; name: string },
): Date {
  return given === undefined ? now : new Date(parseTime(given, timeZone, name) * 1000);
}

function withColon(offset: string): string {
  return offset.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
}

export type PeriodRequest = {
  from?: string | undefined;
  to?: string | undefined;
  /** Length of the period in seconds when no start is given. */
  rangeSeconds: number;
  timeZone: string;
  now: Date;
  /** Names of the options or keys, for messages. */
  names?: { from: string; to: string; range: string } | undefined;
};

const OPTIONS = { from: '--from', to: '--to', range: '--range' } as const;

/**
 * Returns the period of a report. Without an end, the period ends with the last full minute.
 * @throws ConfigError when the period ends before it starts, is in the future, or is too short
 */
export function resolvePeriod(request: PeriodRequest): Period {
  const { from, to, rangeSeconds, timeZone, now, names = OPTIONS } = request;
  const nowSeconds = now.getTime() / 1000;
  const end = to === undefined ? Math.floor(nowSeconds / 60) * 60 : parseTime(to, timeZone, names.to);
  const start = from === undefined ? end - rangeSeconds : parseTime(from, timeZone, names.from);
  if (end > nowSeconds) throw new ConfigError(`${names.to}: ${to} is in the future`);
  if (start >= end)
    throw new ConfigError(
      to === undefined
        ? `${names.from}: ${from} is in the future`
        : `${names.from}: ${from} is not before ${names.to} ${to}`,
    );
  const cause = from === undefined ? names.range : names.from;
  if (end - start < SHORTEST_PERIOD_SECONDS)
    throw new ConfigError(
      `${cause}: the period must be at least ${SHORTEST_PERIOD_SECONDS / 60} minutes long`,
    );
  if (start < 0) throw new ConfigError(`${cause}: the period starts before 1970`);
  return { start, end };
}

/**
 * Returns the current IANA name of a time zone.
 * @param name the option or key, for messages
 * @throws ConfigError when the time zone is not known
 */
export function checkTimeZone(timeZone: string, name: string): string {
  try {
    return currentTimeZoneName(timeZone);
  } catch {
    throw new ConfigError(
      `${name}: "${timeZone}" is not a known time zone such as Asia/Shanghai, Europe/Berlin or UTC`,
    );
  }
}
