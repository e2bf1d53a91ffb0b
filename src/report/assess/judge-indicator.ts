import type { EarlierKind, IndicatorPeriods } from '../model/gathered.ts';
import type { Indicator } from '../model/indicator.ts';
import type { Finding, ReportIndicator, ResolvedFinding } from '../model/report.ts';
import { chartOf } from './chart.ts';
import { compareFindings } from './comparison/compare-findings.ts';
import { addEarlierReadings } from './comparison/earlier-period.ts';
import type { Outcome } from './comparison/outcome.ts';
import { findResolved } from './comparison/resolved.ts';
import { assessIndicator, mergeAnswer } from './indicator.ts';
import type { ScrapedPeriod, ScrapedPeriods } from './period.ts';

/** What a report keeps of an indicator, without its series. */
export type JudgedIndicator = {
  indicator: ReportIndicator;
  findings: Finding[];
  resolved: ResolvedFinding[];
  /** For each point, whether any subject had a value. */
  seen: boolean[];
};

/** Assesses one indicator over this period and the earlier ones, and compares them. */
export function judgeIndicator(
  indicator: Indicator,
  { query, answer, earlier }: IndicatorPeriods,
  { present, earlier: scraped }: ScrapedPeriods,
): JudgedIndicator {
  const answerBefore = earlier.before && scraped.before ? mergeAnswer(indicator, earlier.before) : null;
  const before = answerBefore?.ok ? answerBefore.value : [];
  const assess = (period: ScrapedPeriod, own: Parameters<typeof assessIndicator>[1]) =>
    assessIndicator(indicator, own, period.facts, period.context);
  const outcomeOf = (kind: EarlierKind): Outcome | null => {
    const period = scraped[kind];
    const own = kind === 'before' ? answerBefore : earlier[kind] && mergeAnswer(indicator, earlier[kind]);
    if (!period || !own) return null;
    const assessment = assess(period, { query, answer: own, before: [] });
    return { assessment, findings: assessment.findings, coverage: period.coverage.coverage };
  };
  const assessment = assess(present, { query, answer: mergeAnswer(indicator, answer), before });
  const outcome: Outcome = {
    assessment,
    findings: assessment.findings,
    coverage: present.coverage.coverage,
  };
  const outcomes = { before: outcomeOf('before'), 'week-before': outcomeOf('week-before') };
  return {
    indicator: {
      ...addEarlierReadings(assessment.indicator, outcomes),
      ...chartOf(assessment.series, present.facts.grid),
    },
    findings: compareFindings(outcome, outcomes),
    resolved: findResolved(outcome, outcomes.before),
    seen: assessment.seen,
  };
}
