import { SEVERITIES } from '../../model/indicator.ts';
import { VERDICTS } from '../../model/report.ts';
import type { ReportSummary } from '../../model/report-summary.ts';

/** One value of a gauge; every gauge also has the label `cluster`. */
export type Sample = { labels: Readonly<Record<string, string>>; value: number };

/** `labelNames`: those besides `cluster`. */
export type Gauge = { help: string; labelNames: readonly string[] };

export type SummaryGauge = Gauge & { samples: (report: ReportSummary) => Sample[] };

const one = (value: number): Sample[] => [{ labels: {}, value }];

/**
 * The gauges about a report that `report.prom` and the metrics of a server share, by their name. Their names do not begin
 * with `antrea_`, since a report counts the metrics that do.
 */
export const SUMMARY_GAUGES: Readonly<Record<string, SummaryGauge>> = {
  healthreport_verdict: {
    help: '1 for the verdict of the latest report, 0 for the others.',
    labelNames: ['verdict'],
    samples: (report) =>
      VERDICTS.map((verdict) => ({ labels: { verdict }, value: verdict === report.verdict ? 1 : 0 })),
  },
  healthreport_score: {
    help: 'Score of the latest report, from 0 to 100; absent if it saw nothing of Antrea.',
    labelNames: [],
    samples: ({ score, nothingSeen }) => (nothingSeen ? [] : one(score)),
  },
  healthreport_critical_incidents: {
    help: 'Critical incidents of the latest report.',
    labelNames: [],
    samples: ({ critical }) => one(critical),
  },
  healthreport_warning_incidents: {
    help: 'Incidents of the latest report that are warnings.',
    labelNames: [],
    samples: ({ warning }) => one(warning),
  },
  healthreport_silenced_findings: {
    help: 'Findings of the latest report that do not count, because a silence or a maintenance window covers them.',
    labelNames: ['severity'],
    samples: ({ silenced }) =>
      SEVERITIES.map((severity) => ({ labels: { severity }, value: silenced?.[severity] ?? 0 })),
  },
  healthreport_complete: {
    help: '1 if the latest report could judge everything, else 0.',
    labelNames: [],
    samples: ({ complete, nothingSeen }) => one(complete && !nothingSeen ? 1 : 0),
  },
  healthreport_period_start_timestamp_seconds: {
    help: 'Start of the period of the latest report.',
    labelNames: [],
    samples: ({ period }) => one(period.start),
  },
  healthreport_period_end_timestamp_seconds: {
    help: 'End of the period of the latest report.',
    labelNames: [],
    samples: ({ period }) => one(period.end),
  },
};
