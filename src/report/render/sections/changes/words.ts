import type { Language, Severity } from '../../../model/indicator.ts';
import { type Phrase, phrase } from '../../kit/phrase.ts';
import { spaced, spacedText } from '../../kit/words/chinese.ts';
import { at } from '../../kit/words/english.ts';
import type { SubjectLabel } from '../../kit/words/words.ts';
import { enumerate } from '../../kit/words/zh-CN.ts';
import type { PeriodBefore } from '../attention/words.ts';

/** A change of one subject, or of several at about the same time. Values are those of the largest, formatted. */
export type ChangeFacts = {
  title: string;
  places: readonly SubjectLabel[];
  largest: SubjectLabel;
  before: string;
  after: string;
  /** Its part of what was before, with its sign; of several the least and the greatest. May be empty. */
  share: string;
  isRise: boolean;
  isRestart: boolean;
};

/** `perDay`, `low` and `high` with their signs. */
export type TrendFacts = ChangeFacts & { perDay: string; low: string; high: string };

/** What is said of what is not there any more, and of levels that moved. */
export type ChangeWords = {
  heading: string;
  gone: string;
  step: string;
  trend: string;
  /** Of several subjects the least and the greatest. */
  shares(least: string, most: string): string;
  comparedWith(periods: readonly string[]): string;
  notCompared(before: PeriodBefore | 'week-before', reason: string | null): string;
  /** How many questions about the weeks before had no answer, of how many, and why. */
  unanswered(failed: number, questions: number, reason: string): string;
  resolved(title: string, places: readonly SubjectLabel[], severity: Severity, value: string): Phrase;
  stepped(facts: ChangeFacts): Phrase;
  growing(facts: TrendFacts): Phrase;
  since(time: string): string;
  more(count: number): string;
};

const THAN: Readonly<Record<PeriodBefore | 'week-before', string>> = {
  day: 'the day before',
  week: 'the week before',
  period: 'the period before',
  'week-before': 'a week ago',
};

/** Reasons come from elsewhere: with a full stop or without, or not at all. */
const reasonOf = (reason: string | null) => (reason ?? '').trim().replace(/[.。]+$/, '');

const en: ChangeWords = {
  heading: 'What changed',
  gone: 'No longer',
  step: 'New level',
  trend: 'Trend',
  shares: (least, most) => `${least} to ${most}`,
  comparedWith: (periods) => `Compared with ${periods.join(' and with ')}.`,
  notCompared: (before, reason) => {
    const told = reasonOf(reason);
    return told === ''
      ? `Prometheus has no data of ${THAN[before]}.`
      : `Not compared with ${THAN[before]}: ${told}.`;
  },
  unanswered: (failed, questions, reason) =>
    `${failed} of the ${questions} questions about the weeks before had no answer (${reasonOf(reason)}): changes and forecasts may be missing.`,
  resolved: (title, places, severity, value) => {
    const was = severity === 'critical' ? 'critical' : 'a warning';
    return phrase`${title} ${at(places)} (was ${was}${value === '' ? '' : `, ${value}`})`;
  },
  stepped: ({ title, places, largest, before, after, share, isRise, isRestart }) => {
    const verb = isRise ? 'rose' : 'fell';
    const by = share === '' ? '' : ` (${share})`;
    const restart = isRestart ? `, since ${places.length > 1 ? 'their' : 'its'} restart` : '';
    return places.length === 1
      ? phrase`${title} ${at(places)} ${verb} from ${before} to ${after}${by} and stayed there${restart}`
      : phrase`${title} ${at(places)} ${verb}${by} and stayed there${restart}; most ${at([largest])}, from ${before} to ${after}`;
  },
  growing: ({ title, places, largest, before, after, perDay, low, high, isRestart }) => {
    const restart = isRestart ? ', since the restart' : '';
    const rate = `${perDay} a day (95% confidence ${low} to ${high}), from ${before} to ${after}${restart}`;
    return places.length === 1
      ? phrase`${title} ${at(places)}: ${rate}`
      : phrase`${title} ${at(places)}; most ${at([largest])}: ${rate}`;
  },
  since: (time) => `since ${time}`,
  more: (count) => `and ${count.toLocaleString('en-GB')} more`,
};

const BEFORE: Readonly<Record<PeriodBefore | 'week-before', string>> = {
  day: '前一天',
  week: '前一周',
  period: '上一周期',
  'week-before': '一周前同期',
};

const zhCN: ChangeWords = {
  heading: '变化',
  gone: '已恢复',
  step: '水平变化',
  trend: '趋势',
  shares: (least, most) => spacedText`${least} 至 ${most}`,
  comparedWith: (periods) => spacedText`对比 ${periods.join('、')}。`,
  notCompared: (before, reason) => {
    const told = reasonOf(reason);
    return told === ''
      ? spacedText`Prometheus 中没有${BEFORE[before]}的数据。`
      : spacedText`未能与${BEFORE[before]}对比：${told}。`;
  },
  unanswered: (failed, questions, reason) =>
    spacedText`近几周历史数据的 ${questions} 项查询中有 ${failed} 项没有结果（${reasonOf(reason)}），变化和容量预测可能不全。`,
  resolved: (title, places, severity, value) => {
    const was = severity === 'critical' ? '此前为严重' : '此前为警告';
    return spaced`${enumerate(places)} 的 ${title}（${was}${value === '' ? '' : `，${value}`}）`;
  },
  stepped: ({ title, places, largest, before, after, share, isRise, isRestart }) => {
    const by = share === '' ? '' : `（${share}）`;
    const stays = `，此后保持该水平${isRestart ? '，始于进程重启' : ''}`;
    const from = spacedText`由 ${before} ${isRise ? '升至' : '降至'} ${after}`;
    return places.length === 1
      ? spaced`${enumerate(places)} 的 ${title}${from}${by}${stays}`
      : spaced`${enumerate(places)} 的 ${title}${isRise ? '上升' : '下降'}${by}${stays}；变化最大的是 ${enumerate([largest])}，${from}`;
  },
  growing: ({ title, places, largest, before, after, perDay, low, high, isRise, isRestart }) => {
    const rate = spacedText`日均 ${perDay}（95% 置信区间 ${low} 至 ${high}），已由 ${before} ${isRise ? '升至' : '降至'} ${after}${isRestart ? '，始于进程重启' : ''}`;
    return places.length === 1
      ? spaced`${enumerate(places)} 的 ${title}${rate}`
      : spaced`${enumerate(places)} 的 ${title}持续${isRise ? '上升' : '下降'}；变化最大的是 ${enumerate([largest])}，${rate}`;
  },
  since: (time) => spacedText`自${time} 起`,
  more: (more) => spacedText`另有 ${more.toLocaleString('zh-CN')} 项`,
};

export const CHANGE_WORDS: Readonly<Record<Language, ChangeWords>> = { en, 'zh-CN': zhCN };
