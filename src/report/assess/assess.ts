import type { CauseRule } from '../model/cause.ts';
import type { KnownDefect } from '../model/defect.ts';
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
import type { Silence } from '../model/silence.ts';
import { toInstant } from '../model/time.ts';
import { alertsOf } from './alerts/alerts.ts';
import { availabilityOf, controlPathOf } from './availability.ts';
import { worstCapacity } from './capacity.ts';
import { largestChanges } from './changes.ts';
import { chartStepOf } from './chart.ts';
import { compactReport } from './compact/compact-report.ts';
import { compareFindings } from './comparison/compare-findings.ts';
import { findResolved } from './comparison/resolved.ts';
import type { CoverageThresholds } from './coverage/findings.ts';
import { assessDays } from './days.ts';
import { historyCompletenessOf } from './history-completeness.ts';
import { findIncidents } from './incidents/incidents.ts';
import { type JudgedAnswers, judgeAnswers } from './judge-answers.ts';
import type { JudgedIndicator } from './judge-indicator.ts';
import { outcomeOfScrapes, type ScrapedPeriods } from './period.ts';
import { isUnknown, scoreOf, verdictOf } from './score.ts';
import { compareWorst, worstSeverity } from './severity.ts';
import { applySilences } from './silences.ts';
import { isNeeded, unansweredOf } from './unanswered.ts';
import { antreaVersionOf, type Evidence, possibleReleases } from './version/antrea-version.ts';
import { defectsOfVersion, withVersions } from './version/known-defects.ts';
import { imagesOf } from './version/running-versions.ts';

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
  /** The known defects of Antrea. */
  defects: readonly KnownDefect[];
  runbook?: string | undefined;
  silences: readonly Silence[];
  links: Report['links'];
  leaveOut: Report['leaveOut'];
  /** The days of the period; null if it is too short for an overview of days. */
  days: readonly Period[] | null;
};

/**
 * Makes a report of what is gathered, one answer after the other: each is judged when it is there, and its series are let
 * go. The same data and options make the same report.
 */
export async function assess(gathering: Gathering, options: AssessOptions): Promise<Report> {
  const judged = await judgeAnswers(gathering, options);
  return makeReport({ ...judged, facts: gathering.facts, warnings: gathering.warnings() }, options);
}

type Judged = JudgedAnswers & { facts: Facts; warnings: Report['warnings'] };

function makeReport(all: Judged, options: AssessOptions): Report {
  const { facts, scraped, judged, histories, warnings, subjects } = all;
  const { period, grid, windows } = facts;
  const metrics = all.metrics.ok ? all.metrics.value : null;
  const { coverage, scrapedAt } = scraped.present.coverage;
  const { findings: found, resolved } = collectFindings(judged, scraped);
  const { findings, silences, silenced } = applySilences(found, options.silences, period);
  const indicators = judged.map(({ indicator }) => withoutSilenced(indicator, findings));
  const { incidents, alarms } = incidentsOf(findings, { period, grid, windows }, options);
  const { antrea, incidentsWithVersions } = versionsOf(all, { incidents, findings }, options);
  const { incidents: incidentsWithAlerts, ...fired } = alertsOf(
    all.alerts,
    { incidents: incidentsWithVersions, findings, facts },
    [...options.indicators.map(({ id }) => id), ...options.checks],
  );
  const unanswered = unansweredOf(all);
  const complete = !unanswered.some(isNeeded) && isComplete(all, coverage, indicators);

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
    unanswered,
    rateWindowSeconds: windows.rateSeconds,
    subjects: [],
    indicators,
    findings,
    otherFindings: [],
    silences,
    silenced,
    incidents: incidentsWithAlerts,
    ...fired,
    comparisons: withScoreBefore(all, options),
    resolved,
    otherResolved: [],
    changes: largestChanges(histories.flatMap(({ changes }) => changes)),
    capacity: worstCapacity(histories.flatMap(({ capacity }) => capacity)),
    history: historyCompletenessOf(histories.flatMap(({ requests }) => requests)),
    ...availabilityOfDays(all, options),
    calendar: options.days && assessDays(options.days, { judged, scrapedAt }, findings, { ...options, grid }),
    antrea,
    survey: facts.survey,
    coverage,
    metrics: metrics && [...metrics],
    metricsReason: all.metrics.ok ? null : all.metrics.reason,
    ...(options.runbook === undefined ? {} : { runbook: options.runbook }),
    links: options.links,
    leaveOut: options.leaveOut,
    warnings,
  };
  return compactReport(report, subjects);
}

/** Returns the availability of the control path in a period that has an overview of its days. */
function availabilityOfDays(
  { judged, scraped, facts }: Judged,
  { days, silences }: AssessOptions,
): Pick<Report, 'availability'> {
  const path = days && controlPathOf(judged, scraped.present.coverage.scrapedAt.agent);
  return path ? { availability: availabilityOf(path, facts, silences) } : {};
}

/** Returns the version of Antrea with its known defects, and the incidents with those that show in them. */
function versionsOf(
  { metrics, scraped, images: answer }: Judged,
  { incidents, findings }: Pick<Report, 'incidents' | 'findings'>,
  { evidence, defects }: AssessOptions,
): { antrea: Report['antrea']; incidentsWithVersions: Report['incidents'] } {
  const seen = scraped.present.coverage.coverage.targets.filter(({ firstSeen }) => firstSeen !== null);
  const names = metrics.ok ? metrics.value : null;
  const images = imagesOf(answer);
  const facts = { images: images.images, possible: possibleReleases(names, seen, evidence) };
  const stepSeconds = answer?.grid.stepSeconds ?? 0;
  return {
    antrea: {
      ...antreaVersionOf(names, seen, evidence),
      ...images,
      defects: defectsOfVersion(defects, facts),
    },
    incidentsWithVersions: withVersions(incidents, findings, { defects, facts, stepSeconds }),
  };
}

/** Returns incidents, and the findings that no other finding explains. */
function incidentsOf(
  findings: readonly Finding[],
  { period, grid, windows }: Pick<Facts, 'period' | 'grid' | 'windows'>,
  { causes }: AssessOptions,
): { incidents: Report['incidents']; alarms: Finding[] } {
  const incidents = findIncidents(findings, {
    rules: causes,
    stepSeconds: grid.stepSeconds,
    lookBackSeconds: windows.rateSeconds,
    periodStart: period.start,
  });
  const explained = explainedFindings(incidents);
  return { incidents, alarms: findings.filter((_, index) => !explained.has(index)) };
}

/**
 * Adds the score to the period before, if all of it is known. The silences are applied to the findings of that period, as
 * its own report applies them.
 */
function withScoreBefore({ scraped, judged }: Judged, options: AssessOptions): Report['comparisons'] {
  const { before } = scraped.earlier;
  const known = judged.flatMap((one) => one.before ?? []);
  if (before === null || known.length < judged.length) return scraped.comparisons;
  const found = [...known.flatMap((one) => one.findings), ...outcomeOfScrapes(before).findings];
  const { findings } = applySilences(found.sort(compareWorst), options.silences, before.grid.period);
  const { alarms } = incidentsOf(findings, before.grid, options);
  const score = scoreOf(known, alarms, true);
  return scraped.comparisons.map((one) => (one.kind === 'before' ? { ...one, score } : one));
}

/** Returns an indicator with the status that its findings that count give it. */
function withoutSilenced(indicator: ReportIndicator, findings: readonly Finding[]): ReportIndicator {
  if (indicator.status !== 'critical' && indicator.status !== 'warning') return indicator;
  const own = findings.filter((finding) => finding.indicator === indicator.id);
  return { ...indicator, status: worstSeverity(own) ?? 'healthy' };
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

/** Whether everything of the period itself is known. */
function isComplete(
  { metrics, warnings, alerts }: Judged,
  coverage: Coverage,
  indicators: readonly ReportIndicator[],
): boolean {
  return (
    coverage.known &&
    coverage.scrapeIntervalKnown &&
    coverage.dataFrom === null &&
    metrics.ok &&
    // Nothing depends on the alerts.
    warnings.every(({ query }) => query === alerts?.query) &&
    !indicators.some((indicator) => isUnknown(indicator) || indicator.missing.length > 0) &&
    (coverage.agentsDesired === null || coverage.agentsAtEnd >= coverage.agentsDesired)
  );
}
