import type { Language, Unit } from '../../../model/indicator.ts';
import { join, type Phrase, phrase } from '../../kit/phrase.ts';
import { spaced, spacedText } from '../../kit/words/chinese.ts';
import { at, processes } from '../../kit/words/english.ts';
import type { SubjectLabel } from '../../kit/words/words.ts';
import { enumerate as enumerated, processes as processesOf } from '../../kit/words/zh-CN.ts';

/** What an earlier period is to this one. */
export type PeriodBefore = 'day' | 'week' | 'period';

/** What is told of one kind of finding where several make one story. Values come formatted. */
export type Clause = {
  kind: 'restarts' | 'missing' | 'counted' | 'level';
  title: string;
  /** Whether the title is a user's own, and written as the user wrote it. */
  isOwn: boolean;
  places: readonly SubjectLabel[];
  value: string;
  /** The same with what is counted: "8 failed bundles". */
  counted: string;
  unit: Unit;
  starts: number;
  isBelow: boolean;
};

/** `isCaused`: something of the same story brought it; `isSamePlace`: where the story began. */
export type Follower = Clause & { isCaused: boolean; isSamePlace: boolean };

/** What is said of incidents, and of how they compare with what was before. */
export type IncidentWords = {
  /** `more`: how many alarms it does not name; `explained`: how many indicators it explains, of which it names none. */
  story(root: Clause, followers: readonly Follower[], counts: { more: number; explained: number }): Phrase;
  /** Of an incident whose findings a document does not have. */
  unknown: string;
  courseOfEvents: string;
  why: string;
  explainedBy(cause: Pick<Clause, 'kind' | 'title' | 'isOwn'>): string;
  /** The same below the strip of what a story began with. */
  explainedByFirst(cause: Pick<Clause, 'kind'>): string;
  /** Before the headlines of what explains it, with the space between. */
  seeAlso(explained: string): string;
  restarts(starts: number, places: readonly SubjectLabel[]): Phrase;
  /** No `places` where all of it happened in one. Without a value it is beyond its threshold. */
  begins(clause: Clause, places: readonly SubjectLabel[], hasValue: boolean): Phrase;
  ends(clause: Clause, places: readonly SubjectLabel[]): Phrase;
  events(clause: Clause, places: readonly SubjectLabel[]): Phrase;
  more(count: number): string;

  ongoing: string;
  isNew: string;
  someNew(fresh: number, all: number): string;
  worse: Readonly<Record<PeriodBefore, string>>;
  better: Readonly<Record<PeriodBefore, string>>;
  unchanged: Readonly<Record<PeriodBefore, string>>;
  weekBefore: string;
  onlyWeekBefore: Readonly<Record<PeriodBefore, string>>;
  /** `fresh` is null where that is not known of all. */
  sinceBefore(fresh: number | null, resolved: number, before: PeriodBefore): string;
};

/** Whose name says what went wrong; of others it takes the title to know. */
const TELLING: readonly Unit[] = ['failed-bundles', 'retries', 'evictions', 'reconnections'];

/** Titles begin with a capital; within a sentence only names do. */
const NAMES = /^(Antrea|Flow Exporter|Pods?|Services?|Prometheus|Kubernetes|Egress|Traceflow)\b/;
const inSentence = ({ title, isOwn }: Pick<Clause, 'title' | 'isOwn'>) =>
  isOwn || NAMES.test(title) || !/^[A-Z][a-z]+\b/.test(title)
    ? title
    : `${title.charAt(0).toLowerCase()}${title.slice(1)}`;

const times = (starts: number) => (starts === 1 ? 'once' : starts === 2 ? 'twice' : `${starts} times`);

function lowerFirst([first, ...others]: Phrase): Phrase {
  if (first === undefined || first.name) return first === undefined ? [] : [first, ...others];
  return [{ ...first, text: `${first.text.charAt(0).toLowerCase()}${first.text.slice(1)}` }, ...others];
}

function toValue({ places, value, isBelow }: Clause): string {
  if (places.length > 1) return isBelow ? `fell as low as ${value}` : `rose as high as ${value}`;
  return isBelow ? `fell to ${value}` : `reached ${value}`;
}

/** The beginning of a story, without its threshold: that is told with the chart. */
function beginning(clause: Clause): Phrase {
  const { kind, title, places, starts, counted, value } = clause;
  const [many, each] = places.length > 1 ? ['up to ', ' each'] : ['', ''];
  if (kind === 'restarts')
    return phrase`${processes(places)} restarted ${starts > 1 ? many : ''}${times(starts)}${starts === 1 ? each : ''}`;
  if (kind === 'missing') {
    if (places[0]?.kind === 'everything') return phrase`Nothing was scraped for ${value}`;
    return phrase`${processes(places)} ${many === '' ? 'was' : 'were'} not scraped for ${many}${value}`;
  }
  if (kind === 'counted') return phrase`${title} ${at(places)}: ${many}${counted}`;
  return phrase`${title} ${at(places)} ${toValue(clause)}`;
}

/** What is of all of the cluster needs no saying where. */
const isWhole = (places: readonly SubjectLabel[]) =>
  places.every(({ kind }) => kind === 'cluster' || kind === 'everything');

const whereOf = (places: readonly SubjectLabel[]) => (isWhole(places) ? phrase`` : phrase` ${at(places)}`);

function following(clause: Follower, isOfMany: boolean): Phrase {
  const { kind, places, isSamePlace, counted, starts, value } = clause;
  const [it, its] = isOfMany ? ['they', 'their'] : ['it', 'its'];
  const title = inSentence(clause);
  if (kind === 'counted' && TELLING.includes(clause.unit)) {
    const verb = /^1\b/.test(counted) ? 'was' : 'were';
    return phrase`there ${verb} ${counted}${isSamePlace ? '' : whereOf(places)}`;
  }
  if (!isSamePlace) {
    if (kind === 'counted') return phrase`${title}${whereOf(places)} came to ${value}`;
    return kind === 'level'
      ? phrase`${title}${whereOf(places)} ${toValue(clause)}`
      : lowerFirst(beginning(clause));
  }
  if (kind === 'restarts') return phrase`${it} restarted ${times(starts)}`;
  if (kind === 'missing') return phrase`${it} ${isOfMany ? 'were' : 'was'} not scraped for ${value}`;
  return phrase`${its} ${title} ${kind === 'counted' ? `came to ${value}` : toValue(clause)}`;
}

const THAN: Readonly<Record<PeriodBefore, string>> = {
  day: 'the day before',
  week: 'the week before',
  period: 'the period before',
};

/** Two clauses or more, each with a verb of its own. */
const clauses = (all: readonly Phrase[]): Phrase => join(all, ', and ');

const en: IncidentWords = {
  story: (root, followers, { more, explained }) => {
    const of = (isCaused: boolean) =>
      followers
        .filter((one) => one.isCaused === isCaused)
        .map((one) => following(one, root.places.length > 1));
    const [caused, beside] = [of(true), of(false)];
    const told = join(
      [
        beginning(root),
        ...(caused.length > 0 ? [phrase`then ${clauses(caused)}`] : []),
        ...(beside.length > 0 ? [phrase`at the same time ${clauses(beside)}`] : []),
        ...(more > 0 ? [phrase`and ${more} more`] : []),
      ],
      '; ',
    );
    return explained > 0 ? phrase`${told} (explains ${explained} more)` : told;
  },
  unknown: 'An incident of which the report’s file has no details',
  courseOfEvents: 'Course of events',
  why: 'Why together',
  explainedBy: (cause) =>
    cause.kind === 'level' ? `explained by ${inSentence(cause)}` : en.explainedByFirst(cause),
  explainedByFirst: ({ kind }) =>
    `explained by the ${kind === 'restarts' ? 'restart' : kind === 'missing' ? 'gap' : 'first'}`,
  seeAlso: (explained) => `${explained.charAt(0).toUpperCase()}${explained.slice(1)}; see: `,
  restarts: (starts, places) => {
    const told =
      starts === Math.max(1, places.length)
        ? 'process start'
        : `${starts.toLocaleString('en-GB')} process starts`;
    return phrase`${told}${whereOf(places)}`;
  },
  begins: (clause, places, hasValue) => {
    const where = whereOf(places);
    if (clause.kind === 'missing') return phrase`no scrapes${where}`;
    // Titles may be plural, so without a verb.
    const verb = clause.isBelow ? 'down to' : 'up to';
    return phrase`${inSentence(clause)}${where} ${hasValue ? `${verb} ${clause.value}` : 'beyond its threshold'}`;
  },
  ends: (clause, places) => {
    const where = whereOf(places);
    return clause.kind === 'missing'
      ? phrase`scraped again${where}`
      : phrase`${inSentence(clause)}${where} back`;
  },
  events: (clause, places) => {
    const where = whereOf(places);
    return TELLING.includes(clause.unit)
      ? phrase`${clause.counted}${where}`
      : phrase`${inSentence(clause)}${where}: ${clause.counted}`;
  },
  more: (count) => `and ${count.toLocaleString('en-GB')} more`,

  ongoing: 'ongoing',
  isNew: 'new',
  someNew: (fresh, all) => `${fresh} of ${all} new`,
  worse: {
    day: 'worse than the day before',
    week: 'worse than the week before',
    period: 'worse than the period before',
  },
  better: {
    day: 'better than the day before',
    week: 'better than the week before',
    period: 'better than the period before',
  },
  unchanged: { day: 'also the day before', week: 'also the week before', period: 'also the period before' },
  weekBefore: 'also a week ago',
  onlyWeekBefore: {
    day: 'not the day before, but a week ago',
    week: 'not the week before',
    period: 'not the period before, but a week ago',
  },
  sinceBefore: (fresh, resolved, before) => {
    const told = [
      fresh === null ? '' : fresh === 0 ? 'nothing new' : `${fresh} new`,
      resolved > 0 ? `${resolved} resolved` : '',
    ].filter((part) => part !== '');
    return told.length === 0 ? '' : `Since ${THAN[before]}: ${told.join(', ')}.`;
  },
};

const count = (value: number) => value.toLocaleString('zh-CN');

function reached({ places, value, isBelow }: Clause): string {
  if (places.length > 1) return spacedText`${isBelow ? '最低降至' : '最高达到'} ${value}`;
  return spacedText`${isBelow ? '降至' : '达到'} ${value}`;
}

const ofPlaces = (places: readonly SubjectLabel[]) =>
  isWhole(places) ? spaced`` : spaced`${enumerated(places)} 的 `;

function told(clause: Clause, hasPlace: boolean): Phrase {
  const { kind, title, places, starts, counted, value, unit } = clause;
  const isMany = places.length > 1;
  if (kind === 'restarts') {
    const who = hasPlace ? spaced`${processesOf(places)} ` : spaced``;
    const many = starts === 1 ? '各' : '最多';
    return spaced`${who}${isMany ? many : ''}重启 ${starts} 次`;
  }
  if (kind === 'missing') {
    const who = hasPlace ? spaced`${processesOf(places)} ` : spaced``;
    return spaced`${who}有 ${value}没有采集到数据`;
  }
  const of = spaced`${hasPlace ? ofPlaces(places) : spaced``}${title}`;
  return kind === 'counted' && TELLING.includes(unit)
    ? spaced`${of}（${counted}）`
    : spaced`${of}${reached(clause)}`;
}

const BEFORE: Readonly<Record<PeriodBefore, string>> = { day: '前一天', week: '前一周', period: '上一周期' };

const zhCN: IncidentWords = {
  story: (root, followers, { more, explained }) => {
    const of = (isCaused: boolean) =>
      followers
        .filter((one) => one.isCaused === isCaused)
        .map((one) => {
          const comes = one.kind === 'counted' && TELLING.includes(one.unit) ? '出现 ' : '';
          return spaced`${comes}${told(one, !one.isSamePlace)}`;
        });
    const [caused, beside] = [of(true), of(false)];
    const all = join(
      [
        told(root, true),
        ...(caused.length > 0 ? [spaced`随后 ${join(caused, '，')}`] : []),
        ...(beside.length > 0 ? [spaced`同时 ${join(beside, '，')}`] : []),
        ...(more > 0 ? [spaced`另有 ${more} 项异常`] : []),
      ],
      '，',
    );
    return explained > 0 ? spaced`${all}（连带 ${explained} 项异常）` : all;
  },
  unknown: '报告文件中没有该异常的详情',
  courseOfEvents: '经过',
  why: '关联依据',
  explainedBy: (cause) =>
    cause.kind === 'level' ? spacedText`由 ${cause.title} 引起` : zhCN.explainedByFirst(cause),
  explainedByFirst: ({ kind }) =>
    `由${kind === 'restarts' ? '重启' : kind === 'missing' ? '采集中断' : '首项'}引起`,
  seeAlso: (explained) => spacedText`${explained}，见：`,
  restarts: (starts, places) =>
    spaced`${places.length === 0 ? spaced`` : spaced`${enumerated(places)} `}${starts === Math.max(1, places.length) ? '进程启动' : spacedText`进程启动 ${starts} 次`}`,
  begins: (clause, places, hasValue) => {
    const where = ofPlaces(places);
    if (clause.kind === 'missing') return spaced`${where}采集中断`;
    const level = spacedText`${clause.isBelow ? '降至' : '达到'} ${clause.value}`;
    return spaced`${where}${clause.title}${hasValue ? level : '超出阈值'}`;
  },
  ends: (clause, places) => {
    const where = ofPlaces(places);
    return clause.kind === 'missing' ? spaced`${where}采集恢复` : spaced`${where}${clause.title}恢复`;
  },
  events: (clause, places) => {
    const where = ofPlaces(places);
    return TELLING.includes(clause.unit)
      ? spaced`${where}${clause.counted}`
      : spaced`${where}${clause.title} ${clause.counted}`;
  },
  more: (more) => spacedText`另有 ${count(more)} 项`,

  ongoing: '未恢复',
  isNew: '新增',
  someNew: (fresh, all) => spacedText`${all} 个中有 ${fresh} 个为新增`,
  worse: { day: '比前一天严重', week: '比前一周严重', period: '比上一周期严重' },
  better: { day: '比前一天轻', week: '比前一周轻', period: '比上一周期轻' },
  unchanged: { day: '前一天也有', week: '前一周也有', period: '上一周期也有' },
  weekBefore: '一周前也有',
  onlyWeekBefore: {
    day: '前一天没有，一周前有',
    week: '前一周没有',
    period: '上一周期没有，一周前有',
  },
  sinceBefore: (fresh, resolved, before) => {
    const parts = [
      fresh === null ? '' : fresh === 0 ? '无新增' : spacedText`新增 ${fresh} 项`,
      resolved > 0 ? spacedText`恢复 ${resolved} 项` : '',
    ].filter((part) => part !== '');
    return parts.length === 0 ? '' : spacedText`与${BEFORE[before]}相比，${parts.join('，')}。`;
  },
};

export const INCIDENT_WORDS: Readonly<Record<Language, IncidentWords>> = { en, 'zh-CN': zhCN };
