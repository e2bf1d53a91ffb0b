import type { Component, LocalizedText } from './indicator.ts';

/** A metric of Antrea, explained: one record in a file of `catalog/metrics/`. Data only. */
export type Metric = {
  /** The name on /metrics today; for a histogram without `_bucket`, `_sum` and `_count`. */
  name: string;
  /** Names that older versions exposed for the same thing. */
  formerNames?: readonly { name: string; until: string }[];
  /** The processes that expose it. */
  components: readonly Component[];
  /** `monotonic-gauge`: exposed as a gauge, but only ever rises, so it is read like a counter. */
  type: 'gauge' | 'counter' | 'histogram' | 'monotonic-gauge';
  /** In words a reader knows: "pods", "milliseconds", "bytes". */
  unit: LocalizedText;
  /** Labels of its own, with their values where these are few. */
  labels: readonly { name: string; values?: readonly string[] }[];
  /** The first release that exposes it, "v1.4.0"; several where it was back-ported. */
  since: readonly string[];
  stability: 'STABLE' | 'ALPHA' | 'none';
  /** What it counts and what makes it move, with its traps. */
  explanation: LocalizedText;
  /** What must be switched on for it; absent where nothing is needed. */
  requires?: LocalizedText;
  /** A gauge of the same feature that is 0 on every node while the feature is off: so are then all of its metrics. */
  onlyWith?: string;
  /** Where this was learnt: a file of antrea-io/antrea, a document, an issue. */
  source: string;
};
