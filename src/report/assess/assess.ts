import type { CauseRule } from '../model/cause.ts';
import type { Facts, Gathering } from '../model/gathered.ts';
import type { Indicator } from '../model/indicator.ts';
import type { Period } from '../model/period.ts';
import {
  type Coverage,
  type Finding,
  REPORT_SCHEMA_VERSION,
  type Report,
  type ReportIndicator,
  type ResolvedFinding,
} from '../model/report.ts';
import { explainedFindings } from '../model/report-analysis.ts';
import { toInstant } from '../model/time.ts';
import { antreaVersionOf, type Evidence } from './antrea-version.ts';
import { worstCapacity } from './capacity.ts';
import { largestChanges } from './changes.ts';
import { chartStepOf } from './chart.ts';
import { compactIndicator, compactReport, subjectsOf } from './compact/compact-report.ts';
import type { SubjectList } from './compact/subject-list.ts';
import { compareFindings } from './comparison/compare-findings.ts';
import { findResolved } from './comparison/resolved.ts';
import type { CoverageThresholds } from './coverage/findings.ts';
import { assessDays } from './days.ts';
import { historyCompletenessOf } from './history-completeness.ts';
import { findIncidents } from './incidents/incidents.ts';
import { type JudgedHistory, judgeHistory } from './judge-history.ts';
import { type JudgedIndicator, judgeIndicator } from './judge-indicator.ts';
import { assessScrapes, outcomeOfScrapes, type ScrapedPeriods } from './period.ts';
import { isUnknown, scoreOf, verdictOf } from './score.ts';
import { compareWorst } from './severity.ts';

export type AssessOptions = {
  id: string;
  generatedAt: Date;
  generator: { name: string; version: string };
  /** The indicators with the thresholds of this cluster. */
  indicators: readonly Indicator[];
  coverage: CoverageThresholds;
  /** Ids of the coverage checks, for the days. */
  checks: readonly string[];
  /** Which findings usually cause which, in order of precedence. */
  causes: readonly CauseRule[];
  /** What the presence of metrics means for the version. */
  evidence: readonly Evidence[];
  /** The days of the period; null if it is too short for an overview of days. */
  days: readonly Period[] | null;
};

/**
 * Makes a report of what is gathered, one indicator after the other: each is judged when its answers are there, and its
 * series are let go. The same data and options make the same report.
 */
export async function assess(gathering: Gathering, options: AssessOptions): Promise<Report> {
  const { facts, periods, history, warnings } = gathering;
  const scraped = assessScrapes(facts, options.coverage);
  const byId = new Map(options.indicators.map((indicator) => [indicator.id, indicator]));
  const indicatorOf = (id: string) => {
    const indicator = byId.get(id);
    if (indicator === undefined) throw new Error(`there is no indicator ${id}`);
    return indicator;
  };
  const subjects = subjectsOf(scraped.present.coverage.coverage);
  const judged: JudgedIndicator[] = [];
  for await (const answers of periods) {
    const { indicator, ...others } = judgeIndicator(indicatorOf(answers.id), answers, scraped);
    judged.push({ indicator: compactIndicator(indicator, subjects), ...others });
  }
  const restarts = restartsIn(scraped);
  const histories: JudgedHistory[] = [];
  for await (const levels of history)
    histories.push(judgeHistory(indicatorOf(levels.id), levels, facts, restarts));
  return makeReport({ facts, scraped, judged, histories, warnings: warnings(), subjects }, options);
}

type Judged = {
  facts: Facts;
  scraped: ScrapedPeriods;
  judged: readonly JudgedIndicator[];
  histories: readonly JudgedHistory[];
  warnings: Report['warnings'];
  subjects: SubjectList;
};

function makeReport(all: Judged, options: AssessOptions): Report {
  const { facts, scraped, judged, histories, warnings, subjects } = all;
  const { period, grid, windows } = facts;
  const metrics = facts.metrics.ok ? facts.metrics.value : null;
  const { coverage, scrapedAt } = scraped.present.coverage;
  const indicators = judged.map(({ indicator }) => indicator);
  const { findings, resolved } = collectFindings(judged, scraped);
  const incidents = findIncidents(findings, {
    rules: options.causes,
    stepSeconds: grid.stepSeconds,
    lookBackSeconds: windows.rateSeconds,
    periodStart: period.start,
  });
  const explained = explainedFindings(incidents);
  const alarms = findings.filter((_, index) => !explained.has(index));
  const seen = coverage.targets.filter(({ firstSeen }) => firstSeen !== null);
  const complete = isComplete(all, coverage, indicators);

  const report: Report = {
    schemaVersion: REPORT_SCHEMA_VERSION,
    id: options.id,
    cluster: facts.cluster,
    period: {
      start: toInstant(period.start),
      end: toInstant(period.end),
      stepSeconds: grid.stepSeconds,
      chartStepSeconds: chartStepOf(grid),
      timeZone: facts.timeZone,
    },
    generatedAt: toInstant(options.generatedAt.getTime() / 1000),
    generator: options.generator,
    source: { kind: facts.source.kind, recordedAt: facts.source.recordedAt ?? null },
    verdict: verdictOf(alarms, complete),
    score: scoreOf(indicators, alarms, complete),
    complete,
    rateWindowSeconds: windows.rateSeconds,
    subjects: [],
    indicators,
    findings,
    otherFindings: [],
    incidents,
    comparisons: scraped.comparisons,
    resolved,
    otherResolved: [],
    changes: largestChanges(histories.flatMap(({ changes }) => changes)),
    capacity: worstCapacity(histories.flatMap(({ capacity }) => capacity)),
    history: historyCompletenessOf(histories.flatMap(({ requests }) => requests)),
    calendar: options.days && assessDays(options.days, { judged, scrapedAt }, findings, { ...options, grid }),
    antrea: antreaVersionOf(metrics, seen, options.evidence),
    survey: facts.survey,
    coverage,
    metrics: metrics && [...metrics],
    metricsReason: facts.metrics.ok ? null : facts.metrics.reason,
    warnings,
  };
  return compactReport(report, subjects);
}

/** Returns the findings of indicators and coverage checks, worst first; equally bad ones keep the order of the rules. */
function collectFindings(
  judged: readonly JudgedIndicator[],
  { present, earlier }: ScrapedPeriods,
): { findings: Finding[]; resolved: ResolvedFinding[] } {
  const scrapes = outcomeOfScrapes(present);
  const scrapesBefore = earlier.before && outcomeOfScrapes(earlier.before);
  const scrapesWeekBefore = earlier['week-before'] && outcomeOfScrapes(earlier['week-before']);
  const ofScrapes = compareFindings(scrapes, { before: scrapesBefore, 'week-before': scrapesWeekBefore });
  return {
    findings: [...judged.flatMap(({ findings }) => findings), ...ofScrapes].sort(compareWorst),
    resolved: [...judged.flatMap(({ resolved }) => resolved), ...findResolved(scrapes, scrapesBefore)],
  };
}

/** Whether everything of the period is known. Missing data of earlier periods and of the history does not matter. */
function isComplete(
  { facts: { metrics }, warnings }: Judged,
  coverage: Coverage,
  indicators: readonly ReportIndicator[],
): boolean {
  return (
    coverage.known &&
    coverage.scrapeIntervalKnown &&
    coverage.dataFrom === null &&
    metrics.ok &&
    warnings.length === 0 &&
    !indicators.some((indicator) => isUnknown(indicator) || indicator.missing.length > 0) &&
    (coverage.agentsDesired === null || coverage.agentsAtEnd >= coverage.agentsDesired)
  );
}

/** Returns the process starts of all periods in Unix seconds, by `subjectKey`. */
function restartsIn({ present, earlier }: ScrapedPeriods): Map<string, number[]> {
  const periods = [present, earlier.before, earlier['week-before']].filter((period) => period !== null);
  const bySubject = Map.groupBy(
    periods.flatMap(({ coverage }) => [...coverage.starts]),
    ([key]) => key,
  );
  return new Map([...bySubject].map(([key, entries]) => [key, entries.flatMap(([, starts]) => starts)]));
}
