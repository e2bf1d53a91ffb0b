import { TZDate } from '@date-fns/tz';
import { getISOWeek, getISOWeekYear } from 'date-fns';
import type { Report } from '../../model/report.ts';
import type { Context } from './context.ts';
import { LANGUAGE_RULES } from './languages/languages.ts';
import { DAY, localDay, startsDay } from './time-ticks.ts';

const MONDAY = 1;

type NamingContext = Pick<Context, 'language' | 'format'> & { report: Pick<Report, 'period'> };

/**
 * Returns what people call the period of a report, in its time zone: "Fri 20 Nov 2026", "Week 47, 2026", "November 2026",
 * or "18–20 Nov 2026" for other whole days. A period with hours has no such name: `null`. ISO 8601 numbers the weeks.
 */
export function periodName({ report: { period }, language, format }: NamingContext): string | null {
  const [start, end] = [Date.parse(period.start), Date.parse(period.end)];
  const { timeZone } = format;
  if (end <= start || !startsDay(start, timeZone) || !startsDay(end, timeZone)) return null;
  const [first, next] = [start, end].map(
    (instant) => new TZDate(localDay(instant, timeZone) * DAY, 'UTC'),
  ) as [TZDate, TZDate];
  const days = (next.getTime() - first.getTime()) / DAY;
  const rules = LANGUAGE_RULES[language];
  if (days === 1) return format.weekdayAndYear(new Date(start));
  if (days === 7 && first.getDay() === MONDAY) return rules.week(getISOWeek(first), getISOWeekYear(first));
  const isMonth = first.getDate() === 1 && next.getDate() === 1 && days <= 31;
  return isMonth ? format.month(new Date(start)) : format.days(period.start, new Date(end - 1).toISOString());
}
