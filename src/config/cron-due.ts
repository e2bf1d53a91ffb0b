import { tzOffset } from '@date-fns/tz';
import { fromWallClock } from '../report/model/period.ts';
import { CRON_FIELDS, type Field, numberOf } from './cron.ts';
import type { Timing } from './schedules.ts';

/**
 * When a cron expression of EventBridge Scheduler was due last
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html, "Cron-based schedules" and "Daylight
 * savings time": a time that the clocks skip is skipped, and one that they show twice is due once).
 */

/** Days. Twice as long as the rarest sensible schedule: on the first of each month that has 31 days. */
const LOOK_BACK_DAYS = 124;

const DAY = 86_400_000;

/** A day of the calendar: midnight of that date in UTC, in Unix milliseconds. */
type Day = number;

/** @returns null when it was not due in the last four months, up to and including `before` */
export function lastDue({ cron, timeZone }: Pick<Timing, 'cron' | 'timeZone'>, before: Date): Date | null {
  const fields = /^cron\((.*)\)$/.exec(cron)?.[1]?.split(' ') ?? [];
  const wallOf = (time: number) => time + tzOffset(timeZone, new Date(time)) * 60_000;
  const times = timesOfDay(fields);
  const today = Math.floor(wallOf(before.getTime()) / DAY) * DAY;
  for (let day = today; day >= today - LOOK_BACK_DAYS * DAY; day -= DAY) {
    if (!isDueOn(day, fields)) continue;
    for (const time of times) {
      const at = fromWallClock(day + time, timeZone);
      const isSkipped = wallOf(at) !== day + time;
      if (!isSkipped && at <= before.getTime()) return new Date(at);
    }
  }
  return null;
}

/** Returns the times of a day, in milliseconds after midnight, the last one first. */
function timesOfDay([minutes = '', hours = '']: readonly string[]): number[] {
  const [ofHour, ofDay] = [valuesOf(minutes, 0), valuesOf(hours, 1)];
  return ofDay.flatMap((hour) => ofHour.map((minute) => (hour * 60 + minute) * 60_000)).sort((a, b) => b - a);
}

function valuesOf(text: string, index: number): number[] {
  const field = CRON_FIELDS[index];
  if (field === undefined) return [];
  const all = Array.from({ length: field.most - field.least + 1 }, (_, step) => field.least + step);
  return all.filter((value) => includes(text, value, field));
}

/** Whether a field includes a value. Items of other forms than values, ranges and steps include none. */
function includes(text: string, value: number, field: Field): boolean {
  return text.split(',').some((item) => {
    const [, from = '', step] = /^([^/]+)(?:\/(\d+))?$/.exec(item) ?? [];
    const ends =
      from === '*' ? [field.least, field.most] : from.split('-').map((end) => numberOf(end, field));
    const [first, last = step === undefined ? first : field.most] = ends;
    if (first === null || first === undefined || last === null || last === undefined) return false;
    return value >= first && value <= last && (value - first) % Number(step ?? 1) === 0;
  });
}

function isDueOn(
  day: Day,
  [, , ofMonth = '', month = '', ofWeek = '', year = '']: readonly string[],
): boolean {
  const date = new Date(day);
  const has = (text: string, value: number, index: number) => {
    const field = CRON_FIELDS[index];
    return field !== undefined && includes(text, value, field);
  };
  if (!has(month, date.getUTCMonth() + 1, 3) || !has(year, date.getUTCFullYear(), 5)) return false;
  if (ofMonth !== '?')
    return has(ofMonth, date.getUTCDate(), 2) || ofMonth.split(',').some((item) => isSpecialDay(day, item));
  return has(ofWeek, weekdayOf(day), 4) || ofWeek.split(',').some((item) => isSpecialWeekday(day, item));
}

/** 1 is Sunday. */
const weekdayOf = (day: Day): number => new Date(day).getUTCDay() + 1;

const isWorkday = (day: Day): boolean => weekdayOf(day) > 1 && weekdayOf(day) < 7;

function lastDayOfMonth(day: Day): Day {
  const date = new Date(day);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0);
}

/** L: the last day; LW: the last one from Monday to Friday; 15W: of these, the one nearest to the 15th in the month. */
function isSpecialDay(day: Day, item: string): boolean {
  const last = lastDayOfMonth(day);
  if (item === 'L') return day === last;
  if (item === 'LW') return day === nearestWorkday(last);
  const wanted = /^(\d+)W$/.exec(item)?.[1];
  if (wanted === undefined) return false;
  const date = last - (new Date(last).getUTCDate() - Number(wanted)) * DAY;
  return date <= last && day === nearestWorkday(date);
}

function nearestWorkday(date: Day): Day {
  const month = new Date(date).getUTCMonth();
  const near = [0, -1, 1, -2, 2].map((days) => date + days * DAY);
  return near.find((day) => isWorkday(day) && new Date(day).getUTCMonth() === month) ?? date;
}

/** L: Saturday; 6L: the last Friday of the month; 6#3: the third one. */
function isSpecialWeekday(day: Day, item: string): boolean {
  if (item === 'L') return weekdayOf(day) === 7;
  const [, text = '', nth] = /^(\w+?)(?:L|#(\d))$/.exec(item) ?? [];
  const field = CRON_FIELDS[4];
  if (field === undefined || numberOf(text, field) !== weekdayOf(day)) return false;
  const date = new Date(day).getUTCDate();
  return nth === undefined ? day + 7 * DAY > lastDayOfMonth(day) : Math.ceil(date / 7) === Number(nth);
}
