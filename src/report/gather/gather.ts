import type { Indicator } from '../model/indicator.ts';
import type { Metric } from '../model/metric.ts';
import { AGENT_DAEMON_SETS } from '../model/product.ts';
import type { EarlierData, Gathered, Grid, PeriodData, Windows } from '../model/series.ts';
import type { ReportSurvey, TargetSettings } from '../model/survey.ts';
import { matcherText, oneOf } from '../promql/placeholders.ts';
import { type Ask, openAsk } from './ask.ts';
import { attempt, failFast, notingWarnings } from './attempt.ts';
import { GatherError, QueryError } from './errors.ts';
import { formsOf } from './forms.ts';
import { gatherHistory, gatherLimits, hasHistory } from './history.ts';
import { findMetricNames, gatherMetrics } from './metrics.ts';
import { gatherIndicators, gatherPeriod, gatherTargets, type PeriodRequest } from './period.ts';
import { chunked } from './pieces.ts';
import {
  ASSUMED_SCRAPE_INTERVAL,
  checkStep,
  earlierPeriods,
  planGrid,
  planStep,
  planWindows,
} from './plan.ts';
import { measureScrapeInterval } from './scrape-interval.ts';
import type { Source } from './source.ts';
import { countLines, describeSurvey, podsByNode } from './survey/describe.ts';
import { lookElsewhere } from './survey/elsewhere.ts';
import { makeSurvey, type Survey } from './survey/survey.ts';

export type GatherOptions = {
  cluster: string;
  /** What it is called in a server of several, where that is another name; empty: the user named none. */
  nameInServer?: string | undefined;
  /** Unix seconds. */
  period: { start: number; end: number };
  timeZone: string;
  /** What the user says of the targets; the survey finds out the rest. */
  targetSettings: TargetSettings;
  /** Instead of the planned one. */
  stepSeconds?: number | undefined;
  /** Instead of the measured one. */
  scrapeIntervalSeconds?: number | undefined;
  indicators: readonly Indicator[];
  metrics: readonly Metric[];
  /** When the source is a capture: when it was recorded, ISO 8601. */
  recordedAt?: string | undefined;
  /** Called after each answer, for progress. */
  onProgress?: ((done: number, total: number) => void) | undefined;
};

/**
 * Asks a source everything that a report of the period needs. One question's failure is kept as its answer's reason.
 * @throws GatherError when the source cannot be asked at all, or when not one indicator's question was answered
 */
export async function gather(source: Source, options: GatherOptions): Promise<Gathered> {
  const { period, indicators } = options;
  const warnings = new Map<string, string>();
  const noted = notingWarnings(failFast(source), warnings);

  const survey = await surveyOf(noted, options);
  const plan = await planOf(noted, survey, options);
  const { grid, windows } = plan;
  const asked = chunked(noted, plan.lines);
  const { selection } = survey.views[0];
  const names = await attempt(() => findMetricNames(asked, options.metrics, selection, period));
  const forms = formsOf(options.metrics, new Set(names.ok ? names.value.keys() : []));
  const ask = openAsk(asked, survey, forms);

  let done = 0;
  const total = questionsOf(options);
  const onAnswer = () => {
    done += 1;
    options.onProgress?.(Math.min(done, total), total);
  };

  const [data, desiredAgents, metrics] = await Promise.all([
    gatherPeriod(ask, indicators, { period, grid, windows, onAnswer }),
    askDesiredAgents(asked, survey, period.end),
    attempt(async () => {
      if (!names.ok) throw new QueryError('rejected', names.reason);
      return gatherMetrics(asked, options.metrics, names.value, ask, period);
    }).finally(onAnswer),
  ]);

  const answers = Object.values(data.indicators).map(({ answer }) => answer);
  const failure = answers.find((answer) => !answer.ok);
  if (failure && !failure.ok && answers.every((answer) => !answer.ok))
    throw new GatherError(
      `${source.kind === 'capture' ? 'the capture' : 'Prometheus'} answered none of the queries; the first failure: ${failure.reason}`,
    );

  // What was before is only asked of a server that answers.
  const earlier = await gatherEarlier(ask, asked, survey, options, plan, onAnswer);
  const [history, limits] = await Promise.all([
    gatherHistory(ask, indicators, { period, windows, onAnswer }),
    gatherLimits(ask, indicators, { period, windows }),
  ]);
  const elsewhere = survey.targets.length > 0 ? [] : await findElsewhere(noted, period);
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
    survey: describeSurvey(survey, forms, elsewhere),
    pods: podsByNode(survey),
    metrics,
    warnings: [...warnings].map(([text, query]) => ({ text, query })),
  };
}

/**
 * Finds out whether anybody answers and who the targets are.
 * @throws GatherError where nothing can be asked
 */
export async function surveyOf(
  source: Source,
  {
    cluster,
    nameInServer = cluster,
    period,
    targetSettings,
  }: Pick<GatherOptions, 'cluster' | 'nameInServer' | 'period' | 'targetSettings'>,
): Promise<Survey> {
  try {
    return await makeSurvey(source, { cluster: nameInServer, period, targetSettings });
  } catch (error) {
    if (error instanceof QueryError) throw new GatherError(error.message, { cause: error });
    throw error;
  }
}

/** What it finds is advice: a report without it is as good, and captures recorded before it lack the answer. */
async function findElsewhere(
  source: Source,
  period: GatherOptions['period'],
): Promise<ReportSurvey['elsewhere']> {
  const answer = await attempt(() => lookElsewhere(source, period));
  return answer.ok ? answer.value : [];
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
  /** How many lines an indicator has that all targets have. */
  lines: number;
};

/** Finds out how often targets are scraped, since every look-back follows from it. */
export async function planOf(
  source: Source,
  survey: Survey,
  options: Pick<GatherOptions, 'period' | 'stepSeconds' | 'scrapeIntervalSeconds'>,
): Promise<Plan> {
  const { period } = options;
  const measured = options.scrapeIntervalSeconds ?? (await measureScrapeInterval(source, survey, period.end));
  const interval = measured ?? ASSUMED_SCRAPE_INTERVAL;
  const lines = countLines(survey);
  const seconds = period.end - period.start;
  if (options.stepSeconds !== undefined) checkStep(options.stepSeconds, seconds, lines);
  const stepSeconds = options.stepSeconds ?? planStep(seconds, interval, lines);
  return {
    grid: planGrid(period.start, period.end, stepSeconds),
    windows: planWindows(stepSeconds, interval, measured !== null),
    lines,
  };
}

/**
 * The same questions of the period before and of the same period a week before. Where nobody was scraped then, nothing
 * else is asked.
 */
async function gatherEarlier(
  ask: Ask,
  source: Source,
  survey: Survey,
  { period, indicators }: GatherOptions,
  { grid, windows }: Plan,
  onAnswer: () => void,
): Promise<EarlierData[]> {
  const earlier: EarlierData[] = [];
  for (const { kind, seconds } of earlierPeriods(period)) {
    const request: PeriodRequest = {
      period: { start: period.start - seconds, end: period.end - seconds },
      grid: { ...grid, start: grid.start - seconds },
      windows,
      onAnswer,
    };
    const answer = await gatherTargets(ask, request).finally(onAnswer);
    const isSeen = answer.ok && answer.value.successes.length > 0;
    const [answers, desiredAgents] = isSeen
      ? await Promise.all([
          gatherIndicators(ask, indicators, request),
          askDesiredAgents(source, survey, request.period.end),
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

/**
 * From kube-state-metrics, where it is scraped too; without it nobody knows how many agents there should be. Each view
 * is asked, since a replica may have ended before the period did.
 */
async function askDesiredAgents(source: Source, { views }: Survey, end: number): Promise<number | null> {
  const queries = views.map(({ selection: { others } }) => {
    const matchers = matcherText([oneOf('daemonset', AGENT_DAEMON_SETS), ...others]);
    return `sum(max by (daemonset) (kube_daemonset_status_desired_number_scheduled{${matchers}}))`;
  });
  const answers = await Promise.all(
    [...new Set(queries)].map((query) => attempt(() => source.instant(query, end))),
  );
  const numbers = answers.flatMap((answer) => (answer.ok ? (answer.value.samples[0]?.value ?? []) : []));
  return numbers.length === 0 ? null : Math.max(...numbers);
}
