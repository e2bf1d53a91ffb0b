import { mean } from 'd3-array';
import type { PeriodScrapes } from '../../model/gathered.ts';
import type { Component } from '../../model/indicator.ts';
import {
  AT_END_SECONDS,
  type Coverage,
  type Finding,
  PROMETHEUS_SUBJECT,
  type Target,
} from '../../model/report.ts';
import { hasValues, isKnown, unknownValues } from '../../model/series.ts';
import { pointAt, stepStart, toInstant } from '../../model/time.ts';
import { chartRanges, type PointRange } from '../chart.ts';
import { greaterOf, subjectKey } from '../subjects.ts';
import { type CoverageThresholds, gapFinding, restartFinding, scatteredFinding } from './findings.ts';
import { findGaps, fromFirstAttempt, type Gap, isPartOf } from './gaps.ts';
import {
  type CoverageContext,
  firstScrape,
  readTargetHistories,
  type TargetHistory,
} from './target-history.ts';

/**
 * How completely the targets were scraped. `target-history.ts` turns the scrapes of each subject into shares of those
 * expected (`expected-scrapes.ts`), `gaps.ts` finds gaps in these, and `findings.ts` decides which need attention.
 */

export type CoverageAssessment = {
  coverage: Coverage;
  findings: Finding[];
  /** Why it is unknown how many agents are wanted; `null` if it is known, or if nothing says so. */
  agentsReason: string | null;
  /** Whether no start time is known of some targets that answered, so that their restarts are unknown. */
  lacksStarts: boolean;
  /** Process starts in Unix seconds, including the first one seen, by `subjectKey`. */
  starts: Map<string, number[]>;
  /** For each point, whether any target of a component was scraped with success. */
  scrapedAt: Record<Component, boolean[]>;
};

/** Returns what was seen of the cluster's targets and which gaps and restarts need attention. */
export function assessCoverage(
  data: PeriodScrapes,
  thresholds: CoverageThresholds,
  context: CoverageContext,
): CoverageAssessment {
  const { grid, targets } = data;
  const { hasEarlierData, isDrawn } = context;
  const histories = targets.ok
    ? readTargetHistories(data, targets.value, thresholds.gapSeconds, context)
    : [];
  const begin = targets.ok ? firstScrape(targets.value) : Infinity;
  const isNew = !hasEarlierData && begin > 0 && Number.isFinite(begin);
  const coverage = describeCoverage(histories, data, { firstPoint: isNew ? begin : null, isDrawn });
  const pointsWithScrapes = (component: Component) => {
    const own = histories.filter((history) => history.component === component);
    return Array.from({ length: grid.count }, (_, index) =>
      own.some(({ presence }) => isSeen(presence[index])),
    );
  };
  const gaps = findCommonGaps(
    histories,
    data,
    thresholds.gapSeconds,
    (index) => hasEarlierData || index >= begin,
  );
  return {
    coverage,
    findings: [
      ...gaps.map((gap) => gapFinding({ subject: PROMETHEUS_SUBJECT, component: null }, [gap], thresholds)),
      ...findGapsOfTargets(histories, gaps, coverage, thresholds),
      ...histories.flatMap((history) => scatteredFinding(history, data, thresholds) ?? []),
      ...histories.flatMap((history) => restartFinding(history, thresholds.restarts) ?? []),
    ],
    agentsReason: (targets.ok && targets.value.desiredAgentsReason) || null,
    lacksStarts: histories.some(({ starts, presence }) => starts.length === 0 && presence.some(isSeen)),
    starts: new Map(histories.map((history) => [subjectKey(history), history.starts])),
    scrapedAt: { agent: pointsWithScrapes('agent'), controller: pointsWithScrapes('controller') },
  };
}

/** `firstPoint`: the point at which the server's data begins, if that is within the period. */
type Description = { firstPoint: number | null; isDrawn: boolean };

function describeCoverage(
  histories: readonly TargetHistory[],
  data: PeriodScrapes,
  { firstPoint, isDrawn }: Description,
): Coverage {
  const { targets, windows } = data;
  const drawn = isDrawn ? chartRanges(data.grid) : [];
  const lastPoints = Math.max(1, Math.ceil(AT_END_SECONDS / data.grid.stepSeconds));
  const countSeen = (component: Component, from: number) =>
    histories.filter(
      (history) => history.component === component && history.presence.subarray(from).some(isSeen),
    ).length;
  return {
    scrapeIntervalSeconds: windows.scrapeIntervalSeconds,
    scrapeIntervalKnown: windows.scrapeIntervalKnown,
    known: histories.length > 0,
    reason: targets.ok ? null : targets.reason,
    dataFrom: firstPoint === null ? null : toInstant(stepStart(data, firstPoint)),
    seenRatio: seenRatioOf(histories),
    agentsSeen: countSeen('agent', 0),
    agentsAtEnd: countSeen('agent', -lastPoints),
    agentsDesired: targets.ok ? targets.value.desiredAgents : null,
    controllersAtEnd: countSeen('controller', -lastPoints),
    // The sort is stable, so targets with the same ratio keep the order of their keys.
    targets: histories
      .map((history) => toTarget(history, data, drawn))
      .sort((a, b) => (a.seenRatio ?? 0) - (b.seenRatio ?? 0)),
    otherTargets: [],
  };
}

/** Returns the findings of gaps that are neither common to all targets nor the removal of an agent. */
function findGapsOfTargets(
  histories: readonly TargetHistory[],
  common: readonly Gap[],
  { agentsDesired, agentsAtEnd }: Coverage,
  thresholds: CoverageThresholds,
): Finding[] {
  // If the DaemonSet has all the agents that it wants, one that went away was removed on purpose.
  const isComplete = agentsDesired !== null && agentsAtEnd >= agentsDesired;
  return histories.flatMap((history) => {
    const isRemoval = ({ kind, toEnd }: Gap) =>
      isComplete && history.component === 'agent' && kind === 'absent' && toEnd;
    const gaps = history.gaps.filter(
      (gap) => !isRemoval(gap) && !common.some((shared) => isPartOf(gap, shared)),
    );
    return gaps.length > 0 ? [gapFinding(history, gaps, thresholds)] : [];
  });
}

/** Returns the mean share over all targets and their steps since the first attempt; null without any. */
function seenRatioOf(histories: readonly TargetHistory[]): number | null {
  let [total, steps] = [0, 0];
  for (const { presence } of histories)
    for (const share of fromFirstAttempt(presence)) {
      total += share;
      steps += 1;
    }
  return steps === 0 ? null : total / steps;
}

function isSeen(share: number | undefined): boolean {
  return share !== undefined && share > 0;
}

/** Returns the gaps that all targets have in common: then Prometheus itself needs attention. */
function findCommonGaps(
  histories: readonly TargetHistory[],
  data: PeriodScrapes,
  gapSeconds: number,
  isExpected: (index: number) => boolean,
): Gap[] {
  const best = histories.reduce(
    (most, { presence }) => most.map((share, index) => greaterOf(share, presence[index] as number)),
    unknownValues(data.grid.count),
  );
  // A gap is not common if only one target went away while the others did not exist.
  return findGaps(best, data, gapSeconds, isExpected).filter(
    (common) => histories.filter(({ gaps }) => gaps.some((gap) => isPartOf(gap, common))).length > 1,
  );
}

/** @param drawn the points of the chart of its presence */
function toTarget(history: TargetHistory, data: PeriodScrapes, drawn: readonly PointRange[]): Target {
  const { subject, component, node, instances, pods, presence } = history;
  const first = presence.findIndex(isSeen);
  const last = presence.findLastIndex(isSeen);
  return {
    subject,
    component,
    node,
    instances,
    pods,
    seenRatio: mean(fromFirstAttempt(presence)) ?? null,
    firstSeen: first < 0 ? null : toInstant(stepStart(data, first)),
    lastSeen: last < 0 ? null : toInstant(pointAt(data.grid, last)),
    gaps: history.gaps.map(({ start, end, kind }) => ({
      start: toInstant(start),
      end: toInstant(end),
      kind,
    })),
    restarts: history.restarts.map(toInstant),
    presence: drawn.map((range) => drawnShare(history, range)),
  };
}

/** Returns the share of a chart point; steps that were expected but not attempted count as 0 next to attempted ones. */
function drawnShare({ presence, isExpected }: TargetHistory, { first, last }: PointRange): number | null {
  const only = presence[first];
  if (first === last) return isKnown(only) ? Number(only.toFixed(3)) : null;
  const shares = presence.subarray(first, last + 1);
  if (!hasValues(shares)) return null;
  // Steps in which the target was not expected do not count: d3's mean ignores NaN.
  const average = mean(
    shares.map((share, index) => (isKnown(share) ? share : isExpected(first + index) ? 0 : Number.NaN)),
  );
  return average === undefined ? null : Number(average.toFixed(3));
}
