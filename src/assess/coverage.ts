import { COMPONENTS, type Component, type Severity } from '../model/indicator.ts';
import { type Coverage, type Finding, PROMETHEUS_SUBJECT, type Target } from '../model/report.ts';
import type { Gathered, Series, TargetData } from '../model/series.ts';
import { firstTried, type Gap, gapsOf, isPartOf, type Presence } from './gaps.ts';
import { compareTexts, greater, keyOf, medianOf, type Subject, subjectOf } from './subjects.ts';
import { pointAt, stepStart, toIso } from './time.ts';

/** From when on missing scrapes and restarts need attention. */
export type CoverageThresholds = {
  /** A stretch without a successful scrape of this length is a finding. */
  gapSeconds: number;
  /** So many starts of a component's process on one node in the period are a warning, or critical. */
  restarts: { warning: number; critical: number };
};

export const DEFAULT_COVERAGE_THRESHOLDS: CoverageThresholds = {
  // Long enough for a node's reboot or a rollout, which are restarts; Prometheus's own TargetDown alerts wait as long.
  gapSeconds: 600,
  // One planned restart is worth knowing of, three in a day are a crash loop that backs off.
  restarts: { warning: 1, critical: 3 },
};

/** `process_start_time_seconds` may differ by up to a second between scrapes (client_golang#289). */
const SAME_START_SECONDS = 60;

/** A target that succeeds within so many seconds of the period's end is there then; a container restarts in less. */
const AT_END_SECONDS = 120;

type TargetHistory = Subject & {
  node: string;
  instances: string[];
  presence: Presence;
  /** Whether it should have been seen at a point of the grid. */
  isExpected: (index: number) => boolean;
  gaps: Gap[];
  /** When its processes were started, the first one seen included. */
  starts: number[];
  restarts: number[];
};

export type CoverageAssessment = {
  coverage: Coverage;
  findings: Finding[];
  /** When processes were started, the first one seen included, by `keyOf` of the subject. */
  starts: Map<string, number[]>;
};

/** What was and was not seen of the cluster's targets, and which of that needs attention. */
export function assessCoverage(gathered: Gathered, thresholds: CoverageThresholds): CoverageAssessment {
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
    };

  const histories = historiesOf(gathered, targets.value, thresholds.gapSeconds);
  const common = commonGaps(histories, gathered, thresholds.gapSeconds);
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
      seenRatio: mean(histories.flatMap(({ presence }) => fromFirstTried(presence))),
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
  };
}

function nothingSeen(): Omit<Coverage, 'known' | 'reason' | 'scrapeIntervalSeconds' | 'scrapeIntervalKnown'> {
  return {
    seenRatio: null,
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

/** Gathers each subject's series, of which it has several when its pod was recreated; in an order of its own. */
function historiesOf(gathered: Gathered, data: TargetData, gapSeconds: number): TargetHistory[] {
  const { grid, period } = gathered;
  const subject = (labels: Series['labels']) => subjectOf(labels, COMPONENTS, gathered.jobs);
  const grouped = (series: readonly Series[]) => Map.groupBy(series, ({ labels }) => keyOf(subject(labels)));
  const attempts = grouped(data.attempts);
  const successes = grouped(data.successes);
  const startTimes = grouped(data.startTimes);
  const expected = expectedScrapes(data.attempts);
  // Before the first scrape of any target nobody looked.
  const nobody = data.attempts
    .map(({ values }) => firstTried(values))
    .filter((index) => index >= 0)
    .reduce((earliest, index) => Math.min(earliest, index), Infinity);

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
      const isExpected = (index: number) => index < nobody || index >= Math.min(begin, running);

      const succeeded = sumOf(successes.get(key) ?? [], grid.count);
      const usual = expected.get(newest.labels['job'] ?? '') ?? 1;
      const presence = tried.map((count, index) => {
        if (count === null) return null;
        // The step in which it was added holds fewer scrapes.
        const wanted = index === begin && !isExpected(index - 1) ? Math.min(count, usual) : usual;
        return Math.min(1, (succeeded[index] ?? 0) / wanted);
      });
      return [
        {
          ...subject(newest.labels),
          node: newest.labels['node'] ?? '',
          instances: [...new Set(own.map(({ labels }) => labels['instance'] ?? ''))],
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
function commonGaps(histories: readonly TargetHistory[], gathered: Gathered, gapSeconds: number): Gap[] {
  const together = Array.from({ length: gathered.grid.count }, (_, index) =>
    histories.reduce<number | null>((best, { presence }) => greater(best, presence[index] ?? null), null),
  );
  // Where one target alone went away and the others were not there at all, it is that target's own gap.
  return gapsOf(together, gathered, gapSeconds, () => true).filter(
    (shared) => histories.filter(({ gaps }) => gaps.some((gap) => isPartOf(gap, shared))).length > 1,
  );
}

/** Oldest first. */
function compareAges(a: Series, b: Series): number {
  const key = ({ labels }: Series) => JSON.stringify(Object.entries(labels).sort());
  return firstTried(a.values) - firstTried(b.values) || compareTexts(key(a), key(b));
}

/** How many scrapes a step usually holds, by job; jobs may be scraped at different intervals. */
function expectedScrapes(attempts: readonly Series[]): Map<string, number> {
  const byJob = Map.groupBy(attempts, ({ labels }) => labels['job'] ?? '');
  return new Map(
    [...byJob].map(([job, series]) => [job, medianOf(series.flatMap(({ values }) => values)) ?? 1]),
  );
}

function sumOf(series: readonly Series[], count: number): (number | null)[] {
  return Array.from({ length: count }, (_, index) =>
    series.reduce<number | null>((sum, { values }) => {
      const value = values[index] ?? null;
      return value === null ? sum : (sum ?? 0) + value;
    }, null),
  );
}

function fromFirstTried(presence: Presence): number[] {
  const first = firstTried(presence);
  return first < 0 ? [] : presence.slice(first).map((share) => share ?? 0);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
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

/**
 * Unseen for a while in the night is a hole in this report: a warning. At the end of the period it is a blind spot in
 * this moment, and critical, unless it is one agent that is not scraped any more: its node may have been removed.
 */
function gapFinding(
  subject: string,
  component: Component | null,
  gaps: readonly Gap[],
  { gapSeconds }: CoverageThresholds,
): Finding {
  const last = gaps.at(-1);
  const ongoing = last?.toEnd ?? false;
  return {
    indicator: 'scrape-coverage',
    subject,
    component,
    severity: ongoing && (last?.kind === 'down' || component !== 'agent') ? 'critical' : 'warning',
    value: gaps.reduce((longest, { missingSeconds }) => Math.max(longest, missingSeconds), 0),
    unit: 'seconds',
    threshold: gapSeconds,
    condition: 'at-least',
    usual: null,
    labels: {},
    start: toIso(gaps[0]?.start ?? 0),
    end: toIso(last?.end ?? 0),
    durationSeconds: gaps.reduce((sum, { missingSeconds }) => sum + missingSeconds, 0),
    ongoing,
    episodes: gaps.map(({ start, end, missingSeconds }) => ({
      start: toIso(start),
      end: toIso(end),
      value: missingSeconds,
    })),
  };
}

/** A target that fails one scrape in ten all day has no gap, and is not well seen either. */
const SCATTERED_SHARE = 0.1;

/** Scrapes that fail here and there, with no gap among them, when they add up. */
function scatteredFinding(
  { subject, component, presence, gaps }: TargetHistory,
  gathered: Gathered,
  { gapSeconds }: CoverageThresholds,
): Finding | null {
  const { stepSeconds } = gathered.grid;
  const shares = fromFirstTried(presence);
  const offset = presence.length - shares.length;
  const isPartial = (share: number | null) => (share ?? 0) < 1;
  const first = shares.findIndex(isPartial) + offset;
  const last = shares.findLastIndex(isPartial) + offset;
  if (gaps.length > 0 || last < offset) return null;
  const [from, to] = [stepStart(gathered, first), pointAt(gathered.grid, last)];
  const missing = shares.reduce<number>((sum, share) => sum + (1 - (share ?? 0)), 0) * stepSeconds;
  // The period's first step may be shorter than the others.
  const value = Math.min(Math.round(missing), to - from);
  const threshold = Math.max(gapSeconds, SCATTERED_SHARE * shares.length * stepSeconds);
  if (value < threshold) return null;
  const [start, end] = [toIso(from), toIso(to)];
  return {
    indicator: 'scrape-coverage',
    subject,
    component,
    severity: 'warning',
    value,
    unit: 'seconds',
    threshold,
    condition: 'at-least',
    usual: null,
    labels: {},
    start,
    end,
    durationSeconds: value,
    ongoing: last === presence.length - 1,
    episodes: [{ start, end, value }],
  };
}

function restartFinding(history: TargetHistory, limits: CoverageThresholds['restarts']): Finding | null {
  const { restarts } = history;
  const [first] = restarts;
  const last = restarts.at(-1);
  if (
    first === undefined ||
    last === undefined ||
    restarts.length < Math.min(limits.warning, limits.critical)
  )
    return null;
  const severity: Severity = restarts.length >= limits.critical ? 'critical' : 'warning';
  return {
    indicator: 'process-restarts',
    subject: history.subject,
    component: history.component,
    severity,
    value: restarts.length,
    unit: 'restarts',
    threshold: limits[severity],
    condition: 'at-least',
    usual: null,
    labels: {},
    start: toIso(first),
    end: toIso(last),
    durationSeconds: 0,
    ongoing: false,
    episodes: restarts.map((time) => ({ start: toIso(time), end: toIso(time), value: 1 })),
  };
}

function targetOf(history: TargetHistory, gathered: Gathered): Target {
  const { presence } = history;
  const first = presence.findIndex(isSeen);
  const last = presence.findLastIndex(isSeen);
  return {
    subject: history.subject,
    component: history.component,
    node: history.node,
    instances: history.instances,
    seenRatio: mean(fromFirstTried(presence)),
    firstSeen: first < 0 ? null : toIso(stepStart(gathered, first)),
    lastSeen: last < 0 ? null : toIso(pointAt(gathered.grid, last)),
    gaps: history.gaps.map(({ start, end, kind }) => ({ start: toIso(start), end: toIso(end), kind })),
    restarts: history.restarts.map(toIso),
    presence: presence.map((share) => (share === null ? null : Number(share.toFixed(3)))),
  };
}
