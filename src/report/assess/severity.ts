import { SEVERITIES, type Severity } from '../model/indicator.ts';
import type { Finding } from '../model/report.ts';

/** Returns 0 for a warning and 1 for critical. */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** Returns the worst severity of some findings, or undefined if there are none. */
export function worstSeverity(findings: readonly Pick<Finding, 'severity'>[]): Severity | undefined {
  return SEVERITIES.findLast((severity) => findings.some((finding) => finding.severity === severity));
}

/** Orders findings worst first: critical before warning, then ongoing before over, then the longest. */
export function compareWorst(
  a: Pick<Finding, 'severity' | 'ongoing' | 'durationSeconds'>,
  b: Pick<Finding, 'severity' | 'ongoing' | 'durationSeconds'>,
): number {
  return (
    severityRank(b.severity) - severityRank(a.severity) ||
    Number(b.ongoing) - Number(a.ongoing) ||
    b.durationSeconds - a.durationSeconds
  );
}
