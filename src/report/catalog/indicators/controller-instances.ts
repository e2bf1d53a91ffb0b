import type { Indicator } from '../../model/indicator.ts';

const anyUp = (offset: string) =>
  `((max(up{$controllers}${offset}) == 1) or (max(up{$agents}${offset}) == 1))`;
const COUNT = '(count(up{$controllers} == 1) or vector(0))[$span:$interval]';

export const indicator: Indicator = {
  id: 'controller-instances',
  section: 'availability',
  components: ['controller'],
  metrics: ['up'],
  // Antrea's Deployment has the strategy Recreate, and an upgrade must not look like a fault. So a step has several
  // controllers only if it never had fewer than two, and none only if it never had any; otherwise it has one.
  // A target that vanished leaves no `up` behind, hence vector(0). The count is valid only if Prometheus reached any
  // Antrea target at both ends of the step: while Prometheus is down, or while no token can be checked, the number of
  // controllers is unknown.
  query: `((min_over_time(${COUNT}) > 1) or clamp_max(max_over_time(${COUNT}), 1)) and on () ${anyUp('')} and on () ${anyUp(' offset $span')}`,
  unit: 'controllers',
  reading: 'last',
  thresholds: {
    // The Deployment has one replica and there is no leader election (build/charts/antrea/templates/controller/).
    warning: { above: 1, forSeconds: 300 },
    // A Recreate rollout takes less than five minutes, including the pull of an image.
    critical: { below: 1, forSeconds: 300 },
  },
  controlPath: 'controllers',
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  title: { en: 'Controller instances', 'zh-CN': 'Controller 实例数' },
  explanation: {
    en: 'How many controllers answer their scrapes; there must be exactly one. A step counts as having no controller only if none answered during the whole step, and as having several only if several answered throughout, so an upgrade does not raise an alarm. The reading is the last point. There is no value while Prometheus reached no Antrea target at all.',
    'zh-CN':
      '能够正常采集到的 Controller 数，应当恰好为一个。只有整个步长内都采集不到才计为没有，整个步长内都不止一个才计为多个，因此升级不会造成误报；读数为最后一个点。Prometheus 采集不到任何 Antrea 目标时没有数值。',
  },
  impact: {
    en: 'Without a controller, policy changes reach no node, and rules that select Pods by label do not cover new Pods; existing rules stay in effect. Two controllers compute independently, because there is no leader election, and may send different results to different nodes.',
    'zh-CN':
      '没有 Controller 时，策略变更无法下发到任何节点，按标签选择的规则也不会覆盖新建的 Pod；已下发的规则继续有效。Controller 不做选主，两个实例各自计算，不同节点可能收到不一致的结果。',
  },
  nextSteps: [
    {
      text: {
        en: 'List the controller Pods, and check whether one is stuck while terminating.',
        'zh-CN': '查看现有的 Controller Pod，确认是否有 Pod 卡在终止状态。',
      },
      command: 'kubectl get pods -n $namespace -l app=antrea,component=antrea-controller -o wide',
    },
    {
      text: {
        en: 'Check that the Deployment wants one replica and can create it.',
        'zh-CN': '确认 Deployment 的副本数为 1，且能够正常创建。',
      },
      command: 'kubectl describe deployment antrea-controller -n $namespace',
    },
    {
      text: {
        en: 'Check why the last container ended.',
        'zh-CN': '查看上一个容器退出的原因。',
      },
      command: 'kubectl logs -n $namespace deployment/antrea-controller -c antrea-controller --previous',
    },
    {
      text: {
        en: 'Look for failed scheduling and evictions in the events; Kubernetes keeps events only for a short time.',
        'zh-CN': '在事件中查找调度失败和驱逐，Kubernetes 只短期保留事件。',
      },
      command: 'kubectl get events -n $namespace --sort-by=.lastTimestamp',
    },
  ],
};
