import type { Indicator } from '../../model/indicator.ts';
import { withNode } from '../promql.ts';

export const indicator: Indicator = {
  id: 'virtual-memory',
  section: 'resources',
  components: ['agent', 'controller'],
  metrics: ['process_virtual_memory_bytes'],
  query: `max by (job, node) (${withNode('max_over_time(process_virtual_memory_bytes{$components}[$span])')})`,
  unit: 'bytes',
  reading: 'maximum',
  // Given for information: Go reserves address space far beyond what it uses, so no level of it means anything.
  thresholds: {},
  whenAbsent: 'no-data',
  whenEmpty: 'no-data',
  // WORDS
};
