import type { Facts, Gathering } from '../model/gathered.ts';
import type { Indicator } from '../model/indicator.ts';
import { attempt } from './attempt.ts';
import { GatherError, QueryError } from './errors.ts';
import { type FailedAnswer, gatherHistory, hasHistory, planHistory } from './history.ts';
import { gatherMetrics } from './metrics.ts';
import { earlierRequests, gatherPeriods, gatherTargets, type PeriodRequest } from './period.ts';
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
 * Queries the facts about a cluster, and then, while the result is read, its indicators. The failure of a single query
 * becomes the reason of its answer.
 * @throws GatherError if the targets cannot be found
 */
export async function gather(source: Source, options: GatherOptions): Promise<Gathering> {
  const { cluster, nameInServer = cluster, indicators } = options;
  const warnings = new Map<string, string>();
  const decorated = collectWarnings(failFast(source), warnings);
  const prepared = await prepare(decorated, { ...options, cluster: nameInServer });
  const progress = countAnswers(options);
  const facts = await gatherFacts(decorated, prepared, options, progress.onAnswer);
  const failed = new Map<string, FailedAnswer>();

  async function* periods(): Gathering['periods'] {
    const { earlier, ...present } = facts;
    for await (const one of gatherPeriods(prepared, indicators, { present, earlier }, progress.onAnswer)) {
      if (!one.answer.ok) failed.set(one.id, one.answer);
      yield one;
    }
    const [first] = failed.values();
    if (first !== undefined && failed.size === indicators.length)
      throw new GatherError(
        `${SOURCE_NAMES[source.kind]} answered none of the queries; the first failure: ${first.reason}`,
      );
  }

  async function* history(): Gathering['history'] {
    yield* gatherHistory(prepared.querier, indicators, { facts, failed }, progress.onAnswer);
    progress.onEnd();
  }

  return {
    facts,
    periods: periods(),
    history: history(),
    warnings: () => [...warnings].map(([text, query]) => ({ text, query })),
  };
}

/** Queries the targets of each period, and the metrics that exist. */
async function gatherFacts(
  source: Source,
  prepared: Preparation,
  options: GatherOptions,
  onAnswer: () => void,
): Promise<Facts> {
  const { survey, querier, metricNames, plan } = prepared;
  const { cluster, timeZone, recordedAt, period } = options;
  const request = { period, grid: plan.grid, windows: plan.windows };
  const ask = (one: PeriodRequest) => gatherTargets(prepared, one).finally(onAnswer);
  const [present, earlier, metrics, antreaJobs] = await Promise.all([
    ask(request),
    Promise.all(earlierRequests(request).map(async ({ kind, ...one }) => ({ kind, ...(await ask(one)) }))),
    attempt(async () => {
      if (!metricNames.ok) throw new QueryError('rejected', metricNames.reason);
      return gatherMetrics(prepared.source, options.metrics, metricNames.value, querier, period);
    }).finally(onAnswer),
    // Which jobs have Antrea's metrics is only advice, and captures recorded by earlier versions lack the answer.
    survey.targets.length > 0 ? null : attempt(() => findAntreaJobs(source, period)),
  ]);
  return {
    ...present,
    cluster,
    timeZone,
    earlier,
    history: planHistory(request),
    source: { kind: source.kind, ...(recordedAt ? { recordedAt } : {}) },
    survey: describeSurvey(survey, querier.forms, antreaJobs?.ok ? antreaJobs.value : []),
    pods: podsByNode(survey),
    metrics,
  };
}

/**
 * Counts the answers for a progress bar: those about the targets and the indicators of each period, about the metrics,
 * and about the history.
 */
function countAnswers({ indicators, period, onProgress }: GatherOptions) {
  const periods = 1 + earlierPeriods(period).length;
  const levels = indicators.filter(hasHistory).length;
  const capacities = indicators.filter(({ capacity }) => capacity?.query !== undefined).length;
  const total = periods * (indicators.length + 1) + 1 + levels + capacities;
  let done = 0;
  return {
    onAnswer: () => {
      done += 1;
      onProgress?.(Math.min(done, total), total);
    },
    /** What was not asked, because earlier questions had failed, counts as answered. */
    onEnd: () => onProgress?.(total, total),
  };
}
