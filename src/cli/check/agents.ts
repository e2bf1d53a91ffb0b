import { AGENT_DAEMON_SETS, podSelector } from '../../report/model/product.ts';
import { matcherText, oneOf } from '../../report/promql/placeholders.ts';
import type { Check, Facts } from './facts.ts';
import { advise, type Verdict } from './result.ts';
import { counted, listed } from './words.ts';

/** Whether every node has an agent. */
export const agents: Check = {
  id: 'agents',
  title: 'Agents',
  async run(facts) {
    return [describeAgents(await askKubernetes(facts))];
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

async function askKubernetes({ source, survey, period, agentNodes }: Facts): Promise<AgentFacts> {
  const { others } = survey.views[0].selection;
  const daemonSets = matcherText([oneOf('daemonset', AGENT_DAEMON_SETS), ...others]);
  const { samples } = await source.instant(
    `kube_node_info{${matcherText(others)}} or max by (daemonset) (kube_daemonset_status_desired_number_scheduled{${daemonSets}})`,
    period.end,
  );
  const [wanted, infos] = [true, false].map((isOfSet) =>
    samples.filter(({ labels }) => (labels['daemonset'] !== undefined) === isOfSet),
  );
  return {
    agentNodes,
    // Without honor_labels a label that the target has itself is called exported_….
    nodes: new Set(infos?.map(({ labels }) => labels['exported_node'] ?? labels['node'] ?? '')),
    desired: wanted?.length ? wanted.reduce((sum, { value }) => sum + value, 0) : null,
  };
}

export function describeAgents({ agentNodes, nodes, desired }: AgentFacts): Verdict {
  const count = agentNodes.size;
  const missing = [...nodes].filter((node) => !agentNodes.has(node));
  // Where no name is the same, the agents are known by addresses.
  const isNamed = missing.length < nodes.size;
  const wanted = desired === null ? '' : `; the DaemonSets want ${desired}`;
  if (nodes.size === 0 && desired === null)
    return {
      state: 'ok',
      detail: `${counted(count, 'agent')}; whether every node has one is unknown without kube-state-metrics`,
    };
  const isEnough = desired === null ? missing.length === 0 : count >= desired;
  const names =
    isNamed && missing.length > 0 ? `; ${isEnough ? 'without' : 'missing'}: ${listed(missing)}` : '';
  const detail =
    nodes.size === 0
      ? `${counted(count, 'agent')}${wanted}`
      : isNamed
        ? `${nodes.size - missing.length} of ${counted(nodes.size, 'node')} ${nodes.size - missing.length === 1 ? 'has' : 'have'} an agent${missing.length > 0 ? wanted : ''}${names}`
        : `${counted(count, 'agent')}, ${counted(nodes.size, 'node')}${wanted}`;
  if (isEnough || (!isNamed && count >= nodes.size)) return { state: 'ok', detail };
  return {
    state: 'note',
    detail,
    advice: [
      advise(
        'Check whether the Pods run there. If they do, open the page /targets of Prometheus and read why they are not scraped.',
        [`kubectl get pods -A -l ${podSelector('agent')} -o wide`],
      ),
    ],
  };
}
