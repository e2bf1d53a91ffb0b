import type { Metric } from '../model/metric.ts';
import type { Answer, Grid, Windows } from '../model/series.ts';
import { attempt } from './attempt.ts';
import { chunked } from './chunked.ts';
import { countSeriesByName } from './metrics.ts';
import { ASSUMED_SCRAPE_INTERVAL_SECONDS, checkStep, planGrid, planStep, planWindows } from './plan.ts';
import { openQuerier, type Querier } from './querier.ts';
import { measureScrapeInterval } from './scrape-interval.ts';
import type { Source } from './source.ts';
import { collectFailures } from './source-decorators.ts';
import { detectForms } from './stored-forms.ts';
import { countExpectedSeries } from './survey/describe.ts';
import { periodInHalves } from './survey/period-in-halves.ts';
import { makeSurvey, type Survey } from './survey/survey.ts';
import type { SurveyOptions } from './survey/targets.ts';

export type PrepareOptions = SurveyOptions & {
  /** Replaces the planned step. */
  stepSeconds?: number | undefined;
  /** Replaces the measured scrape interval. */
  scrapeIntervalSeconds?: number | undefined;
  metrics: readonly Metric[];
};

/** At which points and with which look-backs a period is queried. */
export type Plan = {
  grid: Grid;
  windows: Windows;
  /** The number of series to expect from an indicator that all targets have. */
  expectedSeries: number;
};

/** What has to be known before the first query of a report can be written. */
export type Planned = {
  survey: Survey;
  plan: Plan;
  /** The source, which now splits long ranges into chunks. */
  source: Source;
  /** For metrics that every server stores in the form in which they are exposed. */
  querier: Querier;
  /** Why queries of the survey failed: it may lack targets, their nodes, or other clusters. */
  unanswered: readonly string[];
};

/** What has to be known before the queries of the catalog's metrics can be written. */
export type Preparation = Planned & {
  /** The names under which the catalog's metrics are stored, with their numbers of series. */
  metricNames: Answer<ReadonlyMap<string, number>>;
};

/**
 * Finds the targets and plans the queries.
 * @throws GatherError if the server does not answer, if it has several clusters and none is chosen, or if the step that the
 * user set is unsuitable
 */
export async function planQueries(source: Source, options: PrepareOptions): Promise<Planned> {
  const failures = new Set<string>();
  // How many targets there are is not known yet, so only what the server refuses is split.
  const ofSurvey = collectFailures(periodInHalves(chunked(source, null), options.period), failures);
  const survey = await makeSurvey(ofSurvey, options);
  const plan = await makePlan(collectFailures(source, failures), survey, options);
  const inChunks = chunked(source, plan.expectedSeries);
  return {
    survey,
    plan,
    source: inChunks,
    querier: openQuerier(inChunks, survey),
    unanswered: [...failures],
  };
}

/** Detects in which forms the metrics are stored. */
export async function detectStoredForms(
  planned: Planned,
  { metrics, period }: Pick<PrepareOptions, 'metrics' | 'period'>,
): Promise<Preparation> {
  const { source, querier } = planned;
  const metricNames = await attempt(() => countSeriesByName(source, metrics, querier.selection, period));
  const forms = detectForms(metrics, new Set(metricNames.ok ? metricNames.value.keys() : []));
  return { ...planned, metricNames, querier: querier.withForms(forms) };
}

/**
 * Plans the queries and detects the stored forms, one after the other.
 * @throws GatherError like `planQueries`
 */
export async function prepare(source: Source, options: PrepareOptions): Promise<Preparation> {
  return detectStoredForms(await planQueries(source, options), options);
}

/** Measures the scrape interval, from which all look-backs follow, and chooses the step. */
async function makePlan(source: Source, survey: Survey, options: PrepareOptions): Promise<Plan> {
  const { period, stepSeconds: wantedStep } = options;
  const measured = options.scrapeIntervalSeconds ?? (await measureScrapeInterval(source, survey, period.end));
  const interval = measured ?? ASSUMED_SCRAPE_INTERVAL_SECONDS;
  const expectedSeries = countExpectedSeries(survey);
  const periodSeconds = period.end - period.start;
  if (wantedStep !== undefined) checkStep(wantedStep, periodSeconds, expectedSeries);
  const stepSeconds = wantedStep ?? planStep(periodSeconds, interval, expectedSeries);
  return {
    grid: planGrid(period.start, period.end, stepSeconds),
    windows: planWindows(stepSeconds, interval, measured !== null),
    expectedSeries,
  };
}
