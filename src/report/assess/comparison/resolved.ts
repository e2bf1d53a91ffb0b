import type { Finding, ResolvedFinding } from '../../model/report.ts';
import { worstByKey } from './earlier-period.ts';
import { isKnownToBeOver } from './judged.ts';
import type { Outcome } from './outcome.ts';

/** Returns the findings of the period before that are known to be over. */
export function findResolved(present: Outcome, before: Outcome | null): ResolvedFinding[] {
  const still = worstByKey(present.findings);
  return [...worstByKey(before?.findings ?? [])]
    .filter(([key, finding]) => !still.has(key) && isWorthReporting(finding, present))
    .map(([, { indicator, subject, component, severity, value, unit, labels, start, end }]) => ({
      indicator,
      subject,
      component,
      severity,
      value,
      unit,
      labels,
      start,
      end,
    }));
}

/** A restart is over as soon as it has happened, so it is not worth reporting as resolved. */
function isWorthReporting(finding: Finding, { assessment, coverage }: Outcome): boolean {
  return (
    finding.indicator !== 'process-restarts' &&
    isKnownToBeOver(finding, { indicator: assessment?.indicator, coverage })
  );
}
