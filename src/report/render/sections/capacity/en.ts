import { at, plural } from '../../kit/languages/english.ts';
import { type Phrase, phrase } from '../../kit/phrase.ts';
import type { FullFacts, GrowthFacts, RunsOutFacts, UsedFacts } from './facts.ts';

const usedOf = ({ value, limit, limitTitle }: UsedFacts) =>
  [value, 'of', limit === '' ? 'the' : limit, limitTitle].join(' ').trim();

const interval = (low: string, high: string) => (low === high ? '' : ` (${low}–${high})`);

export const en = {
  heading: 'Running out',
  columns: {
    indicator: 'Indicator',
    where: 'Where',
    used: 'Used',
    growth: 'Growth per day',
    full: 'Full in',
  },
  amounts: ({ value, limit }: UsedFacts) => (limit === '' ? '' : `${value} of ${limit}`),
  barTitle: (title: string, share: string) => `${title}: ${share} of the limit`,
  growth: ({ sign, value, low, high }: GrowthFacts) => `${sign}${value}${interval(low, high)}`,
  noGrowth: 'no steady growth',
  isFull: 'full now',
  fullIn: ({ days, low, high }: FullFacts) => {
    if (days < 1) return 'less than a day';
    const about = `about ${plural(days, 'day', 'days')}`;
    return high === null ? `${about} (${low} or more)` : `${about}${interval(String(low), String(high))}`;
  },
  /** Limits that are not shown. At most `share` of each is used. */
  more: (value: number, share: string) =>
    `${plural(value, 'more limit is', 'more limits are')} at most ${share} used.`,
  note: ([low, high]: readonly [low: number, high: number]) =>
    `Growth is the steady trend over ${low === high ? plural(high, 'day', 'days') : `${low} to ${plural(high, 'day', 'days')}`} of history, with its 95% confidence interval in brackets.`,
  /** Replaces the table where no limit is near. The facts are those of the limit that is used most. */
  emptyText: ({
    title,
    place,
    share,
    ...used
  }: UsedFacts & { title: string; place: Phrase; share: string }) =>
    phrase`No limit is near. Highest usage: ${title}, ${place}, ${usedOf(used)} (${share}).`,
  runsOut: ({ title, places, first, full, ...used }: RunsOutFacts): Phrase => {
    const now = `now ${usedOf(used)}`;
    const verb = full === '' ? 'reached the limit' : 'will reach the limit';
    if (places.length === 1)
      return phrase`${title} ${at(places)} ${verb}${full === '' ? '' : ` in ${full}`}; ${now}`;
    return full === ''
      ? phrase`${title} ${at(places)} ${verb}; highest ${at([first])}, ${now}`
      : phrase`${title} ${at(places)} ${verb}; first ${at([first])} in ${full}, ${now}`;
  },
};
