import type { Component, Section, Severity, Unit } from '../../../model/indicator.ts';
import type { Verdict } from '../../../model/report.ts';
import type { Phrase } from '../phrase.ts';

/**
 * What readers are told of an indicator: the statuses of the document, two kinds of healthy that are not "good", and
 * what was beyond a threshold, but only because of something else.
 */
export const SHOWN_STATUSES = [
  'critical',
  'warning',
  'explained',
  'healthy',
  'idle',
  'information',
  'no-data',
  'not-enabled',
  'not-exposed',
  'failed',
] as const;
export type ShownStatus = (typeof SHOWN_STATUSES)[number];

/** Whom a finding or a reading speaks of. `labels` says which of several series: "IPv4", "add". */
export type SubjectLabel =
  | { kind: 'node'; node: string; component: Component; labels: string }
  | { kind: 'controller'; labels: string }
  | { kind: 'cluster'; labels: string }
  | { kind: 'everything'; component: Component | null; labels: string };

/** What a headline says of one finding or of several of the same indicator and severity. Values come formatted. */
export type HeadlineFacts = {
  title: string;
  places: readonly SubjectLabel[];
  value: string;
  limit: string;
  /** Whether the value lies below its limit rather than above. */
  isBelow: boolean;
};

export type Counts = {
  agentsAtEnd: number;
  agentsDesired: number | null;
  agentsSeen: number;
  controllers: number;
};

/** Everything that a report says which is not about one indicator or metric. One file per language. */
export type Words = {
  kicker: string;
  documentTitle(cluster: string, end: string): string;

  statuses: Readonly<Record<ShownStatus, string>>;
  verdicts: Readonly<Record<Verdict, string>>;
  verdictDetail(verdict: Verdict, entries: number, ongoing: number): string;
  sections: Readonly<Record<Section, string>>;
  components: Readonly<Record<Component, string>>;

  masthead: {
    score: string;
    outOfHundred: string;
    scoreDescription(score: number): string;
    period: string;
    generated: string;
    coverage: string;
    coverageCounts(counts: Counts): string;
    coverageSeen(share: string): string;
    coverageUnknown: string;
    recorded(when: string): string;
    /** Releases; `until` is the last one that it can be. One of them may be null. */
    antrea(from: string | null, until: string | null, before: string | null): string;
    antreaEvidence: string;
    incomplete: string;
    incompleteFailed(titles: readonly string[]): string;
    incompleteNoData(titles: readonly string[]): string;
    incompleteCoverage(reason: string): string;
    incompleteInterval: string;
    /** Some subjects have no reading of an indicator: a few by name, and how many more. */
    incompleteReadings(title: string, subjects: readonly string[], more: number): string;
    incompleteMetrics(reason: string): string;
    incompleteAgents(counts: Counts): string;
    incompleteWarnings(count: number): string;
    incompleteOther: string;
  };

  attention: {
    heading: string;
    inDetail: string;
    nothing: string;
    nothingKnown: string;
    headline(facts: HeadlineFacts): Phrase;
    headlineNoneNormal(facts: HeadlineFacts): Phrase;
    /** For thresholds relative to the subject's own median. */
    headlineUnusual(facts: HeadlineFacts, share: string, median: string): Phrase;
    headlineUnusualMany(facts: HeadlineFacts, share: string): Phrase;
    headlineMissing(facts: HeadlineFacts): Phrase;
    headlineRestarts(facts: HeadlineFacts, starts: number, limit: number, severity: Severity): Phrase;
    ongoing: string;
    ongoingSome(ongoing: number, all: number): string;
    since(time: string): string;
    lasted(duration: string): string;
    /** `areMoments`: each is one point of time, rather than from one to another. */
    several(times: number, areMoments: boolean): string;
    inAll(duration: string): string;
    throughout: string;
    more(count: number): string;
    meaning: string;
    firstStep: string;
    details: string;
    episodes(subject: string, ranges: readonly string[], more: number): string;
  };

  overview: {
    heading: string;
    section: string;
    status: string;
    indicator: string;
    worst: string;
    where: string;
    limits: string;
    course: string;
    courseDescription(title: string): string;
    noLimits: string;
  };

  place(place: SubjectLabel): Phrase;
  /** For tables and the ends of lines. */
  placeShort(place: SubjectLabel): Phrase;
  /** How many of a kind of place: "300 nodes". */
  places(places: readonly SubjectLabel[]): string;
  noun(amount: string, value: number, unit: Unit): string;
  labelValue(name: string, value: string): string;
  list(items: readonly string[]): string;
  /** Between things listed in a row. */
  comma: string;
  /** Between two sentences. */
  sentenceSpace: string;

  limits: {
    above(value: string): string;
    atLeast(value: string): string;
    below(value: string): string;
    change(share: string): string;
    rise(share: string): string;
    and(conditions: readonly string[]): string;
    lasting(condition: string, duration: string): string;
    times(condition: string, times: number): string;
    severity(severity: Severity, condition: string): string;
    join(limits: readonly string[]): string;
  };

  indicator: {
    /** `place` is null where there is only one. */
    reading(
      aggregation: 'maximum' | 'last' | 'total',
      value: string,
      place: Phrase | null,
      time: string | null,
    ): Phrase;
    /** For what has no good direction: the lowest and the highest of all subjects at the end. */
    readingRange(low: string, high: string): string;
    readingOne(value: string): string;
    readingOfFinding(place: Phrase | null, value: string, range: string): Phrase;
    allZero: string;
    information: string;
    idle: string;
    noData: string;
    notEnabled: string;
    notExposed: string;
    failed: string;
    readings: string;
    worstReadings: string;
    readingsValue: Readonly<Record<'maximum' | 'last' | 'total', string>>;
    time: string;
    last: string;
    median: string;
    moreWithinLimits(count: number): string;
    more(count: number): string;
    noActivity: string;
    meaning: string;
    nextSteps: string;
    /** Instead of a command that reads the log of a Pod which has been replaced since. */
    podGone: string;
    query: string;
    unknown: string;
  };

  chart: {
    description(facts: {
      subjects: number;
      highest: string;
      lowest: string;
      from: string;
      to: string;
    }): string;
    limit(severity: Severity, value: string): string;
    limitsAbove(limits: readonly string[]): string;
    settling(duration: string): string;
    noData: string;
    noDataOf(subject: string): string;
    /** Of no one in particular, when it is about all. */
    hatched(subjects: readonly string[]): string;
    others(count: number): string;
    band(count: number): string;
    bandWithoutCount: string;
    strip(subject: string): string;
  };

  coverage: {
    heading: string;
    seen(share: string, counts: Counts): string;
    assumedInterval(interval: string): string;
    interval(interval: string): string;
    unknown(reason: string): Phrase;
    target: string;
    presence: string;
    share: string;
    restarts: string;
    presenceDescription(subject: string, share: string): string;
    legendFull: string;
    legendPartial: string;
    legendNone: string;
    legendRestart: string;
    moreTargets(count: number): string;
    gaps: string;
    noGaps: string;
    gapKinds: Readonly<Record<'down' | 'absent', string>>;
    gap(range: string, duration: string, kind: string): string;
    restartTimes(times: readonly string[], more: number): string;
    moreStretches(count: number): string;
    warnings: string;
  };

  metrics: {
    heading: string;
    introduction: string;
    unknown(reason: string): Phrase;
    name: string;
    value: string;
    explanation: string;
    former(name: string, until: string): Phrase;
    /** The component's group; both: the process metrics. */
    groups: Readonly<Record<Component | 'both', string>>;
    notExposed: string;
    /** Before what it names: with its colon and the space after that, if any. */
    requires: string;
    since(releases: string): string;
    range(low: string, high: string): string;
    rise(value: string): string;
    observations(count: string): string;
    mean(value: string): string;
    noObservations: string;
  };

  colophon: {
    heading: string;
    score: string;
    times(timeZone: string, step: string, window: string): string;
    made(name: string, version: string, schema: string, id: string): Phrase;
  };
};
