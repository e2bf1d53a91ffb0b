import type { Unit } from '../../../model/indicator.ts';
import { join, name, type Phrase, phrase } from '../phrase.ts';
import { NAMED_IN_SENTENCES, type PeriodBefore, type SomeNames, type SubjectLabel } from '../words/facts.ts';

/** The grammar of English: numbers, lists, places and dates in sentences. */

const LOCALE = 'en-GB';

export const count = (value: number) => value.toLocaleString(LOCALE);

export const plural = (value: number, one: string, many: string) =>
  `${count(value)} ${value === 1 ? one : many}`;

export const more = (value: number) => `and ${count(value)} more`;

export const list = (items: readonly string[]) =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

/** Returns names with how many more there are: "a, b and 7 more nodes". The nouns may be left out. */
export function listSome({ names, more: further }: SomeNames, one = '', many = ''): string {
  if (further === 0) return list(names);
  const noun = further === 1 ? one : many;
  return `${names.join(', ')} ${more(further)}${noun === '' ? '' : ` ${noun}`}`;
}

export const upperFirst = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** Reasons come from other programs: with a full stop, without one, or empty. */
export const reasonText = (reason: string | null) => (reason ?? '').trim().replace(/\.+$/, '');

/** Ends a sentence with its reason, if there is one: ": timed out." */
export function because(reason: string): string {
  const text = reasonText(reason);
  return text === '' ? '.' : `: ${text}.`;
}

const OTHERS = { controller: 'the controller', cluster: 'the cluster', everything: 'all targets' } as const;

/** Returns one subject for a sentence: "node-1 (IPv4)", "the controller". */
export function place(subject: SubjectLabel): Phrase {
  const suffix = subject.labels === '' ? '' : ` (${subject.labels})`;
  if (subject.kind === 'node') return phrase`${name(subject.node)}${suffix}`;
  return phrase`${OTHERS[subject.kind]}${suffix}`;
}

/** Returns one subject for tables and the ends of lines. */
export function placeShort(subject: SubjectLabel): Phrase {
  return subject.kind === 'controller' || subject.kind === 'cluster'
    ? phrase`${subject.kind}${subject.labels === '' ? '' : ` (${subject.labels})`}`
    : place(subject);
}

/** Returns how many subjects there are: "300 nodes". */
export function places(subjects: readonly SubjectLabel[]): string {
  const areNodes = subjects.every(({ kind }) => kind === 'node');
  return areNodes
    ? plural(subjects.length, 'node', 'nodes')
    : plural(subjects.length, 'process', 'processes');
}

function enumerate(subjects: readonly SubjectLabel[]): Phrase {
  if (subjects.length > NAMED_IN_SENTENCES) return phrase`${places(subjects)}`;
  const phrases = subjects.map(place);
  const last = phrases.at(-1) ?? [];
  return phrases.length < 2 ? last : phrase`${join(phrases.slice(0, -1), ', ')} and ${last}`;
}

const PREPOSITIONS = { node: 'on', controller: 'of', cluster: 'in', everything: 'of' } as const;

/** Returns where something was: "on node-1", "of the controller", "in the cluster". */
export function at(subjects: readonly SubjectLabel[]): Phrase {
  return phrase`${PREPOSITIONS[subjects[0]?.kind ?? 'node']} ${enumerate(subjects)}`;
}

/** Returns the processes of subjects, as the subject of a sentence: "The agent on node-1". */
export function processes(subjects: readonly SubjectLabel[]): Phrase {
  if (subjects.every(({ kind }) => kind === 'node'))
    return phrase`The ${subjects.length > 1 ? 'agents' : 'agent'} ${at(subjects)}`;
  return subjects.length > 1 ? phrase`${places(subjects)}` : phrase`The controller`;
}

export const PERIODS_BEFORE: Readonly<Record<PeriodBefore, string>> = {
  day: 'day before',
  week: 'week before',
  month: 'month before',
  period: 'period before',
};

/** What the number of a unit counts; null where its symbol or the indicator's title says that. */
const NOUNS: Readonly<Record<Unit, readonly [one: string, many: string] | null>> = {
  milliseconds: null,
  seconds: null,
  bytes: null,
  ratio: null,
  'per-second': null,
  count: null,
  cores: ['core', 'cores'],
  'failed-bundles': ['failed bundle', 'failed bundles'],
  flows: ['flow', 'flows'],
  pods: ['Pod', 'Pods'],
  restarts: ['restart', 'restarts'],
  agents: ['agent', 'agents'],
  controllers: ['controller', 'controllers'],
  containers: ['container', 'containers'],
  items: ['item', 'items'],
  retries: ['retry', 'retries'],
  'service-ports': ['Service port', 'Service ports'],
  packets: ['packet', 'packets'],
  connections: ['connection', 'connections'],
  reconnections: ['connection', 'connections'],
  'domain-names': ['domain name', 'domain names'],
  evictions: ['eviction', 'evictions'],
  goroutines: ['goroutine', 'goroutines'],
};

export const english = {
  locale: LOCALE,
  durations: { day: 'd', hour: 'h', minute: 'min', second: 's' },
  /** The noun of a unit; empty for a unit without one. */
  noun: (unit: Unit, isOne: boolean): string => NOUNS[unit]?.[isOne ? 0 : 1] ?? '',
  dateAndTime: (date: string, time: string) => `${date}, ${time}`,
  weekdayAndDate: (weekday: string, date: string) => `${weekday} ${date}`,
  week: (week: number, year: number) => `Week ${week}, ${year}`,
  /** Which end of a range within one year has the year. */
  yearOfRange: 'last' as 'first' | 'last',
  /** Returns two days: "20–21 Nov 2026". The last one has its year only where it differs from the first. */
  dayRange: (first: number, last: number, formats: Record<'first' | 'last', Intl.DateTimeFormat>) =>
    formats.first
      .formatRange(first, last)
      .replace(/(?<=^\d+)\s–\s/u, '–')
      .replaceAll('\u2009', ' '),
};
