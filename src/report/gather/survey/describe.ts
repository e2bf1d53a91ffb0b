import type { Component } from '../../model/indicator.ts';
import type { ReportSurvey } from '../../model/survey.ts';
import { matcherText, matches } from '../../promql/placeholders.ts';
import type { StoredForms } from '../stored-forms.ts';
import { processKey } from './duplications.ts';
import type { NodeRule } from './nodes.ts';
import type { Survey } from './survey.ts';

/** What others want to know of a survey. */

/** Of some thirty questions of a period, three are answered by target, which a recreated Pod changes. */
const QUESTIONS_BY_TARGET = 1 / 10;

/**
 * How many lines to expect of an indicator: one for each process, however often its Pod was recreated. Where that was
 * very often, what is asked by target counts as well.
 */
export function countLines({ targets, views: [{ rules }] }: Survey): number {
  const lines = new Set(
    targets.map((target) => processKey(target.component, target, rules[target.component])),
  );
  return Math.max(lines.size, Math.ceil(targets.length * QUESTIONS_BY_TARGET));
}

/** The Pods of each node, the newest last, by component. */
export function podsByNode({ views: [{ rules }] }: Survey): Record<Component, Record<string, string[]>> {
  const ofRule = ({ places }: NodeRule) => {
    const byNode = Map.groupBy(places.values(), ({ node }) => node);
    return Object.fromEntries([...byNode].map(([node, own]) => [node, own.flatMap(({ pods }) => [...pods])]));
  };
  return { agent: ofRule(rules.agent), controller: ofRule(rules.controller) };
}

/** The survey as a report says it. */
export function describeSurvey(
  survey: Survey,
  forms: StoredForms,
  elsewhere: ReportSurvey['elsewhere'],
): ReportSurvey {
  const { targets, cluster, duplications } = survey;
  const [{ selection, rules }] = survey.views;
  const describe = (component: Component) => {
    const own = targets.filter((target) => target.component === component);
    return {
      targets: own.length,
      selector: matcherText(selection[component].matchers),
      jobs: [...new Set(own.map(({ labels }) => labels['job'] ?? ''))].sort(),
      foundBy: own.some(({ foundBy }) => foundBy === 'metrics') ? ('metrics' as const) : ('names' as const),
      nodeFrom: rules[component].source,
      nodeLabel: rules[component].label,
    };
  };
  const { windows } = selection.agent;
  return {
    agent: describe('agent'),
    controller: describe('controller'),
    windowsAgents: windows === null ? 0 : targets.filter(({ labels }) => matches(labels, [windows])).length,
    cluster: cluster && { ...cluster, others: [...cluster.others] },
    duplications: duplications.map(({ copies, ...one }) => ({
      ...one,
      values: copies.map((values) => values.toSorted().join(' + ')),
    })),
    forms: [
      ...(forms.withTotal.size > 0 ? (['total-suffix'] as const) : []),
      ...(forms.native.size > 0 ? (['native-histograms'] as const) : []),
    ],
    elsewhere,
  };
}
