import type { CoverageCheck } from '../../model/indicator.ts';

export const check: CoverageCheck = {
  id: 'process-restarts',
  title: { en: 'Process restarts', 'zh-CN': '进程重启' },
  explanation: {
    en: 'Agent and controller processes that started in the period: a container restarted in its Pod, or a Pod was recreated. A start explains other findings: counters restart at 0, the flow count drops until the replay is done, and latencies peak while everything is programmed at once.',
    'zh-CN':
      '统计周期内启动过的 Agent 和 Controller 进程：可能是容器在原 Pod 中重启，也可能是 Pod 被重建。重启可以解释其他异常：计数器从 0 重新开始，流表项数在重放完成前短暂下降，耗时因集中下发而出现尖峰。',
  },
  impact: {
    en: 'While an agent is down, its node receives no policy updates and cannot set up or remove Pod networks; existing flows stay in OVS. While the controller is down, no node receives policy changes; existing rules stay in effect.',
    'zh-CN':
      'Agent 停止期间，所在节点不接收策略更新，也无法为 Pod 建立或回收网络；已有的流表项保留在 OVS 中。Controller 停止期间，所有节点都收不到策略变更，已下发的规则继续有效。',
  },
  nextSteps: [
    {
      text: {
        en: 'If the agents of all nodes restarted within minutes, it was a rollout: an upgrade or a configuration change. Otherwise check the last state, the exit reason (such as OOMKilled) and failed probes; since v1.9 a lost connection to OVS also restarts the agent’s container.',
        'zh-CN':
          '若所有节点上的 Agent 在几分钟内相继重启，则属于滚动更新（升级或配置变更）。否则查看上一次状态、退出原因（如 OOMKilled）和失败的探针；自 v1.9 起，Agent 与 OVS 的连接中断也会导致 Agent 容器重启。',
      },
      command: 'kubectl describe pod -n $namespace $pod',
    },
    {
      text: {
        en: 'Read the end of the log from before the restart. It exists only if the container restarted in the same Pod.',
        'zh-CN': '查看重启前日志的末尾。只有容器在同一个 Pod 内重启时才有这份日志。',
      },
      command: 'kubectl logs -n $namespace $pod -c $container --previous',
    },
    {
      text: {
        en: 'Look for evictions, drains and probe failures in the events; Kubernetes keeps events only for a short time.',
        'zh-CN': '在事件中查找驱逐、排空和探针失败；Kubernetes 只短期保留事件。',
      },
      command: 'kubectl get events -n $namespace --sort-by=.lastTimestamp',
    },
  ],
};
