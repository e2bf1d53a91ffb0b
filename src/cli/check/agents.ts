import { compareNames } from '../../report/model/names.ts';
import { AGENT_DAEMON_SETS, podSelector } from '../../report/model/product.ts';
import { matcherText, oneOf } from '../../report/promql/placeholders.ts';
import type { Check, Facts } from './facts.ts';
import type { Verdict } from './result.ts';
import { counted, listed } from './words.ts';

/** Whether every node has an agent. */
export const agents: Check = {
  id: 'agents',
  title: 'Agents',
  async run(facts) {
    return [describeAgents(await queryKubernetes(facts))];
  },
};

export type AgentFacts = {
  /** The nodes that have an agent. */
  agentNodes: ReadonlySet<string>;
  /** The nodes that kube-state-metrics knows. */
  nodes: ReadonlySet<string>;
  /** How many agents the DaemonSets want; `null` without kube-state-metrics. */
  desired: number | null;
};

async function queryKubernetes({ source, survey, period, agentNodes }: Facts): Promise<AgentFacts> {
  const { others } = survey.views[0].selection;
  const daemonSets = matcherText([oneOf('daemonset', AGENT_DAEMON_SETS), ...others]);
  const { samples } = await source.instant(
    `kube_node_info{${matcherText(others)}} or max by (daemonset) (kube_daemonset_status_desired_number_scheduled{${daemonSets}})`,
    period.end,
  );
  const isDaemonSet = ({ labels }: (typeof samples)[number]) => labels['daemonset'] !== undefined;
  const wanted = samples.filter(isDaemonSet);
  // Without honor_labels, Prometheus renames a label that the target sets itself to exported_….
  const names = samples
    .filter((sample) => !isDaemonSet(sample))
    .map(({ labels }) => labels['exported_node'] ?? labels['node'] ?? '');
  return {
    agentNodes,
    nodes: new Set(names),
    desired: wanted.length > 0 ? wanted.reduce((sum, { value }) => sum + value, 0) : null,
  };
}

export function describeAgents({ agentNodes, nodes, desired }: AgentFacts): Verdict {
  const count = agentNodes.size;
  const present = counted(count, 'agent');
  const wanted = desired === null ? '' : `; the DaemonSets want ${desired}`;
  if (nodes.size === 0)
    return {
      state: 'ok',
      detail:
        desired === null
          ? `${present}; whether every node has one is unknown without kube-state-metrics`
          : `${present}${wanted}`,
    };
  const missing = [...nodes].filter((node) => !agentNodes.has(node)).sort(compareNames);
  // If no name is the same, the agents are identified by addresses, and only the numbers can be compared.
  if (missing.length === nodes.size)
    return toVerdict(
      `${present}, ${counted(nodes.size, 'node')}${wanted}`,
      count >= Math.min(nodes.size, desired ?? Number.POSITIVE_INFINITY),
    );
  const named = nodes.size - missing.length;
  const detail = `${named} of ${counted(nodes.size, 'node')} ${named === 1 ? 'has' : 'have'} an agent`;
  if (missing.length === 0) return toVerdict(detail, count >= (desired ?? 0));
  const isEnough = desired !== null && count >= desired;
  return toVerdict(`${detail}${wanted}; ${isEnough ? 'without' : 'missing'}: ${listed(missing)}`, isEnough);
}

function toVerdict(detail: string, isEnough: boolean): Verdict {
  if (isEnough) return { state: 'ok', detail };
  return {
    state: 'note',
    detail,
    advice: [
      {
        text: 'Check whether all agent Pods run. If they do, open the page /targets of Prometheus to see why they are not scraped.',
        lines: [`kubectl get pods -A -l ${podSelector('agent')} -o wide`],
      },
    ],
  };
}
