import type { Indicator } from '../../model/indicator.ts';
import { withNode } from '../promql.ts';

export const indicator: Indicator = {
  id: 'resident-memory',
  section: 'resources',
  components: ['agent', 'controller'],
  metrics: ['process_resident_memory_bytes'],
  query: `max by (job, node) (${withNode('max_over_time(process_resident_memory_bytes{$components}[$span])')})`,
  unit: 'bytes',
  reading: 'maximum',
  thresholds: {
    // No fixed limit is right for every cluster: 0.75 GB (antrea-io/antrea#2457) and over 1 GB with 500 nodes (#4479)
    // were reported as normal. So: more than 512 MiB, and half as much again as the process usually has.
    warning: { above: 512 * 1024 ** 2, rise: 0.5, forSeconds: 1800 },
    // Antrea's chart sets no memory limit. Where you set one, make 80 % of it the critical threshold.
  },
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  // WORDS
};
