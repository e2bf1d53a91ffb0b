import { fromWallClock, type Period } from '../report/model/period.ts';
import { ConfigError } from './errors.ts';
import { presentName } from './time-zones.ts';

/** A shorter period has too few scrapes to judge anything that must last. */
export const SHORTEST_PERIOD_SECONDS = 600;

const TIME = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * A time as people write it: with an offset ("2026-11-21T08:00Z"), or as a wall clock of the time zone shows it
 * ("2026-11-21", which is midnight, or "2026-11-21T08:00"). Unix seconds.
 */
export function parseTime(text: string, timeZone: string, name: string): number {
  const [, date, clock = '00:00', seconds = '00', offset] = TIME.exec(text) ?? [];
  const written = `${date}T${clock}:${seconds}`;
  const wall = Date.parse(`${written}Z`);
  // Date.parse() takes 30 February for 2 March.
  if (Number.isFinite(wall) && new Date(wall).toISOString().startsWith(written)) {
    const milliseconds =
      offset === undefined ? fromWallClock(wall, timeZone) : Date.parse(`${written}${withColon(offset)}`);
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
  /** How far the period reaches back from its end, in seconds, where no start is given. */
  rangeSeconds: number;
  timeZone: string;
  now: Date;
  /** What the user calls these. */
  names?: { from: string; to: string; range: string };
};

const OPTIONS = { from: '--from', to: '--to', range: '--range' } as const;

/**
 * The period that a report is to cover. Without an end it ends with the last whole minute.
 * @throws ConfigError when it ends before it starts, lies in the future or is too short
 */
export function resolvePeriod(request: PeriodRequest): Period {
  const { from, to, rangeSeconds, timeZone, now, names = OPTIONS } = request;
  const nowSeconds = now.getTime() / 1000;
  const end = to === undefined ? Math.floor(nowSeconds / 60) * 60 : parseTime(to, timeZone, names.to);
  const start = from === undefined ? end - rangeSeconds : parseTime(from, timeZone, names.from);
  if (end > nowSeconds) throw new ConfigError(`${names.to}: ${to} lies in the future`);
  if (start >= end)
    throw new ConfigError(
      to === undefined
        ? `${names.from}: ${from} lies in the future`
        : `${names.from}: ${from} is not before ${names.to} ${to}`,
    );
  const cause = from === undefined ? names.range : names.from;
  if (end - start < SHORTEST_PERIOD_SECONDS)
    throw new ConfigError(
      `${cause}: the period is shorter than ${SHORTEST_PERIOD_SECONDS / 60} minutes, too short to judge`,
    );
  if (start < 0) throw new ConfigError(`${cause}: the period starts before 1970`);
  return { start, end };
}

/**
 * Returns the present name of a time zone.
 * @throws ConfigError when nobody knows the time zone
 */
export function checkTimeZone(timeZone: string, name: string): string {
  try {
    return presentName(timeZone);
  } catch {
    throw new ConfigError(
      `${name}: "${timeZone}" is not a known time zone such as Asia/Shanghai, Europe/Berlin or UTC`,
    );
  }
}
