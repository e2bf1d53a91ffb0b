import type { Indicator } from '../../model/indicator.ts';

export const indicator: Indicator = {
  id: 'agent-conditions',
  section: 'availability',
  components: ['agent'],
  exporter: 'antrea-resources',
  metrics: ['antrea_state_agent_condition'],
  // The agent sets `AgentHealthy` to True always (pkg/apis/crd/v1beta1/types.go); its age is `agent-heartbeat-age`.
  query:
    'max by (node, condition) (1 - max_over_time(antrea_state_agent_condition{condition!="AgentHealthy",$others}[$span]))',
  splitBy: ['condition'],
  unit: 'count',
  reading: 'maximum',
  thresholds: {
    // The agent reports every minute (pkg/monitor/agent.go) and reconnects within seconds. Ten minutes are two steps.
    critical: { atLeast: 1, forSeconds: 600 },
  },
  whenAbsent: 'not-enabled',
  whenEmpty: 'not-enabled',
  title: { en: 'Unmet agent conditions', 'zh-CN': '异常的 Agent 状态' },
  explanation: {
    en: '1 while a condition of a node’s `AntreaAgentInfo` was not `True` at any time of the step, otherwise 0; shown per condition: `ControllerConnectionUp`, `OVSDBConnectionUp` and `OpenflowConnectionUp`. Agents report them every minute. While an agent does not report at all, the last conditions stay: see the agent heartbeat age.',
    'zh-CN':
      '节点 `AntreaAgentInfo` 的某个状态在整个步长内都不为 `True` 时为 1，否则为 0，按状态分开统计：`ControllerConnectionUp`、`OVSDBConnectionUp` 和 `OpenflowConnectionUp`。Agent 每分钟上报一次。Agent 完全停止上报时会保留最后一次的状态，可查看 Agent 心跳间隔。',
  },
  impact: {
    en: 'Without a connection to the controller, the node keeps the rules that it has. Without one to OVS, Pods on the node get no network and no rule is updated.',
    'zh-CN':
      '与 Controller 断开时，该节点沿用已有的规则。与 OVS 断开时，该节点无法为 Pod 配置网络，规则也不再更新。',
  },
  nextSteps: [
    {
      text: {
        en: 'Read the conditions of the node’s agent.',
        'zh-CN': '查看该节点 Agent 的各个状态。',
      },
      command: 'kubectl get antreaagentinfos $node -o yaml',
    },
    {
      text: {
        en: 'Look in the agent’s log for the lost connection.',
        'zh-CN': '在 Agent 日志中查找连接中断的记录。',
      },
      command: "kubectl logs -n $namespace $pod -c antrea-agent --since-time=$since | grep '^[EW]'",
    },
    {
      text: {
        en: 'For the controller’s connection, check that the Service `antrea` has an endpoint.',
        'zh-CN': '若是与 Controller 的连接，确认 Service `antrea` 有可用的 Endpoint。',
      },
      command: 'kubectl get endpointslices -n $namespace -l kubernetes.io/service-name=antrea',
    },
  ],
};
