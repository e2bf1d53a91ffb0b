import type { Facts, PeriodFacts } from '../model/gathered.ts';
import type { Comparison } from '../model/report-analysis.ts';
import { checkComparison } from './comparison/earlier-period.ts';
import type { Earlier, Outcome } from './comparison/outcome.ts';
import { assessCoverage, type CoverageAssessment } from './coverage/coverage.ts';
import type { CoverageThresholds } from './coverage/findings.ts';
import type { IndicatorContext } from './evaluate-series.ts';

/** A period after its scrapes were assessed, and before its indicators are. */
export type ScrapedPeriod = {
  facts: PeriodFacts;
  coverage: CoverageAssessment;
  /** What the assessment of indicators uses. */
  context: IndicatorContext;
};

export type ScrapedPeriods = {
  present: ScrapedPeriod;
  earlier: Earlier<ScrapedPeriod>;
  comparisons: Comparison[];
};

/** Assesses the scrapes of this period and of those that it is compared with. */
export function assessScrapes(facts: Facts, thresholds: CoverageThresholds): ScrapedPeriods {
  const { pods, metrics } = facts;
  const presentMetrics = metrics.ok ? new Set(metrics.value.map(({ name }) => name)) : null;
  const assess = (period: PeriodFacts, hasEarlierData: boolean): ScrapedPeriod => {
    const coverage = assessCoverage(period, thresholds, { pods, hasEarlierData });
    const scraped = coverage.coverage.targets.filter(({ firstSeen }) => firstSeen !== null);
    return { facts: period, coverage, context: { starts: coverage.starts, scraped, presentMetrics } };
  };
  const comparisons = facts.earlier.map((earlier) => ({ earlier, comparison: checkComparison(earlier) }));
  const assessEarlier = (kind: Comparison['kind']) => {
    const known = comparisons.find(({ comparison }) => comparison.kind === kind && comparison.known);
    return known ? assess(known.earlier, true) : null;
  };
  const before = facts.earlier.find(({ kind }) => kind === 'before');
  return {
    // A server that started in the period has no gap before that.
    present: assess(facts, !before?.targets.ok || before.targets.value.successes.length > 0),
    earlier: { before: assessEarlier('before'), 'week-before': assessEarlier('week-before') },
    comparisons: comparisons.map(({ comparison }) => comparison),
  };
}

/** Returns what the coverage checks found in a period. */
export function outcomeOfScrapes({ coverage }: ScrapedPeriod): Outcome {
  return { findings: coverage.findings, assessment: null, coverage: coverage.coverage };
}
