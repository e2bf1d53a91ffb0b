import type { Language, Unit } from '../../model/indicator.ts';
import { LANGUAGE_RULES } from './languages/languages.ts';
import { type Magnitude, NO_BREAK_SPACE, UNIT_FORMATS } from './units.ts';

/** The magnitude in which several values of a unit are shown. */
export type UnitMagnitude = Magnitude & { unit: Unit };

/** Numbers, amounts and durations as people of a language write them. */
export type NumberFormatter = {
  /** A plain number; three significant digits below 1000. */
  number(value: number): string;
  /** A whole number. */
  count(value: number): string;
  /** A share of the whole. Only 1 reads as 100%, and only 0 as 0%. */
  percent(ratio: number): string;
  /** A value with the symbol of its unit. Counted units have none, because titles name what is counted. */
  value(value: number, unit: Unit): string;
  /** Like `value`, with as many digits as it takes to differ from a bound that the value is not equal to. */
  valueBeside(value: number, bound: number, unit: Unit): string;
  /** A value with what it counts: "8 failed bundles". */
  counted(value: number, unit: Unit): string;
  /** The magnitude for values up to `highest`, so that all ticks of an axis share one. */
  magnitude(highest: number, unit: Unit): UnitMagnitude;
  /** An amount that is already divided, with its symbol. */
  inMagnitude(amount: number, magnitude: UnitMagnitude): string;
  /** Seconds as up to two units: "1 h 20 min". */
  duration(seconds: number): string;
};

/** From this size on, numbers are whole. */
export const WHOLE_FROM = 100;

/** Returns the number of significant digits of a number below `WHOLE_FROM`. */
export const significantDigits = (size: number) => (size < 1 ? 2 : 3);

/** Smaller ratios are shown as less than 0.1%; from the second one on, as whole percents; above the third, rounded down. */
export const PERCENT_LIMITS = { smallest: 0.0005, whole: 0.1, precise: 0.9 } as const;

export function createNumberFormatter(language: Language): NumberFormatter {
  const { locale, noun } = LANGUAGE_RULES[language];
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const significant = createSignificantFormat(locale);
  const percent = createPercentFormat(locale);

  const number = (value: number, extraDigits = 0) => {
    const size = Math.abs(value);
    if (size >= WHOLE_FROM && extraDigits === 0) return whole.format(value);
    return significant(value, significantDigits(size) + extraDigits + (size >= 1000 ? 2 : 0));
  };
  const inMagnitude = (amount: number, { symbol, unit }: UnitMagnitude, extraDigits = 0) => {
    const text = number(amount, extraDigits);
    if (UNIT_FORMATS[unit].noun !== 'symbol') return `${text}${symbol}`;
    return `${text}${NO_BREAK_SPACE}${noun(unit, text === '1')}`;
  };
  const value = (amount: number, unit: Unit, extraDigits = 0) => {
    if (unit === 'ratio' && extraDigits === 0) return percent(amount);
    const magnitude = magnitudeOf(amount, unit);
    return inMagnitude(amount / magnitude.divisor, magnitude, extraDigits);
  };

  return {
    number: (amount) => number(amount),
    count: (amount) => whole.format(amount),
    percent,
    value: (amount, unit) => value(amount, unit),
    valueBeside: (amount, bound, unit) => {
      if (amount === bound) return value(amount, unit);
      const extraDigits = [0, 1, 2, 3].find(
        (extra) => value(amount, unit, extra) !== value(bound, unit, extra),
      );
      return value(amount, unit, extraDigits ?? 0);
    },
    counted: (amount, unit) =>
      UNIT_FORMATS[unit].noun === 'counted'
        ? `${value(amount, unit)} ${noun(unit, amount === 1)}`
        : value(amount, unit),
    magnitude: magnitudeOf,
    inMagnitude: (amount, magnitude) => inMagnitude(amount, magnitude),
    duration: (seconds) => durationText(language, seconds),
  };
}

function createSignificantFormat(locale: string): (value: number, digits: number) => string {
  const formats = new Map<number, Intl.NumberFormat>();
  return (value, digits) => {
    const format = formats.get(digits) ?? new Intl.NumberFormat(locale, { maximumSignificantDigits: digits });
    formats.set(digits, format);
    return format.format(value);
  };
}

function createPercentFormat(locale: string): (ratio: number) => string {
  const percentFormat = (digits: number) =>
    new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits });
  const [whole, precise] = [percentFormat(0), percentFormat(1)];
  return (ratio) => {
    const { smallest, whole: wholeFrom, precise: preciseFrom } = PERCENT_LIMITS;
    if (ratio > 0 && ratio < smallest) return `<${precise.format(0.001)}`;
    // Rounded down near the whole, so that incomplete data never reads as complete.
    if (ratio > preciseFrom && ratio < 1) return precise.format(Math.floor(ratio * 1000) / 1000);
    return (ratio < wholeFrom ? precise : whole).format(ratio);
  };
}

export function magnitudeOf(highest: number, unit: Unit): UnitMagnitude {
  const { magnitudes } = UNIT_FORMATS[unit];
  // Chosen by the value as it will be rounded: 999.6 ms is shown as 1 s, not as 1,000 ms.
  const reaches = ({ divisor }: Magnitude) => Number((Math.abs(highest) / divisor).toPrecision(3)) >= 1;
  return { ...(magnitudes.findLast(reaches) ?? magnitudes[0]), unit };
}

const MINUTES_PER_HOUR = 60;
const HOURS_PER_DAY = 24;

/** From this many minutes on, durations are in days and hours. */
const DAYS_FROM = 48 * MINUTES_PER_HOUR;

function durationText(language: Language, seconds: number): string {
  const { day, hour, minute, second } = LANGUAGE_RULES[language].durations;
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole}${NO_BREAK_SPACE}${second}`;
  const minutes = Math.round(whole / 60);
  const hours = Math.round(minutes / MINUTES_PER_HOUR);
  const parts: [number, string][] =
    minutes < DAYS_FROM
      ? [
          [Math.floor(minutes / MINUTES_PER_HOUR), hour],
          [minutes % MINUTES_PER_HOUR, minute],
        ]
      : [
          [Math.floor(hours / HOURS_PER_DAY), day],
          [hours % HOURS_PER_DAY, hour],
        ];
  return parts
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${amount}${NO_BREAK_SPACE}${unit}`)
    .join(NO_BREAK_SPACE);
}

/** Digits of a value by which a table is sorted: as many as the document has. */
const SORTED_DIGITS = 5;

/** Returns the value by which the script sorts a cell; empty for a missing one, and where the text is the value. */
export function sortValue(value: number | null, text: string): string {
  const sorted = value === null ? '' : String(Number(value.toPrecision(SORTED_DIGITS)));
  return sorted === text ? '' : sorted;
}
