import type { Indicator } from '../model/indicator.ts';
import type { Metric } from '../model/metric.ts';
import type { EarlierData, Gathered, Grid, PeriodData, Series, Windows } from '../model/series.ts';
import { attempt, givingUp, notingWarnings } from './attempt.ts';
import { GatherError, QueryError, type QueryErrorKind } from './errors.ts';
import { gatherHistory, gatherLimits, hasHistory } from './history.ts';
import { gatherMetrics } from './metrics.ts';
import { gatherIndicators, gatherPeriod, gatherTargets, type PeriodRequest } from './period.ts';
import { inPieces } from './pieces.ts';
import {
  ASSUMED_SCRAPE_INTERVAL,
  checkStep,
  countLines,
  earlierPeriods,
  estimateScrapeInterval,
  planGrid,
  planProbe,
  planStep,
  planWindows,
} from './plan.ts';
import { matchersOf, matchersOfOthers, type Selection } from './promql.ts';
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
  const { period, selection, indicators } = options;
  const warnings = new Map<string, string>();
  const noted = notingWarnings(givingUp(source), warnings);

  const plan = await planOf(noted, options);
  const { grid, windows } = plan;
  const asked = inPieces(noted, plan.lines);

  let done = 0;
  const total = questionsOf(options);
  const onAnswer = () => {
    done += 1;
    options.onProgress?.(Math.min(done, total), total);
  };

  const [data, desiredAgents, metrics] = await Promise.all([
    gatherPeriod(asked, indicators, { period, grid, windows, selection, onAnswer }),
    askDesiredAgents(asked, selection, period.end),
    attempt(() => gatherMetrics(asked, options.metrics, selection, period)).finally(onAnswer),
  ]);

  const answers = Object.values(data.indicators).map(({ answer }) => answer);
  const failure = answers.find((answer) => !answer.ok);
  if (failure && !failure.ok && answers.every((answer) => !answer.ok))
    throw new GatherError(
      `${source.kind === 'capture' ? 'the capture' : 'Prometheus'} answered none of the queries; the first failure: ${failure.reason}`,
    );

  // What was before is only asked of a server that answers.
  const earlier = await gatherEarlier(asked, options, plan, onAnswer);
  const [history, limits] = await Promise.all([
    gatherHistory(asked, indicators, { period, windows, selection, onAnswer }),
    gatherLimits(asked, indicators, { period, windows, selection }),
  ]);
  options.onProgress?.(total, total);

  return {
    ...data,
    targets: withDesired(data.targets, desiredAgents),
    cluster: options.cluster,
    timeZone: options.timeZone,
    earlier,
    history,
    limits,
    source: { kind: source.kind, ...(options.recordedAt ? { recordedAt: options.recordedAt } : {}) },
    jobs: selection.jobs,
    metrics,
    warnings: [...warnings].map(([text, query]) => ({ text, query })),
  };
}

/** The indicators and targets of each period, the metric reference as one, and the history. */
function questionsOf({ indicators, period }: GatherOptions): number {
  const periods = 1 + earlierPeriods(period).length;
  const levels = indicators.filter(hasHistory).length;
  const apart = indicators.filter(({ capacity }) => capacity?.query !== undefined).length;
  return periods * (indicators.length + 1) + 1 + levels + apart;
}

/** How a period is asked about. */
export type Plan = {
  grid: Grid;
  windows: Windows;
  /** The labels of the targets that were seen; none when that is not known. */
  targets: readonly Series['labels'][];
  /** How many lines an indicator has that all of them have. */
  lines: number;
};

/** Finds out how often targets are scraped, since every look-back follows from it, and whether anybody answers. */
export async function planOf(
  source: Source,
  options: Pick<GatherOptions, 'period' | 'selection' | 'stepSeconds' | 'scrapeIntervalSeconds'>,
): Promise<Plan> {
  const { period, selection } = options;
  const probed = await probe(source, period, selection);
  const measured = options.scrapeIntervalSeconds ?? probed.intervalSeconds;
  const interval = measured ?? ASSUMED_SCRAPE_INTERVAL;
  const lines = countLines(probed.targets, selection.nodeLabel);
  const seconds = period.end - period.start;
  if (options.stepSeconds !== undefined) checkStep(options.stepSeconds, seconds, lines);
  const stepSeconds = options.stepSeconds ?? planStep(seconds, interval, lines);
  const grid = planGrid(period.start, period.end, stepSeconds);
  return {
    grid,
    windows: planWindows(stepSeconds, interval, measured !== null),
    targets: probed.targets,
    lines,
  };
}

async function probe(
  source: Source,
  period: GatherOptions['period'],
  selection: Selection,
): Promise<{ intervalSeconds: number | null; targets: Plan['targets'] }> {
  const { grid, lookBackSeconds } = planProbe(period.start, period.end);
  const query = `count_over_time(up{${matchersOf(['agent', 'controller'], selection)}}[${lookBackSeconds}s])`;
  try {
    const { series } = await source.range(query, grid);
    // Jobs may be scraped at different intervals; what is long enough for the slowest is right for all.
    const byJob = Map.groupBy(series, ({ labels }) => labels['job']);
    const intervals = [...byJob.values()].flatMap((own) => estimateScrapeInterval(own) ?? []);
    return {
      intervalSeconds: intervals.length > 0 ? Math.max(...intervals) : null,
      targets: series.map(({ labels }) => labels),
    };
  } catch (error) {
    if (error instanceof QueryError && HOPELESS.includes(error.kind))
      throw new GatherError(error.message, { cause: error });
    if (error instanceof QueryError) return { intervalSeconds: null, targets: [] };
    throw error;
  }
}

/**
 * The same questions of the period before and of the same period a week before. Where nobody was scraped then, nothing
 * else is asked.
 */
async function gatherEarlier(
  source: Source,
  { period, indicators, selection }: GatherOptions,
  { grid, windows }: Plan,
  onAnswer: () => void,
): Promise<EarlierData[]> {
  const earlier: EarlierData[] = [];
  for (const { kind, seconds } of earlierPeriods(period)) {
    const request: PeriodRequest = {
      period: { start: period.start - seconds, end: period.end - seconds },
      grid: { ...grid, start: grid.start - seconds },
      windows,
      selection,
      onAnswer,
    };
    const answer = await gatherTargets(source, request).finally(onAnswer);
    const isSeen = answer.ok && answer.value.successes.length > 0;
    const [answers, desiredAgents] = isSeen
      ? await Promise.all([
          gatherIndicators(source, indicators, request),
          askDesiredAgents(source, selection, request.period.end),
        ])
      : [{}, null];
    earlier.push({
      kind,
      period: request.period,
      grid: request.grid,
      windows,
      targets: withDesired(answer, desiredAgents),
      indicators: answers,
    });
  }
  return earlier;
}

function withDesired(targets: PeriodData['targets'], desiredAgents: number | null): PeriodData['targets'] {
  return targets.ok ? { ok: true, value: { ...targets.value, desiredAgents } } : targets;
}

/** From kube-state-metrics, where it is scraped too; without it nobody knows how many agents there should be. */
async function askDesiredAgents(source: Source, selection: Selection, end: number): Promise<number | null> {
  const matchers = ['daemonset="antrea-agent"', matchersOfOthers(selection)].filter((text) => text !== '');
  const query = `max(kube_daemonset_status_desired_number_scheduled{${matchers.join(',')}})`;
  const answer = await attempt(() => source.instant(query, end));
  return answer.ok ? (answer.value.samples[0]?.value ?? null) : null;
}
