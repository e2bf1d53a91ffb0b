import type { Language } from '../../report/model/indicator.ts';
import { createFormatter, type Formatter } from '../../report/render/kit/formatter.ts';
import { visible } from '../../report/render/kit/phrase.ts';
import { localDay } from '../../report/render/kit/time-ticks.ts';
import type { ReportsPageWords } from './words.ts';

type ZonedPeriod = {
  /** Unix seconds. */
  period: { start: number; end: number };
  /** IANA name. */
  timeZone: string;
};

/** Formats the periods of several clusters, each in the time zone of its cluster. */
export type PeriodFormatter = {
  /** Returns the formatter of a time zone. */
  inZone(timeZone: string): Formatter;
  /** Returns whole days as dates, also when clocks change, and any other period with its hours. */
  text(zoned: ZonedPeriod): string;
  isWholeDays(zoned: ZonedPeriod): boolean;
};

const toIso = (seconds: number) => new Date(seconds * 1000).toISOString();

/** Dates and times do not depend on the period that a formatter was created for, so any will do. */
const EPOCH = toIso(0);

export function createPeriodFormatter(language: Language): PeriodFormatter {
  // Both caches matter: Intl formats are slow to create and to use, and hundreds of reports share few zones and days.
  const formatters = new Map<string, Formatter>();
  const texts = new Map<string, string>();

  const inZone = (timeZone: string) => {
    const formatter =
      formatters.get(timeZone) ?? createFormatter(language, { start: EPOCH, end: EPOCH, timeZone });
    formatters.set(timeZone, formatter);
    return formatter;
  };
  const isWholeDays = ({ period, timeZone }: ZonedPeriod) => {
    const zone = inZone(timeZone).timeZone;
    return startsDay(period.start, zone) && startsDay(period.end, zone);
  };
  const write = (zoned: ZonedPeriod) => {
    const { start, end } = zoned.period;
    const { days, dateRange } = inZone(zoned.timeZone);
    return isWholeDays(zoned) ? days(toIso(start), toIso(end - 1)) : dateRange(toIso(start), toIso(end));
  };
  const text = (zoned: ZonedPeriod) => {
    const key = `${zoned.timeZone} ${zoned.period.start} ${zoned.period.end}`;
    const written = texts.get(key) ?? write(zoned);
    texts.set(key, written);
    return written;
  };
  return { inZone, text, isWholeDays };
}

/** Compares dates rather than looking for midnight: where clocks go forward at midnight, the day starts at one. */
function startsDay(seconds: number, timeZone: string): boolean {
  return localDay(seconds * 1000, timeZone) !== localDay(seconds * 1000 - 1, timeZone);
}

/** Returns which time zone the dates and times of a page are in; empty without any time. */
export function timeZoneNote(words: ReportsPageWords, zones: ReadonlySet<string>): string {
  const [first, ...others] = zones;
  if (first === undefined) return '';
  return others.length > 0 ? words.timesOfEach : words.times(visible(first));
}
