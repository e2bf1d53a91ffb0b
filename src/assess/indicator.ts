import { type Indicator, SEVERITIES, type Severity } from '../model/indicator.ts';
import type { Finding, Reading, ReportIndicator, Status } from '../model/report.ts';
import type { Gathered, Grid } from '../model/series.ts';
import { chartOf } from './chart.ts';
import { type Breach, findBreach, isOngoing, type Run } from './episodes.ts';
import { keyOf, type Line, linesOf, medianOf, totalsOf } from './subjects.ts';
import { pointAt, toIso } from './time.ts';

/** What the assessment of an indicator needs to know beyond its own answer. */
export type Circumstances = {
  /** Start times of processes within the period, Unix seconds, by `keyOf` of the subject. */
  restarts: ReadonlyMap<string, readonly number[]>;
  /** Names of the metrics that were there in the period; `null` when that is not known. */
  presentMetrics: ReadonlySet<string> | null;
  /** Whether any target of the component was scraped with success in the period; `null`: not known. */
  seen: (component: Indicator['components'][number]) => boolean | null;
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
  breach: Breach | null;
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
    readings: [],
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
  const worstFirst = [...judged].sort((a, b) => compareLines(indicator, a, b));
  const bySubject = groupBySubject(worstFirst);
  const findings = bySubject.flatMap((own) => findingOf(indicator, own, gathered.grid) ?? []);
  const readings = bySubject.flatMap((own) => readingOf(own, findings, gathered.grid) ?? []);
  const worst = readings[0];
  return {
    indicator: {
      ...base,
      status: worstSeverity(findings) ?? 'healthy',
      value: worst?.value ?? null,
      subject: worst?.subject ?? null,
      readings,
      ...chartOf(worstFirst),
    },
    findings,
  };
}

/** An empty answer may mean four things, and only one of them is that all is well. */
function statusOfNothing(indicator: Indicator, { seen, presentMetrics }: Circumstances): Status {
  if (!indicator.components.some((component) => seen(component) === true) || presentMetrics === null)
    return 'no-data';
  if (!indicator.metrics.some((name) => presentMetrics.has(name))) return indicator.whenAbsent;
  return indicator.whenEmpty === 'idle' ? 'healthy' : 'no-data';
}

function judge(
  indicator: Indicator,
  line: Line,
  { grid, windows }: Gathered,
  totals: ReadonlyMap<string, number>,
  circumstances: Circumstances,
): JudgedLine {
  const settled = withoutStartUp(indicator, line, grid, windows.rateSeconds, circumstances);
  const median = medianOf(settled);
  const key = keyOf(line, line.labels);
  const bridge =
    indicator.whenEmpty === 'idle'
      ? Math.max(BRIDGED_POINTS, Math.floor(BRIDGED_IDLE_SECONDS / grid.stepSeconds))
      : BRIDGED_POINTS;
  const breachOf = (severity: Severity) => {
    const threshold = indicator.thresholds[severity];
    return threshold ? findBreach(settled, median, threshold, severity, grid, bridge) : null;
  };
  const breach = breachOf('critical') ?? breachOf('warning');
  const common = { ...line, key, median };

  if (indicator.reading === 'total') {
    const total = totals.get(key) ?? 0;
    return {
      ...common,
      value: total,
      at: null,
      breach: total > 0 && breach ? { ...breach, worst: total } : null,
    };
  }
  const index = indicator.reading === 'last' ? lastIndex(settled) : greatestIndex(settled);
  return {
    ...common,
    breach,
    value: index < 0 ? null : (settled[index] ?? null),
    at: index < 0 ? null : pointAt(grid, index),
  };
}

/** Leaves out the points whose look-back holds the first moments of a process, for indicators that ask for it. */
function withoutStartUp(
  indicator: Indicator,
  line: Line,
  grid: Grid,
  lookBack: number,
  { restarts }: Circumstances,
) {
  const { settleSeconds } = indicator;
  const starts = restarts.get(keyOf(line)) ?? [];
  if (settleSeconds === undefined || starts.length === 0) return line.values;
  return line.values.map((value, index) => {
    const time = pointAt(grid, index);
    const isStartUp = starts.some((start) => time > start && time - lookBack < start + settleSeconds);
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

const RANK = { critical: 2, warning: 1 } as const;

function compareLines(indicator: Indicator, a: JudgedLine, b: JudgedLine): number {
  const rank = (line: JudgedLine) => (line.breach ? RANK[line.breach.severity] : 0);
  const fewerIsWorse = indicator.thresholds.critical?.below !== undefined;
  const level = (line: JudgedLine) => line.breach?.worst ?? line.value ?? -Infinity;
  const byLevel = fewerIsWorse && rank(a) > 0 ? level(a) - level(b) : level(b) - level(a);
  return rank(b) - rank(a) || byLevel || (a.key < b.key ? -1 : 1);
}

function groupBySubject(lines: readonly JudgedLine[]): JudgedLine[][] {
  return [...Map.groupBy(lines, (line) => keyOf(line)).values()];
}

/** One finding per subject: its worst line's, with the stretches of all its lines that are as bad. */
function findingOf(indicator: Indicator, own: readonly JudgedLine[], grid: Grid): Finding | null {
  const [line] = own;
  if (!line?.breach) return null;
  const { breach } = line;
  const alike = own.filter((other) => other.breach?.severity === breach.severity);
  const runs = mergeRuns(alike.flatMap((other) => other.breach?.runs ?? []));
  const seconds = (run: Run) => (run.last - run.first + 1) * grid.stepSeconds;
  const start = (run: Run) => pointAt(grid, run.first) - grid.stepSeconds;
  const [first] = runs;
  const last = runs.at(-1);
  if (!first || !last) return null;
  return {
    indicator: indicator.id,
    subject: line.subject,
    component: line.component,
    severity: breach.severity,
    value: breach.worst,
    unit: indicator.unit,
    threshold: breach.bound,
    condition: breach.condition,
    labels: line.labels,
    start: toIso(start(first)),
    end: toIso(pointAt(grid, last.last)),
    durationSeconds: runs.reduce((sum, run) => sum + seconds(run), 0),
    ongoing: alike.some((other) => other.breach?.runs.some((run) => isOngoing(run, other.values))),
    episodes: runs.map((run) => ({
      start: toIso(start(run)),
      end: toIso(pointAt(grid, run.last)),
      value: run.worst,
    })),
  };
}

/** Runs of several lines on one time axis: overlapping and adjacent ones become one. */
function mergeRuns(runs: readonly Run[]): Run[] {
  const merged: Run[] = [];
  for (const run of [...runs].sort((a, b) => a.first - b.first)) {
    const open = merged.at(-1);
    if (open && run.first <= open.last + 1) {
      open.last = Math.max(open.last, run.last);
      open.worst = Math.max(open.worst, run.worst);
    } else merged.push({ ...run });
  }
  return merged;
}

function readingOf(own: readonly JudgedLine[], findings: readonly Finding[], grid: Grid): Reading | null {
  // The finding's line comes first; the reading is the worst number, which is its line's wherever there is a finding.
  const [line] = own;
  if (!line) return null;
  const finding = findings.find(
    ({ subject, component }) => subject === line.subject && component === line.component,
  );
  const last = lastIndex(line.values);
  return {
    subject: line.subject,
    component: line.component,
    status: finding?.severity ?? 'healthy',
    value: line.value,
    at: line.at === null ? null : toIso(line.at),
    last:
      last < 0 || pointAt(grid, last) < pointAt(grid, grid.count - 2) ? null : (line.values[last] ?? null),
    median: line.median,
    labels: line.labels,
  };
}

export function worstSeverity(findings: readonly Finding[]): Severity | undefined {
  return SEVERITIES.findLast((severity) => findings.some((finding) => finding.severity === severity));
}
