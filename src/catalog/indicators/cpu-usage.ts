import type { Indicator } from '../../model/indicator.ts';
import { withNode } from '../promql.ts';

export const indicator: Indicator = {
  id: 'cpu-usage',
  section: 'resources',
  components: ['agent', 'controller'],
  metrics: ['process_cpu_seconds_total'],
  query: `sum by (job, node) (${withNode('rate(process_cpu_seconds_total{$components}[$window])')})`,
  unit: 'cores',
  reading: 'maximum',
  thresholds: {
    // Agent and controller request 0.2 cores each (build/charts/antrea/values.yaml); four and ten times that, for
    // half an hour. Nodes with many cores may allow more.
    warning: { above: 0.8, forSeconds: 1800 },
    critical: { above: 2, forSeconds: 1800 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  // WORDS
};
