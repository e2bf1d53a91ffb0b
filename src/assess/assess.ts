import type { Indicator } from '../model/indicator.ts';
import { type Finding, REPORT_SCHEMA_VERSION, type Report } from '../model/report.ts';
import type { Gathered } from '../model/series.ts';
import { assessCoverage } from './coverage.ts';
import type { CoverageThresholds } from './coverage-findings.ts';
import { assessIndicator, type Circumstances } from './indicator.ts';
import { isUnknown, scoreOf, verdictOf } from './score.ts';
import { toIso } from './time.ts';

export type AssessOptions = {
  id: string;
  generatedAt: Date;
  generator: { name: string; version: string };
  /** With the cluster's own thresholds, if it has any. */
  indicators: readonly Indicator[];
  coverage: CoverageThresholds;
};

/** Judges what was gathered. Pure: the same data and options make the same report. */
export function assess(gathered: Gathered, options: AssessOptions): Report {
  const { coverage, findings: coverageFindings, starts } = assessCoverage(gathered, options.coverage);
  const metrics = gathered.metrics.ok ? gathered.metrics.value : null;
  const circumstances: Circumstances = {
    starts,
    presentMetrics: metrics && new Set(metrics.map(({ name }) => name)),
    scraped: coverage.targets.filter(({ firstSeen }) => firstSeen !== null),
  };
  const assessed = options.indicators.map((indicator) => assessIndicator(indicator, gathered, circumstances));
  const indicators = assessed.map(({ indicator }) => indicator);
  const findings = [...assessed.flatMap((one) => one.findings), ...coverageFindings].sort(compareFindings);
  const complete =
    coverage.known &&
    coverage.scrapeIntervalKnown &&
    gathered.metrics.ok &&
    gathered.warnings.length === 0 &&
    !indicators.some((indicator) => isUnknown(indicator) || indicator.missing.length > 0) &&
    (coverage.agentsDesired === null || coverage.agentsAtEnd >= coverage.agentsDesired);

  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    id: options.id,
    cluster: gathered.cluster,
    period: {
      start: toIso(gathered.period.start),
      end: toIso(gathered.period.end),
      stepSeconds: gathered.grid.stepSeconds,
      timeZone: gathered.timeZone,
    },
    generatedAt: toIso(options.generatedAt.getTime() / 1000),
    generator: options.generator,
    source: { kind: gathered.source.kind, recordedAt: gathered.source.recordedAt ?? null },
    verdict: verdictOf(findings, complete),
    score: scoreOf(indicators, findings, complete),
    complete,
    rateWindowSeconds: gathered.windows.rateSeconds,
    indicators,
    findings,
    coverage,
    metrics: metrics && [...metrics],
    metricsReason: gathered.metrics.ok ? null : gathered.metrics.reason,
    warnings: gathered.warnings.map(({ text, query }) => ({ text, query })),
  };
}

/**
 * Worst first: critical before warning, what is going on before what is over, then the longest. The rest stays as it
 * comes: indicator by indicator, each with the worst value first.
 */
function compareFindings(a: Finding, b: Finding): number {
  const rank = (finding: Finding) => (finding.severity === 'critical' ? 2 : 0) + (finding.ongoing ? 1 : 0);
  return rank(b) - rank(a) || b.durationSeconds - a.durationSeconds;
}
