import type { Indicator } from '../../model/indicator.ts';

const anyUp = (offset: string) =>
  `((max(up{$controllers}${offset}) == 1) or (max(up{$agents}${offset}) == 1))`;
const COUNT = '(count(up{$controllers} == 1) or vector(0))[$span:$interval]';

export const indicator: Indicator = {
  id: 'controller-instances',
  section: 'availability',
  components: ['controller'],
  metrics: ['up'],
  // More than one where there was never fewer within the step, none where there was never any, else one: Antrea's
  // Deployment is of the type Recreate, and an upgrade is neither. A vanished target leaves no `up` behind, hence
  // the vector(0); it counts only where Prometheus reached any target of Antrea at both ends of the step, since
  // while Prometheus is down, or no token can be checked, nobody knows how many controllers there are.
  query: `((min_over_time(${COUNT}) > 1) or clamp_max(max_over_time(${COUNT}), 1)) and on () ${anyUp('')} and on () ${anyUp(' offset $span')}`,
  unit: 'controllers',
  reading: 'last',
  thresholds: {
    // The Deployment wants one replica and knows no leader election (build/charts/antrea/templates/controller/).
    warning: { above: 1, forSeconds: 300 },
    // A Recreate rollout takes less, the pull of an image included.
    critical: { below: 1, forSeconds: 300 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  title: { en: 'Controller instances', 'zh-CN': 'Controller 实例数' },
  explanation: {
    en: 'How many controllers answer their scrapes; there must be exactly one. A step counts as without a controller only if none answered during all of it, and as having several only if several did all the time, so an upgrade shows as neither; the reading is the last point. There is no value while Prometheus reached no target of Antrea at all.',
    'zh-CN':
      '能够正常采集到的 Controller 数，应当恰好为一个。只有整个步长内都采集不到才计为没有，整个步长内都不止一个才计为多个，因此升级不会造成误报；读数为最后一个点。Prometheus 采集不到任何 Antrea 目标时没有数值。',
  },
  impact: {
    en: 'Without a controller no policy change reaches any node and new Pods come under no policy rules that select them by label; the rules in place stay in force. Two controllers compute independently of each other, since there is no leader election, and can hand different results to different nodes.',
    'zh-CN':
      '没有 Controller 时，策略变更无法下发到任何节点，按标签选择的规则也不会覆盖新建的 Pod；已下发的规则继续有效。Controller 不做选主，两个实例各自计算，不同节点可能收到不一致的结果。',
  },
  nextSteps: [
    {
      text: {
        en: 'See which controller Pods there are, and whether one hangs while it ends.',
        'zh-CN': '查看现有的 Controller Pod，确认是否有 Pod 卡在终止状态。',
      },
      command: 'kubectl get pods -n $namespace -l app=antrea,component=antrea-controller -o wide',
    },
    {
      text: {
        en: 'Check that the Deployment asks for one replica and can have it.',
        'zh-CN': '确认 Deployment 的副本数为 1，且能够正常创建。',
      },
      command: 'kubectl describe deployment antrea-controller -n $namespace',
    },
    {
      text: {
        en: 'Read why the last container ended.',
        'zh-CN': '查看上一个容器退出的原因。',
      },
      command: 'kubectl logs -n $namespace deployment/antrea-controller -c antrea-controller --previous',
    },
    {
      text: {
        en: 'Look for failed scheduling and for evictions among the events; Kubernetes keeps them for a short time only.',
        'zh-CN': '在事件中查找调度失败和驱逐，Kubernetes 只短期保留事件。',
      },
      command: 'kubectl get events -n $namespace --sort-by=.lastTimestamp',
    },
  ],
};
