import type { Unit } from '../../../model/indicator.ts';
import type { UpgradeFacts } from '../../kit/antrea-version.ts';
import {
  at,
  count,
  more,
  PERIODS_BEFORE,
  plural,
  processes,
  upperFirst,
} from '../../kit/languages/english.ts';
import { join, type Phrase, phrase } from '../../kit/phrase.ts';
import type { PeriodBefore, SubjectLabel } from '../../kit/words/facts.ts';
import {
  type CauseFacts,
  type FindingFacts,
  type FollowingFacts,
  isCountOfSame,
  type ThresholdFacts,
} from './facts.ts';

/** Units whose noun names the problem; other units need the title of the indicator. */
const SELF_EXPLANATORY: readonly Unit[] = ['failed-bundles', 'retries', 'evictions', 'reconnections'];

/** Titles that keep their capital within a sentence. */
const NAMES = /^(Antrea|Flow Exporter|Pods?|Services?|Prometheus|Kubernetes|Egress|Traceflow)\b/;

const titleInSentence = ({ title, isCustom }: Pick<FindingFacts, 'title' | 'isCustom'>) =>
  isCustom || NAMES.test(title) || !/^[A-Z][a-z]+\b/.test(title)
    ? title
    : `${title.charAt(0).toLowerCase()}${title.slice(1)}`;

function lowerFirst([first, ...others]: Phrase): Phrase {
  if (first === undefined) return [];
  if (first.name) return [first, ...others];
  return [{ ...first, text: `${first.text.charAt(0).toLowerCase()}${first.text.slice(1)}` }, ...others];
}

const times = (amount: number) => (amount === 1 ? 'once' : amount === 2 ? 'twice' : `${count(amount)} times`);

const wasOrWere = (counted: string) => (/^1\b/.test(counted) ? 'was' : 'were');

/** How far a value went, and the threshold. */
function reached({ places, value, isBelow, threshold, relative }: FindingFacts): string {
  if (relative !== null) {
    if (relative.usual === null) return `differed from the usual level by more than ${relative.share}`;
    const [verb, side] = isBelow ? ['fell', 'below'] : ['rose', 'above'];
    return `${verb} to ${value}, more than ${relative.share} ${side} the usual ${relative.usual}`;
  }
  const limit = `(threshold ${threshold})`;
  if (places.length > 1) return `${isBelow ? 'fell as low' : 'rose as high'} as ${value} ${limit}`;
  return `${isBelow ? 'fell to' : 'reached'} ${value} ${limit}`;
}

/** What happened, without the threshold of what is counted. */
function whatHappened(facts: FindingFacts): Phrase {
  const { kind, title, places, amount, counted, value } = facts;
  const [upTo, each] = places.length > 1 ? ['up to ', ' each'] : ['', ''];
  if (kind === 'restarts')
    return phrase`${processes(places)} restarted ${amount > 1 ? upTo : ''}${times(amount)}${amount === 1 ? each : ''}`;
  if (kind === 'not-scraped') {
    if (places[0]?.kind === 'everything') return phrase`No target was scraped for ${value}`;
    return phrase`${processes(places)} ${places.length > 1 ? 'were' : 'was'} not scraped for ${upTo}${value}`;
  }
  if (kind === 'missing-agents') return phrase`${counted} missing`;
  if (kind === 'counted') return phrase`${title} ${at(places)}: ${upTo}${counted}`;
  if (kind === 'state') return phrase`${title} ${at(places)}`;
  return phrase`${title} ${at(places)} ${reached(facts)}`;
}

/** Where something was; empty for the whole cluster, which needs no place. */
const where = (places: readonly SubjectLabel[]) =>
  places.every(({ kind }) => kind === 'cluster' || kind === 'everything') ? phrase`` : phrase` ${at(places)}`;

/** The same as a clause after what happened first. `isOfMany`: that had several subjects. */
function whatFollowed(facts: FollowingFacts, isOfMany: boolean): Phrase {
  const { kind, places, isSamePlace, counted, amount, value } = facts;
  const [it, its] = isOfMany ? ['they', 'their'] : ['it', 'its'];
  const title = titleInSentence(facts);
  if (kind === 'missing-agents') return phrase`${counted} ${wasOrWere(counted)} missing`;
  if (kind === 'counted' && SELF_EXPLANATORY.includes(facts.unit))
    return phrase`there ${wasOrWere(counted)} ${counted}${isSamePlace ? '' : where(places)}`;
  if (kind === 'counted') return phrase`${title}${isSamePlace ? '' : where(places)}: ${counted}`;
  if (kind === 'state') return phrase`${title}${isSamePlace ? '' : where(places)}`;
  if (kind === 'level')
    // "The controller …; then its controller instances" would name it twice.
    return isSamePlace
      ? phrase`${title.startsWith('controller ') ? '' : `${its} `}${title} ${reached(facts)}`
      : phrase`${title}${where(places)} ${reached(facts)}`;
  if (!isSamePlace) return lowerFirst(whatHappened(facts));
  if (kind === 'restarts') return phrase`${it} restarted ${times(amount)}`;
  return phrase`${it} ${isOfMany ? 'were' : 'was'} not scraped for ${value}`;
}

/** What happened first, with the agents that counted as missing because of it. */
function firstWithMissing(first: FindingFacts, missing: FindingFacts | undefined): Phrase[] {
  if (missing === undefined) return [whatHappened(first)];
  const { amount, counted } = missing;
  if (amount === 1 && first.places.length === 1)
    return [phrase`${whatHappened(first)} and counted as missing`];
  const many = amount === 1 ? `${counted} was missing at a time` : `up to ${counted} were missing at once`;
  return [whatHappened(first), phrase`${many}`];
}

function causedByFirst({ kind }: Pick<CauseFacts, 'kind'>): string {
  return `caused by the ${kind === 'restarts' ? 'restart' : kind === 'not-scraped' ? 'scrape gap' : 'first'}`;
}

export const en = {
  heading: 'Incident details',
  details: 'Chart and steps',
  more: (incidents: number) => `and ${plural(incidents, 'more incident', 'more incidents')}`,

  /** One finding, or several of the same indicator, with the threshold. */
  headline: (facts: FindingFacts, { amount, severity }: ThresholdFacts): Phrase => {
    if (facts.kind === 'restarts') {
      const level = severity === 'critical' ? 'critical' : 'a warning';
      const rule = amount === 1 ? `any restart is ${level}` : `${severity} at ${facts.threshold} or more`;
      return phrase`${whatHappened(facts)} (${rule})`;
    }
    if (facts.kind === 'level' || facts.kind === 'state') return whatHappened(facts);
    return phrase`${whatHappened(facts)} (${facts.kind === 'not-scraped' ? `threshold ${facts.threshold}` : 'normally 0'})`;
  },
  /**
   * An incident with several groups of findings. `more`: how many further groups need attention; `related`: how many
   * groups the first one caused, where none of them is named.
   */
  headlineOfSeveral: (
    first: FindingFacts,
    following: readonly FollowingFacts[],
    counts: { more: number; related: number },
  ): Phrase => {
    const missing = following.find((facts) => isCountOfSame(first, facts));
    const clauses = (areLater: boolean) =>
      following
        .filter((facts) => facts !== missing && facts.isLater === areLater)
        .map((facts) => whatFollowed(facts, first.places.length > 1));
    const [later, simultaneous] = [clauses(true), clauses(false)];
    const sentence = join(
      [
        ...firstWithMissing(first, missing),
        ...(later.length > 0 ? [phrase`then ${join(later, ', and ')}`] : []),
        ...(simultaneous.length > 0 ? [phrase`at the same time ${join(simultaneous, ', and ')}`] : []),
        ...(counts.more > 0 ? [phrase`${more(counts.more)}`] : []),
      ],
      '; ',
    );
    if (counts.related === 0) return sentence;
    return phrase`${sentence}; ${plural(counts.related, 'related finding', 'related findings')}`;
  },
  /** An incident whose findings the document lacks. */
  unknown: 'An incident whose details are missing from the report file',

  /** A change of the version that explains restarts, and when it was. */
  upgrade: ({ component, from, to, isFinished }: UpgradeFacts, when: string): Phrase =>
    phrase`The version of the ${component === 'agent' ? 'agents' : 'controller'} changed from ${from} to ${to} (${when}${isFinished ? '' : ', not finished'}).`,

  timeline: 'Timeline',
  why: 'Why these belong together',
  causedBy: (cause: CauseFacts) =>
    cause.kind === 'restarts' || cause.kind === 'not-scraped'
      ? causedByFirst(cause)
      : `caused by ${titleInSentence(cause)}`,
  /** The cause is the first group of the same incident. */
  causedByFirst,
  /** Precedes links to the incidents that explain something. */
  seeAlso: (causedBy: string) => `${upperFirst(causedBy)}; see: `,
  /** Separates these links. */
  separator: '; ',

  // Events of a timeline. `places` is empty where all events have the same subject.
  restarts: (starts: number, places: readonly SubjectLabel[]): Phrase => {
    const isOneEach = starts === Math.max(1, places.length);
    return phrase`${isOneEach ? 'process start' : `${count(starts)} process starts`}${where(places)}`;
  },
  begins: (facts: FindingFacts, places: readonly SubjectLabel[], hasValue: boolean): Phrase => {
    if (facts.kind === 'not-scraped') return phrase`scraping stopped${where(places)}`;
    if (facts.kind === 'missing-agents' && hasValue) return phrase`${facts.counted} missing`;
    if (facts.kind === 'state') return phrase`${titleInSentence(facts)}${where(places)}`;
    const level = facts.isBelow ? `fell to ${facts.value}` : `reached ${facts.value}`;
    return phrase`${titleInSentence(facts)}${where(places)} ${hasValue ? level : 'crossed the threshold'}`;
  },
  ends: (facts: FindingFacts, places: readonly SubjectLabel[]): Phrase => {
    if (facts.kind === 'not-scraped') return phrase`scraping resumed${where(places)}`;
    if (facts.kind === 'missing-agents') return phrase`no agents missing`;
    return phrase`${titleInSentence(facts)}${where(places)} back to normal`;
  },
  events: (facts: FindingFacts, places: readonly SubjectLabel[]): Phrase =>
    SELF_EXPLANATORY.includes(facts.unit)
      ? phrase`${facts.counted}${where(places)}`
      : phrase`${titleInSentence(facts)}${where(places)}: ${facts.counted}`,

  stillOngoing: 'still ongoing',
  someStillOngoing: (ongoing: number, all: number) => `${count(ongoing)} of ${count(all)} still ongoing`,
  lasted: (duration: string) => `for ${duration}`,
  /** `areMoments`: each episode is one point in time. */
  episodes: (episodes: number, areMoments: boolean) =>
    `${count(episodes)} ${areMoments ? 'times' : 'episodes'}`,
  inTotal: (duration: string) => `${duration} in total`,
  wholePeriod: 'the whole period',
  barTitle: (subject: string) => `Episodes beyond the threshold: ${subject}`,
  barDescription: (subject: string, ranges: readonly string[], further: number) =>
    `${subject}: ${ranges.join('; ')}${further > 0 ? ` and ${plural(further, 'more episode', 'more episodes')}` : ''}`,

  ongoing: 'ongoing',
  isNew: 'new',
  someNew: (fresh: number, all: number) => `${count(fresh)} of ${count(all)} new`,
  worse: (before: PeriodBefore) => `worse than the ${PERIODS_BEFORE[before]}`,
  better: (before: PeriodBefore) => `better than the ${PERIODS_BEFORE[before]}`,
  unchanged: (before: PeriodBefore) => `also the ${PERIODS_BEFORE[before]}`,
  weekBefore: 'also a week ago',
  onlyWeekBefore: (before: PeriodBefore) => `not the ${PERIODS_BEFORE[before]}, but a week ago`,
  /** `fresh` is null where it is not known for all incidents. */
  sinceBefore: (fresh: number | null, resolved: number, before: PeriodBefore) => {
    const parts = [
      fresh === null ? '' : fresh === 0 ? 'nothing new' : `${fresh} new`,
      resolved > 0 ? `${resolved} resolved` : '',
    ].filter((part) => part !== '');
    return parts.length === 0 ? '' : `Since the ${PERIODS_BEFORE[before]}: ${parts.join(', ')}.`;
  },
};
