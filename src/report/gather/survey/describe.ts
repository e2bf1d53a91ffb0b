import type { Component } from '../../model/indicator.ts';
import { compareNames } from '../../model/names.ts';
import type { ReportSurvey } from '../../model/survey.ts';
import { matcherText, matches } from '../../promql/placeholders.ts';
import type { StoredForms } from '../stored-forms.ts';
import { processKey } from './duplications.ts';
import type { NodeRule } from './nodes.ts';
import type { Survey } from './survey.ts';
import { labelValues, type Target, targetsOf } from './targets.ts';

/** The share of queries that return a series for each target rather than each node: three of about thirty per period. */
const QUERIES_BY_TARGET = 1 / 10;

/**
 * Returns the number of series to expect from an indicator: one for each process, even if its Pod was recreated. If Pods
 * were recreated very often, the queries with a series for each target count as well.
 */
export function countExpectedSeries({ targets, views: [{ rules }] }: Survey): number {
  const processes = new Set(targets.map((target) => processKey(target, rules)));
  return Math.max(processes.size, Math.ceil(targets.length * QUERIES_BY_TARGET));
}

/** Returns the names of the Pods by component and node, the newest last. */
export function podsByNode({ views: [{ rules }] }: Survey): Record<Component, Record<string, string[]>> {
  const groupByNode = ({ nodes }: NodeRule) => {
    const byNode = Map.groupBy(nodes.values(), ({ node }) => node);
    return Object.fromEntries(
      [...byNode].map(([node, entries]) => [node, entries.flatMap(({ pods }) => [...pods])]),
    );
  };
  return { agent: groupByNode(rules.agent), controller: groupByNode(rules.controller) };
}

/** Labels for the namespace of a target: of the Prometheus operator, of older configurations, and of OpenTelemetry. */
const NAMESPACE_LABELS = ['namespace', 'kubernetes_namespace', 'k8s_namespace_name'];

/** Returns the namespace that all targets have; `undefined` if they name none or several. */
function findNamespace(targets: readonly Pick<Target, 'labels'>[]): string | undefined {
  const [first, ...others] =
    NAMESPACE_LABELS.map((name) => labelValues(targets, name)).find((values) =>
      values.some((value) => value !== ''),
    ) ?? [];
  return others.length === 0 ? first : undefined;
}

/**
 * Returns the survey in the form that a report has it in.
 * @param elsewhere the result of `findAntreaJobs` if the survey found no target
 */
export function describeSurvey(
  survey: Survey,
  forms: StoredForms,
  elsewhere: ReportSurvey['elsewhere'],
): ReportSurvey {
  const { targets, cluster, duplications } = survey;
  const [{ selection, rules }] = survey.views;
  const describe = (component: Component) => {
    const ofComponent = targetsOf(component, targets);
    return {
      targets: ofComponent.length,
      selector: matcherText(selection[component].matchers),
      jobs: labelValues(ofComponent, 'job'),
      foundBy: ofComponent.some(({ foundBy }) => foundBy === 'metrics')
        ? ('metrics' as const)
        : ('names' as const),
      nodeFrom: rules[component].source,
      nodeLabel: rules[component].label,
      namespace: findNamespace(ofComponent),
    };
  };
  const { windows } = selection.agent;
  return {
    agent: describe('agent'),
    controller: describe('controller'),
    windowsAgents: windows === null ? 0 : targets.filter(({ labels }) => matches(labels, [windows])).length,
    cluster: cluster && { ...cluster, others: [...cluster.others] },
    duplications: duplications.map(({ copies, ...duplication }) => ({
      ...duplication,
      values: copies.map((values) => values.toSorted(compareNames).join(' + ')),
    })),
    forms: [
      ...(forms.withTotal.size > 0 ? (['total-suffix'] as const) : []),
      ...(forms.native.size > 0 ? (['native-histograms'] as const) : []),
    ],
    elsewhere,
  };
}
