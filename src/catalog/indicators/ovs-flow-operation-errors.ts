import type { Indicator } from '../../model/indicator.ts';
import { withNode } from '../promql.ts';

export const indicator: Indicator = {
  id: 'ovs-flow-operation-errors',
  section: 'datapath',
  components: ['agent'],
  metrics: ['antrea_agent_ovs_flow_ops_error_count'],
  query: `sum by (node, operation) (${withNode('increase(antrea_agent_ovs_flow_ops_error_count{$agents}[$window])')})`,
  // Adding up adjacent steps would lose what happened between their edge samples; the whole period in one does not.
  totalQuery: `sum by (node, operation) (${withNode('increase(antrea_agent_ovs_flow_ops_error_count{$agents}[$period])')})`,
  splitBy: ['operation'],
  unit: 'failed-bundles',
  reading: 'total',
  thresholds: {
    // The article counts errors against none.
    warning: { above: 0, forSeconds: 0 },
    // Isolated errors happen around restarts; errors that come back mean that a node is not programmed as it should.
    critical: { above: 0, forSeconds: 0, times: 3 },
  },
  // Since v0.9.0; pre-initialised with 0.
  whenAbsent: 'not-exposed',
  whenEmpty: 'no-data',
  // WORDS
};
