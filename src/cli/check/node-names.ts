import type { ReportSurvey } from '../../report/model/survey.ts';
import type { Check } from './facts.ts';
import { advise, type Verdict } from './result.ts';
import { joined } from './words.ts';

/** How reports know which node a target runs on. */
export const nodeNames: Check = {
  id: 'node-names',
  title: 'Node names',
  async run({ surveyed }) {
    return [describeNodeNames(surveyed)];
  },
};

type Surveyed = ReportSurvey['agent'];

export function describeNodeNames({ agent, controller }: ReportSurvey): Verdict {
  const found = [agent, controller].filter(({ targets }) => targets > 0);
  const sources = [...new Set(found.map(sourceText))];
  if (!found.some(({ nodeFrom }) => nodeFrom === 'address'))
    return { state: 'ok', detail: `from ${joined(sources)}` };
  return {
    state: 'note',
    detail: `unknown: the targets have addresses only, and kube-state-metrics does not know them`,
    advice: [
      advise('Reports show addresses instead of names. Add the name to the scrape jobs of Antrea:', [
        'relabel_configs:',
        '  - { source_labels: [__meta_kubernetes_pod_node_name], target_label: node }',
      ]),
    ],
  };
}

function sourceText({ nodeFrom, nodeLabel }: Surveyed): string {
  if (nodeFrom === 'instance') return 'the label instance, "node;pod"';
  if (nodeFrom === 'kube_pod_info' || nodeFrom === 'kube_node_info')
    return `kube-state-metrics (${nodeFrom}), by the label ${nodeLabel}`;
  return nodeFrom === 'address' ? 'addresses' : `the label ${nodeLabel}`;
}
