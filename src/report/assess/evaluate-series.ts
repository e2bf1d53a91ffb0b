import {
  type Component,
  type Indicator,
  SEVERITIES,
  type Severity,
  type Threshold,
} from '../model/indicator.ts';
import type { Gathered, PeriodData, Series, Windows } from '../model/series.ts';
import { pointAt } from '../model/time.ts';
import { findRuns, type Run, type Sampling, worstOf } from './episodes.ts';
import { countEvents, findEventRuns } from './event-totals.ts';
import { compareTexts, keyOf, type Line, linesOf, medianOf, type Subject } from './subjects.ts';

/** What the assessment of an indicator needs to know beyond its own answer. */
export type Circumstances = {
  /** When processes were started, the first one seen included, Unix seconds, by `keyOf` of the subject. */
  starts: ReadonlyMap<string, readonly number[]>;
  /** Names of the metrics that were there in the period; `null` when that is not known. */
  presentMetrics: ReadonlySet<string> | null;
  /** Whose targets were scraped with success at any time in the period. */
  scraped: readonly (Subject & { component: Component })[];
  /** What the indicators said in the period before, by id: what is usual. */
  before: Readonly<Record<string, readonly Series[]>>;
};

/** Points that may be missing inside one breach: a missed scrape or two. */
const BRIDGED_POINTS = 2;

/** Where no value means that nothing happened, a breach goes on over so long a pause. */
const BRIDGED_IDLE_SECONDS = 3600;

/** A line with what was worked out for it. */
export type JudgedLine = Line & {
  key: string;
  median: number | null;
  /** Where it breaches the threshold of each severity; critical stretches mostly lie within those of a warning. */
  runs: Record<Severity, Run[]>;
  /** The number that its reading shows. */
  value: number | null;
  at: number | null;
};

/** The values of each line in the period before, by its key: what a threshold relative to the usual compares with. */
export function usualValues(
  indicator: Indicator,
  { before }: Circumstances,
): ReadonlyMap<string, Line['values']> {
  const { warning, critical } = indicator.thresholds;
  const isRelative = [warning, critical].some((one) => one?.change !== undefined || one?.rise !== undefined);
  if (!isRelative) return new Map();
  const lines = linesOf(indicator, before[indicator.id] ?? []);
  return new Map(lines.map((line) => [keyOf(line, line.labels), line.values]));
}

export function judge(
  indicator: Indicator,
  line: Line,
  { grid, windows }: PeriodData,
  circumstances: Circumstances,
  usual: ReadonlyMap<string, Line['values']>,
): JudgedLine {
  const key = keyOf(line, line.labels);
  const sampling = samplingOf(indicator, grid.stepSeconds, windows);
  const { warning, critical } = indicator.thresholds;
  const runsBy = (find: (threshold: Threshold) => Run[]) => ({
    warning: warning ? find(warning) : [],
    critical: critical ? find(critical) : [],
  });

  if (indicator.reading === 'total') {
    const counted = countEvents(line.values);
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
    runs: runsBy((threshold) => findRuns(settled, threshold, sampling, usual.get(key))),
  };
}

/** What the query of an indicator looks back over at each point; events are counted step by step. */
function lookBackOf({ query, reading }: Indicator, stepSeconds: number, windows: Windows): number {
  if (reading === 'total') return stepSeconds;
  return query.includes('$window') ? windows.rateSeconds : windows.spanSeconds;
}

function samplingOf(indicator: Indicator, stepSeconds: number, windows: Windows): Sampling {
  const isIdle = indicator.whenEmpty === 'idle';
  // A rate sees what lies between two samples of its window: adjacent ones share a sample, but no event.
  const isRate = indicator.reading !== 'total' && indicator.query.includes('$window');
  const shared = isRate ? windows.scrapeIntervalSeconds : 0;
  return {
    stepSeconds,
    bridge: Math.max(BRIDGED_POINTS, isIdle ? Math.floor(BRIDGED_IDLE_SECONDS / stepSeconds) : 0),
    spread: Math.max(1, Math.ceil((lookBackOf(indicator, stepSeconds, windows) - shared) / stepSeconds)),
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
  const lookBack = lookBackOf(indicator, grid.stepSeconds, windows);
  return line.values.map((value, index) => {
    const time = pointAt(grid, index);
    const isStartUp = own.some((start) => time > start && time - lookBack < start + settleSeconds);
    return isStartUp ? null : value;
  });
}

export function lastIndex(values: readonly (number | null)[]): number {
  return values.findLastIndex((value) => value !== null);
}

function greatestIndex(values: readonly (number | null)[]): number {
  return values.reduce<number>((found, value, index) => {
    if (value === null) return found;
    return found < 0 || value > (values[found] ?? -Infinity) ? index : found;
  }, -1);
}

export function severityOf({ runs }: JudgedLine): Severity | undefined {
  return SEVERITIES.findLast((severity) => runs[severity].length > 0);
}

/** Worst first: by severity, then by how far beyond the bound, then by the value. */
export function compareLines(indicator: Indicator, a: JudgedLine, b: JudgedLine): number {
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
export function weightOf(indicator: Indicator, line: JudgedLine, run: Run | undefined): number {
  return indicator.reading === 'total' ? (line.value ?? 0) : (run?.beyond ?? 0);
}
