import type { Finding, ResolvedFinding } from '../../model/report.ts';
import { isJudged } from '../../model/report-values.ts';
import { isSameSubject } from '../subjects.ts';
import { isSeenEnough, worstByKey } from './earlier-period.ts';
import type { Outcome } from './outcome.ts';

/** Returns the findings of the period before that are known to be over. */
export function findResolved(present: Outcome, before: Outcome | null): ResolvedFinding[] {
  const still = worstByKey(present.findings);
  return [...worstByKey(before?.findings ?? [])]
    .filter(([key, finding]) => !still.has(key) && isKnownToBeOver(finding, present))
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

function isKnownToBeOver(finding: Finding, { assessment, coverage }: Outcome): boolean {
  // A restart is over as soon as it has happened, so it is not worth reporting as resolved.
  if (finding.indicator === 'process-restarts') return false;
  const indicator = assessment?.indicator;
  const isOwn = (indicator?.own ?? null) !== null;
  // A custom indicator may read the series of another exporter.
  const isSeen =
    finding.component === null ||
    isOwn ||
    coverage.targets.some((target) => isSameSubject(target, finding) && isSeenEnough(target));
  if (!isSeen) return false;
  if (indicator === undefined) return coverage.known;
  if (!isJudged(indicator.status)) return false;
  if (indicator.missing.some((missing) => isSameSubject(missing, finding))) return false;
  // Without events there is no problem. Without activity a duration is unknown, but the author of a user's own
  // indicator decided what an empty answer means.
  if (indicator.aggregation === 'total' || (indicator.idle && isOwn)) return true;
  return indicator.readings.some((reading) => isSameSubject(reading, finding) && reading.value !== null);
}
