import type { Indicator } from '../../model/indicator.ts';
import { withNode } from '../../promql/shapes.ts';

const WATCHES = 'group="controlplane.antrea.io",resource="networkpolicies",verb="WATCH"';

/** The metric has one name since v1.7 and another until v1.11. A sum of both would count requests twice. */
const eitherName = (matchers: string, aggregate: (metric: string) => string) =>
  ['apiserver_longrunning_requests', 'apiserver_longrunning_gauge']
    .map((name) => aggregate(`max_over_time(${name}{${matchers}}[$span])`))
    .join(' or ');

export const indicator: Indicator = {
  id: 'unwatched-agents',
  section: 'availability',
  components: ['controller'],
  scope: 'cluster',
  metrics: ['apiserver_longrunning_requests'],
  // An agent counts only if it answered every scrape in the step, and the watches count with their highest number, so
  // an agent that restarts and a watch that is renewed raise no alarm. If the metric has other requests but no watches,
  // the number of watches is 0.
  query: `clamp_min(sum(min by (node) (${withNode('min_over_time(up{$agents}[$span])')})) - (${eitherName(`$controllers,${WATCHES}`, (watches) => `sum(${watches})`)} or ${eitherName('$controllers', (requests) => `0 * max(${requests})`)}), 0)`,
  unit: 'agents',
  reading: 'last',
  thresholds: {
    // Agents reconnect within seconds after the controller starts. Ten minutes are two steps of five minutes.
    warning: { above: 0, forSeconds: 600 },
  },
  controlPath: 'unconnected-agents',
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  title: { en: 'Agents without controller connection', 'zh-CN': '未连接 Controller 的 Agent' },
  explanation: {
    en: 'Agents that answer their scrapes, minus the watches on `networkpolicies` that the controller serves: each agent keeps one watch open and receives its policies through it. The number does not show which agents are disconnected. Agents outside the cluster (external nodes) also keep such watches and can hide the same number of missing ones.',
    'zh-CN':
      '能够正常采集的 Agent 数，减去 Controller 上对 `networkpolicies` 的 watch 数：每个 Agent 保持一个 watch，并由此获知策略。本指标无法说明断开的是哪些 Agent。集群外的 Agent（ExternalNode）也会建立 watch，可能掩盖同等数量的断连。',
  },
  impact: {
    en: 'The disconnected nodes keep the rules that they have: policies changed or deleted since then are enforced in their old form, and rules do not cover new Pods.',
    'zh-CN': '断开的节点沿用已有的规则：此后修改或删除的策略仍按旧内容执行，新建的 Pod 不会被规则覆盖。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check how many agents the controller itself counts (`connectedAgentNum`).',
        'zh-CN': '查看 Controller 自身统计的已连接 Agent 数（`connectedAgentNum`）。',
      },
      command: 'kubectl get antreacontrollerinfos -o yaml',
    },
    {
      text: {
        en: 'Find the agents whose condition `ControllerConnectionUp` is not `True`.',
        'zh-CN': '找出 `ControllerConnectionUp` 状态不为 `True` 的 Agent。',
      },
      command: 'kubectl get antreaagentinfos -o yaml',
    },
    {
      text: {
        en: 'Check that the Service `antrea`, through which agents reach the controller, has an endpoint.',
        'zh-CN': '确认 Agent 访问 Controller 所用的 Service `antrea` 有可用的 Endpoint。',
      },
      command: 'kubectl get endpointslices -n $namespace -l kubernetes.io/service-name=antrea',
    },
    {
      text: {
        en: 'Look in the controller’s log for requests that it refused.',
        'zh-CN': '在 Controller 日志中查找被拒绝的请求。',
      },
      command:
        "kubectl logs -n $namespace deployment/antrea-controller -c antrea-controller --since-time=$since | grep '^[EW]'",
    },
  ],
};
