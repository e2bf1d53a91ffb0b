import type { ReportSurvey } from '../../report/model/survey.ts';
import type { Check } from './facts.ts';
import type { Verdict } from './result.ts';
import { joined } from './words.ts';

/** How reports find the node that a target runs on. */
export const nodeNames: Check = {
  id: 'node-names',
  title: 'Node names',
  async run({ reportSurvey }) {
    return [describeNodeNames(reportSurvey)];
  },
};

export function describeNodeNames({ agent, controller }: ReportSurvey): Verdict {
  const found = [agent, controller].filter(({ targets }) => targets > 0);
  const sources = [...new Set(found.map(describeSource))];
  if (!found.some(({ nodeFrom }) => nodeFrom === 'address'))
    return { state: 'ok', detail: `from ${joined(sources)}` };
  return {
    state: 'note',
    detail: 'unknown: the targets have only addresses, and kube-state-metrics does not have these addresses',
    advice: [
      {
        text: 'Reports show addresses instead of node names. Add the node name in the scrape jobs of Antrea:',
        lines: [
          'relabel_configs:',
          '  - { source_labels: [__meta_kubernetes_pod_node_name], target_label: node }',
        ],
      },
    ],
  };
}

function describeSource({ nodeFrom, nodeLabel }: ReportSurvey['agent']): string {
  if (nodeFrom === 'instance') return 'the label instance, "node;pod"';
  if (nodeFrom === 'kube_pod_info' || nodeFrom === 'kube_node_info')
    return `kube-state-metrics (${nodeFrom}), found by the label ${nodeLabel}`;
  return nodeFrom === 'address' ? 'addresses' : `the label ${nodeLabel}`;
}
