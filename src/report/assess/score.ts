import type { Finding, ReportIndicator, Verdict } from '../model/report.ts';
import { worstSeverity } from './severity.ts';

/**
 * The share of the score that one indicator or coverage check leaves; docs/scoring.md has the reasons. Shares rather
 * than points, so that many problems still score less than a few.
 */
const REMAINING_SHARE = { critical: 0.75, warning: 0.9, unknown: 0.9 } as const;

/** Upper bound on the score of an incomplete report. */
const HIGHEST_INCOMPLETE_SCORE = 99;

/** Whether an indicator should have been judged but could not be. */
export function isUnknown({ status }: Pick<ReportIndicator, 'status'>): boolean {
  return status === 'no-data' || status === 'not-captured' || status === 'failed';
}

/**
 * Returns the score from 0 to 100, rounded down. Each indicator or coverage check with a critical finding takes a
 * quarter of what is left, each one with warnings only takes a tenth, and so does each one that could not be judged.
 * The number of subjects does not matter: one node without flows is as bad as two.
 * @param findings only those that no other finding explains
 */
export function scoreOf(
  indicators: readonly Pick<ReportIndicator, 'status'>[],
  findings: readonly Pick<Finding, 'indicator' | 'severity'>[],
  complete: boolean,
): number {
  const byIndicator = [...Map.groupBy(findings, ({ indicator }) => indicator).values()];
  const worst = byIndicator.flatMap((own) => worstSeverity(own) ?? []);
  const unknown = indicators.filter(isUnknown).map(() => 'unknown' as const);
  const exact = [...worst, ...unknown].reduce((left, kind) => left * REMAINING_SHARE[kind], 100);
  // Rounding errors of the product must not turn 81 into 80.
  const score = Math.floor(exact + 1e-9);
  return complete ? score : Math.min(score, HIGHEST_INCOMPLETE_SCORE);
}

/**
 * Returns the worst severity, or `unknown` if there is no problem but not everything is known.
 * @param alarms incidents, or the findings that no other finding explains: both give the same verdict
 */
export function verdictOf(alarms: readonly Pick<Finding, 'severity'>[], complete: boolean): Verdict {
  return worstSeverity(alarms) ?? (complete ? 'healthy' : 'unknown');
}
