import type { Indicator } from '../model/indicator.ts';
import type { Metric } from '../model/metric.ts';
import type { Answer, Gathered, Grid, IndicatorData, TargetData, Windows } from '../model/series.ts';
import { GatherError, QueryError, type QueryErrorKind } from './errors.ts';
import { gatherMetrics } from './metrics.ts';
import {
  ASSUMED_SCRAPE_INTERVAL,
  estimateScrapeInterval,
  MAX_POINTS,
  planGrid,
  planProbe,
  planStep,
  planWindows,
} from './plan.ts';
import { matchersOf, quote, type Selection, substitute } from './promql.ts';
import type { Source } from './source.ts';

export type GatherOptions = {
  cluster: string;
  /** Unix seconds. */
  period: { start: number; end: number };
  timeZone: string;
  selection: Selection;
  /** Instead of the planned one. */
  stepSeconds?: number | undefined;
  /** Instead of the measured one. */
  scrapeIntervalSeconds?: number | undefined;
  indicators: readonly Indicator[];
  metrics: readonly Metric[];
  /** When the source is a capture: when it was recorded, ISO 8601. */
  recordedAt?: string;
  /** Called after each answer, for progress. */
  onProgress?: (done: number, total: number) => void;
};

/** With these, every further question would fail in the same way, slowly. */
const HOPELESS: readonly QueryErrorKind[] = [
  'connection',
  'certificate',
  'unauthorized',
  'timeout',
  'not-prometheus',
  'not-captured',
  'aborted',
];

/**
 * Asks a source everything that a report of the period needs. One question's failure is kept as its answer's reason.
 * @throws GatherError when the source cannot be asked at all, or when not one indicator's question was answered
 */
export async function gather(source: Source, options: GatherOptions): Promise<Gathered> {
  const { period, selection } = options;
  const warnings = new Map<string, string>();
  const noted = notingWarnings(givingUp(source), warnings);

  const { grid, windows } = await plan(noted, options);
  const durations = {
    window: windows.rateSeconds,
    span: windows.spanSeconds,
    period: period.end - period.start,
  };
  const fill = (template: string) => substitute(template, selection, durations);

  let done = 0;
  // The indicators, the three questions about targets, and the metric reference as one.
  const total = options.indicators.length + 2;
  const step = <T>(work: Promise<T>) =>
    work.finally(() => {
      done += 1;
      options.onProgress?.(done, total);
    });

  const [indicators, targets, metrics] = await Promise.all([
    Promise.all(
      options.indicators.map(async (indicator) => {
        const data = await step(gatherIndicator(noted, indicator, grid, period.end, fill));
        return [indicator.id, data] as const;
      }),
    ),
    step(attempt(() => gatherTargets(noted, selection, grid, windows, period.end))),
    step(attempt(() => gatherMetrics(noted, options.metrics, selection, period))),
  ]);

  const answers = indicators.map(([, data]) => data.answer);
  const failure = answers.find((answer) => !answer.ok);
  if (failure && !failure.ok && answers.every((answer) => !answer.ok))
    throw new GatherError(`Prometheus answered none of the queries; the first failure: ${failure.reason}`);

  return {
    cluster: options.cluster,
    period,
    grid,
    timeZone: options.timeZone,
    windows,
    source: { kind: source.kind, ...(options.recordedAt ? { recordedAt: options.recordedAt } : {}) },
    jobs: selection.jobs,
    indicators: Object.fromEntries(indicators),
    targets,
    metrics,
    warnings: [...warnings].map(([text, query]) => ({ text, query })),
  };
}

/** Finds out how often targets are scraped, since every look-back follows from it, and whether anybody answers. */
async function plan(source: Source, options: GatherOptions): Promise<{ grid: Grid; windows: Windows }> {
  const { period, selection } = options;
  const measured = options.scrapeIntervalSeconds ?? (await measureScrapeInterval(source, period, selection));
  const interval = measured ?? ASSUMED_SCRAPE_INTERVAL;
  const stepSeconds = options.stepSeconds ?? planStep(period.end - period.start, interval);
  const grid = planGrid(period.start, period.end, stepSeconds);
  if (grid.count > MAX_POINTS)
    throw new GatherError(
      `step: ${stepSeconds} s makes ${grid.count} points of this period and Prometheus answers at most ${MAX_POINTS}; set a longer one`,
    );
  if (options.stepSeconds !== undefined && options.stepSeconds > period.end - period.start)
    throw new GatherError(
      `step: ${stepSeconds} s is longer than the period of ${period.end - period.start} s; set a shorter one`,
    );
  return { grid, windows: planWindows(stepSeconds, interval, measured !== null) };
}

async function measureScrapeInterval(
  source: Source,
  period: GatherOptions['period'],
  selection: Selection,
): Promise<number | null> {
  const { grid, lookBackSeconds } = planProbe(period.start, period.end);
  const query = `count_over_time(up{${matchersOf(['agent', 'controller'], selection)}}[${lookBackSeconds}s])`;
  try {
    const { series } = await source.range(query, grid);
    // Jobs may be scraped at different intervals; what is long enough for the slowest is right for all.
    const byJob = Map.groupBy(series, ({ labels }) => labels['job']);
    const intervals = [...byJob.values()].flatMap((own) => estimateScrapeInterval(own) ?? []);
    return intervals.length > 0 ? Math.max(...intervals) : null;
  } catch (error) {
    if (error instanceof QueryError && HOPELESS.includes(error.kind))
      throw new GatherError(error.message, { cause: error });
    if (error instanceof QueryError) return null;
    throw error;
  }
}

async function gatherIndicator(
  source: Source,
  indicator: Indicator,
  grid: Grid,
  end: number,
  fill: (template: string) => string,
): Promise<IndicatorData> {
  const query = fill(indicator.query);
  const totalQuery = indicator.totalQuery === undefined ? undefined : fill(indicator.totalQuery);
  const answer = await attempt(async () => {
    const [range, totals] = await Promise.all([
      source.range(query, grid),
      totalQuery === undefined ? undefined : source.instant(totalQuery, end),
    ]);
    return { series: range.series, totals: totals?.samples ?? [] };
  });
  return { query, ...(totalQuery === undefined ? {} : { totalQuery }), answer };
}

async function gatherTargets(
  source: Source,
  selection: Selection,
  grid: Grid,
  windows: Windows,
  end: number,
): Promise<TargetData> {
  const matchers = matchersOf(['agent', 'controller'], selection);
  const span = `[${windows.spanSeconds}s]`;
  const by = `sum by (job, instance, ${selection.nodeLabel})`;
  const [attempts, successes, startTimes, desiredAgents] = await Promise.all([
    source.range(`${by} (count_over_time(up{${matchers}}${span}))`, grid),
    source.range(`${by} (sum_over_time(up{${matchers}}${span}))`, grid),
    source.range(
      `max by (job, instance, ${selection.nodeLabel}) (max_over_time(process_start_time_seconds{${matchers}}${span}))`,
      grid,
    ),
    askDesiredAgents(source, selection, end),
  ]);
  const named = <T extends { labels: Readonly<Record<string, string>> }>(series: T[]) =>
    series.map((one) => ({ ...one, labels: withNodeOf(one.labels, selection.nodeLabel) }));
  return {
    attempts: named(attempts.series),
    successes: named(successes.series),
    startTimes: named(startTimes.series),
    desiredAgents,
  };
}

/** What `withNode` of the catalog does in PromQL, for series that must keep their `instance`. */
function withNodeOf(labels: Readonly<Record<string, string>>, nodeLabel: string): Record<string, string> {
  const instance = labels['instance'] ?? '';
  return {
    job: labels['job'] ?? '',
    instance,
    node: labels[nodeLabel] || (instance.split(';')[0] ?? instance),
  };
}

/** From kube-state-metrics, where it is scraped too; without it nobody knows how many agents there should be. */
async function askDesiredAgents(source: Source, selection: Selection, end: number): Promise<number | null> {
  const others = Object.entries(selection.matchers).map(([label, value]) => `,${label}=${quote(value)}`);
  const query = `max(kube_daemonset_status_desired_number_scheduled{daemonset="antrea-agent"${others.join('')}})`;
  const answer = await attempt(() => source.instant(query, end));
  return answer.ok ? (answer.value.samples[0]?.value ?? null) : null;
}

async function attempt<T>(ask: () => Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await ask() };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    if (error.kind === 'aborted') throw new GatherError(error.message, { cause: error });
    return { ok: false, reason: error.message };
  }
}

/** Failures of the way to the server rather than of a question. */
const LOST: readonly QueryErrorKind[] = ['connection', 'certificate', 'unauthorized'];

/** When the server is lost half-way, what is left to ask fails at once instead of waiting through retries each. */
function givingUp(source: Source): Source {
  let lost: QueryError | undefined;
  const ask = async <T>(question: () => Promise<T>): Promise<T> => {
    if (lost) throw lost;
    try {
      return await question();
    } catch (error) {
      if (error instanceof QueryError && LOST.includes(error.kind)) lost = error;
      throw error;
    }
  };
  return {
    kind: source.kind,
    range: (query, grid) => ask(() => source.range(query, grid)),
    instant: (query, time) => ask(() => source.instant(query, time)),
  };
}

function notingWarnings(source: Source, warnings: Map<string, string>): Source {
  const note = <T extends { warnings: string[] }>(query: string, answer: T): T => {
    for (const text of answer.warnings) if (!warnings.has(text)) warnings.set(text, query);
    return answer;
  };
  return {
    kind: source.kind,
    range: async (query, grid) => note(query, await source.range(query, grid)),
    instant: async (query, time) => note(query, await source.instant(query, time)),
  };
}
