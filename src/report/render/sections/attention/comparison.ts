import type { Finding, Report } from '../../../model/report.ts';
import { type Context, periodSeconds } from '../../kit/context.ts';
import { INCIDENT_WORDS, type PeriodBefore } from './words.ts';

/** How an incident compares with what was before: a few words, or none. */
export type Compared = { text: string; isNew: boolean };

const HOUR = 3600;
const DAY = 24 * HOUR;

/** What people call the period before. Where clocks change, days have 23 or 25 hours. */
export function periodBefore(context: Context): PeriodBefore {
  const seconds = periodSeconds(context);
  if (Math.abs(seconds - DAY) <= HOUR) return 'day';
  return Math.abs(seconds - 7 * DAY) <= HOUR ? 'week' : 'period';
}

/** The comparison with the period before, where there is data of it. */
export function isCompared({ comparisons }: Report): boolean {
  return comparisons.some(({ kind, known }) => kind === 'before' && known);
}

/** Null where it is not known. What was there a week ago comes every week, and is not new. */
export function isFresh(findings: readonly Finding[]): boolean | null {
  const known = findings.filter(({ compared }) => compared !== null);
  if (known.length === 0) return null;
  return known.every(({ compared }) => compared === 'new') && !wasAWeekAgo(findings);
}

function wasAWeekAgo(findings: readonly Finding[]): boolean {
  return findings.length > 0 && findings.every(({ weekBefore }) => weekBefore === true);
}

export function comparedOf(context: Context, findings: readonly Finding[]): Compared[] {
  const words = INCIDENT_WORDS[context.language];
  const before = periodBefore(context);
  // The week before is then the period before.
  const week = before === 'week' ? false : wasAWeekAgo(findings);
  const others = week ? [{ text: words.weekBefore, isNew: false }] : [];
  const known = findings.filter(({ compared }) => compared !== null);
  const count = (way: Finding['compared']) => known.filter(({ compared }) => compared === way).length;
  if (known.length === 0) return others;
  const fresh = count('new');
  if (fresh === known.length)
    return week
      ? [{ text: words.onlyWeekBefore[before], isNew: false }]
      : [{ text: words.isNew, isNew: true }];
  const way =
    fresh > 0
      ? words.someNew(fresh, findings.length)
      : count('worse') > 0
        ? words.worse[before]
        : count('unchanged') > 0
          ? words.unchanged[before]
          : words.better[before];
  return [{ text: way, isNew: false }, ...others];
}
