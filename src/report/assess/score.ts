import type { Severity } from '../model/indicator.ts';
import type { Finding, ReportIndicator, Verdict } from '../model/report.ts';

/**
 * What one indicator or coverage check leaves of the score. docs/scoring.md explains the numbers to readers. Shares
 * rather than points, so that a bad morning still differs from a worse one.
 */
const LEAVES = { critical: 0.75, warning: 0.9, unknown: 0.9 } as const;

/** The most that a report may score of which a part is not known. */
const MOST_WHEN_INCOMPLETE = 99;

/** Statuses that say nothing of the cluster although they should. */
export function isUnknown({ status }: Pick<ReportIndicator, 'status'>): boolean {
  return status === 'no-data' || status === 'failed';
}

/**
 * 100, of which each indicator with a critical finding takes a quarter of what is left, each one whose worst is a
 * warning a tenth, and each that could not be judged a tenth; rounded down, and never 100 while anything is unknown.
 * Coverage checks count as indicators. How many subjects are concerned does not matter: one node without flows is as
 * bad a morning as two.
 * @param findings those that are alarms: what others explain (incidents.ts) takes nothing
 */
export function scoreOf(
  indicators: readonly Pick<ReportIndicator, 'status'>[],
  findings: readonly Pick<Finding, 'indicator' | 'severity'>[],
  complete: boolean,
): number {
  const worst = new Map<string, Severity>();
  for (const { indicator, severity } of findings)
    if (worst.get(indicator) !== 'critical') worst.set(indicator, severity);
  const shares = [
    ...[...worst.values()].map((severity) => LEAVES[severity]),
    ...indicators.filter(isUnknown).map(() => LEAVES.unknown),
  ];
  // The sum of a few roundings must not turn 81 into 80.
  const score = Math.floor(shares.reduce((left, share) => left * share, 100) + 1e-9);
  return complete ? score : Math.min(score, MOST_WHEN_INCOMPLETE);
}

/**
 * The worst that is known; `unknown` when nothing bad is known but not everything is.
 * @param alarms incidents, or findings that are alarms, which comes to the same
 */
export function verdictOf(alarms: readonly Pick<Finding, 'severity'>[], complete: boolean): Verdict {
  if (alarms.some(({ severity }) => severity === 'critical')) return 'critical';
  if (alarms.some(({ severity }) => severity === 'warning')) return 'warning';
  return complete ? 'healthy' : 'unknown';
}
