import type { Finding, Report } from '../../../model/report.ts';
import { type Context, periodBefore } from '../../kit/context.ts';
import { INCIDENT_WORDS } from './words.ts';

/** A few words on how an incident compares with an earlier period. */
export type Compared = { text: string; isNew: boolean };

/** Returns whether the report has data from the period before. */
export function isCompared({ comparisons }: Report): boolean {
  return comparisons.some(({ kind, known }) => kind === 'before' && known);
}

/**
 * Returns whether findings are new, or null where that is unknown. Findings that also occurred a week ago recur every
 * week, and are not new.
 */
export function isFresh(findings: readonly Finding[]): boolean | null {
  const known = findings.filter(({ compared }) => compared !== null);
  if (known.length === 0) return null;
  return known.every(({ compared }) => compared === 'new') && !wasAWeekAgo(findings);
}

function wasAWeekAgo(findings: readonly Finding[]): boolean {
  return findings.length > 0 && findings.every(({ weekBefore }) => weekBefore === true);
}

/** Returns how the findings of an incident compare with earlier periods; empty where that is unknown. */
export function comparedOf(context: Context, findings: readonly Finding[]): Compared[] {
  const words = INCIDENT_WORDS[context.language];
  const before = periodBefore(context);
  // In a report of a week, the week before is the period before.
  const isWeekly = before !== 'week' && wasAWeekAgo(findings);
  const weekly = isWeekly ? [{ text: words.weekBefore, isNew: false }] : [];
  const known = findings.filter(({ compared }) => compared !== null);
  if (known.length === 0) return weekly;
  const count = (result: Finding['compared']) => known.filter(({ compared }) => compared === result).length;
  const fresh = count('new');
  if (fresh === known.length)
    return isWeekly
      ? [{ text: words.onlyWeekBefore(before), isNew: false }]
      : [{ text: words.isNew, isNew: true }];
  const text =
    fresh > 0
      ? words.someNew(fresh, findings.length)
      : count('worse') > 0
        ? words.worse(before)
        : count('unchanged') > 0
          ? words.unchanged(before)
          : words.better(before);
  return [{ text, isNew: false }, ...weekly];
}
