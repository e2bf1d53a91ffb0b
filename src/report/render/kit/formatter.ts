import { tzOffset } from '@date-fns/tz';
import type { Language, Unit } from '../../model/indicator.ts';
import { localDay, zoneOrUtc } from './time-ticks.ts';

/** Numbers, durations and times as people of the language write them; times in the report's own time zone. */
export type Formatter = {
  timeZone: string;
  /** A plain number, three significant digits below a thousand. */
  number(value: number): string;
  count(value: number): string;
  /** A share of the whole. Only what is all reads as 100 %, only what is nothing as 0 %. */
  percent(ratio: number): string;
  /** A value with its unit's symbol; counts have none, since titles name what is counted. */
  value(value: number, unit: Unit): string;
  /** The same beside a bound it is not equal to: with more digits where it would read like the bound. */
  valueBeside(value: number, bound: number, unit: Unit): string;
  /** How values of a unit are shown up to this one: every tick of an axis in the same magnitude. */
  magnitude(highest: number, unit: Unit): Magnitude;
  /** An amount that was already divided, with its symbol. */
  inMagnitude(amount: number, magnitude: Magnitude): string;
  duration(seconds: number): string;
  /** A time within the period, with its day where the period has several. */
  time(instant: string): string;
  /** From when to when, the day said once where it is the same. */
  range(start: string, end: string): string;
  dateTime(instant: string): string;
  /** A period with its dates in full, the day said once where it is the same. */
  dateRange(start: string, end: string): string;
  /** The days of a period, without the hours. */
  days(start: string, end: string): string;
  /** The hour on an axis. */
  clock(instant: Date): string;
  /** The day on an axis. */
  day(instant: Date): string;
  /** The day with its weekday, however long the period is. */
  weekday(instant: Date): string;
  zoneName(instant: string): string;
};

/** `divisor`: what a value in the indicator's unit is divided by; `symbol` with what separates it from the number. */
export type Magnitude = { divisor: number; symbol: string };

const KIB = 1024;

const SCALES: Readonly<Record<'time' | 'bytes', readonly { at: number; symbol: string }[]>> = {
  // In milliseconds.
  time: [
    { at: 1, symbol: 'ms' },
    { at: 1000, symbol: 's' },
  ],
  bytes: [
    { at: 1, symbol: 'B' },
    { at: KIB, symbol: 'KiB' },
    { at: KIB ** 2, symbol: 'MiB' },
    { at: KIB ** 3, symbol: 'GiB' },
    { at: KIB ** 4, symbol: 'TiB' },
  ],
};

const LOCALES: Readonly<Record<Language, string>> = { en: 'en-GB', 'zh-CN': 'zh-CN' };

const DURATION_UNITS: Readonly<
  Record<Language, Readonly<Record<'day' | 'hour' | 'minute' | 'second', string>>>
> = {
  en: { day: 'd', hour: 'h', minute: 'min', second: 's' },
  'zh-CN': { day: '天', hour: '小时', minute: '分钟', second: '秒' },
};

/** A number and its unit stay on one line. */
const NARROW = '\u00a0';

const CORES: Readonly<Record<Language, string>> = { en: `${NARROW}cores`, 'zh-CN': `${NARROW}核` };

export function createFormatter(
  language: Language,
  period: { start: string; end: string; timeZone: string },
): Formatter {
  const locale = LOCALES[language];
  const timeZone = zoneOrUtc(period.timeZone);
  const dates = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone, hourCycle: 'h23', ...options });

  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const digits = new Map<number, Intl.NumberFormat>();
  const significant = (value: number, count: number) => {
    const format = digits.get(count) ?? new Intl.NumberFormat(locale, { maximumSignificantDigits: count });
    digits.set(count, format);
    return format.format(value);
  };
  const number = (value: number, more = 0) => {
    const size = Math.abs(value);
    if (size >= 100 && more === 0) return whole.format(value);
    return significant(value, (size < 1 ? 2 : 3) + more + (size >= 1000 ? 2 : 0));
  };

  const shares = [0, 1].map(
    (most) => new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: most }),
  );
  const percent = (ratio: number) => {
    if (ratio > 0 && ratio < 0.0005) return `<${shares[1]?.format(0.001)}`;
    // Rounded down near the whole, so that something missing never reads as nothing missing.
    if (ratio > 0.9 && ratio < 1) return shares[1]?.format(Math.floor(ratio * 1000) / 1000) ?? '';
    return shares[ratio < 0.1 ? 1 : 0]?.format(ratio) ?? '';
  };

  const magnitude = (highest: number, unit: Unit): Magnitude => {
    if (unit === 'ratio') return { divisor: 0.01, symbol: '%' };
    if (unit === 'cores') return { divisor: 1, symbol: CORES[language] };
    if (unit === 'per-second') return { divisor: 1, symbol: '/s' };
    if (unit !== 'bytes' && unit !== 'milliseconds' && unit !== 'seconds') return { divisor: 1, symbol: '' };
    const toBase = unit === 'seconds' ? 1000 : 1;
    // Chosen by the value as it will be rounded: 999.6 ms is 1 s, not 1,000 ms.
    const isWhole = (at: number) => Number(((Math.abs(highest) * toBase) / at).toPrecision(3)) >= 1;
    const scale = SCALES[unit === 'bytes' ? 'bytes' : 'time'];
    const chosen = scale.findLast(({ at }) => isWhole(at)) ?? scale[0] ?? { at: 1, symbol: '' };
    return { divisor: chosen.at / toBase, symbol: `${NARROW}${chosen.symbol}` };
  };

  const inMagnitude = (amount: number, { symbol }: Magnitude, more = 0) => {
    const text = number(amount, more);
    return `${text}${text === '1' && symbol === CORES.en ? `${NARROW}core` : symbol}`;
  };
  const value = (amount: number, unit: Unit, more = 0) => {
    if (unit === 'ratio' && more === 0) return percent(amount);
    const chosen = magnitude(amount, unit);
    return inMagnitude(amount / chosen.divisor, chosen, more);
  };
  const valueBeside = (amount: number, bound: number, unit: Unit) => {
    const plain = value(amount, unit);
    if (amount === bound) return plain;
    const distinct = [0, 1, 2, 3].map((more) => value(amount, unit, more));
    return distinct.find((text, more) => text !== value(bound, unit, more)) ?? plain;
  };

  const units = DURATION_UNITS[language];
  const duration = (seconds: number) => {
    const round = Math.max(0, Math.round(seconds));
    if (round < 60) return `${round}${NARROW}${units.second}`;
    const minutes = Math.round(round / 60);
    const parts: [number, string][] =
      minutes < 60
        ? [[minutes, units.minute]]
        : minutes < 48 * 60
          ? [
              [Math.floor(minutes / 60), units.hour],
              [minutes % 60, units.minute],
            ]
          : [
              [Math.floor(Math.round(minutes / 60) / 24), units.day],
              [Math.round(minutes / 60) % 24, units.hour],
            ];
    return parts
      .filter(([amount]) => amount > 0)
      .map(([amount, name]) => `${amount}${NARROW}${name}`)
      .join(NARROW);
  };

  const clock = dates({ hour: '2-digit', minute: '2-digit' });
  const clockWithZone = dates({ hour: '2-digit', minute: '2-digit', timeZoneName: 'short' });
  const weekday = dates({ weekday: 'short' });
  const date = dates({ day: 'numeric', month: 'short' });
  const dateWithYear = dates({ day: 'numeric', month: 'short', year: 'numeric' });
  const year = dates({ year: 'numeric' });
  const zone = dates({ timeZoneName: 'shortOffset' });

  const from = Date.parse(period.start);
  const to = Date.parse(period.end);
  const hasSeveralDays = localDay(from, timeZone) !== localDay(to - 1, timeZone);
  // Weekdays are read faster than dates, as long as each names one day only.
  const isShort = to - from < 6 * 86_400_000;
  // Beside its date it may come twice; in a period of weeks there is no room for both.
  const isWeek = to - from < 8 * 86_400_000;
  const dayName = isShort ? weekday : date;
  const clockText = (instant: number) =>
    (isAmbiguous(instant, timeZone) ? clockWithZone : clock).format(instant);
  const time = (instant: string) => {
    const at = Date.parse(instant);
    const isInPeriod = at >= from && at <= to;
    if (isInPeriod && !hasSeveralDays) return clockText(at);
    return `${(isInPeriod ? dayName : date).format(at)} ${clockText(at)}`;
  };
  const dateAndTime = (day: Intl.DateTimeFormat, at: number) =>
    `${day.format(at)}${language === 'en' ? ', ' : ' '}${clockText(at)}`;
  const dateTime = (instant: string) => dateAndTime(dateWithYear, Date.parse(instant));
  const isSameDay = (a: string, b: string) =>
    localDay(Date.parse(a), timeZone) === localDay(Date.parse(b), timeZone);

  return {
    timeZone,
    number,
    count: (amount) => whole.format(amount),
    percent,
    value: (amount, unit) => value(amount, unit),
    valueBeside,
    magnitude,
    inMagnitude: (amount, chosen) => inMagnitude(amount, chosen),
    duration,
    time,
    range: (start, end) => {
      const [first, last] = [time(start), time(end)];
      if (first === last) return first;
      return `${first}–${isSameDay(start, end) ? clockText(Date.parse(end)) : last}`;
    },
    dateTime,
    days: (start, end) => {
      const [first, last] = [Date.parse(start), Date.parse(end)];
      if (isSameDay(start, end)) return dateWithYear.format(first);
      if (language === 'en')
        return dateWithYear
          .formatRange(first, last)
          .replace(/(?<=^\d+)\s–\s/u, '–')
          .replaceAll('\u2009', ' ');
      const isSameYear = year.format(first) === year.format(last);
      return `${dateWithYear.format(first)}至${(isSameYear ? date : dateWithYear).format(last)}`;
    },
    dateRange: (start, end) => {
      if (isSameDay(start, end)) return `${dateTime(start)} – ${clockText(Date.parse(end))}`;
      const isSameYear = year.format(Date.parse(start)) === year.format(Date.parse(end));
      const short = (instant: string) => dateAndTime(date, Date.parse(instant));
      // The year once, where the language has it: at the end in English, at the beginning in Chinese.
      if (!isSameYear) return `${dateTime(start)} – ${dateTime(end)}`;
      return language === 'en' ? `${short(start)} – ${dateTime(end)}` : `${dateTime(start)} – ${short(end)}`;
    },
    clock: (instant) => clock.format(instant),
    day: (instant) => (isWeek ? weekdayAndDate(instant) : date.format(instant)),
    weekday: weekdayAndDate,
    zoneName: (instant) => {
      const offset = zone.formatToParts(Date.parse(instant)).find((part) => part.type === 'timeZoneName');
      return offset === undefined || timeZone === 'UTC' ? timeZone : `${timeZone} (${offset.value})`;
    },
  };

  function weekdayAndDate(instant: Date): string {
    return language === 'en'
      ? `${weekday.format(instant)} ${date.format(instant)}`
      : `${date.format(instant)} ${weekday.format(instant)}`;
  }
}

/** Whether the clock shows this time twice, because it is set back about now. */
function isAmbiguous(instant: number, timeZone: string): boolean {
  const near = 3 * 3_600_000;
  const own = tzOffset(timeZone, new Date(instant));
  return [instant - near, instant + near].some((other) => {
    const offset = tzOffset(timeZone, new Date(other));
    const twin = instant + (own - offset) * 60_000;
    return twin !== instant && tzOffset(timeZone, new Date(twin)) === offset;
  });
}
