import type { Indicator } from '../../model/indicator.ts';
import { withNode } from '../promql.ts';

export const indicator: Indicator = {
  id: 'ovs-flow-count',
  section: 'datapath',
  components: ['agent'],
  metrics: ['antrea_agent_ovs_total_flow_count'],
  // The highest value of each look-back: the count is 0 for a few seconds at every reconnection to OVS.
  query: `max by (node) (${withNode('max_over_time(antrea_agent_ovs_total_flow_count{$agents}[$span])')})`,
  unit: 'flows',
  reading: 'last',
  thresholds: {
    // There is no right level, since it follows Pods, Services and policies; half as many or half as many again as
    // the node usually has is a change to know about.
    warning: { change: 0.5, forSeconds: 900 },
    // No flows: the node forwards without Antrea, or not at all. Replay after a reconnection takes seconds.
    critical: { below: 1, forSeconds: 300 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  // WORDS
};
