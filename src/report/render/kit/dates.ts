import { tzOffset } from '@date-fns/tz';
import type { Language } from '../../model/indicator.ts';
import { LANGUAGE_RULES } from './languages/languages.ts';
import { localDay, zoneOrUtc } from './time-ticks.ts';

/** Times as people of a language write them, in the time zone of the report. Instants are ISO 8601. */
export type DateFormatter = {
  timeZone: string;
  /** A time within the period, with its day where the period has several days. */
  time(instant: string): string;
  /** Two times of the period; the day once where both share it. */
  range(start: string, end: string): string;
  dateTime(instant: string): string;
  /** Two times with full dates; the day once where both share it. */
  dateRange(start: string, end: string): string;
  /** The days of a period, without hours. */
  days(start: string, end: string): string;
  /** The hour on an axis. */
  clock(instant: Date): string;
  /** The day on an axis. */
  day(instant: Date): string;
  /** The day with its weekday, for periods of any length. */
  weekday(instant: Date): string;
  /** The same with the year. */
  weekdayAndYear(instant: Date): string;
  /** The month with its year. */
  month(instant: Date): string;
  zoneName(instant: string): string;
};

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** In shorter periods, every weekday occurs once, and people read it faster than a date. */
const WEEKDAYS_BELOW = 6 * DAY_MS;

/** In shorter periods, an axis has room for weekday and date. */
const WEEKDAY_AND_DATE_BELOW = 8 * DAY_MS;

export function createDateFormatter(
  language: Language,
  period: { start: string; end: string; timeZone: string },
): DateFormatter {
  const rules = LANGUAGE_RULES[language];
  const timeZone = zoneOrUtc(period.timeZone);
  const formats = createFormats(rules.locale, timeZone);
  const from = Date.parse(period.start);
  const to = Date.parse(period.end);

  const isSameDay = (a: number, b: number) => localDay(a, timeZone) === localDay(b, timeZone);
  const isSameYear = (a: number, b: number) => formats.year.format(a) === formats.year.format(b);
  const hasSeveralDays = !isSameDay(from, to - 1);
  const dayOfPeriod = to - from < WEEKDAYS_BELOW ? formats.weekday : formats.date;

  const clock = (at: number) =>
    (isAmbiguous(at, timeZone) ? formats.clockWithZone : formats.clock).format(at);
  const time = (at: number) => {
    const isInPeriod = at >= from && at <= to;
    if (isInPeriod && !hasSeveralDays) return clock(at);
    return `${(isInPeriod ? dayOfPeriod : formats.date).format(at)} ${clock(at)}`;
  };
  const dateTime = (at: number, day = formats.dateWithYear) => rules.dateAndTime(day.format(at), clock(at));
  const weekday = (at: Date, date = formats.date) =>
    rules.weekdayAndDate(formats.weekday.format(at), date.format(at));

  return {
    timeZone,
    time: (instant) => time(Date.parse(instant)),
    range: (start, end) => {
      const [first, last] = [Date.parse(start), Date.parse(end)];
      if (time(first) === time(last)) return time(first);
      return `${time(first)}–${isSameDay(first, last) ? clock(last) : time(last)}`;
    },
    dateTime: (instant) => dateTime(Date.parse(instant)),
    dateRange: (start, end) => {
      const [first, last] = [Date.parse(start), Date.parse(end)];
      if (isSameDay(first, last)) return `${dateTime(first)} – ${clock(last)}`;
      if (!isSameYear(first, last)) return `${dateTime(first)} – ${dateTime(last)}`;
      return rules.yearOfRange === 'last'
        ? `${dateTime(first, formats.date)} – ${dateTime(last)}`
        : `${dateTime(first)} – ${dateTime(last, formats.date)}`;
    },
    days: (start, end) => {
      const [first, last] = [Date.parse(start), Date.parse(end)];
      if (isSameDay(first, last)) return formats.dateWithYear.format(first);
      const lastFormat = isSameYear(first, last) ? formats.date : formats.dateWithYear;
      return rules.dayRange(first, last, { first: formats.dateWithYear, last: lastFormat });
    },
    clock: (at) => formats.clock.format(at),
    day: (at) => (to - from < WEEKDAY_AND_DATE_BELOW ? weekday(at) : formats.date.format(at)),
    weekday: (at) => weekday(at),
    weekdayAndYear: (at) => weekday(at, formats.dateWithYear),
    month: (at) => formats.month.format(at),
    zoneName: (instant) => {
      const parts = formats.zone.formatToParts(Date.parse(instant));
      const offset = parts.find((part) => part.type === 'timeZoneName');
      return offset === undefined || timeZone === 'UTC' ? timeZone : `${timeZone} (${offset.value})`;
    },
  };
}

function createFormats(locale: string, timeZone: string) {
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, hourCycle: 'h23', ...options });
  return {
    clock: format({ hour: '2-digit', minute: '2-digit' }),
    clockWithZone: format({ hour: '2-digit', minute: '2-digit', timeZoneName: 'short' }),
    weekday: format({ weekday: 'short' }),
    date: format({ day: 'numeric', month: 'short' }),
    dateWithYear: format({ day: 'numeric', month: 'short', year: 'numeric' }),
    month: format({ month: 'long', year: 'numeric' }),
    year: format({ year: 'numeric' }),
    zone: format({ timeZoneName: 'shortOffset' }),
  };
}

/** Returns whether the clock shows this time twice, because it is set back within three hours. */
function isAmbiguous(instant: number, timeZone: string): boolean {
  const ownOffset = tzOffset(timeZone, new Date(instant));
  return [instant - 3 * HOUR_MS, instant + 3 * HOUR_MS].some((near) => {
    const offset = tzOffset(timeZone, new Date(near));
    const twin = instant + (ownOffset - offset) * 60_000;
    return twin !== instant && tzOffset(timeZone, new Date(twin)) === offset;
  });
}
