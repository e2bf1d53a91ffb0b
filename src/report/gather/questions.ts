import type { Facts, GatheredAnswer, IndicatorSeries, PeriodScrapes } from '../model/gathered.ts';
import type { Indicator } from '../model/indicator.ts';
import type { Metric } from '../model/metric.ts';
import type { Grid } from '../model/series.ts';
import { type AlertOptions, gatherAlerts } from './alerts/alerts.ts';
import { attempt } from './attempt.ts';
import { GatherError } from './errors.ts';
import { type FailedAnswer, gatherHistory, hasHistory } from './history.ts';
import { gatherImages } from './images.ts';
import type { Question } from './in-order.ts';
import { gatherMetrics } from './metrics.ts';
import { durationsOf, gatherIndicator, gatherScrapes, type KindOfPeriod, periodsOf } from './period.ts';
import type { Preparation } from './prepare.ts';
import type { Querier } from './querier.ts';
import { isAvailable } from './survey/exporters.ts';

type Options = AlertOptions & {
  indicators: readonly Indicator[];
  metrics: readonly Metric[];
  /** What messages call the source. */
  sourceName: string;
  /** Returns the scrapes of the period before, which were asked for first. */
  takeScrapesBefore: () => Promise<PeriodScrapes>;
};

/** `null`: nothing had to be asked. */
type AnyQuestion = Question<GatheredAnswer | null>;

/**
 * Up to this many series per indicator, this period is asked about before the earlier ones, so that a report whose time
 * runs out loses the comparison first. What all indicators keep for the comparison would take too much memory with more.
 */
const MOST_SERIES_BY_PERIOD = 1000;

/** The scrapes of a target have three series; events are counted from up to three. */
const SERIES_OF_COUNTS = 3;

/** Returns all questions of a report, in the order in which their answers are judged. */
export function questionsOf(prepared: Preparation, facts: Facts, options: Options): AnyQuestion[] {
  const answers = watchAnswers();
  return [
    aboutMetrics(prepared, facts, options),
    ...aboutScrapes(prepared, facts, options, answers),
    ...aboutPeriods(prepared, facts, options, answers),
    aboutImages(prepared, answers),
    aboutAlerts(prepared, facts, options),
    ...aboutHistory(prepared, facts, options, answers),
  ];
}

function aboutMetrics(prepared: Preparation, facts: Facts, { metrics }: Options): AnyQuestion {
  const { source, metricNames, querier } = prepared;
  return {
    values: 0,
    ask: async () => ({
      about: 'metrics',
      metrics: metricNames.ok
        ? await attempt(() => gatherMetrics(source, metrics, metricNames.value, querier, facts.period))
        : metricNames,
    }),
  };
}

function aboutScrapes(
  prepared: Preparation,
  facts: Facts,
  { takeScrapesBefore }: Options,
  answers: WatchedAnswers,
): AnyQuestion[] {
  const { present, earlier } = periodsOf(facts);
  // The earlier periods come first: what preceded the period decides where its data begins.
  return [...earlier, present].map((period) => ({
    values: expectedValues(prepared, period.grid, SERIES_OF_COUNTS),
    ask: async () => {
      const scrapes = period.kind === 'before' ? takeScrapesBefore() : gatherScrapes(prepared, period);
      answers.addScrapes(period.kind, scrapes);
      return { about: 'scrapes', ...(await scrapes) };
    },
  }));
}

/** Returns the questions about the indicators in this period and in the earlier ones. */
function aboutPeriods(
  prepared: Preparation,
  facts: Facts,
  { indicators, sourceName }: Options,
  answers: WatchedAnswers,
): AnyQuestion[] {
  const { querier, plan } = prepared;
  const { present, earlier } = periodsOf(facts);
  const valuesOf = ({ counter }: Indicator) =>
    expectedValues(prepared, present.grid, counter === undefined ? 1 : SERIES_OF_COUNTS);
  const aboutPresent = (indicator: Indicator): AnyQuestion => ({
    values: valuesOf(indicator),
    ask: async () => {
      if (!isAvailable(indicator, facts.exporterMetrics)) return unasked(querier, indicator, present);
      const answer = gatherIndicator(querier, indicator, present);
      answers.add(indicator.id, answer);
      return { about: 'indicator', ...(await answer) };
    },
  });
  const aboutEarlier = (indicator: Indicator, period: KindOfPeriod): AnyQuestion => ({
    values: valuesOf(indicator),
    ask: async () => {
      // An earlier period is compared only if a target was scraped in it, and if there is something to compare with.
      if (!(await answers.isScraped(period.kind))) return null;
      if (!isAvailable(indicator, facts.exporterMetrics)) return unasked(querier, indicator, period);
      if (await answers.hasFailed(indicator.id)) return null;
      return { about: 'indicator', ...(await gatherIndicator(querier, indicator, period)) };
    },
  });
  const end = ({ id }: Indicator): AnyQuestion => ({
    values: 0,
    ask: async () => ({ about: 'indicator-end', id }),
  });
  const refusal: AnyQuestion = {
    values: 0,
    ask: async () => {
      const failure = await answers.failureOfAll();
      if (failure === null) return null;
      throw new GatherError(`${sourceName} answered none of the queries; the first failure: ${failure}`);
    },
  };
  if (plan.expectedSeries <= MOST_SERIES_BY_PERIOD)
    return [
      ...indicators.map(aboutPresent),
      refusal,
      ...earlier.flatMap((period) => indicators.map((indicator) => aboutEarlier(indicator, period))),
      ...indicators.map(end),
    ];
  return [
    ...indicators.flatMap((indicator) => [
      aboutPresent(indicator),
      ...earlier.map((period) => aboutEarlier(indicator, period)),
      end(indicator),
    ]),
    refusal,
  ];
}

/**
 * Returns the question about the images of the containers. It comes after those about the period, so that a server that
 * does not answer it has answered them.
 */
function aboutImages(prepared: Preparation, answers: WatchedAnswers): AnyQuestion {
  return {
    values: 0,
    ask: async () => {
      const { hasKubernetesNames, targets } = prepared.survey;
      const isAsked = targets.length > 0 && (hasKubernetesNames || (await answers.knowsDesiredAgents()));
      return isAsked ? { about: 'images', ...(await gatherImages(prepared)) } : null;
    },
  };
}

/** Returns the question about the alerts of Prometheus, on which no judgement depends. */
function aboutAlerts(prepared: Preparation, facts: Facts, options: Options): AnyQuestion {
  return {
    values: 0,
    ask: async () =>
      prepared.survey.targets.length === 0
        ? null
        : { about: 'alerts', ...(await gatherAlerts(prepared, facts, options)) },
  };
}

/** Returns the answer for an indicator of an exporter that the server does not have. */
function unasked(querier: Querier, indicator: Indicator, period: KindOfPeriod): GatheredAnswer {
  const query = querier.text(indicator.query, durationsOf(period));
  return { about: 'indicator', id: indicator.id, kind: period.kind, query, answer: { ok: true, value: [] } };
}

function aboutHistory(
  prepared: Preparation,
  facts: Facts,
  { indicators }: Options,
  answers: WatchedAnswers,
): AnyQuestion[] {
  return indicators
    .filter((indicator) => isAvailable(indicator, facts.exporterMetrics))
    .filter((indicator) => hasHistory(indicator) || indicator.capacity !== undefined)
    .map((indicator) => ({
      values: expectedValues(prepared, facts.history.grid),
      ask: async () => {
        if ((await answers.failureOfAll()) !== null) return null;
        const failed = await answers.failure(indicator.id);
        return { about: 'history', ...(await gatherHistory(prepared.querier, indicator, facts, failed)) };
      },
    }));
}

function expectedValues({ plan }: Preparation, { count }: Grid, series = 1): number {
  return plan.expectedSeries * count * series;
}

type WatchedAnswers = ReturnType<typeof watchAnswers>;

/** Remembers which questions failed, so that the questions that depend on them are not sent. */
function watchAnswers() {
  const scraped = new Map<PeriodScrapes['kind'], Promise<boolean>>();
  const asked = new Map<string, Promise<void>>();
  const failures = new Map<string, FailedAnswer>();
  let isAnyAnswered = false;
  let desiredAgents: Promise<boolean> = Promise.resolve(false);

  /** Returns the first failure if no indicator has an answer about the period. */
  async function failureOfAll(): Promise<string | null> {
    if (!isAnyAnswered) await Promise.all(asked.values());
    const [first] = failures.values();
    return isAnyAnswered ? null : (first?.reason ?? null);
  }

  return {
    addScrapes(kind: PeriodScrapes['kind'], answer: Promise<PeriodScrapes>) {
      const isScraped = answer.then(({ targets }) => targets.ok && targets.value.successes.length > 0);
      // The reader of the answer handles its failure.
      scraped.set(
        kind,
        isScraped.catch(() => false),
      );
      if (kind !== 'present') return;
      desiredAgents = answer.then(
        ({ targets }) => targets.ok && targets.value.desiredAgents !== null,
        () => false,
      );
    },
    /** Whether kube-state-metrics says how many agents there should be. */
    knowsDesiredAgents: () => desiredAgents,
    isScraped: async (kind: PeriodScrapes['kind']) => (await scraped.get(kind)) ?? false,
    /** Adds the answer about this period. */
    add(id: string, answer: Promise<IndicatorSeries>) {
      const noted = answer.then((one) => {
        if (one.answer.ok) isAnyAnswered = true;
        else failures.set(id, one.answer);
      });
      asked.set(
        id,
        noted.catch(() => undefined),
      );
    },
    /** Whether an indicator is known to have failed. It waits only while there is no answer at all. */
    async hasFailed(id: string): Promise<boolean> {
      if (!isAnyAnswered) await asked.get(id);
      return failures.has(id);
    },
    async failure(id: string): Promise<FailedAnswer | undefined> {
      await asked.get(id);
      return failures.get(id);
    },
    failureOfAll,
  };
}
