import { podsByNode } from '../../report/gather/survey/describe.ts';
import { COMPONENTS, type Component } from '../../report/model/indicator.ts';
import { METRIC_PREFIXES, podSelector } from '../../report/model/product.ts';
import type { ReportSurvey } from '../../report/model/survey.ts';
import type { Check } from './facts.ts';
import { advise, type Verdict } from './result.ts';
import { counted } from './words.ts';

/** Who the targets are, how they were recognized, and in which forms their metrics are stored. */
export const targets: Check = {
  id: 'targets',
  title: 'Targets',
  async run({ surveyed, survey }) {
    return [describeTargets(surveyed, Object.keys(podsByNode(survey).agent).length)];
  },
};

const FORMS = {
  'total-suffix': 'counters have _total appended, as by OpenTelemetry',
  'native-histograms': 'histograms are stored as native ones',
} as const;

/** @param nodes how many have an agent; of a replaced Pod there are two targets */
export function describeTargets(surveyed: ReportSurvey, nodes: number): Verdict {
  const { windowsAgents, forms } = surveyed;
  const parts = COMPONENTS.map((component) => {
    const { targets: count, selector } = surveyed[component];
    if (count === 0) return `no ${component}`;
    const windows = component === 'agent' && windowsAgents > 0 ? `, ${windowsAgents} on Windows` : '';
    const replaced = component === 'agent' && nodes < count ? `, ${count} with replaced Pods` : '';
    const present = component === 'agent' ? Math.min(nodes, count) : count;
    return `${counted(present, component)}${windows}${replaced} (${selector})`;
  });
  const advice = COMPONENTS.flatMap((component) => adviceFor(component, surveyed));
  return {
    state: advice.length > 0 ? 'note' : 'ok',
    detail: [parts.join(', '), ...forms.map((form) => FORMS[form])].join('; '),
    advice,
  };
}

function adviceFor(component: Component, surveyed: ReportSurvey) {
  const { targets: count, foundBy, jobs } = surveyed[component];
  if (count === 0)
    return [
      advise(
        `No ${component} was found, by its metrics or by its name: check that Prometheus has it as a target, and that its Pod runs.`,
        [`kubectl get pods -A -l ${podSelector(component)} -o wide`],
      ),
    ];
  if (foundBy === 'names')
    return [
      advise(
        `No metric ${METRIC_PREFIXES[component]}… is there: the ${component} was recognized by the name of its job, Pod or container. Check that it is up, and that metric_relabel_configs of the job ${jobs.join(', ')} keeps its metrics.`,
      ),
    ];
  return [];
}
