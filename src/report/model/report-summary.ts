import { isEmptyReport } from './nothing-seen.ts';
import type { Period } from './period.ts';
import type { Report, Verdict } from './report.ts';
import { countSilenced, type SilencedCounts } from './silence.ts';

/** What a list or a dashboard says about a report. */
export type ReportSummary = {
  period: Period;
  verdict: Verdict;
  score: number;
  complete: boolean;
  /** No Antrea targets were found, so the score means nothing. */
  nothingSeen?: true | undefined;
  /** Critical incidents. */
  critical: number;
  /** Incidents that are warnings. */
  warning: number;
  /** Findings that do not count; absent without any. */
  silenced?: SilencedCounts | undefined;
};

export function summarize(report: Report): ReportSummary {
  const { period, verdict, score, complete, incidents } = report;
  const silenced = countSilenced(report);
  const count = (severity: string) => incidents.filter((incident) => incident.severity === severity).length;
  return {
    period: { start: Date.parse(period.start) / 1000, end: Date.parse(period.end) / 1000 },
    verdict,
    score,
    complete,
    ...(isEmptyReport(report) && { nothingSeen: true }),
    critical: count('critical'),
    warning: count('warning'),
    ...(silenced.critical + silenced.warning > 0 && { silenced }),
  };
}
