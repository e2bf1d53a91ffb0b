import type { Facts, FiringAlert } from '../../model/gathered.ts';
import { COMPONENTS, type Component } from '../../model/indicator.ts';
import { AGENT_DAEMON_SETS, WORKLOAD_PATTERN, WORKLOADS } from '../../model/product.ts';
import { labelOf } from '../../model/series.ts';
import type { TargetSettings } from '../../model/survey.ts';
import { matches } from '../../promql/placeholders.ts';
import { hostOf, nodeOf, nodeOfExporter } from '../survey/nodes.ts';
import type { Labels } from '../survey/targets.ts';
import { type AlertSurvey, namesProcess, targetSelections } from './selectors.ts';

export type AlertSubject = Pick<FiringAlert, 'component' | 'node'>;

/** What is known of the cluster that an alert may be about. */
export type KnownCluster = {
  survey: AlertSurvey;
  /** The result of the survey as in a report. */
  described: Pick<Facts['survey'], Component>;
  pods: Facts['pods'];
  targetSettings: Pick<TargetSettings, 'jobs'>;
  /** The names of the nodes by what other exporters call them. */
  exporterNodes: ReadonlyMap<string, string>;
};

/**
 * Returns a function that finds the subject of an alert; `null` for an alert that is not about Antrea in this cluster
 * (docs/decisions/0030-alerts-that-fired.md).
 */
export function openAlertSubjects(known: KnownCluster): (labels: Labels) => AlertSubject | null {
  const { described, targetSettings } = known;
  const findNode = indexNodes(known);
  const byPod = indexPods(known);
  const byInstance = indexInstances(known);
  const selections = targetSelections(known.survey);
  const jobs = new Set(COMPONENTS.flatMap((component) => [...described[component].jobs]));

  const nodeIn = (labels: Labels): string | null =>
    findNode(labelOf(labels, 'node')) ?? findNode(labelOf(labels, 'instance'));

  /**
   * Whether an object with a name of Antrea that the survey does not know belongs to this cluster: its labels name no
   * other namespace than that of the targets, and no setting of jobs says that the server has several clusters.
   */
  function isOfCluster(labels: Labels, component: Component): boolean {
    if (targetSettings.jobs[component] !== undefined) return false;
    const { namespace } = described[component];
    const named = labelOf(labels, 'exported_namespace') || labelOf(labels, 'namespace');
    return namespace === undefined || named === '' || named === namespace;
  }

  function ofPod(labels: Labels): AlertSubject | null {
    for (const pod of [labelOf(labels, 'exported_pod'), labelOf(labels, 'pod')]) {
      const subject = byPod.get(pod);
      if (subject !== undefined) return subject;
      const component = componentOfPod(pod);
      if (component !== null && isOfCluster(labels, component))
        return { component, node: component === 'agent' ? nodeIn(labels) : null };
    }
    return null;
  }

  function ofTarget(labels: Labels): AlertSubject | null {
    const subject = byInstance.get(labelOf(labels, 'instance'));
    if (subject !== undefined) return subject;
    const selection = selections.find(({ matchers }) => matches(labels, matchers));
    if (selection === undefined) return null;
    const { component } = selection;
    return { component, node: component === 'agent' ? nodeIn(labels) : null };
  }

  function ofWorkload(labels: Labels): AlertSubject | null {
    const component = AGENT_DAEMON_SETS.includes(labelOf(labels, 'daemonset'))
      ? 'agent'
      : labelOf(labels, 'deployment') === WORKLOADS.controller
        ? 'controller'
        : null;
    return component !== null && isOfCluster(labels, component) ? { component, node: null } : null;
  }

  function ofName(labels: Labels): AlertSubject | null {
    if (!/antrea/i.test(labelOf(labels, 'alertname'))) return null;
    // Targets of Antrea that are not among those of the report belong to another cluster.
    const job = labelOf(labels, 'job');
    if (/antrea/i.test(job) && !jobs.has(job)) return null;
    const node = nodeIn(labels);
    const namesNode = ['node', 'instance'].some((label) => labelOf(labels, label) !== '');
    if (namesNode && node === null) return null;
    const component = COMPONENTS.find((candidate) => candidate === labelOf(labels, 'component')) ?? null;
    if (component === 'controller') return { component, node: null };
    return { component: node === null ? component : 'agent', node };
  }

  return (labels) => ofPod(labels) ?? ofTarget(labels) ?? ofWorkload(labels) ?? ofName(labels);
}

function componentOfPod(pod: string): Component | null {
  const name = new RegExp(`^${WORKLOAD_PATTERN}(?=-.)`).exec(pod)?.[0];
  return COMPONENTS.find((component) => WORKLOADS[component] === name) ?? null;
}

/** Returns what finds the node that has a name, an address, or an instance; `null` for what names none or several. */
function indexNodes({ survey, exporterNodes }: KnownCluster): (text: string) => string | null {
  const rules = survey.views.flatMap((view) => COMPONENTS.map((component) => view.rules[component]));
  const named = rules.flatMap(({ nodes }) =>
    [...nodes].flatMap(([value, { node }]) =>
      [node, value, hostOf(value), value.split(';')[0] ?? value].map((text) => ({ text, node })),
    ),
  );
  const nodes = new Set(named.map(({ node }) => node));
  const byText = new Map<string, string | null>();
  for (const { text, node } of named) {
    const earlier = byText.get(text);
    byText.set(text, earlier === undefined || earlier === node ? node : null);
  }
  return (text) => {
    if (text === '') return null;
    const known = byText.get(text);
    if (known !== undefined) return known;
    const other = nodeOfExporter(text, exporterNodes);
    return nodes.has(other) ? other : (byText.get(hostOf(text)) ?? null);
  };
}

function indexPods({ pods }: KnownCluster): ReadonlyMap<string, AlertSubject> {
  return new Map(
    COMPONENTS.flatMap((component) =>
      Object.entries(pods[component]).flatMap(([node, names]) =>
        names.map((pod) => [pod, { component, node: component === 'agent' ? node : null }] as const),
      ),
    ),
  );
}

function indexInstances({ survey }: KnownCluster): ReadonlyMap<string, AlertSubject> {
  const [{ rules }] = survey.views;
  return new Map(
    survey.targets.flatMap(({ component, labels }) => {
      const instance = labelOf(labels, 'instance');
      const node = component === 'agent' ? nodeOf(labels, rules.agent) : null;
      return namesProcess(instance) ? [[instance, { component, node }] as const] : [];
    }),
  );
}
