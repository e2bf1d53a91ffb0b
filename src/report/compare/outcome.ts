import type { Difference, FindingChange } from './difference.ts';

/** Statuses of indicators that should have been judged. */
const UNKNOWN_STATUSES: readonly Difference['indicators'][number]['second'][] = [
  'no-data',
  'not-captured',
  'failed',
  null,
];

/** Returns whether the second report is worse than the first one. */
export function outcomeOf({
  findings,
  indicators,
  reports: { first, second },
}: Pick<Difference, 'findings' | 'indicators' | 'reports'>): Difference['outcome'] {
  const kinds = new Set(findings.filter(needsAttention).map(({ kind }) => kind));
  if (kinds.has('new') || kinds.has('worse')) return 'worse';
  const isLost = indicators.some(
    ({ first: before, second: after }) =>
      !UNKNOWN_STATUSES.includes(before) && UNKNOWN_STATUSES.includes(after),
  );
  const isUnknown = second.verdict === 'unknown' && first.verdict !== 'unknown';
  if (isLost || isUnknown || findings.some(isUndecided)) return 'unknown';
  return kinds.has('better') || kinds.has('resolved') ? 'better' : 'same';
}

/** Whether a finding counts in the verdict of a report that has it. */
export function needsAttention({ first, second }: Pick<FindingChange, 'first' | 'second'>): boolean {
  return [first, second].some((finding) => finding !== null && !finding.explained);
}

/** A finding that one report did not judge, except one of a node that is gone. */
function isUndecided(change: FindingChange): boolean {
  if (change.kind !== 'not-judged' || !needsAttention(change)) return false;
  return change.second !== null || change.reason !== 'subject-absent';
}
