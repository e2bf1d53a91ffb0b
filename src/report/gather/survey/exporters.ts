import type { Exporter, ExporterMetric, Indicator } from '../../model/indicator.ts';
import type { Period } from '../../model/period.ts';
import type { Series } from '../../model/series.ts';
import { attempt } from '../attempt.ts';
import { planGrid } from '../plan.ts';
import type { Querier } from '../querier.ts';
import { hostOf, type NodeRules, shortName } from './nodes.ts';

/** What the survey finds of other exporters. */
export type ExporterSurvey = {
  /** The names of the metrics that the server has; `null` if it did not answer. */
  metrics: ReadonlySet<string> | null;
  /** The names of the nodes by what series of other exporters call them. */
  nodes: ReadonlyMap<string, string>;
  /** Why the server did not answer. */
  failure?: string;
};

/**
 * At how many points of the period the metrics are looked for, the last one at its end: an exporter that is down at one of
 * them is still found.
 */
const PRESENCE_POINTS = 4;

/** Whether the server has all metrics that an indicator of another exporter reads. */
export function isAvailable({ exporter, metrics }: Indicator, found: ExporterSurvey['metrics']): boolean {
  return exporter === undefined || found === null || metrics.every((name) => found.has(name));
}

/**
 * Asks in one request which metrics of other exporters the server has, and how these name the nodes. A capture that was
 * recorded without the request has none of them.
 */
export async function surveyExporters(
  querier: Pick<Querier, 'range'>,
  rules: NodeRules,
  {
    indicators,
    exporters,
    period,
  }: {
    indicators: readonly Indicator[];
    exporters: readonly Exporter[];
    period: Period;
  },
): Promise<ExporterSurvey> {
  const needed = new Set(
    indicators.flatMap(({ exporter, metrics }) => (exporter === undefined ? [] : metrics)),
  );
  const metrics = exporters.flatMap((one) => one.metrics).filter(({ name }) => needed.has(name));
  if (metrics.length === 0) return { metrics: new Set(), nodes: new Map() };
  const seconds = period.end - period.start;
  const grid = planGrid(period.start, period.end, Math.ceil(seconds / PRESENCE_POINTS));
  const durations = {
    window: seconds,
    span: seconds,
    interval: seconds,
    step: grid.stepSeconds,
    period: seconds,
  };
  const answer = await attempt(() => querier.range(surveyQuery(metrics), grid, durations));
  if (!answer.ok)
    return answer.notCaptured
      ? { metrics: new Set(), nodes: new Map() }
      : { metrics: null, nodes: new Map(), failure: answer.reason };
  return {
    metrics: new Set(answer.value.flatMap(({ labels }) => labels['__name__'] || [])),
    nodes: nameNodes(answer.value, rules),
  };
}

/**
 * The parentheses around the names keep a capture from answering for a shorter list of names (capture/replay.ts). `or`
 * ignores the names of metrics, so another label has to make a difference.
 */
function surveyQuery(metrics: readonly ExporterMetric[]): string {
  const byMatchers = Map.groupBy(metrics, ({ matchers = '' }) => matchers);
  const counts = [...byMatchers].map(([matchers, group], part) => {
    const names = group.map(({ name }) => name).join('|');
    const selector = `{__name__=~"(?:${names})",${matchers === '' ? '' : `${matchers},`}$others}`;
    return `label_replace(count by (__name__) (${selector}), "part", "${part}", "", "")`;
  });
  return [
    ...counts,
    'max by (node, internal_ip) (kube_node_info{$others})',
    'max by (instance, nodename) (node_uname_info{$others})',
  ].join(' or ');
}

/**
 * Returns the names of nodes by what other exporters call them: by address, `instance`, host name, and name without the
 * domain. Only nodes with an agent count, and nothing that several nodes are called, such as a loopback address.
 */
function nameNodes(identities: readonly Series[], rules: NodeRules): Map<string, string> {
  const ofAgents = [...rules.agent.nodes].map(([value, { node }]) => ({ value, node }));
  const names = new Set(ofAgents.map(({ node }) => node));
  const byShortName = Map.groupBy(names, shortName);
  const find = (name: string) => {
    const sameHost = byShortName.get(shortName(name)) ?? [];
    return names.has(name) ? name : sameHost.length === 1 ? sameHost[0] : undefined;
  };
  const calls = [
    ...ofAgents.flatMap(({ value, node }) => [hostOf(value), shortName(node)].map((key) => ({ key, node }))),
    ...identities.flatMap(
      ({ labels: { instance = '', nodename = '', node = '', internal_ip: address = '' } }) => [
        { key: address, node: find(node) },
        { key: instance, node: find(nodename) },
        { key: nodename, node: find(nodename) },
      ],
    ),
  ];
  const known = Map.groupBy(calls, ({ key }) => key);
  return new Map(
    [...known].flatMap(([key, same]) => {
      const [node, ...others] = new Set(same.map((call) => call.node));
      return key === '' || node === undefined || others.length > 0 ? [] : [[key, node] as const];
    }),
  );
}
