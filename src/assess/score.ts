import type { Severity } from '../model/indicator.ts';
import type { Finding, ReportIndicator, Verdict } from '../model/report.ts';

/** What one indicator or coverage check costs; docs/scoring.md explains the numbers to readers. */
const COST = { critical: 25, warning: 10, unknown: 10 } as const;

/** The most that a report may score of which a part is not known. */
const MOST_WHEN_INCOMPLETE = 99;

/** Statuses that say nothing of the cluster although they should. */
export function isUnknown({ status }: Pick<ReportIndicator, 'status'>): boolean {
  return status === 'no-data' || status === 'failed';
}

/**
 * 100 less 25 for each indicator with a critical finding, 10 for each one whose worst is a warning, and 10 for each
 * that could not be judged; never below 0, and never 100 while anything is unknown. Coverage checks count as
 * indicators. How many subjects are concerned does not matter: one node without flows is as bad a morning as two.
 */
export function scoreOf(
  indicators: readonly Pick<ReportIndicator, 'status'>[],
  findings: readonly Pick<Finding, 'indicator' | 'severity'>[],
  complete: boolean,
): number {
  const worst = new Map<string, Severity>();
  for (const { indicator, severity } of findings)
    if (worst.get(indicator) !== 'critical') worst.set(indicator, severity);
  const costs = [...worst.values()].map((severity) => COST[severity]);
  const unknown = indicators.filter(isUnknown).length * COST.unknown;
  const score = Math.max(0, 100 - costs.reduce((sum, cost) => sum + cost, unknown));
  return complete ? score : Math.min(score, MOST_WHEN_INCOMPLETE);
}

/** The worst that is known; `unknown` when nothing bad is known but not everything is. */
export function verdictOf(findings: readonly Pick<Finding, 'severity'>[], complete: boolean): Verdict {
  if (findings.some(({ severity }) => severity === 'critical')) return 'critical';
  if (findings.some(({ severity }) => severity === 'warning')) return 'warning';
  return complete ? 'healthy' : 'unknown';
}
