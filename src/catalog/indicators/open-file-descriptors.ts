import type { Indicator } from '../../model/indicator.ts';
import { withNode } from '../promql.ts';

export const indicator: Indicator = {
  id: 'open-file-descriptors',
  section: 'resources',
  components: ['agent', 'controller'],
  metrics: ['process_open_fds', 'process_max_fds'],
  // Matched by job and instance, so that each process is divided by its own limit.
  query: `max by (job, node) (${withNode('max_over_time(process_open_fds{$components}[$span]) / on (job, instance, $nodeLabel) (max_over_time(process_max_fds{$components}[$span]) > 0)')})`,
  unit: 'ratio',
  reading: 'maximum',
  thresholds: {
    // "Far less than process_max_fds" (the article): half of it leaves time to look, four fifths little.
    warning: { above: 0.5, forSeconds: 600 },
    critical: { above: 0.8, forSeconds: 300 },
  },
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  // WORDS
};
