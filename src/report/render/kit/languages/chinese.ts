import type { Unit } from '../../../model/indicator.ts';
import { join, name, type Part, type Phrase, phrase, plain } from '../phrase.ts';
import { NAMED_IN_SENTENCES, type PeriodBefore, type SomeNames, type SubjectLabel } from '../words/facts.ts';
import { inChinese } from './chinese-reasons.ts';
import type { english } from './english.ts';

/** The grammar of Chinese: spaces between scripts; numbers, lists, places and dates in sentences. */

const LOCALE = 'zh-CN';

/** Chinese characters and full-width punctuation. */
const WIDE = /[\u2e80-\u303f\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]|\p{Script=Han}/u;
const PUNCTUATION = /[\u3000-\u303f\uff00-\uffef]/u;

/**
 * Returns a Chinese sentence with the values inserted. It has one space between a Chinese character and a Latin letter or
 * digit, and no space between two Chinese characters or next to full-width punctuation. Names, such as those of nodes,
 * are inserted unchanged; only the spaces around them change.
 */
export function spaced(texts: TemplateStringsArray, ...values: (string | number | Phrase)[]): Phrase {
  const done: Part[] = [];
  let hasSpace = false;
  for (const part of phrase(texts, ...values)) {
    if (!part.name && part.text.trim() === '') {
      hasSpace ||= part.text !== '';
      continue;
    }
    const before = done.pop();
    if (before === undefined) done.push(part);
    else done.push(...joinParts(before, part, hasSpace));
    hasSpace = false;
  }
  return done;
}

export function spacedText(texts: TemplateStringsArray, ...values: (string | number | Phrase)[]): string {
  return plain(spaced(texts, ...values));
}

function joinParts(before: Part, after: Part, hasSpace: boolean): Part[] {
  const last = [...before.text.trimEnd()].at(-1) ?? '';
  const [first = ''] = after.text.trimStart();
  const hadSpace = hasSpace || /\s$/.test(before.text) || /^\s/.test(after.text);
  const gap = gapBetween(last, first, hadSpace);
  const start = before.name ? before : { ...before, text: before.text.trimEnd() };
  const end = after.name ? after : { ...after, text: after.text.trimStart() };
  if (!start.name) return [{ ...start, text: start.text + gap }, end];
  if (!end.name) return [start, { ...end, text: gap + end.text }];
  return gap === '' ? [start, end] : [start, { text: gap, name: false, code: false }, end];
}

function gapBetween(last: string, first: string, hadSpace: boolean): string {
  if (PUNCTUATION.test(last) || PUNCTUATION.test(first)) return '';
  if (WIDE.test(last) !== WIDE.test(first)) return ' ';
  return !WIDE.test(last) && hadSpace ? ' ' : '';
}

export const count = (value: number) => value.toLocaleString(LOCALE);

export const more = (value: number) => spacedText`另有 ${count(value)} 项`;

export const list = (items: readonly string[]) =>
  items.length < 2 ? items.join('') : spacedText`${items.slice(0, -1).join('、')}和${items.at(-1) ?? ''}`;

/** Returns names, with the number of all where only some are named: "a、b和c等 500 个对象". */
export const listSome = ({ names, more }: SomeNames, noun: string) =>
  more > 0 ? spacedText`${list(names)} 等 ${count(names.length + more)} ${noun}` : list(names);

/** Returns a reason in Chinese. Those of other programs stay as they are: with a full stop, without one, or empty. */
export const reasonText = (reason: string | null) => inChinese((reason ?? '').trim()).replace(/[.。]+$/, '');

/** Ends a sentence with its reason, if there is one: "：timed out。" */
export function because(reason: string): string {
  const text = reasonText(reason);
  return text === '' ? '。' : `：${text}。`;
}

const OTHERS = { controller: 'Controller', cluster: '集群', everything: '全部目标' } as const;

/** Returns one subject: "node-1（IPv4）", "Controller". */
export function place(subject: SubjectLabel): Phrase {
  const suffix = subject.labels === '' ? '' : spacedText`（${subject.labels}）`;
  if (subject.kind === 'node') return spaced`${name(subject.node)}${suffix}`;
  return spaced`${OTHERS[subject.kind]}${suffix}`;
}

/** Returns how many subjects there are: "300 个节点". */
export function places(subjects: readonly SubjectLabel[]): string {
  const areNodes = subjects.every(({ kind }) => kind === 'node');
  return spacedText`${count(subjects.length)} ${areNodes ? '个节点' : '个进程'}`;
}

export function enumerate(subjects: readonly SubjectLabel[]): Phrase {
  return subjects.length > NAMED_IN_SENTENCES ? spaced`${places(subjects)}` : join(subjects.map(place), '、');
}

/** Returns the processes of subjects, as the subject of a sentence: "node-1 上的 Agent". */
export function processes(subjects: readonly SubjectLabel[]): Phrase {
  return subjects[0]?.kind === 'node' ? spaced`${enumerate(subjects)} 上的 Agent` : enumerate(subjects);
}

export const PERIODS_BEFORE: Readonly<Record<PeriodBefore, string>> = {
  day: '前一天',
  week: '前一周',
  month: '前一个月',
  period: '上一周期',
};

/** What the number of a unit counts; null where its symbol or the indicator's title says that. */
const NOUNS: Readonly<Record<Unit, string | null>> = {
  milliseconds: null,
  seconds: null,
  bytes: null,
  ratio: null,
  'per-second': null,
  count: null,
  cores: '核',
  'failed-bundles': '个失败事务',
  flows: '条',
  pods: '个',
  restarts: '次',
  agents: '个 Agent',
  controllers: '个 Controller',
  containers: '个容器',
  items: '项',
  retries: '次重试',
  'service-ports': '个 Service 端口',
  packets: '个报文',
  connections: '条连接',
  reconnections: '次连接',
  'domain-names': '个域名',
  evictions: '次淘汰',
  goroutines: '个 goroutine',
};

export const chinese: typeof english = {
  locale: LOCALE,
  durations: { day: '天', hour: '小时', minute: '分钟', second: '秒' },
  noun: (unit) => NOUNS[unit] ?? '',
  dateAndTime: (date, time) => `${date} ${time}`,
  weekdayAndDate: (weekday, date) => `${date} ${weekday}`,
  week: (week, year) => `${year}年第${week}周`,
  yearOfRange: 'first',
  dayRange: (first, last, formats) => `${formats.first.format(first)}至${formats.last.format(last)}`,
};
