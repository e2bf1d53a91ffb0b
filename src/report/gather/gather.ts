import type { Facts, GatheredAnswer, Gathering } from '../model/gathered.ts';
import type { Exporter, Indicator } from '../model/indicator.ts';
import type { Series } from '../model/series.ts';
import { attempt } from './attempt.ts';
import { countValues } from './bounds.ts';
import { withDistinctSeries } from './distinct-series.ts';
import { planHistory } from './history.ts';
import { type Ahead, inOrder, type Question } from './in-order.ts';
import { gatherScrapes, periodsOf } from './period.ts';
import { withPossibleValues } from './possible-values.ts';
import { detectStoredForms, type Preparation, type PrepareOptions, planQueries } from './prepare.ts';
import { questionsOf } from './questions.ts';
import { SOURCE_NAMES, type Source } from './source.ts';
import { collectWarnings, failFast } from './source-decorators.ts';
import { findAntreaJobs } from './survey/antrea-jobs.ts';
import { describeSurvey, podsByNode } from './survey/describe.ts';
import { type ExporterSurvey, surveyExporters } from './survey/exporters.ts';

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
  /** The other programs whose metrics indicators read. */
  exporters: readonly Exporter[];
  /** If the source is a capture: when it was recorded, ISO 8601. */
  recordedAt?: string | undefined;
  /** Called after each answer. */
  onProgress?: ((done: number, total: number) => void) | undefined;
};

/**
 * Finds the targets, and queries everything else while the result is read. The failure of a single query becomes the
 * reason of its answer.
 * @throws GatherError if the targets cannot be found
 */
export async function gather(source: Source, options: GatherOptions): Promise<Gathering> {
  const { cluster, nameInServer = cluster } = options;
  const warnings = new Map<string, string>();
  const readable = withPossibleValues(withDistinctSeries(failFast(source)));
  const decorated = collectWarnings(readable, warnings);
  const planned = await planQueries(decorated, { ...options, cluster: nameInServer });
  // The first scrapes do not depend on the stored forms: the server counts them meanwhile.
  const [before] = periodsOf({ ...planned.plan, period: options.period }).earlier;
  let begun: ReturnType<typeof gatherScrapes> | null = gatherScrapes(planned, before);
  // If something else fails first, nobody awaits this answer.
  begun.catch(() => undefined);
  const takeScrapesBefore = () => {
    const scrapes = begun ?? gatherScrapes(planned, before);
    // The questions live as long as the report. With the answer in them, 5,000 nodes took 100 MiB more.
    begun = null;
    return scrapes;
  };
  const [detected, exporters] = await Promise.all([
    detectStoredForms(planned, options),
    surveyExporters(planned.querier, planned.survey.views[0].rules, options),
  ]);
  const prepared = { ...detected, exporters, querier: detected.querier.withExporterNodes(exporters.nodes) };
  const facts = await factsOf(decorated, prepared, options);
  const questions = questionsOf(prepared, facts, {
    ...options,
    exporterNodes: exporters.nodes,
    sourceName: SOURCE_NAMES[source.kind],
    takeScrapesBefore,
  });
  return {
    facts,
    answers: answersTo(questions, options),
    letGo,
    warnings: () => [...warnings].map(([text, query]) => ({ text, query })),
  };
}

/** Series share buffers (rows.ts of the Prometheus adapter). */
function letGo(series: readonly Series[]): void {
  for (const buffer of new Set(series.map(({ values }) => values.buffer)))
    if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0);
}

type Prepared = Preparation & { exporters: ExporterSurvey };

async function factsOf(source: Source, prepared: Prepared, options: GatherOptions): Promise<Facts> {
  const { survey, querier, plan, exporters } = prepared;
  const { cluster, timeZone, recordedAt, period } = options;
  // Which jobs have Antrea's metrics is only advice, and captures recorded by earlier versions lack the answer.
  const jobs = survey.targets.length > 0 ? null : await attempt(() => findAntreaJobs(source, period));
  return {
    period,
    grid: plan.grid,
    windows: plan.windows,
    cluster,
    timeZone,
    history: planHistory({ period, windows: plan.windows }),
    source: { kind: source.kind, ...(recordedAt ? { recordedAt } : {}) },
    unanswered: [...new Set([...prepared.unanswered, ...[exporters.failure ?? []].flat()])],
    exporterMetrics: exporters.metrics,
    survey: describeSurvey(survey, querier.forms, jobs?.ok ? jobs.value : []),
    pods: podsByNode(survey),
  };
}

/**
 * How much is asked ahead of what is judged: about 8 MB of values, or some times as much for indicators that have several
 * series per target. With twice as many, a report of 1,000 nodes needs up to 60 MiB more and is no faster. The next
 * question of 5,000 nodes, with 1.4 million values, is still asked while an answer is judged. In a small cluster, so many
 * questions that a slow one does not let the server idle: with 8 instead of 32, gathering a day of 12 nodes takes 5 %
 * longer.
 */
const AHEAD: Ahead = { questions: 32, unanswered: 6, values: 1_000_000, nextValues: 2_000_000 };

async function* answersTo(
  questions: readonly Question<GatheredAnswer | null>[],
  { onProgress }: GatherOptions,
): Gathering['answers'] {
  let done = 0;
  const counted = questions.map(({ values, ask }) => ({
    values,
    ask: () =>
      ask().finally(() => {
        done += 1;
        onProgress?.(done, questions.length);
      }),
  }));
  for await (const answer of inOrder(counted, AHEAD, countValues)) if (answer !== null) yield answer;
}
