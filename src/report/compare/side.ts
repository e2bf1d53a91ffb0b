import { worstByKey } from '../assess/comparison/earlier-period.ts';
import { isBelow } from '../assess/comparison/rules.ts';
import { seriesKey } from '../assess/subjects.ts';
import { allFindings, allMissing, allReadings, allTargets } from '../model/all-rows.ts';
import type { ChartSeries, Coverage, Finding, Reading, Report, ReportIndicator } from '../model/report.ts';
import { explainedFindings } from '../model/report-analysis.ts';
import type { StoredReport } from '../model/stored-report.ts';

/** An indicator with all rows as objects. */
export type ComparedIndicator = ReportIndicator & {
  readingByKey: ReadonlyMap<string, Reading>;
  /** What its chart draws of each subject. */
  seriesByKey: ReadonlyMap<string, ChartSeries>;
};

/** One of the two reports, with what is looked up in it. */
export type Side = StoredReport & {
  indicators: ReadonlyMap<string, ComparedIndicator>;
  /** With all targets as objects. */
  coverage: Coverage;
  /** The worst finding of each subject and indicator, separately for too much and too little. */
  worst: ReadonlyMap<string, Finding>;
  /** Findings that need no attention. */
  explained: ReadonlySet<Finding>;
};

export type Sides = { first: Side; second: Side };

export function sideOf(stored: StoredReport): Side {
  const { report } = stored;
  const findings = allFindings(report);
  const explained = new Set(
    [...explainedFindings(report.incidents)].flatMap((index) => findings[index] ?? []),
  );
  return {
    ...stored,
    indicators: new Map(report.indicators.map((indicator) => [indicator.id, withAllRows(report, indicator)])),
    coverage: { ...report.coverage, targets: [...allTargets(report)], otherTargets: [] },
    worst: worstFindings(findings, explained),
    explained,
  };
}

function withAllRows(report: Report, indicator: ReportIndicator): ComparedIndicator {
  const readings = [...allReadings(report, indicator)];
  return {
    ...indicator,
    readings,
    otherReadings: [],
    missing: [...allMissing(report, indicator)],
    otherMissing: [],
    readingByKey: new Map(readings.map((reading) => [seriesKey(reading), reading])),
    seriesByKey: new Map(indicator.series.map((series) => [chartKey(series), series])),
  };
}

/** Returns the key of a chart's series, which has no component: each subject has one. */
export function chartKey({ subject, labels }: Pick<ChartSeries, 'subject' | 'labels'>): string {
  return seriesKey({ component: null, subject, labels });
}

function worstFindings(
  findings: readonly Finding[],
  explained: ReadonlySet<Finding>,
): ReadonlyMap<string, Finding> {
  // Of a subject with both, the finding that needs attention counts.
  const alarms = findings.filter((finding) => !explained.has(finding));
  const groups = [alarms, [...explained]].flatMap((all) => [
    all.filter((finding) => !isBelow(finding)),
    all.filter(isBelow),
  ]);
  const worst = new Map<string, Finding>();
  for (const group of groups)
    for (const [key, finding] of worstByKey(group)) {
      const side = `${isBelow(finding) ? '<' : '>'}${key}`;
      if (!worst.has(side)) worst.set(side, finding);
    }
  return worst;
}
