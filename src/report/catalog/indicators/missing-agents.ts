import type { Indicator } from '../../model/indicator.ts';
import { WINDOWS_DAEMON_SET, WORKLOADS } from '../../model/product.ts';
import { withNode } from '../../promql/shapes.ts';

/** Agents on Windows are another DaemonSet's. */
const missing = (daemonSet: string, agents: string) =>
  `clamp_min(max(min_over_time(kube_daemonset_status_desired_number_scheduled{daemonset="${daemonSet}",$others}[$span])) - sum(max by (node) (${withNode(`max_over_time(up{${agents}}[$span])`)})), 0)`;

export const indicator: Indicator = {
  id: 'missing-agents',
  section: 'availability',
  components: ['agent'],
  scope: 'cluster',
  metrics: ['up'],
  // Nodes that answered a scrape at any time of the step, so that a rollout, which takes one agent after the other
  // away, is none; and the least that the DaemonSet wanted, so that a node which joins has time to start its agent.
  // Nothing is subtracted where no agent is even a target: then Prometheus or its configuration is at fault.
  query: `${missing(WORKLOADS.agent, '$linuxAgents')} + (${missing(WINDOWS_DAEMON_SET, '$windowsAgents')} or vector(0))`,
  unit: 'agents',
  reading: 'last',
  thresholds: {
    // A container restarts in less than a minute and a node reboots in less than ten.
    critical: { atLeast: 1, forSeconds: 600 },
  },
  whenAbsent: 'no-data',
  // kube-state-metrics is not scraped.
  whenEmpty: 'not-enabled',
  title: { en: 'Missing agents', 'zh-CN': '缺失的 Agent' },
  explanation: {
    en: 'How many agents the DaemonSet `antrea-agent` should run, less the nodes whose agent answered at least one scrape within the step; the reading is the last point. Agents on Windows are compared with their own DaemonSet, `antrea-agent-windows`, so that one cannot stand in for a Linux agent. It also finds an agent that Prometheus does not know as a target at all. The wanted number comes from kube-state-metrics; where that is not scraped, the indicator is not enabled.',
    'zh-CN':
      'DaemonSet `antrea-agent` 期望的 Agent 数，减去该步长内至少成功采集过一次的节点数，读数为最后一个点。即使 Prometheus 中根本没有该 Agent 的目标，也能由此发现。Windows 节点上的 Agent 与其自身的 DaemonSet `antrea-agent-windows` 比较，不会顶替缺失的 Linux Agent。期望数来自 kube-state-metrics，未采集它时本指标不启用。',
  },
  impact: {
    en: 'On a node without its agent, Pods get no network, and changes of policies and Services do not arrive; the flows that are already in OVS go on forwarding. An agent that runs but cannot be scraped counts as missing too, since nothing is known of it.',
    'zh-CN':
      '没有 Agent 的节点无法为 Pod 配置网络，也收不到策略和 Service 变更，OVS 中已有的流表项继续转发。Agent 在运行但无法采集时，因情况不明，同样计为缺失。',
  },
  nextSteps: [
    {
      text: {
        en: 'Find the Pods that do not run, and the nodes that have none.',
        'zh-CN': '找出未正常运行的 Pod，以及没有 Agent Pod 的节点。',
      },
      command: 'kubectl get pods -n $namespace -l app=antrea,component=antrea-agent -o wide',
    },
    {
      text: {
        en: 'Check whether these nodes are down themselves.',
        'zh-CN': '确认这些节点自身是否已宕机。',
      },
      command: 'kubectl get nodes -o wide',
    },
    {
      text: {
        en: 'Read in the events of the DaemonSet why it could not create a Pod.',
        'zh-CN': '在 DaemonSet 的事件中查看无法创建 Pod 的原因。',
      },
      command: 'kubectl describe daemonset antrea-agent -n $namespace',
    },
    {
      text: {
        en: 'If all Pods run, open the targets page of Prometheus and read why they are not scraped.',
        'zh-CN': '若 Pod 全部正常运行，打开 Prometheus 的 Targets 页面查看未能采集的原因。',
      },
    },
  ],
};
