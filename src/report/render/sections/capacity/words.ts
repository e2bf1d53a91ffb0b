import type { Language } from '../../../model/indicator.ts';
import { type Phrase, phrase } from '../../kit/phrase.ts';
import { spaced, spacedText } from '../../kit/words/chinese.ts';
import { at, plural } from '../../kit/words/english.ts';
import type { SubjectLabel } from '../../kit/words/words.ts';
import { enumerate } from '../../kit/words/zh-CN.ts';

/** Amounts come formatted. `limitTitle` ends "231 of 253 …"; empty where nobody has said what the limit is. */
export type UsedFacts = { value: string; limit: string; limitTitle: string };

/** Where the interval is of one point, its ends are empty. */
export type GrowthFacts = { sign: '+' | '−'; value: string; low: string; high: string };

/** In whole days; `high` null: perhaps never. */
export type FullFacts = { days: number; low: number; high: number | null };

/** Amounts are those of the `first`. `full`: when it will be; empty where all of them are already. */
export type RunsOutFacts = UsedFacts & {
  title: string;
  places: readonly SubjectLabel[];
  first: SubjectLabel;
  full: string;
};

/** How much of each limit is used, and when the rest will be. */
export type CapacityWords = {
  heading: string;
  indicator: string;
  where: string;
  used: string;
  growth: string;
  full: string;
  /** Below the number of a level, what it is of: two lines of one cell. */
  amounts(facts: UsedFacts): string;
  barDescription(title: string, share: string): string;
  grows(facts: GrowthFacts): string;
  growsNot: string;
  isFull: string;
  fullIn(facts: FullFacts): string;
  /** How many are not shown, none of them with more than `share` used. */
  more(count: number, share: string): string;
  note(historyDays: readonly [low: number, high: number]): string;
  /** Instead of the table, where nothing is near its limit: the fullest of all. */
  calm(facts: UsedFacts & { title: string; place: Phrase; share: string }): Phrase;
  /** One subject or several, in a sentence. */
  runsOut(facts: RunsOutFacts): Phrase;
};

const usedOf = ({ value, limit, limitTitle }: UsedFacts) =>
  `${value} of ${limit}${limitTitle === '' ? '' : ` ${limitTitle}`}`;

const interval = (low: string, high: string) => (low === high ? '' : ` (${low}–${high})`);

const en: CapacityWords = {
  heading: 'What runs out',
  indicator: 'Indicator',
  where: 'Where',
  used: 'Used',
  growth: 'Growth a day',
  full: 'Full',
  amounts: ({ value, limit }) => `${value} of ${limit}`,
  barDescription: (title, share) => `${title}: ${share} of the limit`,
  grows: ({ sign, value, low, high }) => `${sign}${value}${interval(low, high)}`,
  growsNot: 'no steady growth',
  isFull: 'now',
  fullIn: ({ days, low, high }) => {
    if (days < 1) return 'within a day';
    const about = `in about ${plural(days, 'day', 'days')}`;
    return high === null ? `${about} (${low} or more)` : `${about}${interval(String(low), String(high))}`;
  },
  more: (count, share) => `And ${count.toLocaleString('en-GB')} more, up to ${share} used.`,
  note: ([low, high]) =>
    `Growth: the steady trend over ${low === high ? plural(high, 'day', 'days') : `${low} to ${plural(high, 'day', 'days')}`} of history; in brackets its 95% confidence interval.`,
  calm: ({ title, place, share, ...used }) =>
    phrase`Nothing is near its limit or on its way there. The fullest: ${title}, ${place}, ${usedOf(used)} (${share}).`,
  runsOut: ({ title, places, first, full, ...used }) => {
    const now = `now ${usedOf(used)}`;
    const verb = full === '' ? 'reached the limit' : 'will reach the limit';
    if (places.length === 1)
      return phrase`${title} ${at(places)} ${verb}${full === '' ? '' : ` ${full}`}; ${now}`;
    return full === ''
      ? phrase`${title} ${at(places)} ${verb}; most ${at([first])}, ${now}`
      : phrase`${title} ${at(places)} ${verb}; first ${at([first])} ${full}, ${now}`;
  },
};

const zhCN: CapacityWords = {
  heading: '容量余量',
  indicator: '指标',
  where: '对象',
  used: '用量',
  growth: '日均增长',
  full: '预计用尽',
  amounts: ({ value, limit }) => spacedText`${value} / ${limit}`,
  barDescription: (title, share) => spacedText`${title}：已用上限的 ${share}`,
  grows: ({ sign, value, low, high }) =>
    low === high ? `${sign}${value}` : spacedText`${sign}${value}（${low}–${high}）`,
  growsNot: '无稳定增长',
  isFull: '已用尽',
  fullIn: ({ days, low, high }) => {
    if (days < 1) return '1 天之内';
    if (high === null) return spacedText`约 ${days} 天后（最早 ${low} 天）`;
    return low === high ? spacedText`约 ${days} 天后` : spacedText`约 ${days} 天后（${low}–${high} 天）`;
  },
  more: (count, share) => spacedText`另有 ${count.toLocaleString('zh-CN')} 项，用量均不超过 ${share}。`,
  note: ([low, high]) =>
    spacedText`增长：根据最近 ${low === high ? high : `${low}–${high}`} 天的历史数据判断是否稳定增长，括号内为 95% 置信区间。`,
  calm: ({ title, place, value, limit, limitTitle, share }) =>
    spaced`各项用量均远离上限，近期也不会用尽。用量最高的是 ${place} 的 ${title}：${value} / ${limit} ${limitTitle}，已用 ${share}。`,
  runsOut: ({ title, places, first, full, value, limit, limitTitle }) => {
    const now = spacedText`目前为 ${value} / ${limit} ${limitTitle}`;
    const whose = spaced`${enumerate(places)} 的 ${title}`;
    if (places.length === 1)
      return full === '' ? spaced`${whose}已达上限，${now}` : spaced`${whose}预计 ${full}达到上限，${now}`;
    return full === ''
      ? spaced`${whose}已达上限；用量最高的是 ${enumerate([first])}，${now}`
      : spaced`${whose}预计将达到上限；最早的是 ${enumerate([first])}，${full}，${now}`;
  },
};

export const CAPACITY_WORDS: Readonly<Record<Language, CapacityWords>> = { en, 'zh-CN': zhCN };
