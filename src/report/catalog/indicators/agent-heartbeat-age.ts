import type { Indicator } from '../../model/indicator.ts';

export const indicator: Indicator = {
  id: 'agent-heartbeat-age',
  section: 'availability',
  components: ['agent'],
  exporter: 'antrea-resources',
  metrics: ['antrea_state_agent_heartbeat_timestamp_seconds'],
  query:
    'min by (node) (time() - max_over_time(antrea_state_agent_heartbeat_timestamp_seconds{$others}[$span]))',
  unit: 'seconds',
  reading: 'maximum',
  thresholds: {
    // The agent reports every minute (pkg/monitor/agent.go), so five reports are missing after five minutes, and a
    // rollout or a reboot takes less than the ten minutes after them.
    warning: { above: 300, forSeconds: 600 },
  },
  whenAbsent: 'not-enabled',
  whenEmpty: 'not-enabled',
  title: { en: 'Agent heartbeat age', 'zh-CN': 'Agent 心跳间隔' },
  explanation: {
    en: 'How long ago a node’s agent last updated its `AntreaAgentInfo`, which it does every minute; the reading is the highest age. An agent that answers its scrapes and does not report cannot reach the API server. The object of a node that was removed from the cluster is deleted with it.',
    'zh-CN':
      '距离节点上的 Agent 上一次更新 `AntreaAgentInfo` 的时间，正常情况下每分钟更新一次，读数取最大值。能够正常采集但不再上报的 Agent，说明无法访问 API server。节点从集群移除时，对应的对象会一并删除。',
  },
  impact: {
    en: 'The agent does not run, or cannot reach the API server: then it does not learn of new nodes, Pods and Services.',
    'zh-CN': 'Agent 没有运行，或无法访问 API server：此时它无法获知新的节点、Pod 和 Service。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check the last heartbeats of all agents.',
        'zh-CN': '查看所有 Agent 最近的心跳时间。',
      },
      command: 'kubectl get antreaagentinfos',
    },
    {
      text: {
        en: 'Check that the node is up and its agent runs.',
        'zh-CN': '确认节点在线且其 Agent 正在运行。',
      },
      command: 'kubectl get pods -n $namespace -l app=antrea,component=antrea-agent -o wide',
    },
    {
      text: {
        en: 'Look in the agent’s log for requests to the API server that failed.',
        'zh-CN': '在 Agent 日志中查找访问 API server 失败的记录。',
      },
      command: "kubectl logs -n $namespace $pod -c antrea-agent --since-time=$since | grep '^[EW]'",
    },
  ],
};
