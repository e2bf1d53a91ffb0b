import type { RecurringTime } from '../report/model/recurrence.ts';
import { ConfigError } from './errors.ts';
import { didYouMean } from './suggest.ts';

/** Recurring times such as "Tue 22:00-02:00"; docs/decisions/0028-maintenance.md has the reasons for this form. */

/** In the order of `Date.getUTCDay()`. */
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const SHORT_NAMES = WEEKDAYS.map((name) => name.slice(0, 3));
const ALL_DAYS: readonly number[] = WEEKDAYS.map((_, index) => index);

/** A fifth weekday is not in every month. */
const ORDINALS: Readonly<Record<string, number>> = { first: 1, second: 2, third: 3, fourth: 4, last: -1 };

const EXAMPLES = 'Tue 22:00-02:00, Mon-Fri 01:00-05:00, first Sun 01:00-05:00 or day 02:00-03:00';

/**
 * Returns the times that a text such as "Mon-Fri 22:00-02:00" stands for.
 * @param name the key, for messages
 * @throws ConfigError when the text is not such a time
 */
export function parseRecurringTime(text: string, name: string): RecurringTime {
  const parts = /^(.*?)\s*(?<!\S)([\d:]+)\s*[-–]\s*([\d:]+)$/.exec(text.trim());
  if (!parts) throw new ConfigError(`${name}: "${text}" is not a recurring time such as ${EXAMPLES}`);
  const [, days = '', from = '', to = ''] = parts;
  if (days === '')
    throw new ConfigError(`${name}: "${text}" needs its days, for example "Tue ${text}" or "day ${text}"`);
  const [start, end] = [parseClock(from, name), parseClock(to, name)];
  if (start === DAY)
    throw new ConfigError(`${name}: a time that begins at 24:00 begins at 00:00 of the next day`);
  if (start === end)
    throw new ConfigError(`${name}: "${text}" begins and ends at ${from}; a whole day is 00:00-24:00`);
  return { ...parseDays(days, name), start, end: end > start ? end : end + DAY };
}

const DAY = 86_400;

/** Returns seconds after midnight. */
function parseClock(text: string, name: string): number {
  const [, hours, minutes] = /^(\d\d):([0-5]\d)$/.exec(text) ?? [];
  const seconds = Number(hours) * 3600 + Number(minutes) * 60;
  if (!(seconds <= DAY)) throw new ConfigError(`${name}: "${text}" is not a time of the day, 00:00 to 24:00`);
  return seconds;
}

function parseDays(text: string, name: string): Pick<RecurringTime, 'weekdays' | 'nth'> {
  if (/^day$/i.test(text)) return { weekdays: ALL_DAYS, nth: null };
  const [, ordinal = '', rest = ''] = /^([a-z]+)\s+(.+?)(?:\s+of the month)?$/i.exec(text) ?? [];
  const word = ordinal.toLowerCase();
  if (Object.hasOwn(ORDINALS, word)) {
    if (/\s|,|-|–/.test(rest))
      throw new ConfigError(`${name}: "${text}" has several days; write a list with one entry for each`);
    return { weekdays: [parseWeekday(rest, name)], nth: ORDINALS[word] ?? null };
  }
  const weekdays = text.split(/\s*,\s*|\s+and\s+/i).flatMap((part) => {
    const [from = '', to = from, ...others] = part.split(/\s*[-–]\s*/);
    if (others.length > 0) throw new ConfigError(`${name}: "${part}" is not a range of days such as Mon-Fri`);
    const [first, last] = [parseWeekday(from, name), parseWeekday(to, name)];
    // Fri-Mon goes over the end of the week.
    return ALL_DAYS.slice(0, ((last - first + 7) % 7) + 1).map((days) => (first + days) % 7);
  });
  return { weekdays: [...new Set(weekdays)].sort((a, b) => a - b), nth: null };
}

/** Accepts a weekday in English, also cut short: Tue, Tues, Tuesday. */
function parseWeekday(text: string, name: string): number {
  const index = findWeekday(text);
  if (index >= 0) return index;
  const [first = '', second] = text.split(/\s+/);
  const problem =
    second === undefined
      ? `is not a weekday such as Tue${didYouMean(text, [...SHORT_NAMES, ...WEEKDAYS])}`
      : findWeekday(first) >= 0
        ? 'has several days, which are joined by commas or by a hyphen: Sat, Sun or Mon-Fri'
        : `begins with none of ${Object.keys(ORDINALS).join(', ')}${didYouMean(first, Object.keys(ORDINALS))}`;
  throw new ConfigError(`${name}: "${text}" ${problem}`);
}

/** Returns -1 for other text. */
function findWeekday(text: string): number {
  const wanted = text.toLowerCase();
  return wanted.length < 3 ? -1 : WEEKDAYS.findIndex((day) => day.toLowerCase().startsWith(wanted));
}
