import type { CauseRule } from '../../model/cause.ts';

/** Seconds by which flows may rise before the Pods reach their threshold: Pods are added over hours. Our choice. */
const TWO_HOURS = 7200;

export const SURGE: readonly CauseRule[] = [
  {
    id: 'pods-flows',
    causes: ['local-pod-count'],
    effects: ['ovs-flow-count'],
    effectIsAbove: true,
    scope: 'same-subject',
    anchor: 'whole',
    beforeSeconds: TWO_HOURS,
    afterSeconds: TWO_HOURS,
    explainsSeconds: TWO_HOURS,
    reason: {
      en: 'Each Pod brings flows with it, for its port and for the policies that select it, so more Pods mean more flows.',
      'zh-CN': '每个 Pod 都会带来端口和所匹配策略的流表项，Pod 增多时流表项随之增多。',
    },
  },
];
