/**
 * An indicator is one record in one file of `catalog/indicators/`, named after its id. The record contains the query,
 * how the answer becomes a reading, when a reading needs attention, and the words that explain it. This file has types
 * only.
 */

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The same sentence in every language of a report. Plain text with `code` in back-quotes. */
export type LocalizedText = Readonly<Record<Language, string>>;

/** The processes of Antrea that a report is about; Antrea Proxy is part of the agent. */
export const COMPONENTS = ['agent', 'controller'] as const;
export type Component = (typeof COMPONENTS)[number];

/** The units of readings. Ratios are 0 to 1. Counted things have nouns in the words of each language. */
export const UNITS = [
  'milliseconds',
  'seconds',
  'failed-bundles',
  'flows',
  'cores',
  'bytes',
  'ratio',
  'pods',
  'restarts',
  'containers',
  'agents',
  'controllers',
  'items',
  'retries',
  'service-ports',
  'packets',
  'connections',
  'reconnections',
  'domain-names',
  'evictions',
  'goroutines',
  'count',
  'per-second',
] as const;
export type Unit = (typeof UNITS)[number];

/** The other programs whose metrics indicators read; `catalog/exporters.ts` has a record for each. */
export const EXPORTER_IDS = [
  'kube-state-metrics',
  'antrea-resources',
  'cadvisor',
  'kubelet',
  'node-exporter',
  'kube-apiserver',
  'x509-certificate-exporter',
] as const;
export type ExporterId = (typeof EXPORTER_IDS)[number];

/** Another program than Antrea, and those of its metrics that indicators read. */
export type Exporter = {
  id: ExporterId;
  name: LocalizedText;
  /** How the names of its metrics begin. */
  prefixes: readonly string[];
  metrics: readonly ExporterMetric[];
};

export type ExporterMetric = {
  name: string;
  /** Matchers of the series that matter, as PromQL has them between braces; whether there are any is queried. */
  matchers?: string;
  /** What must be enabled or happen for it; absent if the exporter always has it. */
  requires?: LocalizedText;
};

/** The sections of indicators, in the order of the report. */
export const SECTIONS = [
  'availability',
  'policy',
  'service',
  'datapath',
  'flow-export',
  'capacity',
  'resources',
  'own',
] as const;
export type Section = (typeof SECTIONS)[number];

export const SEVERITIES = ['warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * When a reading needs attention. A threshold has one of `above`, `atLeast`, `below`, `change` or `rise`, or both
 * `above` and `rise`, which must then hold together. The condition must hold for `forSeconds` without a break (with 0,
 * or less than a step, one point is enough) and in at least `times` separate steps of the period.
 */
export type Threshold = {
  /** Breached by greater values, in the indicator's unit. */
  above?: number | undefined;
  /** Breached by equal or greater values, in the indicator's unit. */
  atLeast?: number | undefined;
  /** Breached by smaller values, in the indicator's unit. */
  below?: number | undefined;
  /**
   * Breached by values that differ by this share (0.5 = 50 %) from the usual level of the subject, up or down. The
   * usual level is that of the period before or, if that is unknown, of the earlier part of this period.
   */
  change?: number | undefined;
  /** Breached by values that exceed the usual level of the subject by this share (0.5 = 50 %). */
  rise?: number | undefined;
  /** How long the condition must hold without a break, in seconds. */
  forSeconds: number;
  /** In how many separate steps of the period the condition must hold; 1 if absent. */
  times?: number | undefined;
};

export type Thresholds = { warning?: Threshold | undefined; critical?: Threshold | undefined };

/**
 * One thing to do next. `command` may contain $node, $pod, $container, $namespace and $since (the time when the finding
 * began), which a rendering fills in.
 */
export type NextStep = { text: LocalizedText; command?: string | undefined };

/** The text about an indicator. */
export type IndicatorWords = {
  /** A few words, as a heading: "NetworkPolicy sync duration". */
  title: LocalizedText;
  /** What is measured and how, in two to four sentences. */
  explanation: LocalizedText;
  /** What a bad reading means for the cluster's users, in one to three sentences. */
  impact: LocalizedText;
  /** What to check, most useful first. Only commands that exist. */
  nextSteps: readonly NextStep[];
  /** The same two about a rise above the usual level, if `impact` and `nextSteps` are about values below it. */
  rise?: { impact: LocalizedText; nextSteps: readonly NextStep[] };
};

/**
 * A limit of a level. If several are known for a subject, the lowest applies. A limit is either the same number for
 * every subject, or the PromQL of an instant query at the end of the period with a sample for each subject.
 */
export type CapacityLimit = {
  /** Its name in report.json, for instance "node-cidr". */
  id: string;
  /** What the limit is, as the end of "60 of 253 …": "Pod addresses of a /24". */
  title: LocalizedText;
} & ({ value: number } | { query: string });

/** The level and the limits of an indicator that can become full. */
export type Capacity = {
  /**
   * PromQL of the level, if it differs from the indicator's query (which may be a ratio), with the same placeholders
   * and subjects.
   */
  query?: string;
  /** The unit of the level and of `limits`. */
  unit: Unit;
  limits: readonly CapacityLimit[];
};

/** The number of controllers that answer, and that of agents without a connection to it. */
export type ControlPathPart = 'controllers' | 'unconnected-agents';

export type Indicator = IndicatorWords & {
  id: string;
  /** True for one from a user's configuration: the report contains its words, because no catalog has them. */
  isOwn?: true;
  section: Section;
  /**
   * The components that expose the series of the query. With both, the answer keeps the `job` label to distinguish
   * them. Empty for a custom indicator that reads other series.
   */
  components: readonly Component[];
  /**
   * The program whose metrics it reads instead of Antrea's. If the server lacks one of `metrics`, nothing is queried and
   * the indicator is not enabled.
   */
  exporter?: ExporterId;
  /** `cluster`: the answer is one number for the cluster. Absent: each node is a subject, and so is the controller. */
  scope?: 'cluster' | undefined;
  /**
   * The metrics that it is about, without those that are mere conditions in the query. If none of them is present,
   * `whenAbsent` applies.
   */
  metrics: readonly string[];
  /**
   * PromQL of the range query. src/report/promql/placeholders.ts lists the placeholders, such as $agents (label matchers),
   * $node (the labels that name a node) and $window (rate window). The result has one series per subject and value of
   * `splitBy`.
   */
  query: string;
  /**
   * The selector of the counter, for the reading `total`. Events are counted from the values of the counter, because no
   * function of PromQL counts them identically on every server. `query` then shows readers about the same.
   */
  counter?: string;
  /** Labels that distinguish several series of one subject, for instance ip_family. */
  splitBy?: readonly string[] | undefined;
  unit: Unit;
  /** Which number of the period is the reading. `total` counts the events of `counter`. */
  reading: 'maximum' | 'last' | 'total';
  thresholds: Thresholds;
  /**
   * The status if the metrics are absent although the component was scraped: this version of Antrea does not have them
   * (`not-exposed`), their feature is off (`not-enabled`), or every version exposes them (`no-data`).
   */
  whenAbsent: 'not-exposed' | 'not-enabled' | 'no-data';
  /**
   * A metric that newer releases expose from their start, by which the query picks the agents that it can judge. If no
   * agent has it, the status is `not-exposed`.
   */
  versionMetric?: string;
  /** Other metrics of the same feature. If one of them is present, the feature is on, and absence means `no-data`. */
  featureMetrics?: readonly string[];
  /**
   * The meaning of an empty answer if the metrics are present: nothing happened (`idle`), data is missing (`no-data`),
   * or the metrics stay 0 because a feature is off (`not-enabled`).
   */
  whenEmpty: 'idle' | 'no-data' | 'not-enabled';
  /**
   * For this many seconds after a process start, points are not judged, because work at the start looks like a fault.
   */
  settleSeconds?: number;
  capacity?: Capacity | undefined;
  /** What the availability of the control path takes from its values: docs/decisions/0029-availability.md. */
  controlPath?: ControlPathPart;
  /** The address of a page of the operator's team, from the configuration, with the placeholders of links. */
  runbook?: string | undefined;
};

/** The words of a check of the data itself: how completely the period was scraped. The rule is code. */
export type CoverageCheck = IndicatorWords & { id: CoverageCheckId };

export const COVERAGE_CHECK_IDS = ['scrape-coverage', 'process-restarts'] as const;
export type CoverageCheckId = (typeof COVERAGE_CHECK_IDS)[number];
