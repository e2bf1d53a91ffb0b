import type { Language } from '../../../model/indicator.ts';
import { spacedText } from '../../kit/words/chinese.ts';
import { list } from '../../kit/words/english.ts';

/** The period before this one, named after how long it is. */
export type PeriodBefore = 'day' | 'week' | 'month' | 'other';

/** What the parts about single indicators say beyond the words of the report. */
export type DetailsWords = {
  /** Heads of columns. */
  before: Readonly<Record<PeriodBefore, string>>;
  weekBefore: string;
  /** The same for the only reading that there is, in a sentence; either may be empty. */
  earlier(kind: PeriodBefore, before: string, weekBefore: string): string;
  /** Of a user's own query that has no answer: where that is a fault, and where nothing happened. */
  ownNoData: string;
  ownIdle: string;
  /** Said once, of all charts of indicators that need no attention. */
  smallCharts: string;
  /** What opens the rest of an explanation, the readings and the queries. */
  more: string;
  absent: {
    heading: string;
    notEnabled: string;
    notExposed: string;
    /** Ends the sentence above, of titles. */
    separator: string;
    stop: string;
    /** Where the catalog does not say what must be switched on. */
    off: string;
    since(releases: readonly string[]): string;
    unknown: string;
  };
  /** Instead of a metric's values, which are 0 while its feature is off. */
  featureOff: string;
  /** Where charts have fewer points than were judged. */
  judgedBy(step: string): string;
};

const en: DetailsWords = {
  before: { day: 'Day before', week: 'Week before', month: 'Month before', other: 'Period before' },
  weekBefore: 'A week before',
  earlier: (kind, before, weekBefore) => {
    const told = [
      before === '' ? '' : `the ${kind === 'other' ? 'period' : kind} before ${before}`,
      weekBefore === '' ? '' : `a week before ${weekBefore}`,
    ].filter((one) => one !== '');
    const text = told.join(', ');
    return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
  },
  ownNoData: 'No data: the query has no answer, so this could not be judged.',
  ownIdle: 'No activity in this period: the query has no answer.',
  smallCharts: 'Dark: the subject with the worst reading. Grey: the others.',
  more: 'Details',
  absent: {
    heading: 'Not measured',
    notEnabled: 'Not enabled:',
    notExposed: 'Not in this Antrea version:',
    separator: ', ',
    stop: '.',
    off: 'The feature is off.',
    since: (releases) => `Since ${list(releases)}.`,
    unknown: 'Prometheus has no such metric.',
  },
  featureOff: 'feature off',
  judgedBy: (step) => `Points of ${step} are judged.`,
};

const zhCN: DetailsWords = {
  before: { day: '前一天', week: '前一周', month: '前一个月', other: '上一周期' },
  weekBefore: '一周前',
  earlier: (kind, before, weekBefore) => {
    const told = [
      before === '' ? '' : spacedText`${zhCN.before[kind]}为 ${before}`,
      weekBefore === '' ? '' : spacedText`一周前为 ${weekBefore}`,
    ].filter((one) => one !== '');
    return told.length === 0 ? '' : spacedText`${told.join('，')}。`;
  },
  ownNoData: '没有数据：查询没有返回结果，因此无法判断。',
  ownIdle: '统计周期内无活动：查询没有返回结果。',
  smallCharts: '深色线为读数最差的对象，灰色为其余对象。',
  more: '详情',
  absent: {
    heading: '未测量的指标',
    notEnabled: '未启用：',
    notExposed: '当前 Antrea 版本不提供：',
    separator: '、',
    stop: '。',
    off: '相关功能未启用。',
    since: (releases) => spacedText`自 ${releases.join('、')} 起提供。`,
    unknown: 'Prometheus 中没有该指标。',
  },
  featureOff: '功能未启用',
  judgedBy: (step) => spacedText`判断所用的数据点间隔为 ${step}。`,
};

export const DETAILS_WORDS: Readonly<Record<Language, DetailsWords>> = { en, 'zh-CN': zhCN };
