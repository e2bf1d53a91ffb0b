import type { TargetSettings } from '../report/model/survey.ts';
import type { ReportConfig } from './schema/config.ts';

type PrometheusConfig = NonNullable<ReportConfig['prometheus']>;
type TargetConfig = Pick<PrometheusConfig, 'jobs' | 'matchers' | 'nodeLabel'>;
type ByComponent<T> = { agent?: T | undefined; controller?: T | undefined };
type LabelValues = Readonly<Record<string, string>>;

/** Returns the configured jobs, matchers and node labels by component. The survey finds those that are not configured. */
export function resolveTargets({ jobs = {}, matchers, nodeLabel }: TargetConfig): TargetSettings {
  const toList = (names: string | string[] | undefined) => (typeof names === 'string' ? [names] : names);
  const { all, agent, controller } = matchersByComponent(matchers);
  return {
    jobs: withoutUndefined({ agent: toList(jobs.agent), controller: toList(jobs.controller) }),
    matchers: { agent: { ...all, ...agent }, controller: { ...all, ...controller }, others: all },
    nodeLabels: withoutUndefined(labelsByComponent(nodeLabel)),
  };
}

/** Merges the settings of a cluster into the common ones, label by label. */
export function mergeTargets(common: TargetConfig = {}, override: TargetConfig = {}): TargetConfig {
  const [base, changes] = [matchersByComponent(common.matchers), matchersByComponent(override.matchers)];
  const nodeLabel = {
    ...withoutUndefined(labelsByComponent(common.nodeLabel)),
    ...withoutUndefined(labelsByComponent(override.nodeLabel)),
  };
  return {
    jobs: { ...common.jobs, ...override.jobs },
    matchers: {
      all: { ...base.all, ...changes.all },
      agent: { ...base.agent, ...changes.agent },
      controller: { ...base.controller, ...changes.controller },
    },
    nodeLabel,
  };
}

/** A text is the value of a label of all series; an object contains the labels of one component, or of all. */
function matchersByComponent(
  matchers: TargetConfig['matchers'] = {},
): Record<'all' | 'agent' | 'controller', LabelValues> {
  const byComponent: { all?: LabelValues; agent?: LabelValues; controller?: LabelValues } = {};
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries(matchers)) {
    if (typeof value === 'string') all[name] = value;
    else if (name === 'all' || name === 'agent' || name === 'controller') byComponent[name] = value;
  }
  return {
    all: byComponent.all ?? all,
    agent: byComponent.agent ?? {},
    controller: byComponent.controller ?? {},
  };
}

function labelsByComponent(label: TargetConfig['nodeLabel']): ByComponent<string> {
  return typeof label === 'string' ? { agent: label, controller: label } : { ...label };
}

/** An undefined value would replace the common one when settings are merged. */
function withoutUndefined<T>({ agent, controller }: ByComponent<T>): { agent?: T; controller?: T } {
  return { ...(agent !== undefined && { agent }), ...(controller !== undefined && { controller }) };
}
