import { type Indicator, SEVERITIES, type Severity } from '../model/indicator.ts';
import type { Finding, Reading, ReportIndicator, Status } from '../model/report.ts';
import type { PeriodData } from '../model/series.ts';
import { toIso } from '../model/time.ts';
import { chartOf } from './chart.ts';
import {
  type Circumstances,
  compareLines,
  type JudgedLine,
  judge,
  lastIndex,
  severityOf,
  usualValues,
} from './evaluate-series.ts';
import { findingsOf } from './findings.ts';
import { scatterOf } from './medians.ts';
import { keyOf, linesOf } from './subjects.ts';

export type IndicatorAssessment = {
  indicator: ReportIndicator;
  findings: Finding[];
  /** At each point, whether any subject had a value. */
  seen: boolean[];
  /** What its lines were like, by their keys: for comparing periods. */
  levels: ReadonlyMap<string, Level>;
};

/** `scatter` is only worked out where something was found of the subject. */
export type Level = { value: number | null; median: number | null; scatter: number | null };

export function assessIndicator(
  indicator: Indicator,
  gathered: PeriodData,
  circumstances: Circumstances,
): IndicatorAssessment {
  const data = gathered.indicators[indicator.id];
  const answer = data?.answer ?? { ok: false as const, reason: 'the indicator was not asked for' };
  const base = {
    id: indicator.id,
    section: indicator.section,
    components: [...indicator.components],
    judged: Object.keys(indicator.thresholds).length > 0,
    idle: false,
    reason: null,
    unit: indicator.unit,
    value: null,
    subject: null,
    aggregation: indicator.reading,
    thresholds: indicator.thresholds,
    own: indicator.isOwn ? ownWordsOf(indicator) : null,
    settleSeconds: indicator.settleSeconds ?? 0,
    readings: [],
    missing: [],
    series: [],
    envelope: null,
    query: data?.query ?? indicator.query,
  } satisfies Omit<ReportIndicator, 'status'>;

  const nothing = { findings: [], seen: [], levels: new Map() };
  if (!answer.ok) return { indicator: { ...base, status: 'failed', reason: answer.reason }, ...nothing };

  const lines = linesOf(indicator, answer.value);
  if (lines.length === 0) {
    const status = statusOfNothing(indicator, circumstances);
    return { indicator: { ...base, status, idle: status === 'healthy' }, ...nothing };
  }

  const usual = usualValues(indicator, circumstances);
  const judged = lines.map((line) => judge(indicator, line, gathered, circumstances, usual));
  const worstFirst = judged.sort((a, b) => compareLines(indicator, a, b));
  const bySubject = [...Map.groupBy(worstFirst, (line) => keyOf(line)).values()];
  const findings = bySubject.flatMap((own) => findingsOf(indicator, own, gathered));
  const readings = bySubject.flatMap((own) => readingOf(own, gathered) ?? []);
  const worst = readings[0];
  // All points may have been left out; then nothing was judged.
  const isEmpty = readings.every(({ value }) => value === null);
  const isIdle = isEmpty && indicator.whenEmpty === 'idle';
  return {
    indicator: {
      ...base,
      status: worstSeverity(findings) ?? (isEmpty && !isIdle ? 'no-data' : 'healthy'),
      idle: isIdle,
      value: worst?.value ?? null,
      subject: worst?.subject ?? null,
      readings,
      missing:
        indicator.whenEmpty === 'no-data' && indicator.scope === undefined
          ? missingOf(indicator, judged, circumstances)
          : [],
      ...chartOf(worstFirst, gathered.grid),
    },
    findings,
    seen: Array.from({ length: gathered.grid.count }, (_, index) =>
      lines.some(({ values }) => values[index] != null),
    ),
    levels: new Map(bySubject.flatMap(levelsOf)),
  };
}

function levelsOf(own: readonly JudgedLine[]): [string, Level][] {
  const isFound = own.some(severityOf);
  return own.map(({ key, value, median, values }) => {
    const known = isFound ? Float64Array.from(values.filter((one) => one !== null)) : null;
    return [key, { value, median, scatter: known && scatterOf(known) }];
  });
}

function ownWordsOf({ title, explanation, impact, nextSteps }: Indicator): ReportIndicator['own'] {
  const steps = nextSteps.map(({ text, command }) => ({
    text,
    ...(command === undefined ? {} : { command }),
  }));
  return { title, explanation, impact, nextSteps: steps };
}

/** Who was scraped, but is not in the answer: nothing is known of them, and that must not look like health. */
function missingOf(
  indicator: Indicator,
  lines: readonly JudgedLine[],
  { scraped }: Circumstances,
): ReportIndicator['missing'] {
  const answered = new Set(lines.map((line) => keyOf(line)));
  return scraped
    .filter((target) => indicator.components.includes(target.component) && !answered.has(keyOf(target)))
    .map(({ subject, component }) => ({ subject, component }));
}

/** An empty answer may mean five things, and only one of them is that all is well. */
function statusOfNothing(indicator: Indicator, { scraped, presentMetrics }: Circumstances): Status {
  const { components, metrics, featureMetrics, whenAbsent, whenEmpty } = indicator;
  // Of what reads no metrics of Antrea's own nothing more is known.
  if (metrics.length > 0) {
    if (!scraped.some(({ component }) => components.includes(component)) || presentMetrics === null)
      return 'no-data';
    const isPresent = (name: string) => presentMetrics.has(name);
    if (!metrics.some(isPresent)) return featureMetrics?.some(isPresent) ? 'no-data' : whenAbsent;
  }
  return whenEmpty === 'idle' ? 'healthy' : whenEmpty;
}

/** The reading of a subject: that of its worst line. */
function readingOf(own: readonly JudgedLine[], { grid }: PeriodData): Reading | null {
  const [line] = own;
  if (!line) return null;
  const last = lastIndex(line.values);
  return {
    subject: line.subject,
    component: line.component,
    status: severityOf(line) ?? 'healthy',
    value: line.value,
    at: line.at === null ? null : toIso(line.at),
    last: last < grid.count - 2 ? null : (line.values[last] ?? null),
    median: line.median,
    before: null,
    weekBefore: null,
    labels: line.labels,
  };
}

export function worstSeverity(findings: readonly Finding[]): Severity | undefined {
  return SEVERITIES.findLast((severity) => findings.some((finding) => finding.severity === severity));
}
