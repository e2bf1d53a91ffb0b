import type { Indicator } from '../model/indicator.ts';
import type { EarlierData, Gathered, PeriodData } from '../model/series.ts';
import { attempt } from './attempt.ts';
import { GatherError, QueryError } from './errors.ts';
import { gatherHistory, gatherLimits, hasHistory } from './history.ts';
import { gatherMetrics } from './metrics.ts';
import { gatherEarlierPeriod, gatherPeriod } from './period.ts';
import { earlierPeriods } from './plan.ts';
import { type Preparation, type PrepareOptions, prepare } from './prepare.ts';
import { SOURCE_NAMES, type Source } from './source.ts';
import { collectWarnings, failFast } from './source-decorators.ts';
import { findAntreaJobs } from './survey/antrea-jobs.ts';
import { describeSurvey, podsByNode } from './survey/describe.ts';

export type GatherOptions = PrepareOptions & {
  /** What the report calls the cluster. */
  cluster: string;
  /**
   * What a server with several clusters calls it, if that is another name than `cluster`; empty if the user named no
   * cluster.
   */
  nameInServer?: string | undefined;
  timeZone: string;
  indicators: readonly Indicator[];
  /** If the source is a capture: when it was recorded, ISO 8601. */
  recordedAt?: string | undefined;
  /** Called after each answer. */
  onProgress?: ((done: number, total: number) => void) | undefined;
};

/**
 * Queries everything that a report of the period needs. The failure of a single query becomes the reason of its answer.
 * @throws GatherError if the targets cannot be found, or if no indicator's query has an answer
 */
export async function gather(source: Source, options: GatherOptions): Promise<Gathered> {
  const { cluster, nameInServer = cluster, period, indicators, metrics } = options;
  const warnings = new Map<string, string>();
  const decorated = collectWarnings(failFast(source), warnings);
  const prepared = await prepare(decorated, { ...options, cluster: nameInServer });
  const { survey, querier, metricNames } = prepared;
  const { grid, windows } = prepared.plan;

  let done = 0;
  const total = countQuestions(options);
  const onAnswer = () => {
    done += 1;
    options.onProgress?.(Math.min(done, total), total);
  };

  const [data, metricData] = await Promise.all([
    gatherPeriod(prepared, indicators, { period, grid, windows, onAnswer }),
    attempt(async () => {
      if (!metricNames.ok) throw new QueryError('rejected', metricNames.reason);
      return gatherMetrics(prepared.source, metrics, metricNames.value, querier, period);
    }).finally(onAnswer),
  ]);
  refuseIfAllFailed(data, source);

  // Earlier periods are queried only after the server has answered for this one.
  const earlier = await gatherEarlier(prepared, options, onAnswer);
  const [history, limits] = await Promise.all([
    gatherHistory(querier, indicators, { period, windows, onAnswer }),
    gatherLimits(querier, indicators, { period, windows }),
  ]);
  const antreaJobs =
    survey.targets.length > 0 ? null : await attempt(() => findAntreaJobs(decorated, period));
  options.onProgress?.(total, total);

  return {
    ...data,
    cluster,
    timeZone: options.timeZone,
    earlier,
    history,
    limits,
    source: { kind: source.kind, ...(options.recordedAt ? { recordedAt: options.recordedAt } : {}) },
    // Which jobs have Antrea's metrics is only advice, and captures recorded by earlier versions lack the answer.
    survey: describeSurvey(survey, querier.forms, antreaJobs?.ok ? antreaJobs.value : []),
    pods: podsByNode(survey),
    metrics: metricData,
    warnings: [...warnings].map(([text, query]) => ({ text, query })),
  };
}

function refuseIfAllFailed({ indicators }: PeriodData, { kind }: Source): void {
  const answers = Object.values(indicators).map(({ answer }) => answer);
  const [failure] = answers.filter((answer) => !answer.ok);
  if (failure !== undefined && answers.every((answer) => !answer.ok))
    throw new GatherError(
      `${SOURCE_NAMES[kind]} answered none of the queries; the first failure: ${failure.reason}`,
    );
}

/** Counts the calls of `onAnswer`: for the targets and indicators of each period, the metrics, and the history. */
function countQuestions({ indicators, period }: GatherOptions): number {
  const periods = 1 + earlierPeriods(period).length;
  const levels = indicators.filter(hasHistory).length;
  const capacities = indicators.filter(({ capacity }) => capacity?.query !== undefined).length;
  return periods * (indicators.length + 1) + 1 + levels + capacities;
}

/** Queries the period before and the same period a week before for the same indicators. */
async function gatherEarlier(
  prepared: Preparation,
  { period, indicators }: GatherOptions,
  onAnswer: () => void,
): Promise<EarlierData[]> {
  const { grid, windows } = prepared.plan;
  const earlier: EarlierData[] = [];
  for (const { kind, seconds } of earlierPeriods(period)) {
    const data = await gatherEarlierPeriod(prepared, indicators, {
      period: { start: period.start - seconds, end: period.end - seconds },
      grid: { ...grid, start: grid.start - seconds },
      windows,
      onAnswer,
    });
    earlier.push({ kind, ...data });
  }
  return earlier;
}
