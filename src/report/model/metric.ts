import type { Component, LocalizedText } from './indicator.ts';

/** The explanation of a metric of Antrea: one record in a file of `catalog/metrics/`. */
export type Metric = {
  /** The name on /metrics in current releases, without `_bucket`, `_sum` and `_count` for a histogram. */
  name: string;
  /** Names that older versions used for the same metric. */
  formerNames?: readonly { name: string; until: string }[];
  /** The processes that expose it. */
  components: readonly Component[];
  /** `monotonic-gauge`: exposed as a gauge, but only increases, so it is read like a counter. */
  type: 'gauge' | 'counter' | 'histogram' | 'monotonic-gauge';
  /** In ordinary words: "Pods", "milliseconds", "bytes". */
  unit: LocalizedText;
  /** Its labels without those of the target, with their values if there are few. */
  labels: readonly { name: string; values?: readonly string[] }[];
  /** The first release that exposes it, for instance "v1.4.0"; several if it was back-ported. */
  since: readonly string[];
  stability: 'STABLE' | 'ALPHA' | 'none';
  /** What it counts, what changes it, and how it may mislead. */
  explanation: LocalizedText;
  /** What must be enabled for it; absent if nothing is needed. */
  requires?: LocalizedText;
  /** A gauge of the same feature. If it is 0 on every node, the feature is off and all of its metrics are 0. */
  onlyWith?: string;
  /** The source of these facts: a file of antrea-io/antrea, a document or an issue. */
  source: string;
};
