import { compareNames } from '../../model/names.ts';
import type { Report, ReportIndicator, Target } from '../../model/report.ts';
import {
  findingColumnsOf,
  missingColumnsOf,
  readingColumnsOf,
  resolvedColumnsOf,
  targetColumnsOf,
} from './columns.ts';
import { createSubjectList, type SubjectList } from './subject-list.ts';

/** How many rows of each list are objects; a longer list has the others in columns. */
export type RowLimits = Record<'readings' | 'missing' | 'findings' | 'resolved' | 'targets', number>;

/**
 * Our choice. Renderings draw the presence of 30 targets and print 5 readings of an indicator. All rows of a cluster
 * with up to 100 nodes are objects, and a report of 5,000 nodes stays below 10 MB (decision 15).
 */
export const ROW_LIMITS: RowLimits = {
  readings: 100,
  missing: 100,
  findings: 500,
  resolved: 500,
  targets: 100,
};

/** Returns the list of subjects of a report with these targets. */
export function subjectsOf({ targets }: Pick<Report['coverage'], 'targets'>): SubjectList {
  return createSubjectList(targets.map(({ subject }) => subject).sort(compareNames));
}

/**
 * Returns a report in which only the first rows of long lists are objects, and the others are columns.
 * @param subjects the list to which indicators refer that have columns already
 */
export function compactReport(report: Report, subjects: SubjectList, limits: RowLimits = ROW_LIMITS): Report {
  const { coverage, findings, resolved } = report;
  const targets = splitTargets(coverage.targets, limits.targets);
  const compacted = {
    ...report,
    indicators: report.indicators.map((indicator) => compactIndicator(indicator, subjects, limits)),
    findings: findings.slice(0, limits.findings),
    otherFindings: findingColumnsOf(findings.slice(limits.findings), limits.findings, subjects),
    resolved: resolved.slice(0, limits.resolved),
    otherResolved: resolvedColumnsOf(resolved.slice(limits.resolved), subjects),
    coverage: {
      ...coverage,
      targets: targets.rows,
      otherTargets: targetColumnsOf(targets.others, subjects),
    },
  };
  return { ...compacted, subjects: subjects.names() };
}

/** Returns an indicator in which only the first readings and missing subjects are objects. */
export function compactIndicator(
  indicator: ReportIndicator,
  subjects: SubjectList,
  limits: RowLimits = ROW_LIMITS,
): ReportIndicator {
  const { readings, otherReadings, missing, otherMissing } = indicator;
  return {
    ...indicator,
    readings: readings.slice(0, limits.readings),
    otherReadings: [...otherReadings, ...readingColumnsOf(readings.slice(limits.readings), subjects)],
    missing: missing.slice(0, limits.missing),
    otherMissing: [...otherMissing, ...missingColumnsOf(missing.slice(limits.missing), subjects)],
  };
}

/** Separates the targets that a reader looks at first: the controller, and agents with missed scrapes or restarts. */
function splitTargets(targets: readonly Target[], limit: number): { rows: Target[]; others: Target[] } {
  const isAgent = ({ component }: Target) => component === 'agent';
  const worstFirst = targets.toSorted(
    (a, b) =>
      Number(isAgent(a)) - Number(isAgent(b)) ||
      (a.seenRatio ?? 0) - (b.seenRatio ?? 0) ||
      b.restarts.length - a.restarts.length,
  );
  const chosen = new Set(worstFirst.slice(0, limit));
  return {
    rows: targets.filter((target) => chosen.has(target)),
    others: targets.filter((target) => !chosen.has(target)),
  };
}
