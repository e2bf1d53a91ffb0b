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

/** What the checks of a cluster have in common, queried once before they run. */
export type Facts = {
  source: Source;
  querier: Querier;
  cluster: string | undefined;
  settings: ReportSettings;
  /** The configuration file, for the lines of its problems. */
  config: Config | null;
  /** The period of a report made now. */
  period: { start: number; end: number };
  build: BuildInfo;
  survey: Survey;
  reportSurvey: ReportSurvey;
  plan: Plan;
  /** The names of Antrea's metrics in the period, each with its number of series. */
  metricNames: Answer<ReadonlyMap<string, number>>;
  /** The current `up` of each target, with the labels `component` and `node`. */
  ups: Answer<readonly Sample[]>;
  /** The nodes that have an agent now; without `up`, those that had one in the period. */
  agentNodes: ReadonlySet<string>;
};

/** One check of a cluster. To add one, export a `Check` from a new file and list it in checks.ts. */
export type Check = {
  id: string;
  title: string;
  /** Returns no verdict when the check does not apply. If it throws a QueryError, the result is "unknown". */
  run(facts: Facts): Promise<Verdict[]>;
};

export type FactsRequest = Pick<Facts, 'cluster' | 'settings' | 'config' | 'period' | 'build'>;

/** By default, an instant query of Prometheus finds samples of the last five minutes (--query.lookback-delta). */
const LOOK_BACK_SECONDS = 300;

/** @throws GatherError when the server cannot be queried, or has several clusters and none is chosen */
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
    querier,
    survey,
    reportSurvey: describeSurvey(survey, querier.forms, []),
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
