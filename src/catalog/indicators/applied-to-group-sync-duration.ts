import type { Indicator } from '../../model/indicator.ts';
import { mean } from '../promql.ts';

export const indicator: Indicator = {
  id: 'applied-to-group-sync-duration',
  section: 'policy',
  components: ['controller'],
  metrics: ['antrea_controller_applied_to_group_sync_duration_milliseconds'],
  query: mean('antrea_controller_applied_to_group_sync_duration_milliseconds', '$controllers'),
  unit: 'milliseconds',
  reading: 'maximum',
  thresholds: {
    // A sync normally takes a few milliseconds; a mean of 100 ms is already far from that, yet short of the limit.
    warning: { above: 100, forSeconds: 900 },
    // The article's limit: "should be less than 1 s". For ten minutes, so that one odd sync does not alarm.
    critical: { above: 1000, forSeconds: 600 },
  },
  // Histograms since v0.10.0, summaries in v0.6-v0.9; both have _sum and _count.
  whenAbsent: 'no-data',
  whenEmpty: 'idle',
  // WORDS
};
