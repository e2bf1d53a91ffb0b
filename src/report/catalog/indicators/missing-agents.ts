import type { Indicator } from '../../model/indicator.ts';
import { WINDOWS_DAEMON_SET, WORKLOADS } from '../../model/product.ts';
import { withNode } from '../../promql/shapes.ts';

/** Agents on Windows have their own DaemonSet, so each DaemonSet is compared with its own agents. */
const missing = (daemonSet: string, agents: string) =>
  `clamp_min(max(min_over_time(kube_daemonset_status_desired_number_scheduled{daemonset="${daemonSet}",$others}[$span])) - sum(max by (node) (${withNode(`max_over_time(up{${agents}}[$span])`)})), 0)`;

export const indicator: Indicator = {
  id: 'missing-agents',
  section: 'availability',
  components: ['agent'],
  scope: 'cluster',
  metrics: ['up'],
  // A node counts as present if it answered any scrape in the step, so a rollout, which restarts one agent after
  // another, raises no alarm. The DaemonSet counts with its lowest number in the step, so a node that joins has time
  // to start its agent. If no agent is a target at all, the answer is empty: then the fault lies with Prometheus or its
  // configuration.
  query: `${missing(WORKLOADS.agent, '$linuxAgents')} + (${missing(WINDOWS_DAEMON_SET, '$windowsAgents')} or vector(0))`,
  unit: 'agents',
  reading: 'last',
  thresholds: {
    // A container restarts in less than a minute and a node reboots in less than ten minutes.
    critical: { atLeast: 1, forSeconds: 600 },
  },
  whenAbsent: 'no-data',
  // Empty if Prometheus does not scrape kube-state-metrics.
  whenEmpty: 'not-enabled',
  title: { en: 'Missing agents', 'zh-CN': '缺失的 Agent' },
  explanation: {
    en: 'Number of agents that the DaemonSet `antrea-agent` should run, minus the nodes whose agent answered at least one scrape in the step; the reading is the last point. Agents on Windows are compared with their own DaemonSet, `antrea-agent-windows`, so they cannot make up for a missing Linux agent. This also finds an agent that is not even a target in Prometheus. The expected number comes from kube-state-metrics; if Prometheus does not scrape it, the indicator is not enabled.',
    'zh-CN':
      'DaemonSet `antrea-agent` 期望的 Agent 数，减去该步长内至少成功采集过一次的节点数，读数为最后一个点。即使 Prometheus 中根本没有该 Agent 的目标，也能由此发现。Windows 节点上的 Agent 与其自身的 DaemonSet `antrea-agent-windows` 比较，不会顶替缺失的 Linux Agent。期望数来自 kube-state-metrics，未采集它时本指标不启用。',
  },
  impact: {
    en: 'On a node without an agent, Pods get no network, and changes to policies and Services do not arrive; flows already in OVS keep forwarding traffic. An agent that runs but cannot be scraped also counts as missing, because nothing is known about it.',
    'zh-CN':
      '没有 Agent 的节点无法为 Pod 配置网络，也收不到策略和 Service 变更，OVS 中已有的流表项继续转发。Agent 在运行但无法采集时，因情况不明，同样计为缺失。',
  },
  nextSteps: [
    {
      text: {
        en: 'Find Pods that are not running and nodes without an agent Pod.',
        'zh-CN': '找出未正常运行的 Pod，以及没有 Agent Pod 的节点。',
      },
      command: 'kubectl get pods -n $namespace -l app=antrea,component=antrea-agent -o wide',
    },
    {
      text: {
        en: 'Check whether these nodes are down.',
        'zh-CN': '确认这些节点自身是否已宕机。',
      },
      command: 'kubectl get nodes -o wide',
    },
    {
      text: {
        en: 'Check the events of the DaemonSet for the reason why it could not create a Pod.',
        'zh-CN': '在 DaemonSet 的事件中查看无法创建 Pod 的原因。',
      },
      command: 'kubectl describe daemonset antrea-agent -n $namespace',
    },
    {
      text: {
        en: 'If all Pods are running, open the targets page of Prometheus and find out why they are not scraped.',
        'zh-CN': '若 Pod 全部正常运行，打开 Prometheus 的 Targets 页面查看未能采集的原因。',
      },
    },
  ],
};
