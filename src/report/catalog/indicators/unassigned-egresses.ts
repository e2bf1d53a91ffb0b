import type { Indicator } from '../../model/indicator.ts';

export const indicator: Indicator = {
  id: 'unassigned-egresses',
  section: 'availability',
  components: ['agent'],
  exporter: 'antrea-resources',
  scope: 'cluster',
  metrics: ['antrea_state_egress_condition'],
  query:
    'max by (egress) (1 - max_over_time(antrea_state_egress_condition{condition="IPAssigned",$others}[$span]))',
  splitBy: ['egress'],
  unit: 'count',
  reading: 'maximum',
  thresholds: {
    // An Egress moves to another node within seconds of a failure (docs/egress.md, "Failover"). Ten minutes are two
    // steps of five.
    critical: { atLeast: 1, forSeconds: 600 },
  },
  whenAbsent: 'not-enabled',
  // Egresses without an ExternalIPPool, and those of Antrea before 1.15, do not have the condition.
  whenEmpty: 'not-enabled',
  title: { en: 'Unassigned Egresses', 'zh-CN': '未分配节点的 Egress' },
  explanation: {
    en: '1 while an Egress was not assigned to any node (condition `IPAssigned`) at any time of the step, otherwise 0; shown per Egress. Only an Egress with an ExternalIPPool has the condition, since Antrea 1.15.',
    'zh-CN':
      'Egress 在整个步长内都没有分配到任何节点（状态 `IPAssigned`）时为 1，否则为 0，按 Egress 分开统计。只有使用 ExternalIPPool 的 Egress 才有该状态，自 Antrea 1.15 起提供。',
  },
  impact: {
    en: 'The Pods that the Egress selects cannot reach addresses outside the cluster.',
    'zh-CN': '该 Egress 选中的 Pod 无法访问集群外的地址。',
  },
  nextSteps: [
    {
      text: {
        en: 'Read the reason in the conditions of the Egress.',
        'zh-CN': '在 Egress 的状态中查看原因。',
      },
      command: 'kubectl get egresses -o yaml',
    },
    {
      text: {
        en: 'Check that nodes match the `nodeSelector` of the pool and are ready.',
        'zh-CN': '确认有节点匹配地址池的 `nodeSelector` 且处于就绪状态。',
      },
      command: 'kubectl get externalippools -o yaml',
    },
    {
      text: {
        en: 'Look for assignments that failed in the events.',
        'zh-CN': '在事件中查找分配失败的记录。',
      },
      command: 'kubectl get events -A --field-selector involvedObject.kind=Egress',
    },
  ],
};
