import type { EarlierKind, Gathering, IndicatorSeries } from '../model/gathered.ts';
import type { ControlPathPart, Indicator } from '../model/indicator.ts';
import type { Finding, ReportIndicator, ResolvedFinding } from '../model/report.ts';
import type { Unanswered } from '../model/report-analysis.ts';
import { type Answer, unknownValues } from '../model/series.ts';
import { chartOf } from './chart.ts';
import { compareFindings } from './comparison/compare-findings.ts';
import { addEarlierReadings } from './comparison/earlier-period.ts';
import type { Earlier, Outcome } from './comparison/outcome.ts';
import { findResolved } from './comparison/resolved.ts';
import { isRelative } from './episodes.ts';
import { assessIndicator, type IndicatorAnswer, type IndicatorAssessment, mergeAnswer } from './indicator.ts';
import type { ScrapedPeriod, ScrapedPeriods } from './period.ts';
import { type SubjectSeries, seriesKey } from './subjects.ts';

/** What a report keeps of an indicator, without its series. */
export type JudgedIndicator = {
  indicator: ReportIndicator;
  findings: Finding[];
  resolved: ResolvedFinding[];
  /** The same of the period before; null if that is not known. */
  before: { status: ReportIndicator['status']; findings: readonly Finding[] } | null;
  /** Its questions about earlier periods that have no answer. */
  unanswered: Omit<Unanswered, 'indicators'>[];
  /** For each point, whether any subject had a value. */
  seen: boolean[];
  /** The values at the points, if the availability of the control path depends on them; NaN: unknown. */
  controlPath: { part: ControlPathPart; values: Float64Array } | null;
};

type PresentOutcome = {
  outcome: Outcome & { assessment: IndicatorAssessment };
  /** The `seriesKey` of each finding. */
  keys: ReadonlySet<string>;
  chart: ReturnType<typeof chartOf>;
  controlPath: JudgedIndicator['controlPath'];
};

export type JudgingContext = {
  /** Names of the metrics present in the period; `null` if unknown. */
  presentMetrics: ReadonlySet<string> | null;
  letGo: Gathering['letGo'];
};

/** An indicator that is being judged. */
export type Judging = {
  /** Compares with the series of an earlier period. */
  add(series: IndicatorSeries): void;
  /** Returns the result, after the earlier periods were added. */
  finish(): JudgedIndicator;
};

/**
 * Judges an indicator by its series of this period. It keeps only the series that comparisons need.
 */
export function startJudging(
  indicator: Indicator,
  { query, answer: given }: IndicatorSeries,
  { present: period, earlier: scraped, scrapesBeforeReason }: ScrapedPeriods,
  { presentMetrics, letGo }: JudgingContext,
): Judging {
  const { warning, critical } = indicator.thresholds;
  const comparesWithBefore = [warning, critical].some((threshold) => threshold && isRelative(threshold));
  const earlier: Earlier<Outcome> = { before: null, 'week-before': null };
  const answer = mergeAnswer(indicator, given);
  const waits = comparesWithBefore && scraped.before !== null && answer.ok;
  const unanswered: JudgedIndicator['unanswered'] = [];
  if (comparesWithBefore && answer.ok && scrapesBeforeReason !== null)
    unanswered.push({ about: 'usual-level', reason: scrapesBeforeReason });
  /** The answer about this period while it waits for the period before. It is let go when it is judged. */
  let waiting = waits ? answer : null;
  let present = waits ? null : judgePresent(answer, []);
  // Only what waits is read again.
  if (!waits && given.ok) letGo(given.value);

  function assess(own: IndicatorAnswer, { grid, context }: ScrapedPeriod): IndicatorAssessment {
    return assessIndicator(indicator, own, grid, { ...context, presentMetrics });
  }

  /** @param before the series of the period before, if they are known */
  function judgePresent(own: IndicatorAnswer['answer'], before: readonly SubjectSeries[]): PresentOutcome {
    const assessment = assess({ query, answer: own, before }, period);
    const keys = new Set(assessment.findings.map(seriesKey));
    return {
      outcome: outcomeOf(assessment, period, keys),
      keys,
      chart: chartOf(assessment.series, period.grid.grid),
      controlPath: controlPathOf(indicator, assessment, period),
    };
  }

  /** @param before the answer about the period before; `null` if there is none */
  function judgeWaiting(before: Answer<readonly SubjectSeries[]> | null): void {
    if (waiting === null) return;
    const usual = before?.ok ? before.value : [];
    // A node that is new has no usual level either, but then others have one.
    if (waiting.ok && waiting.value.length > 0 && usual.length === 0)
      unanswered.push({ about: 'usual-level', reason: before && !before.ok ? before.reason : null });
    present = judgePresent(waiting, usual);
    waiting = null;
    if (given.ok) letGo(given.value);
  }

  function add({ kind, answer: earlierGiven }: IndicatorSeries): void {
    const earlierPeriod = scraped[kind as EarlierKind];
    if (earlierPeriod === null) return;
    const earlierAnswer = mergeAnswer(indicator, earlierGiven);
    if (!earlierAnswer.ok) unanswered.push({ about: kind as EarlierKind, reason: earlierAnswer.reason });
    if (kind === 'before') judgeWaiting(earlierAnswer);
    const assessment = assess({ query, answer: earlierAnswer, before: [] }, earlierPeriod);
    earlier[kind as EarlierKind] = outcomeOf(assessment, earlierPeriod, present?.keys ?? new Set());
    if (earlierGiven.ok) letGo(earlierGiven.value);
  }

  return {
    add,
    finish() {
      judgeWaiting(null);
      if (present === null) throw new Error('the period was not judged');
      const { outcome, chart, controlPath } = present;
      return {
        indicator: { ...addEarlierReadings(outcome.assessment.indicator, earlier), ...chart },
        findings: compareFindings(outcome, earlier),
        resolved: findResolved(outcome, earlier.before),
        before: earlier.before && statusOf(earlier.before),
        unanswered,
        seen: outcome.assessment.seen,
        controlPath,
      };
    },
  };
}

function controlPathOf(
  { controlPath: part }: Indicator,
  { series }: IndicatorAssessment,
  { grid: { grid } }: ScrapedPeriod,
): JudgedIndicator['controlPath'] {
  if (part === undefined) return null;
  // Both indicators have one series. A copy, since all values of an answer share memory.
  return { part, values: series[0]?.values.slice() ?? unknownValues(grid.count) };
}

function statusOf({ assessment, findings }: Outcome): JudgedIndicator['before'] {
  const status = assessment?.indicator.status;
  return status === undefined || status === 'failed' ? null : { status, findings };
}

/**
 * Returns what an indicator found in a period, with those of its series that have a finding in this period.
 * @param keys the `seriesKey` of the findings of this period
 */
function outcomeOf(
  assessment: IndicatorAssessment,
  { coverage }: ScrapedPeriod,
  keys: ReadonlySet<string>,
): Outcome & { assessment: IndicatorAssessment } {
  const series = assessment.series
    .filter(({ key }) => keys.has(key))
    // A copy, since all values of an answer share memory.
    .map((one) => ({ ...one, values: one.values.slice(), judged: one.judged.slice() }));
  return {
    assessment: { ...assessment, series },
    findings: assessment.findings,
    coverage: coverage.coverage,
  };
}
