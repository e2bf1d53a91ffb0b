import { max, sum } from 'd3-array';
import { allFindings } from '../model/all-rows.ts';
import { compareNames } from '../model/names.ts';
import { isEmptyReport, isNothingSeen } from '../model/nothing-seen.ts';
import type { Report } from '../model/report.ts';
import { explainedFindings } from '../model/report-analysis.ts';
import type { StoredReport } from '../model/stored-report.ts';
import { shownStatus } from '../render/kit/status.ts';
import { type Common, compareFindings } from './compare-findings.ts';
import { compareReadings } from './compare-readings.ts';
import type { ComparedReport, Difference } from './difference.ts';
import { outcomeOf } from './outcome.ts';
import { type Side, type Sides, sideOf } from './side.ts';
import { compareThresholds } from './thresholds.ts';

/** Where clocks change, a day has 23 or 25 hours. */
const SAME_LENGTH_SECONDS = 3600;

/**
 * Compares two reports: of two periods, of two clusters, or before and after a change. What one of them did not judge
 * is neither better nor worse.
 */
export function compareReports(first: StoredReport, second: StoredReport): Difference {
  const sides = { first: sideOf(first), second: sideOf(second) };
  const common: Common = {
    sameCluster: first.report.cluster === second.report.cluster,
    sameLength: Math.abs(lengthOf(first.report) - lengthOf(second.report)) <= SAME_LENGTH_SECONDS,
  };
  const findings = compareFindings(sides, common);
  const indicators = compareStatuses(sides);
  const readings = compareReadings(sides, common);
  const nodes = compareNodes(sides);
  const reports = { first: comparedReport(sides.first), second: comparedReport(sides.second) };
  return {
    version: '1',
    outcome: outcomeOf({ findings, indicators: indicators.changed, reports }),
    reports,
    ...common,
    order: orderOf(first.report, second.report),
    findings,
    indicators: indicators.changed,
    nodes: { added: nodes.added, removed: nodes.removed },
    readings: readings.changed,
    thresholds: compareThresholds(sides),
    unchanged: {
      findings: findings.filter(({ kind }) => kind === 'unchanged').length,
      indicators: indicators.unchanged,
      nodes: nodes.unchanged,
      readings: readings.unchanged,
    },
  };
}

function lengthOf({ period }: Report): number {
  return (Date.parse(period.end) - Date.parse(period.start)) / 1000;
}

function orderOf({ period: a }: Report, { period: b }: Report): Difference['order'] {
  if (a.start === b.start && a.end === b.end) return 'same';
  if (Date.parse(b.start) >= Date.parse(a.end)) return 'later';
  if (Date.parse(b.end) <= Date.parse(a.start)) return 'earlier';
  return 'overlapping';
}

function comparedReport({ report, coverage, schemaVersion }: Side): ComparedReport {
  const { id, cluster, generatedAt, generator, antrea, verdict, score, complete, incidents } = report;
  const { start, end, timeZone, stepSeconds } = report.period;
  const { known, seenRatio, agentsSeen, agentsAtEnd, agentsDesired, controllersAtEnd, targets } = coverage;
  const gaps = targets.flatMap((target) => target.gaps);
  return {
    id,
    cluster,
    period: { start, end, timeZone, stepSeconds, rateWindowSeconds: report.rateWindowSeconds },
    generatedAt,
    generator,
    schemaVersion,
    antrea: { from: antrea.from, before: antrea.before },
    verdict,
    score: isEmptyReport(report) ? null : score,
    complete,
    incidents: incidents.length,
    coverage: {
      known: known && !isNothingSeen(report),
      seenRatio,
      agentsSeen,
      agentsAtEnd,
      agentsDesired,
      controllersAtEnd,
      gaps: gaps.length,
      longestGapSeconds: max(gaps, (gap) => (Date.parse(gap.end) - Date.parse(gap.start)) / 1000) ?? 0,
      restarts: sum(targets, ({ restarts }) => restarts.length),
    },
  };
}

/** Compares the statuses that the reports show. */
function compareStatuses({ first, second }: Sides): {
  changed: Difference['indicators'];
  unchanged: number;
} {
  const [before, after] = [statusesOf(first), statusesOf(second)];
  const all = [...new Set([...after.keys(), ...before.keys()])].map((indicator) => ({
    indicator,
    first: before.get(indicator) ?? null,
    second: after.get(indicator) ?? null,
  }));
  const changed = all.filter((one) => one.first !== one.second);
  return { changed, unchanged: all.length - changed.length };
}

function statusesOf({ report, indicators }: Side) {
  const explained = explainedFindings(report.incidents);
  const byIndicator = Map.groupBy(allFindings(report).entries(), ([, { indicator }]) => indicator);
  return new Map(
    [...indicators.values()].map((indicator) => {
      const findings = byIndicator.get(indicator.id) ?? [];
      const isExplained = findings.length > 0 && findings.every(([index]) => explained.has(index));
      return [indicator.id, isExplained ? ('explained' as const) : shownStatus(indicator)];
    }),
  );
}

function compareNodes({
  first,
  second,
}: Sides): Record<'added' | 'removed', string[]> & { unchanged: number } {
  const [before, after] = [nodesOf(first), nodesOf(second)];
  const added = [...after].filter((node) => !before.has(node)).sort(compareNames);
  const removed = [...before].filter((node) => !after.has(node)).sort(compareNames);
  return { added, removed, unchanged: after.size - added.length };
}

function nodesOf({ coverage }: Side): ReadonlySet<string> {
  return new Set(
    coverage.targets.flatMap(({ subject, component }) => (component === 'agent' ? [subject] : [])),
  );
}
