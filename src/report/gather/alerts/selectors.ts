import { COMPONENTS } from '../../model/indicator.ts';
import { AGENT_DAEMON_SETS, WORKLOAD_PATTERN, WORKLOADS } from '../../model/product.ts';
import { labelOf } from '../../model/series.ts';
import type { TargetSettings } from '../../model/survey.ts';
import { labelName, type Matcher, matcherText, oneOf } from '../../promql/placeholders.ts';
import { clusterMatchers } from '../survey/clusters.ts';
import type { Survey } from '../survey/survey.ts';
import { requiredMatchers } from '../survey/targets.ts';

/** The labels that distinguish alerts, and those from which the subject follows. */
const LABELS = [
  ...['alertname', 'severity', 'component', 'node', 'instance', 'job', 'daemonset', 'deployment'],
  ...['namespace', 'exported_namespace', 'pod', 'exported_pod'],
];

/** An alert whose name speaks of Antrea, as those of our own rules do (model/alert.ts). */
const NAMED: Matcher = { label: 'alertname', operator: '=~', value: '(?i:.*antrea.*)' };

/** The Pods of Antrea, also those that were never scraped. */
const POD_PATTERN = `${WORKLOAD_PATTERN}-.+`;

/**
 * Labels of kube-state-metrics that name an object of Antrea. Without honor_labels, those that it has itself as a target
 * get the prefix exported_.
 */
const OBJECTS: readonly Matcher[] = [
  { label: 'pod', operator: '=~', value: POD_PATTERN },
  { label: 'exported_pod', operator: '=~', value: POD_PATTERN },
  oneOf('daemonset', AGENT_DAEMON_SETS),
  oneOf('deployment', [WORKLOADS.controller]),
];

/** A selector that lists every instance of a large cluster is longer. Alerts are then found by name and Pod. */
const LONGEST_SELECTOR = 1000;

/** With more ports, as with port forwarding, no pattern of instances is short. */
const MOST_PORTS = 16;

export type AlertSurvey = Pick<Survey, 'views' | 'targets' | 'cluster' | 'duplications'>;

/** Returns the matchers of this cluster. Alerts of a ruler of its own lack the labels of replicas. */
export function alertMatchers({ cluster }: AlertSurvey, targetSettings: TargetSettings): Matcher[] {
  return [...requiredMatchers(targetSettings, 'others'), ...clusterMatchers(cluster)];
}

/** Returns the matchers of all copies of a component's targets, without the labels by which replicas differ. */
export function targetSelections({ views, duplications }: AlertSurvey) {
  const replicas = new Set(duplications.map(({ label }) => label).filter((label) => label !== 'job'));
  return COMPONENTS.flatMap((component) =>
    views.map(({ selection }) => ({
      component,
      matchers: selection[component].matchers.filter(({ label }) => !replicas.has(label)),
    })),
  );
}

/** Whether an instance names one process: a port or a Pod is in it, and not only a node or an address. */
export function namesProcess(instance: string): boolean {
  return /;.|:\d+$/.test(instance);
}

/** Returns a matcher for instances like those of the targets: with the same ports, or with a Pod of Antrea. */
function instanceMatcher({ targets }: AlertSurvey): Matcher[] {
  const instances = targets.map(({ labels }) => labelOf(labels, 'instance'));
  const ports = new Set(instances.flatMap((instance) => /:(\d+)$/.exec(instance)?.[1] ?? []));
  const patterns = [
    ...(instances.some((instance) => instance.includes(';')) ? [`.+;${POD_PATTERN}`] : []),
    ...(ports.size > 0 && ports.size <= MOST_PORTS ? [`.+:(${[...ports].sort().join('|')})`] : []),
  ];
  return patterns.length === 0 ? [] : [{ label: 'instance', operator: '=~', value: patterns.join('|') }];
}

/**
 * Returns the PromQL of the alerts that may be about Antrea, and of whether there is any alert in this cluster: a series
 * without labels. A range rather than an instant, since an alert may fire between two points.
 */
export function alertsQuery(
  survey: AlertSurvey,
  targetSettings: TargetSettings,
  stepSeconds: number,
): string {
  const cluster = alertMatchers(survey, targetSettings);
  const select = (matchers: readonly Matcher[]) => {
    const texts = [...matchers, ...cluster].map((matcher) => matcherText([matcher]));
    return `ALERTS{${[...new Set(['alertstate="firing"', ...texts])].join(',')}}`;
  };
  const ofTargets = targetSelections(survey)
    .map(({ matchers }) => select(matchers))
    .filter(({ length }) => length <= LONGEST_SELECTOR);
  const others = [NAMED, ...OBJECTS, ...instanceMatcher(survey)].map((matcher) => select([matcher]));
  const firing = [...new Set([...ofTargets, ...others])].map(
    (one) => `max_over_time(${one}[${stepSeconds}s])`,
  );
  const any = cluster.length === 0 ? 'ALERTS' : `ALERTS{${matcherText(cluster)}}`;
  return `max by (${alertLabels(survey).join(', ')}) (${firing.join(' or ')}) or count(${any})`;
}

/** Returns the labels of an answer: those of the selectors, too, so that an answer can be checked by them. */
function alertLabels(survey: AlertSurvey): string[] {
  const ofSelectors = targetSelections(survey).flatMap(({ matchers }) => matchers.map(({ label }) => label));
  return [...new Set([...LABELS, ...ofSelectors])].map(labelName);
}
