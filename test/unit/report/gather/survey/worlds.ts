import { makeSurvey, type Survey } from '../../../../../src/report/gather/survey/survey.ts';
import type { Component } from '../../../../../src/report/model/indicator.ts';
import type { TargetSettings } from '../../../../../src/report/model/survey.ts';
import { matcherText } from '../../../../../src/report/promql/placeholders.ts';
import {
  type Asked,
  type FakeTarget,
  type Labels,
  selectorsIn,
  sourceOver,
  type World,
} from '../../../../fixtures/fake-source.ts';

/** Servers with clusters, and their surveys. */

export const PERIOD = { start: 1_700_000_000 - 86_400, end: 1_700_000_000 };

export const NO_SETTINGS: TargetSettings = {
  jobs: {},
  matchers: { agent: {}, controller: {}, others: {} },
  nodeLabels: {},
};

/** A target of Antrea with the labels of the sample configuration, and the given ones. */
export function target(
  exposes: Component,
  node: string,
  labels: Labels = {},
  changes: Partial<FakeTarget> = {},
): FakeTarget {
  const instance = `${node};antrea-${exposes}-${node}`;
  return { labels: { job: `antrea-${exposes}s`, instance, ...labels }, exposes, ...changes };
}

/** Agents on three nodes and the controller on one of them, each changed by `change`. */
export function cluster(
  change: (component: Component, node: string) => [labels?: Labels, changes?: Partial<FakeTarget>] = () => [],
): FakeTarget[] {
  const agents = ['n1', 'n2', 'n3'].map((node) => target('agent', node, ...change('agent', node)));
  return [...agents, target('controller', 'n1', ...change('controller', 'n1'))];
}

export async function surveyed(
  world: World | FakeTarget[],
  settings: Partial<TargetSettings> & { cluster?: string } = {},
): Promise<Survey & { asked: Asked[] }> {
  const { cluster: name = 'prod', ...targetSettings } = settings;
  const { source, asked } = sourceOver(Array.isArray(world) ? { targets: world } : world);
  const options = { cluster: name, period: PERIOD, targetSettings: { ...NO_SETTINGS, ...targetSettings } };
  return { ...(await makeSurvey(source, options)), asked };
}

/** The targets that a server picks by the selectors of a view. */
export function pickedBy({ views }: Survey, component: Component, targets: readonly FakeTarget[], view = 0) {
  const matchers = views[view]?.selection[component].matchers ?? [];
  const [selector] = selectorsIn(`up{${matcherText(matchers)}}`);
  return targets.filter(({ labels }) => selector?.matches(labels));
}
