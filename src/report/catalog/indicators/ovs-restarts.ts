import type { Indicator } from '../../model/indicator.ts';
import { rise, withNodeOfPod } from '../../promql/shapes.ts';
import { OVS_STATE } from '../steps.ts';

export const indicator: Indicator = {
  id: 'ovs-restarts',
  section: 'datapath',
  components: ['agent'],
  exporter: 'kube-state-metrics',
  metrics: ['kube_pod_container_status_restarts_total', 'kube_pod_info'],
  query: `max by (node) (${withNodeOfPod(rise('kube_pod_container_status_restarts_total', 'container="antrea-ovs",$others', '$window'))})`,
  unit: 'restarts',
  reading: 'maximum',
  thresholds: {
    // As for process restarts (docs/decisions/0004-thresholds.md): one is a warning, three on one node are critical.
    warning: { above: 0, forSeconds: 0 },
    critical: { above: 0, forSeconds: 0, times: 3 },
  },
  whenAbsent: 'not-enabled',
  whenEmpty: 'not-enabled',
  title: { en: 'OVS container restarts', 'zh-CN': 'OVS 容器重启' },
  explanation: {
    en: 'How many times the container `antrea-ovs`, in which `ovs-vswitchd` and `ovsdb-server` run, restarted in its Pod within one look-back window; the reading is the highest number of the period. The agent’s own metrics do not show this, because it runs in another container. A recreated Pod is not a restart of its container; process restarts show that.',
    'zh-CN':
      '运行 `ovs-vswitchd` 和 `ovsdb-server` 的容器 `antrea-ovs` 在一个回溯窗口内于原 Pod 中重启的次数，读数为统计周期内的最大值。Agent 运行在另一个容器中，其自身的指标无法反映这一点。Pod 被重建不计为容器重启，可查看进程重启。',
  },
  impact: {
    en: 'Without `ovs-vswitchd`, new connections on the node fail; after its start the agent has to program all flows again, and until then Pods may be unreachable.',
    'zh-CN':
      '`ovs-vswitchd` 停止期间，该节点上新建的连接会失败；启动后 Agent 要重新下发全部流表项，在此之前 Pod 可能无法访问。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check the last state of the container and its exit code; 137 with `OOMKilled` means that it ran out of memory.',
        'zh-CN': '查看容器的上一次状态和退出码，137 且原因为 `OOMKilled` 表示内存耗尽。',
      },
      command: 'kubectl describe pod -n $namespace $pod',
    },
    {
      text: {
        en: 'Read the end of the container’s log from before the restart.',
        'zh-CN': '查看该容器重启前日志的末尾。',
      },
      command: 'kubectl logs -n $namespace $pod -c antrea-ovs --previous',
    },
    OVS_STATE,
  ],
};
