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

/** Servers with clusters in them, and what the survey makes of these. */

export const PERIOD = { start: 1_700_000_000 - 86_400, end: 1_700_000_000 };

export const NOTHING_SAID: TargetSettings = {
  jobs: {},
  matchers: { agent: {}, controller: {}, others: {} },
  nodeLabels: {},
};

/** A target of Antrea, in the sample configuration unless its labels say otherwise. */
export function target(
  exposes: Component,
  node: string,
  labels: Labels = {},
  changes: Partial<FakeTarget> = {},
): FakeTarget {
  const instance = `${node};antrea-${exposes}-${node}`;
  return { labels: { job: `antrea-${exposes}s`, instance, ...labels }, exposes, ...changes };
}

/** Agents on three nodes and the controller on one of them, as `change` makes each of them. */
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
  const { cluster: name = 'prod', ...said } = settings;
  const { source, asked } = sourceOver(Array.isArray(world) ? { targets: world } : world);
  const options = { cluster: name, period: PERIOD, targetSettings: { ...NOTHING_SAID, ...said } };
  return { ...(await makeSurvey(source, options)), asked };
}

/** Which targets a view asks, as a server reads its selectors. */
export function pickedBy({ views }: Survey, component: Component, targets: readonly FakeTarget[], view = 0) {
  const matchers = views[view]?.selection[component].matchers ?? [];
  const [selector] = selectorsIn(`up{${matcherText(matchers)}}`);
  return targets.filter(({ labels }) => selector?.matches(labels));
}
