import { isSeenEnough } from '../assess/comparison/earlier-period.ts';
import { isKnownToBeOver, type Judged, wasJudged } from '../assess/comparison/judged.ts';
import { compareDurations, compareTotalsOf, directionOf } from '../assess/comparison/rules.ts';
import { compareWorst } from '../assess/severity.ts';
import { isSameSubject, seriesKey } from '../assess/subjects.ts';
import { COVERAGE_CHECK_IDS } from '../model/indicator.ts';
import { compareNames } from '../model/names.ts';
import type { Finding } from '../model/report.ts';
import { isJudged } from '../model/report-values.ts';
import { type ComparedFinding, type FindingChange, KINDS, type Reason } from './difference.ts';
import { bothWays, directionOfLevels, levelOf } from './levels.ts';
import type { Side, Sides } from './side.ts';
import { hasSameThresholds } from './thresholds.ts';

/** What both reports have in common. */
export type Common = { sameCluster: boolean; sameLength: boolean };

/** Compares the findings of two reports by the rules by which a report compares itself with the period before. */
export function compareFindings(sides: Sides, common: Common): FindingChange[] {
  const { first, second } = sides;
  const keys = new Set([...first.worst.keys(), ...second.worst.keys()]);
  return [...keys]
    .flatMap((key) => changeOf(first.worst.get(key), second.worst.get(key), sides, common))
    .sort(compareChanges);
}

function changeOf(
  before: Finding | undefined,
  after: Finding | undefined,
  sides: Sides,
  common: Common,
): FindingChange[] {
  const { first, second } = sides;
  const finding = after ?? before;
  if (finding === undefined) return [];
  const { indicator, subject, component } = finding;
  const about = { indicator, subject, component, sameThresholds: hasSameThresholds(indicator, sides) };
  const findings = {
    first: before ? comparedIn(first, before) : null,
    second: after ? comparedIn(second, after) : null,
  };
  if (before !== undefined && after !== undefined)
    return [{ kind: compareBoth(before, after, sides, common), reason: null, ...about, ...findings }];
  const reason =
    after !== undefined
      ? reasonNotJudged(after, first, wasJudged)
      : reasonNotJudged(finding, second, common.sameCluster ? isKnownToBeOver : isOverElsewhere);
  const kind = reason !== null ? 'not-judged' : after !== undefined ? 'new' : 'resolved';
  return [{ kind, reason, ...about, ...findings }];
}

/** The nodes of another cluster are others: that it judged the indicator is enough. */
function isOverElsewhere(finding: Finding, judged: Judged): boolean {
  const isTarget = judged.coverage.targets.some((target) => isSameSubject(target, finding));
  return isTarget || finding.component === null
    ? isKnownToBeOver(finding, judged)
    : wasJudged(finding, judged);
}

/** Returns why a report without a finding says nothing about it; null if it judged it. */
function reasonNotJudged(
  finding: Finding,
  { indicators, coverage }: Side,
  isKnown: (finding: Finding, judged: Judged) => boolean,
): Reason | null {
  const indicator = indicators.get(finding.indicator);
  if (indicator === undefined) {
    if (!COVERAGE_CHECK_IDS.some((id) => id === finding.indicator)) return 'indicator-absent';
    if (!coverage.known) return 'coverage-unknown';
  } else if (!isJudged(indicator.status)) return indicator.status as Reason;
  else if (!indicator.judged) return 'no-thresholds';
  if (isKnown(finding, { indicator, coverage })) return null;
  const target = coverage.targets.find((candidate) => isSameSubject(candidate, finding));
  if (finding.component !== null && target === undefined) return 'subject-absent';
  return target !== undefined && !isSeenEnough(target) ? 'scraped-too-little' : 'no-reading';
}

function compareBoth(
  before: Finding,
  after: Finding,
  { first, second }: Sides,
  { sameLength }: Common,
): 'worse' | 'unchanged' | 'better' {
  const [then, now] = [first.indicators.get(before.indicator), second.indicators.get(after.indicator)];
  // Explained findings need no attention.
  if (first.explained.has(before) !== second.explained.has(after))
    return second.explained.has(after) ? 'better' : 'worse';
  const isSameMeasure = before.unit === after.unit && then?.aggregation === now?.aggregation;
  // The checks count restarts and time without scrapes.
  if (!now || !then || now.aggregation === 'total') {
    const canCompare = isSameMeasure && sameLength;
    const change = canCompare ? bothWays(compareTotalsOf, after, before) : 0;
    return directionOf(after, before, { change, duration: 0 });
  }
  const isSameSeries = seriesKey(before) === seriesKey(after);
  const [levelThen, levelNow] =
    isSameMeasure && isSameSeries ? [levelOf(then, before), levelOf(now, after)] : [];
  return directionOf(after, before, {
    change: levelThen && levelNow ? directionOfLevels(levelNow, levelThen) : 0,
    duration: sameLength ? compareDurations(after, before) : 0,
  });
}

function comparedIn({ explained }: Side, finding: Finding): ComparedFinding {
  const { indicator: _, subject: __, component: ___, compared: ____, weekBefore: _____, ...rest } = finding;
  return { ...rest, explained: explained.has(finding) };
}

function compareChanges(a: FindingChange, b: FindingChange): number {
  const [findingA, findingB] = [a.second ?? a.first, b.second ?? b.first];
  return (
    KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
    (findingA && findingB ? compareWorst(findingA, findingB) : 0) ||
    compareNames(a.indicator, b.indicator) ||
    compareNames(a.subject, b.subject)
  );
}
