import { mean } from 'd3-array';
import { COMPONENTS, type Component } from '../../model/indicator.ts';
import { type Coverage, type Finding, PROMETHEUS_SUBJECT, type Target } from '../../model/report.ts';
import {
  type Gathered,
  type Grid,
  labelKey,
  type PeriodData,
  type Series,
  type TargetData,
} from '../../model/series.ts';
import { pointAt, stepStart, toIso } from '../../model/time.ts';
import { chartStretches } from '../chart.ts';
import { compareTexts, greater, keyOf, type Subject, subjectOf } from '../subjects.ts';
import { expectedScrapes } from './expected-scrapes.ts';
import {
  type CoverageThresholds,
  gapFinding,
  restartFinding,
  scatteredFinding,
  type TargetHistory,
} from './findings.ts';
import { firstTried, fromFirstTried, type Gap, gapsOf, isPartOf } from './gaps.ts';

/** `process_start_time_seconds` may differ by up to a second between scrapes (client_golang#289). */
const SAME_START_SECONDS = 60;

/** A target that succeeds within so many seconds of the period's end is there then; a container restarts in less. */
const AT_END_SECONDS = 120;

export type CoverageAssessment = {
  coverage: Coverage;
  findings: Finding[];
  /** When processes were started, the first one seen included, by `keyOf` of the subject. */
  starts: Map<string, number[]>;
  /** At each point, whether any target of a component was scraped with success. */
  scraped: Record<Component, boolean[]>;
};

/** What is known of the targets beyond the period's own scrapes. */
export type Surroundings = {
  pods: Gathered['pods'];
  /** False: the server has no data of these targets from before the period, so its own begins when they do. */
  hasEarlierData: boolean;
};

/** What was and was not seen of the cluster's targets, and which of that needs attention. */
export function assessCoverage(
  gathered: PeriodData,
  thresholds: CoverageThresholds,
  surroundings: Surroundings,
): CoverageAssessment {
  const { grid, windows, targets } = gathered;
  const base = {
    scrapeIntervalSeconds: windows.scrapeIntervalSeconds,
    scrapeIntervalKnown: windows.scrapeIntervalKnown,
  };
  if (!targets.ok)
    return {
      coverage: { ...base, ...nothingSeen(), known: false, reason: targets.reason },
      findings: [],
      starts: new Map(),
      scraped: { agent: [], controller: [] },
    };

  const histories = historiesOf(gathered, targets.value, thresholds.gapSeconds, surroundings);
  const begin = firstScrape(targets.value);
  const isWatched = (index: number) => surroundings.hasEarlierData || index >= begin;
  const common = commonGaps(histories, gathered, thresholds.gapSeconds, isWatched);
  const lastPoints = Math.max(1, Math.ceil(AT_END_SECONDS / grid.stepSeconds));
  const atEnd = histories.filter(({ presence }) => presence.slice(-lastPoints).some(isSeen));
  const agentsAtEnd = countOf(atEnd, 'agent');
  const { desiredAgents } = targets.value;
  // Where the DaemonSet says that all the agents it wants are there, an agent that went away was removed on purpose.
  const isComplete = desiredAgents !== null && agentsAtEnd >= desiredAgents;
  const reported = [
    ...common.map((gap) => gapFinding(PROMETHEUS_SUBJECT, null, [gap], thresholds)),
    ...histories.flatMap(({ subject, component, gaps }) => {
      const isRemoval = (gap: Gap) =>
        component === 'agent' && isComplete && gap.kind === 'absent' && gap.toEnd;
      const own = gaps.filter((gap) => !isRemoval(gap) && !common.some((shared) => isPartOf(gap, shared)));
      return own.length > 0 ? [gapFinding(subject, component, own, thresholds)] : [];
    }),
    ...histories.flatMap((history) => scatteredFinding(history, gathered, thresholds) ?? []),
    ...histories.flatMap((history) => restartFinding(history, thresholds.restarts) ?? []),
  ];

  return {
    coverage: {
      ...base,
      known: histories.length > 0,
      reason: null,
      dataFrom:
        surroundings.hasEarlierData || begin === 0 || !Number.isFinite(begin)
          ? null
          : toIso(stepStart(gathered, begin)),
      seenRatio: mean(histories.flatMap(({ presence }) => fromFirstTried(presence))) ?? null,
      agentsSeen: histories.filter(
        ({ component, presence }) => component === 'agent' && presence.some(isSeen),
      ).length,
      agentsAtEnd,
      agentsDesired: desiredAgents,
      controllersAtEnd: countOf(atEnd, 'controller'),
      // Sorted by key before, so that targets seen equally well keep an order of their own.
      targets: histories
        .map((history) => targetOf(history, gathered))
        .sort((a, b) => (a.seenRatio ?? 0) - (b.seenRatio ?? 0)),
    },
    findings: reported,
    starts: new Map(histories.map((history) => [keyOf(history), history.starts])),
    scraped: {
      agent: scrapedOf(histories, 'agent', grid),
      controller: scrapedOf(histories, 'controller', grid),
    },
  };
}

function scrapedOf(histories: readonly TargetHistory[], component: Component, { count }: Grid): boolean[] {
  const own = histories.filter((history) => history.component === component);
  return Array.from({ length: count }, (_, index) =>
    own.some(({ presence }) => isSeen(presence[index] ?? null)),
  );
}

function nothingSeen(): Omit<Coverage, 'known' | 'reason' | 'scrapeIntervalSeconds' | 'scrapeIntervalKnown'> {
  return {
    seenRatio: null,
    dataFrom: null,
    agentsSeen: 0,
    agentsAtEnd: 0,
    agentsDesired: null,
    controllersAtEnd: 0,
    targets: [],
  };
}

function countOf(histories: readonly Subject[], component: Component): number {
  return histories.filter((history) => history.component === component).length;
}

function isSeen(share: number | null): boolean {
  return share !== null && share > 0;
}

/** The point at which any target was first scraped. */
function firstScrape({ attempts }: TargetData): number {
  const firsts = attempts.map(({ values }) => firstTried(values)).filter((index) => index >= 0);
  return Math.min(...firsts, Infinity);
}

/** The Pods behind a subject, the newest last: from the labels of its targets, else those that Kubernetes knows. */
function podsOf(own: readonly Series[], pods: Gathered['pods']): string[] {
  const labelled = own.flatMap(({ labels }) => labels['pod'] || labels['instance']?.split(';')[1] || []);
  const [first] = own;
  const { component, subject } = subjectOf(first?.labels ?? {}, COMPONENTS);
  const known =
    component === 'controller' ? Object.values(pods.controller).flat() : (pods.agent[subject] ?? []);
  return [...new Set(labelled.length > 0 ? labelled : known)];
}

/** Gathers each subject's series, of which it has several when its pod was recreated; in an order of its own. */
function historiesOf(
  gathered: PeriodData,
  data: TargetData,
  gapSeconds: number,
  { pods, hasEarlierData }: Surroundings,
): TargetHistory[] {
  const { grid, period } = gathered;
  const subject = (labels: Series['labels']) => subjectOf(labels, COMPONENTS);
  const grouped = (series: readonly Series[]) => Map.groupBy(series, ({ labels }) => keyOf(subject(labels)));
  const attempts = grouped(data.attempts);
  const successes = grouped(data.successes);
  const startTimes = grouped(data.startTimes);
  const expected = expectedScrapes(data.attempts, grid);
  // Before the first scrape of any target nobody looked, unless the server had not been started by then.
  const nobody = firstScrape(data);

  return [...attempts]
    .sort(([a], [b]) => compareTexts(a, b))
    .flatMap(([key, series]) => {
      const own = [...series].sort(compareAges);
      const newest = own.at(-1);
      if (!newest) return [];
      const tried = sumOf(own, grid.count);
      const begin = firstTried(tried);
      if (begin < 0) return [];
      const starts = startsOf(startTimes.get(key) ?? []).map((time) => Math.min(time, period.end));
      // Before its first scrape a target may not have been there yet, unless its process says that it was.
      const [oldest = Infinity] = starts;
      const running = Math.max(0, Math.ceil((oldest - grid.start) / grid.stepSeconds));
      const isExpected = (index: number) =>
        index < nobody ? hasEarlierData : index >= Math.min(begin, Math.max(running, nobody));

      const succeeded = sumOf(successes.get(key) ?? [], grid.count);
      const usual = expected.get(newest.labels['job'] ?? '');
      const presence = tried.map((count, index) => {
        if (count === null) return null;
        // The step in which it was added holds fewer scrapes.
        const full = usual?.[index] ?? 1;
        const wanted = index === begin && !isExpected(index - 1) ? Math.min(count, full) : full;
        return Math.min(1, (succeeded[index] ?? 0) / wanted);
      });
      return [
        {
          ...subject(newest.labels),
          node: newest.labels['node'] ?? '',
          instances: [...new Set(own.map(({ labels }) => labels['instance'] ?? ''))],
          pods: podsOf(own, pods),
          presence,
          isExpected,
          gaps: gapsOf(presence, gathered, gapSeconds, isExpected),
          starts,
          // Nobody knows what was before the first process, so its start is no restart.
          restarts: starts.slice(1).filter((time) => time > period.start),
        },
      ];
    });
}

/** The gaps that all targets have in common: then nobody looked, and it is Prometheus that needs attention. */
function commonGaps(
  histories: readonly TargetHistory[],
  gathered: PeriodData,
  gapSeconds: number,
  isExpected: (index: number) => boolean,
): Gap[] {
  const together = Array.from({ length: gathered.grid.count }, (_, index) =>
    histories.reduce<number | null>((best, { presence }) => greater(best, presence[index] ?? null), null),
  );
  // Where one target alone went away and the others were not there at all, it is that target's own gap.
  return gapsOf(together, gathered, gapSeconds, isExpected).filter(
    (shared) => histories.filter(({ gaps }) => gaps.some((gap) => isPartOf(gap, shared))).length > 1,
  );
}

/** Oldest first. */
function compareAges(a: Series, b: Series): number {
  return firstTried(a.values) - firstTried(b.values) || compareTexts(labelKey(a.labels), labelKey(b.labels));
}

function sumOf(series: readonly Series[], count: number): (number | null)[] {
  return Array.from({ length: count }, (_, index) =>
    series.reduce<number | null>((sum, { values }) => {
      const value = values[index] ?? null;
      return value === null ? sum : (sum ?? 0) + value;
    }, null),
  );
}

/** When processes were started, in order. */
function startsOf(startTimes: readonly Series[]): number[] {
  const seen = startTimes
    .flatMap(({ values }) => values.filter((value) => value !== null))
    .sort((a, b) => a - b);
  const distinct: number[] = [];
  for (const time of seen)
    if (time - (distinct.at(-1) ?? -Infinity) > SAME_START_SECONDS) distinct.push(time);
  return distinct;
}

function targetOf(history: TargetHistory, gathered: PeriodData): Target {
  const { presence } = history;
  const first = presence.findIndex(isSeen);
  const last = presence.findLastIndex(isSeen);
  return {
    subject: history.subject,
    component: history.component,
    node: history.node,
    instances: history.instances,
    pods: history.pods,
    seenRatio: mean(fromFirstTried(presence)) ?? null,
    firstSeen: first < 0 ? null : toIso(stepStart(gathered, first)),
    lastSeen: last < 0 ? null : toIso(pointAt(gathered.grid, last)),
    gaps: history.gaps.map(({ start, end, kind }) => ({ start: toIso(start), end: toIso(end), kind })),
    restarts: history.restarts.map(toIso),
    presence: chartStretches(gathered.grid).map(({ first, last }) => drawnShare(history, first, last)),
  };
}

/** What a chart shows of a stretch: where a part of it was scraped, what is missing beside that is missing. */
function drawnShare({ presence, isExpected }: TargetHistory, first: number, last: number): number | null {
  const own = presence.slice(first, last + 1);
  if (own.every((share) => share === null)) return null;
  const share = mean(own.flatMap((one, index) => one ?? (isExpected(first + index) ? 0 : [])));
  return share === undefined ? null : Number(share.toFixed(3));
}
