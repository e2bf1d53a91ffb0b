import type { Config } from '../../config/file.ts';
import { METRICS } from '../../report/catalog/metrics/index.ts';
import { attempt } from '../../report/gather/attempt.ts';
import { durationsOf } from '../../report/gather/period.ts';
import { type Plan, prepare } from '../../report/gather/prepare.ts';
import type { Querier } from '../../report/gather/querier.ts';
import type { BuildInfo, Source } from '../../report/gather/source.ts';
import { describeSurvey, podsByNode } from '../../report/gather/survey/describe.ts';
import type { Survey } from '../../report/gather/survey/survey.ts';
import type { ReportSettings } from '../../report/model/report-settings.ts';
import type { Answer, Sample } from '../../report/model/series.ts';
import type { ReportSurvey } from '../../report/model/survey.ts';
import type { Verdict } from './result.ts';

/** What is known of a cluster's server before the checks begin, each thing asked for once. */
export type Facts = {
  source: Source;
  ask: Querier;
  cluster: string | undefined;
  settings: ReportSettings;
  /** The configuration file, for the lines of what is wrong in it. */
  file: Config | null;
  /** What a report made now would be of. */
  period: { start: number; end: number };
  build: BuildInfo;
  survey: Survey;
  surveyed: ReportSurvey;
  plan: Plan;
  /** The names of Antrea's metrics that were seen in the period, with their numbers of series. */
  metricNames: Answer<ReadonlyMap<string, number>>;
  /** The `up` of each target now, with the labels `component` and `node`. */
  ups: Answer<readonly Sample[]>;
  /** The nodes that have an agent: now, or in the period where there is no `up`. */
  agentNodes: ReadonlySet<string>;
};

/** One thing that the doctor looks at. A new one is a file that exports a `Check`, and a line in checks.ts. */
export type Check = {
  id: string;
  title: string;
  /** No verdict: there is nothing to say. A QueryError is reported for it. */
  run(facts: Facts): Promise<Verdict[]>;
};

export type FactsRequest = Pick<Facts, 'cluster' | 'settings' | 'file' | 'period' | 'build'>;

/** An instant query of Prometheus finds samples of the last five minutes (--query.lookback-delta). */
const LOOK_BACK_SECONDS = 300;

/** @throws GatherError where nothing can be asked, or several clusters are there and none is named */
export async function gatherFacts(client: Source, request: FactsRequest): Promise<Facts> {
  const { cluster, settings, period } = request;
  const { survey, plan, source, metricNames, querier } = await prepare(client, {
    ...settings,
    cluster: cluster ?? '',
    period,
    metrics: METRICS,
  });
  const interval = plan.windows.scrapeIntervalSeconds;
  const up =
    2 * interval > LOOK_BACK_SECONDS
      ? `last_over_time(up{$components}[${2 * interval}s])`
      : 'up{$components}';
  const ups = await attempt(() =>
    querier.instant(`max by ($target) (${up})`, period.end, durationsOf({ period, ...plan })),
  );
  const agents = (ups.ok ? ups.value : []).filter(({ labels }) => labels['component'] === 'agent');
  return {
    ...request,
    source,
    ask: querier,
    survey,
    surveyed: describeSurvey(survey, querier.forms, []),
    plan,
    metricNames,
    ups,
    agentNodes: new Set(
      agents.length > 0
        ? agents.map(({ labels }) => labels['node'] ?? '')
        : Object.keys(podsByNode(survey).agent),
    ),
  };
}
