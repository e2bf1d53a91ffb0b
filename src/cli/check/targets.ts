import { podsByNode } from '../../report/gather/survey/describe.ts';
import { COMPONENTS, type Component } from '../../report/model/indicator.ts';
import { METRIC_PREFIXES, podSelector } from '../../report/model/product.ts';
import type { ReportSurvey } from '../../report/model/survey.ts';
import type { Check } from './facts.ts';
import type { Advice, Verdict } from './result.ts';
import { counted } from './words.ts';

/** Which targets are Antrea's, how they were found, and in which forms their metrics are stored. */
export const targets: Check = {
  id: 'targets',
  title: 'Targets',
  async run({ reportSurvey, survey }) {
    return [describeTargets(reportSurvey, Object.keys(podsByNode(survey).agent).length)];
  },
};

const FORMS = {
  'total-suffix': 'counters have the suffix _total, as with OpenTelemetry',
  'native-histograms': 'histograms are stored as native histograms',
} as const;

/** @param nodes how many nodes have an agent; a replaced Pod adds a second target on its node */
export function describeTargets(reportSurvey: ReportSurvey, nodes: number): Verdict {
  const { windowsAgents, forms } = reportSurvey;
  const parts = COMPONENTS.map((component) => {
    const { targets: count, selector } = reportSurvey[component];
    if (count === 0) return `no ${component}`;
    const windows = component === 'agent' && windowsAgents > 0 ? `, ${windowsAgents} on Windows` : '';
    const replaced = component === 'agent' && nodes < count ? `, ${count} with replaced Pods` : '';
    const present = component === 'agent' ? Math.min(nodes, count) : count;
    return `${counted(present, component)}${windows}${replaced} (${selector})`;
  });
  const advice = COMPONENTS.flatMap((component) => adviseOnTargets(component, reportSurvey));
  return {
    state: advice.length > 0 ? 'note' : 'ok',
    detail: [parts.join(', '), ...forms.map((form) => FORMS[form])].join('; '),
    advice,
  };
}

function adviseOnTargets(component: Component, reportSurvey: ReportSurvey): Advice[] {
  const { targets: count, foundBy, jobs } = reportSurvey[component];
  if (count === 0)
    return [
      {
        text: `No ${component} was found, neither by its metrics nor by its name. Check that it is a target of Prometheus and that its Pod runs.`,
        lines: [`kubectl get pods -A -l ${podSelector(component)} -o wide`],
      },
    ];
  if (foundBy === 'names')
    return [
      {
        text: `There is no metric ${METRIC_PREFIXES[component]}…; the ${component} was found by the name of its job, Pod or container. Check that it is up, and that metric_relabel_configs of the job ${jobs.join(', ')} keeps its metrics.`,
      },
    ];
  return [];
}
