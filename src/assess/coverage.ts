import type { Component, Severity } from '../model/indicator.ts';
import type { Coverage, Finding, Target } from '../model/report.ts';
import type { Gathered, Grid, Series, TargetData } from '../model/series.ts';
import { type Gap, gapsOf, overlapOfAll } from './gaps.ts';
import {
  CONTROLLER_SUBJECT,
  componentOf,
  keyOf,
  medianOf,
  PROMETHEUS_SUBJECT,
  type Subject,
} from './subjects.ts';
import { pointAt, toIso } from './time.ts';

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

type TargetHistory = Subject & {
  node: string;
  instances: string[];
  /** Share of expected scrapes that succeeded, a value per step; null where none was tried. */
  presence: (number | null)[];
  gaps: Gap[];
  restarts: number[];
};

export type CoverageAssessment = {
  coverage: Coverage;
  findings: Finding[];
  /** Start times by `keyOf` of the subject. */
  restarts: Map<string, number[]>;
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
      restarts: new Map(),
    };

  const histories = historiesOf(gathered, targets.value, thresholds.gapSeconds);
  const common = overlapOfAll(histories.map(({ gaps }) => gaps));
  const atEnd = histories.filter(({ presence }) =>
    presence.slice(-2).some((share) => share !== null && share > 0),
  );
  const agentsAtEnd = countOf(atEnd, 'agent');
  const { desiredAgents } = targets.value;
  // Where the DaemonSet says that all the agents it wants are there, a target that went away was removed on purpose.
  const isComplete = desiredAgents !== null && agentsAtEnd >= desiredAgents;
  const reported = [
    ...common.map((gap) => gapFinding(PROMETHEUS_SUBJECT, null, [gap], grid, thresholds)),
    ...histories.flatMap((history) => {
      const own = history.gaps.filter(
        (gap) => !common.some((shared) => shared.first <= gap.first && shared.last >= gap.last),
      );
      const unexplained = own.filter(
        (gap) => !(isComplete && gap.kind === 'absent' && gap.last === grid.count - 1),
      );
      return unexplained.length > 0
        ? [gapFinding(history.subject, history.component, unexplained, grid, thresholds)]
        : [];
    }),
    ...histories.flatMap((history) => restartFinding(history, thresholds.restarts) ?? []),
  ];

  return {
    coverage: {
      ...base,
      known: histories.length > 0,
      reason: null,
      seenRatio: mean(histories.flatMap(({ presence }) => fromFirstSeen(presence))),
      agentsSeen: countOf(histories, 'agent'),
      agentsAtEnd,
      agentsDesired: desiredAgents,
      controllersAtEnd: countOf(atEnd, 'controller'),
      targets: histories
        .map((history) => targetOf(history, grid))
        .sort((a, b) => (a.seenRatio ?? 0) - (b.seenRatio ?? 0)),
    },
    findings: reported,
    restarts: new Map(histories.map((history) => [keyOf(history), history.restarts])),
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

/** Gathers each subject's series, of which it has several when its pod was recreated. */
function historiesOf(gathered: Gathered, data: TargetData, gapSeconds: number): TargetHistory[] {
  const { grid } = gathered;
  const subjectOfTarget = (labels: Series['labels']): Subject => {
    const component = componentOf(labels['job'], ['agent', 'controller'], gathered.jobs);
    return { component, subject: component === 'controller' ? CONTROLLER_SUBJECT : (labels['node'] ?? '') };
  };
  const grouped = (series: readonly Series[]) =>
    Map.groupBy(series, ({ labels }) => keyOf(subjectOfTarget(labels)));
  const successes = grouped(data.successes);
  const startTimes = grouped(data.startTimes);
  const expected = expectedScrapes(data.attempts);

  const histories = [...grouped(data.attempts)].flatMap(([key, attempts]) => {
    const [any] = attempts;
    if (!any) return [];
    const own = [...attempts].sort((a, b) => firstIndex(a.values) - firstIndex(b.values));
    const tried = sumOf(attempts, grid.count);
    const succeeded = sumOf(successes.get(key) ?? [], grid.count);
    const usual = expected.get(any.labels['job'] ?? '') ?? 1;
    const presence = tried.map((count, index) =>
      count === null ? null : Math.min(1, (succeeded[index] ?? 0) / usual),
    );
    return [
      {
        ...subjectOfTarget(any.labels),
        node: own.at(-1)?.labels['node'] ?? '',
        instances: own.map(({ labels }) => labels['instance'] ?? ''),
        presence,
        gaps: gapsOf(presence, grid, gapSeconds),
        restarts: restartsOf(startTimes.get(key) ?? [], grid),
      },
    ];
  });
  return withLateStart(histories, grid, gapSeconds);
}

/**
 * Before a target was first seen there is no gap: it may have been added then. Unless no target at all was seen, in
 * which case nobody looked.
 */
function withLateStart(histories: TargetHistory[], grid: Grid, gapSeconds: number): TargetHistory[] {
  const first = Math.min(
    ...histories.map(({ presence }) => presence.findIndex((share) => share !== null && share > 0)),
  );
  if (!(first > 0) || first * grid.stepSeconds < gapSeconds) return histories;
  const early: Gap = { first: 0, last: first - 1, kind: 'absent', missingSeconds: first * grid.stepSeconds };
  return histories.map((history) => ({ ...history, gaps: [early, ...history.gaps] }));
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

function firstIndex(values: readonly (number | null)[]): number {
  return values.findIndex((value) => value !== null);
}

function fromFirstSeen(presence: readonly (number | null)[]): number[] {
  const first = presence.findIndex((share) => share !== null && share > 0);
  return first < 0 ? [] : presence.slice(first).map((share) => share ?? 0);
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** When processes were started, the one that was there first left out: nobody knows what was before it. */
function restartsOf(startTimes: readonly Series[], grid: Grid): number[] {
  const begin = grid.start;
  const seen = startTimes
    .flatMap(({ values }) => values.filter((value): value is number => value !== null))
    .sort((a, b) => a - b);
  const distinct = seen.filter(
    (time, index) => index === 0 || time - (seen[index - 1] ?? 0) > SAME_START_SECONDS,
  );
  return distinct.slice(1).filter((time) => time > begin);
}

function gapFinding(
  subject: string,
  component: Component | null,
  gaps: readonly Gap[],
  grid: Grid,
  { gapSeconds }: CoverageThresholds,
): Finding {
  const episodes = gaps.map((gap) => ({ ...edgesOf(gap, grid), value: gap.missingSeconds }));
  const last = gaps.at(-1);
  const ongoing = last !== undefined && last.last === grid.count - 1;
  return {
    indicator: 'scrape-coverage',
    subject,
    component,
    // Unseen now is a blind spot in this moment; unseen for a while in the night is a hole in this report.
    severity: ongoing && last.kind === 'down' ? 'critical' : 'warning',
    value: Math.max(...gaps.map((gap) => gap.missingSeconds)),
    unit: 'seconds',
    threshold: gapSeconds,
    condition: 'at-least',
    labels: {},
    start: episodes[0]?.start ?? '',
    end: episodes.at(-1)?.end ?? '',
    durationSeconds: gaps.reduce((sum, gap) => sum + gap.missingSeconds, 0),
    ongoing,
    episodes,
  };
}

/** A gap's start and end, with the missing part of the steps at its edges counted in. */
function edgesOf(gap: Gap, grid: Grid): { start: string; end: string } {
  const { stepSeconds } = grid;
  const start = pointAt(grid, gap.first) - stepSeconds - (gap.before ?? 0) * stepSeconds;
  return { start: toIso(start), end: toIso(pointAt(grid, gap.last) + (gap.after ?? 0) * stepSeconds) };
}

function restartFinding(history: TargetHistory, limits: CoverageThresholds['restarts']): Finding | null {
  const { restarts } = history;
  const [first] = restarts;
  const last = restarts.at(-1);
  if (first === undefined || last === undefined || restarts.length < limits.warning) return null;
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
    labels: {},
    start: toIso(first),
    end: toIso(last),
    durationSeconds: 0,
    ongoing: false,
    episodes: restarts.map((time) => ({ start: toIso(time), end: toIso(time), value: 1 })),
  };
}

function targetOf(history: TargetHistory, grid: Grid): Target {
  const isSeen = (share: number | null) => share !== null && share > 0;
  const first = history.presence.findIndex(isSeen);
  const last = history.presence.findLastIndex(isSeen);
  return {
    subject: history.subject,
    component: history.component,
    node: history.node,
    instances: history.instances,
    seenRatio: mean(fromFirstSeen(history.presence)),
    firstSeen: first < 0 ? null : toIso(pointAt(grid, first) - grid.stepSeconds),
    lastSeen: last < 0 ? null : toIso(pointAt(grid, last)),
    gaps: history.gaps.map((gap) => ({ ...edgesOf(gap, grid), kind: gap.kind })),
    restarts: history.restarts.map(toIso),
    presence: history.presence.map((share) => (share === null ? null : Number(share.toFixed(3)))),
  };
}
