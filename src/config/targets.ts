import type { TargetSettings } from '../report/model/survey.ts';
import type { ReportConfig } from './schema/config.ts';

/** What the configuration says of the targets: jobs, labels and the nodes' label, for all or by component. */

type PrometheusConfig = NonNullable<ReportConfig['prometheus']>;
type TargetConfig = Pick<PrometheusConfig, 'jobs' | 'matchers' | 'nodeLabel'>;
type Values = Readonly<Record<string, string>>;

/** By component; what the file leaves out the survey finds. */
export function resolveTargets({ jobs = {}, matchers, nodeLabel }: TargetConfig): TargetSettings {
  const list = (names: string | string[] | undefined) => (typeof names === 'string' ? [names] : names);
  const { all, agent, controller } = matchersByComponent(matchers);
  return {
    jobs: defined({ agent: list(jobs.agent), controller: list(jobs.controller) }),
    matchers: { agent: { ...all, ...agent }, controller: { ...all, ...controller }, others: all },
    nodeLabels: defined(labelsByComponent(nodeLabel)),
  };
}

/** What a cluster says on top of what holds for all, label by label. */
export function mergeTargets(shared: TargetConfig = {}, special: TargetConfig = {}): TargetConfig {
  const [common, own] = [matchersByComponent(shared.matchers), matchersByComponent(special.matchers)];
  const labels = {
    ...defined(labelsByComponent(shared.nodeLabel)),
    ...defined(labelsByComponent(special.nodeLabel)),
  };
  return {
    jobs: { ...shared.jobs, ...special.jobs },
    matchers: {
      all: { ...common.all, ...own.all },
      agent: { ...common.agent, ...own.agent },
      controller: { ...common.controller, ...own.controller },
    },
    ...(Object.keys(labels).length > 0 ? { nodeLabel: labels } : {}),
  };
}

/** Labels have texts for values, components have labels. */
function matchersByComponent(
  matchers: TargetConfig['matchers'] = {},
): Record<'all' | 'agent' | 'controller', Values> {
  const special: { all?: Values; agent?: Values; controller?: Values } = {};
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries(matchers)) {
    if (typeof value === 'string') all[name] = value;
    else if (name === 'all' || name === 'agent' || name === 'controller') special[name] = value;
  }
  return { all: special.all ?? all, agent: special.agent ?? {}, controller: special.controller ?? {} };
}

function labelsByComponent(label: TargetConfig['nodeLabel']): {
  agent?: string | undefined;
  controller?: string | undefined;
} {
  return typeof label === 'string' ? { agent: label, controller: label } : { ...label };
}

function defined<T>(values: { agent?: T | undefined; controller?: T | undefined }): {
  agent?: T;
  controller?: T;
} {
  const { agent, controller } = values;
  return { ...(agent === undefined ? {} : { agent }), ...(controller === undefined ? {} : { controller }) };
}
