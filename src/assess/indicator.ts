import { type Indicator, SEVERITIES, type Severity, type Threshold } from '../model/indicator.ts';
import type { Finding, Reading, ReportIndicator, Status } from '../model/report.ts';
import type { Gathered, Windows } from '../model/series.ts';
import { chartOf } from './chart.ts';
import { findRuns, mergeRuns, type Run, type Sampling, worstOf } from './episodes.ts';
import { compareTexts, keyOf, type Line, linesOf, medianOf, type Subject, totalsOf } from './subjects.ts';
import { pointAt, stepStart, toIso } from './time.ts';
import { countEvents, findEventRuns } from './totals.ts';

/** What the assessment of an indicator needs to know beyond its own answer. */
export type Circumstances = {
  /** When processes were started, the first one seen included, Unix seconds, by `keyOf` of the subject. */
  starts: ReadonlyMap<string, readonly number[]>;
  /** Names of the metrics that were there in the period; `null` when that is not known. */
  presentMetrics: ReadonlySet<string> | null;
  /** Whose targets were scraped with success at any time in the period. */
  scraped: readonly Subject[];
};

export type IndicatorAssessment = { indicator: ReportIndicator; findings: Finding[] };

/** Points that may be missing inside one breach: a missed scrape or two. */
const BRIDGED_POINTS = 2;

/** Where no value means that nothing happened, a breach goes on over so long a pause. */
const BRIDGED_IDLE_SECONDS = 3600;

/** A line with what was worked out for it. */
type JudgedLine = Line & {
  key: string;
  median: number | null;
  /** Where it breaches the threshold of each severity; critical stretches mostly lie within those of a warning. */
  runs: Record<Severity, Run[]>;
  /** The number that its reading shows. */
  value: number | null;
  at: number | null;
};

export function assessIndicator(
  indicator: Indicator,
  gathered: Gathered,
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
    settleSeconds: indicator.settleSeconds ?? 0,
    readings: [],
    missing: [],
    series: [],
    envelope: null,
    query: data?.query ?? indicator.query,
    totalQuery: data?.totalQuery ?? null,
  } satisfies Omit<ReportIndicator, 'status'>;

  if (!answer.ok) return { indicator: { ...base, status: 'failed', reason: answer.reason }, findings: [] };

  const lines = linesOf(indicator, answer.value.series, gathered.jobs);
  if (lines.length === 0) {
    const status = statusOfNothing(indicator, circumstances);
    return { indicator: { ...base, status, idle: status === 'healthy' }, findings: [] };
  }

  const totals = totalsOf(indicator, answer.value.totals, gathered.jobs);
  const judged = lines.map((line) => judge(indicator, line, gathered, totals, circumstances));
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
      missing: indicator.whenEmpty === 'no-data' ? missingOf(indicator, judged, circumstances) : [],
      ...chartOf(worstFirst),
    },
    findings,
  };
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

/** An empty answer may mean four things, and only one of them is that all is well. */
function statusOfNothing(indicator: Indicator, { scraped, presentMetrics }: Circumstances): Status {
  if (!scraped.some(({ component }) => indicator.components.includes(component)) || presentMetrics === null)
    return 'no-data';
  const isPresent = (name: string) => presentMetrics.has(name);
  if (!indicator.metrics.some(isPresent))
    return indicator.featureMetrics?.some(isPresent) ? 'no-data' : indicator.whenAbsent;
  return indicator.whenEmpty === 'idle' ? 'healthy' : 'no-data';
}

function judge(
  indicator: Indicator,
  line: Line,
  { grid, windows }: Gathered,
  totals: ReadonlyMap<string, number>,
  circumstances: Circumstances,
): JudgedLine {
  const key = keyOf(line, line.labels);
  const sampling = samplingOf(indicator, grid.stepSeconds, windows);
  const { warning, critical } = indicator.thresholds;
  const runsBy = (find: (threshold: Threshold) => Run[]) => ({
    warning: warning ? find(warning) : [],
    critical: critical ? find(critical) : [],
  });

  if (indicator.reading === 'total') {
    const counted = countEvents(line.values, totals.get(key), sampling, windows);
    return {
      ...line,
      key,
      values: counted.events,
      median: medianOf(counted.events),
      value: counted.total,
      at: null,
      runs: runsBy((threshold) => findEventRuns(counted, threshold, sampling)),
    };
  }

  const settled = withoutStartUp(indicator, line, grid, windows, circumstances);
  const median = medianOf(settled);
  const index = indicator.reading === 'last' ? lastIndex(settled) : greatestIndex(settled);
  return {
    ...line,
    key,
    median,
    value: index < 0 ? null : (settled[index] ?? null),
    at: index < 0 ? null : pointAt(grid, index),
    runs: runsBy((threshold) => findRuns(settled, threshold, sampling)),
  };
}

/** What the query of an indicator looks back over at each point. */
function lookBackOf({ query }: Indicator, windows: Windows): number {
  return query.includes('$window') ? windows.rateSeconds : windows.spanSeconds;
}

function samplingOf(indicator: Indicator, stepSeconds: number, windows: Windows): Sampling {
  const isIdle = indicator.whenEmpty === 'idle';
  // A rate sees what lies between two samples of its window: adjacent ones share a sample, but no event.
  const shared = indicator.query.includes('$window') ? windows.scrapeIntervalSeconds : 0;
  return {
    stepSeconds,
    bridge: Math.max(BRIDGED_POINTS, isIdle ? Math.floor(BRIDGED_IDLE_SECONDS / stepSeconds) : 0),
    spread: Math.max(1, Math.ceil((lookBackOf(indicator, windows) - shared) / stepSeconds)),
  };
}

/** Leaves out the points whose look-back holds the first moments of a process, for indicators that ask for it. */
function withoutStartUp(
  indicator: Indicator,
  line: Line,
  grid: Gathered['grid'],
  windows: Windows,
  { starts }: Circumstances,
) {
  const { settleSeconds } = indicator;
  const own = starts.get(keyOf(line)) ?? [];
  if (settleSeconds === undefined || own.length === 0) return line.values;
  const lookBack = lookBackOf(indicator, windows);
  return line.values.map((value, index) => {
    const time = pointAt(grid, index);
    const isStartUp = own.some((start) => time > start && time - lookBack < start + settleSeconds);
    return isStartUp ? null : value;
  });
}

function lastIndex(values: readonly (number | null)[]): number {
  return values.findLastIndex((value) => value !== null);
}

function greatestIndex(values: readonly (number | null)[]): number {
  return values.reduce<number>((found, value, index) => {
    if (value === null) return found;
    return found < 0 || value > (values[found] ?? -Infinity) ? index : found;
  }, -1);
}

function severityOf({ runs }: JudgedLine): Severity | undefined {
  return SEVERITIES.findLast((severity) => runs[severity].length > 0);
}

/** Worst first: by severity, then by how far beyond the bound, then by the value. */
function compareLines(indicator: Indicator, a: JudgedLine, b: JudgedLine): number {
  const rank = (severity: Severity | undefined) => (severity ? SEVERITIES.indexOf(severity) + 1 : 0);
  const [severityA, severityB] = [severityOf(a), severityOf(b)];
  const beyond = (line: JudgedLine, severity: Severity | undefined) =>
    severity ? weightOf(indicator, line, worstOf(line.runs[severity])) : 0;
  const level = (line: JudgedLine) => line.value ?? -Infinity;
  return (
    rank(severityB) - rank(severityA) ||
    beyond(b, severityB) - beyond(a, severityA) ||
    // Of two lines without a value the difference is no number, and the names decide as well.
    level(b) - level(a) ||
    compareTexts(a.key, b.key)
  );
}

/** How bad a run is among others: of totals, the total is what counts. */
function weightOf(indicator: Indicator, line: JudgedLine, run: Run | undefined): number {
  return indicator.reading === 'total' ? (line.value ?? 0) : (run?.beyond ?? 0);
}

/**
 * The finding of a subject: its worst severity's, with the stretches of all its lines that are as bad. What is left of
 * the warnings is a second finding: those at other times, and the one that goes on when nothing critical does.
 */
function findingsOf(indicator: Indicator, own: readonly JudgedLine[], gathered: Gathered): Finding[] {
  const of = (severity: Severity) => own.flatMap((line) => line.runs[severity].map((run) => ({ line, run })));
  const critical = of('critical');
  const isCriticalNow = critical.some(({ run }) => run.ongoing);
  const rest = of('warning').filter(
    ({ run }) =>
      (run.ongoing && !isCriticalNow) ||
      !critical.some((other) => other.run.first <= run.last && other.run.last >= run.first),
  );
  return [
    ...findingOf(indicator, 'critical', critical, gathered),
    ...findingOf(indicator, 'warning', rest, gathered),
  ];
}

function findingOf(
  indicator: Indicator,
  severity: Severity,
  found: readonly { line: JudgedLine; run: Run }[],
  gathered: Gathered,
): Finding[] {
  const [any, ...others] = found;
  if (!any) return [];
  const weight = ({ line, run }: typeof any) => weightOf(indicator, line, run);
  const worst = others.reduce((most, one) => (weight(one) > weight(most) ? one : most), any);
  const episodes = mergeRuns(found.map(({ run }) => run)).map((run) => ({
    start: stepStart(gathered, run.first),
    end: pointAt(gathered.grid, run.last),
    value: run.worst,
  }));
  const { line, run } = worst;
  return [
    {
      indicator: indicator.id,
      subject: line.subject,
      component: line.component,
      severity,
      value: indicator.reading === 'total' ? (line.value ?? run.worst) : run.worst,
      unit: indicator.unit,
      threshold: run.bound,
      condition: run.condition,
      usual: run.usual,
      labels: line.labels,
      start: toIso(episodes[0]?.start ?? gathered.period.start),
      end: toIso(episodes.at(-1)?.end ?? gathered.period.end),
      durationSeconds: episodes.reduce((sum, { start, end }) => sum + end - start, 0),
      ongoing: found.some((one) => one.run.ongoing),
      episodes: episodes.map(({ start, end, value }) => ({ start: toIso(start), end: toIso(end), value })),
    },
  ];
}

/** The reading of a subject: that of its worst line. */
function readingOf(own: readonly JudgedLine[], { grid }: Gathered): Reading | null {
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
    labels: line.labels,
  };
}

export function worstSeverity(findings: readonly Finding[]): Severity | undefined {
  return SEVERITIES.findLast((severity) => findings.some((finding) => finding.severity === severity));
}
