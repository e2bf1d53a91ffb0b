import type { Indicator } from '../../model/indicator.ts';
import { CONTAINERS, withComponent, withNodeOfPod } from '../../promql/shapes.ts';

const MATCHERS = `container=~"${CONTAINERS}",$others`;
const NOT_READY = `1 - max_over_time(kube_pod_container_status_ready{${MATCHERS}}[$span])`;
/** A container that crashes again and again is ready for moments. The metric exists only while a container waits. */
const CRASHING = `max_over_time(kube_pod_container_status_waiting_reason{reason="CrashLoopBackOff",${MATCHERS}}[$span])`;

export const indicator: Indicator = {
  id: 'containers-not-ready',
  section: 'availability',
  components: ['agent', 'controller'],
  exporter: 'kube-state-metrics',
  metrics: ['kube_pod_container_status_ready', 'kube_pod_info'],
  query: `max by (node, component, container) (${withComponent(withNodeOfPod(`${CRASHING} or ${NOT_READY}`))})`,
  splitBy: ['container'],
  unit: 'containers',
  reading: 'maximum',
  thresholds: {
    // A container starts in less than a minute, and kubelet waits up to five minutes between restarts
    // (CrashLoopBackOff), so a container that is not ready for 15 minutes does not become ready without help.
    critical: { atLeast: 1, forSeconds: 900 },
  },
  whenAbsent: 'not-enabled',
  whenEmpty: 'not-enabled',
  title: { en: 'Containers not ready', 'zh-CN': '未就绪的容器' },
  explanation: {
    en: '1 while a container of Antrea’s Pods was not ready at any time of the step, or waited after a crash (`CrashLoopBackOff`), otherwise 0; shown per container. It shows which container of a Pod is the problem, and also finds Pods whose agent answers while `antrea-ovs` does not run.',
    'zh-CN':
      'Antrea Pod 中的容器在整个步长内都未就绪，或处于崩溃后的等待状态（`CrashLoopBackOff`）时为 1，否则为 0，按容器分开统计。由此可以看出是 Pod 中的哪个容器有问题，也能发现 Agent 应答正常而 `antrea-ovs` 没有运行的 Pod。',
  },
  impact: {
    en: 'Without a ready `antrea-agent` or `antrea-ovs`, Pods on the node get no network and rules are not updated. Without a ready controller, policy changes do not reach any node.',
    'zh-CN':
      '`antrea-agent` 或 `antrea-ovs` 未就绪时，该节点无法为 Pod 配置网络，规则也不再更新。Controller 未就绪时，策略变更无法到达任何节点。',
  },
  nextSteps: [
    {
      text: {
        en: 'Check the state of each container, its exit code and its failed probes.',
        'zh-CN': '查看各容器的状态、退出码和失败的探针。',
      },
      command: 'kubectl describe pod -n $namespace $pod',
    },
    {
      text: {
        en: 'Check whether Pods on other nodes have the same problem, as after an upgrade.',
        'zh-CN': '确认其他节点上的 Pod 是否有同样的问题，例如刚升级之后。',
      },
      command: 'kubectl get pods -n $namespace -l app=antrea -o wide',
    },
    {
      text: {
        en: 'Look for images that cannot be pulled and for evictions in the events.',
        'zh-CN': '在事件中查找镜像拉取失败和驱逐的记录。',
      },
      command: 'kubectl get events -n $namespace --sort-by=.lastTimestamp',
    },
  ],
};
