import type { Coverage, Finding, ReportIndicator } from '../../model/report.ts';
import { isJudged } from '../../model/report-values.ts';
import { isSameSubject } from '../subjects.ts';
import { isSeenEnough } from './earlier-period.ts';

/** The indicator that a finding is about, as it was in a period; undefined for a coverage check. */
export type Judged = { indicator: ReportIndicator | undefined; coverage: Coverage };

/** Whether a subject without a finding was judged in an earlier period, so that there was no problem. */
export function wasJudged(finding: Finding, { indicator, coverage }: Judged): boolean {
  // A coverage check is not an indicator. It is judged whenever the scrapes are known.
  if (indicator && !isJudged(indicator.status)) return false;
  if (finding.component === null) return true;
  if (indicator?.missing.some((missing) => isSameSubject(missing, finding))) return false;
  const target = coverage.targets.find((candidate) => isSameSubject(candidate, finding));
  // All findings of a node that did not exist are new.
  return target === undefined || isSeenEnough(target);
}

/** Whether the problem of a finding of another period is known to be over. */
export function isKnownToBeOver(finding: Finding, { indicator, coverage }: Judged): boolean {
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
