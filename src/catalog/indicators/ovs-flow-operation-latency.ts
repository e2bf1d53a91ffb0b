import type { Indicator } from '../../model/indicator.ts';
import { meanByNode } from '../promql.ts';

export const indicator: Indicator = {
  id: 'ovs-flow-operation-latency',
  section: 'datapath',
  components: ['agent'],
  metrics: ['antrea_agent_ovs_flow_ops_latency_milliseconds'],
  // Operations are kept apart: a bundle that adds and deletes is observed once under each.
  query: meanByNode('antrea_agent_ovs_flow_ops_latency_milliseconds', '$agents', ['node', 'operation']),
  splitBy: ['operation'],
  unit: 'milliseconds',
  reading: 'maximum',
  thresholds: {
    warning: { above: 100, forSeconds: 900 },
    // The article's 1 s, applied to the mean of a bundle; the article's lifetime sum would pass it one day anyway.
    critical: { above: 1000, forSeconds: 600 },
  },
  // Since v0.9.0.
  whenAbsent: 'not-exposed',
  whenEmpty: 'idle',
  // The replay of all flows after an agent start is one huge bundle: slow, and healthy.
  settleSeconds: 300,
  // WORDS
};
