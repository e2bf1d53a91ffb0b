import type { Indicator } from '../../model/indicator.ts';
import { meanByNode } from '../promql.ts';

export const indicator: Indicator = {
  id: 'proxy-sync-duration',
  section: 'service',
  components: ['agent'],
  metrics: ['antrea_proxy_sync_proxy_rules_duration_seconds'],
  // v4 and v6 are registered on every agent; kept apart, since the unused one would halve an average.
  query: meanByNode('antrea_proxy_sync_proxy_rules_duration_seconds', '$agents', ['node', 'ip_family']),
  splitBy: ['ip_family'],
  unit: 'seconds',
  reading: 'maximum',
  thresholds: {
    // Half the limit below.
    warning: { above: 0.5, forSeconds: 900 },
    // The article's limit, and the shortest interval between two syncs (pkg/agent/proxy/proxier.go): a slower sync
    // cannot keep up with Services that keep changing.
    critical: { above: 1, forSeconds: 600 },
  },
  // Since v0.13.0; absent when Antrea Proxy is off.
  whenAbsent: 'not-enabled',
  whenEmpty: 'idle',
  // WORDS
};
