import type { Indicator } from '../model/indicator.ts';
import type { PeriodData } from '../model/series.ts';
import { assessCoverage, type CoverageAssessment } from './coverage/coverage.ts';
import type { CoverageThresholds } from './coverage/findings.ts';
import type { CoverageContext } from './coverage/target-history.ts';
import type { IndicatorContext } from './evaluate-series.ts';
import { assessIndicator, type IndicatorAssessment } from './indicator.ts';

export type PeriodRules = {
  /** The indicators with the thresholds of this cluster. */
  indicators: readonly Indicator[];
  coverage: CoverageThresholds;
};

/** What is known beyond the period's own data. */
export type PeriodContext = CoverageContext & Pick<IndicatorContext, 'presentMetrics' | 'before'>;

/** One period assessed by itself; `findings` has those of indicators and of coverage checks. */
export type PeriodAssessment = CoverageAssessment & {
  /** By id, in the order of the rules. */
  indicators: ReadonlyMap<string, IndicatorAssessment>;
};

/** Assesses indicators and coverage of one period, without comparing it with others. */
export function assessPeriod(data: PeriodData, rules: PeriodRules, context: PeriodContext): PeriodAssessment {
  const coverage = assessCoverage(data, rules.coverage, context);
  const scraped = coverage.coverage.targets.filter(({ firstSeen }) => firstSeen !== null);
  const assessments = rules.indicators.map((indicator) =>
    assessIndicator(indicator, data, { ...context, starts: coverage.starts, scraped }),
  );
  return {
    ...coverage,
    indicators: new Map(assessments.map((assessment) => [assessment.indicator.id, assessment])),
    findings: [...assessments.flatMap(({ findings }) => findings), ...coverage.findings],
  };
}
