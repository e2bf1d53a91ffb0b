import type { Facts, PeriodGrid, PeriodScrapes } from '../model/gathered.ts';
import type { Comparison } from '../model/report-analysis.ts';
import { checkComparison } from './comparison/earlier-period.ts';
import type { Earlier, Outcome } from './comparison/outcome.ts';
import { assessCoverage, type CoverageAssessment } from './coverage/coverage.ts';
import type { CoverageThresholds } from './coverage/findings.ts';
import type { IndicatorContext } from './evaluate-series.ts';

/** A period after its scrapes were assessed, and before its indicators are. */
export type ScrapedPeriod = {
  grid: PeriodGrid;
  coverage: CoverageAssessment;
  /** What the assessment of indicators uses. */
  context: Omit<IndicatorContext, 'presentMetrics'>;
};

export type ScrapedPeriods = {
  present: ScrapedPeriod;
  earlier: Earlier<ScrapedPeriod>;
  comparisons: Comparison[];
  /** Why the scrapes of the period before could not be queried; `null` if they could. */
  scrapesBeforeReason: string | null;
};

type ScrapesContext = Pick<Facts, 'pods'> & { thresholds: CoverageThresholds };

/** Assesses the scrapes of the earlier periods and of this one, which must be the last. */
export function assessScrapes(context: ScrapesContext): {
  add(scrapes: PeriodScrapes): void;
  /** The periods, once the scrapes of this one were added. */
  periods(): ScrapedPeriods;
} {
  const { pods, thresholds } = context;
  const earlier: Earlier<ScrapedPeriod> = { before: null, 'week-before': null };
  const comparisons: Comparison[] = [];
  // A server that started in the period has no gap before that.
  let hasEarlierData = true;
  let scrapesBeforeReason: string | null = null;
  let present: ScrapedPeriod | undefined;

  function assess(scrapes: PeriodScrapes, isPreceded: boolean): ScrapedPeriod {
    const { kind, period, grid, windows } = scrapes;
    const coverage = assessCoverage(scrapes, thresholds, {
      pods,
      hasEarlierData: isPreceded,
      isDrawn: kind === 'present',
    });
    const scraped = coverage.coverage.targets.filter(({ firstSeen }) => firstSeen !== null);
    return {
      grid: { period, grid, windows },
      coverage,
      context: { starts: coverage.starts, scraped },
    };
  }

  return {
    add(scrapes) {
      const { kind, targets } = scrapes;
      if (kind === 'present') {
        present = assess(scrapes, hasEarlierData);
        return;
      }
      const comparison = checkComparison(scrapes, kind);
      if (comparison.known) earlier[kind] = assess(scrapes, true);
      comparisons.push(comparison);
      if (kind === 'before') {
        hasEarlierData = !targets.ok || targets.value.successes.length > 0;
        scrapesBeforeReason = targets.ok ? null : targets.reason;
      }
    },
    periods() {
      if (present === undefined) throw new Error('the scrapes of the period are missing');
      return { present, earlier, comparisons, scrapesBeforeReason };
    },
  };
}

/** Returns what the coverage checks found in a period. */
export function outcomeOfScrapes({ coverage }: ScrapedPeriod): Outcome {
  return { findings: coverage.findings, assessment: null, coverage: coverage.coverage };
}
