/**
 * What an indicator is: one record in one file of `catalog/indicators/`, named after its id. The record says what
 * to ask Prometheus, how the answer becomes a reading, when a reading needs attention, and how to explain all of
 * that to people. It is data: nothing here computes.
 */

export const LANGUAGES = ['en', 'zh-CN'] as const;
export type Language = (typeof LANGUAGES)[number];

/** The same sentence for every language that a report can be written in. Plain text; `code` in back-quotes. */
export type LocalizedText = Readonly<Record<Language, string>>;

/** The two kinds of process that Antrea runs and that this report looks at; Antrea Proxy lives in the agent. */
export const COMPONENTS = ['agent', 'controller'] as const;
export type Component = (typeof COMPONENTS)[number];

/** The unit of an indicator's readings. Ratios are 0–1; what is counted has its noun in the locales. */
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

/** The chapters of a report, in the order in which they are printed. */
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
 * When a reading needs attention: one of `above`, `atLeast`, `below`, `change` or `rise`, or `above` and `rise`
 * together, which must then both hold; for `forSeconds` without a break (0, or less than a step: one point is enough)
 * and, where `times` is given, in at least that many separate steps of the period.
 */
export type Threshold = {
  /** Breached by values greater than this, in the indicator's unit. */
  above?: number | undefined;
  /** Breached by values equal to or greater than this, in the indicator's unit. */
  atLeast?: number | undefined;
  /** Breached by values smaller than this, in the indicator's unit. */
  below?: number | undefined;
  /**
   * Breached by values this much (0.5 = 50 %) away from what was usual for the subject before, up or down: in the
   * period before this one and, where nothing is known of that, earlier in this one.
   */
  change?: number | undefined;
  /** Breached by values this much (0.5 = 50 %) above what was usual for the subject before. */
  rise?: number | undefined;
  /** How long the condition must hold without a break, in seconds. */
  forSeconds: number;
  /** In how many separate steps of the period the condition must hold; 1 when absent. */
  times?: number | undefined;
};

export type Thresholds = { warning?: Threshold | undefined; critical?: Threshold | undefined };

/**
 * One thing to do next. `command` may hold $node, $pod, $container, $namespace and $since (when it began, as a time),
 * which a rendering fills in.
 */
export type NextStep = { text: LocalizedText; command?: string | undefined };

/** What people read about an indicator. */
export type IndicatorWords = {
  /** A few words, as a heading: "NetworkPolicy sync duration". */
  title: LocalizedText;
  /** What is measured and how, two to four sentences. */
  explanation: LocalizedText;
  /** What a bad reading means for the cluster's users, one to three sentences. */
  impact: LocalizedText;
  /** What to look at, most useful first. Only commands that exist. */
  nextSteps: readonly NextStep[];
};

/**
 * Something that a level can run into. Where several are known for a subject, the lowest binds. Either the same number
 * for every subject, or PromQL of an instant query at the period's end with a sample for each.
 */
export type CapacityLimit = {
  /** Names it in report.json: "node-cidr". */
  id: string;
  /** What the limit is, as the end of "… of 253 …": "Pod addresses of a /24". */
  title: LocalizedText;
} & ({ value: number } | { query: string });

/** For levels that have a limit: what is used now, of how much, and when it runs out. */
export type Capacity = {
  /**
   * PromQL of the level where that is not the indicator's own query, which may be a ratio or a share; with the same
   * placeholders and subjects. `limits` are in its unit.
   */
  query?: string;
  unit: Unit;
  limits: readonly CapacityLimit[];
};

export type Indicator = IndicatorWords & {
  id: string;
  /** True for one that a user's configuration adds: its words go into the report, since no catalog has them. */
  isOwn?: true;
  section: Section;
  /**
   * Whose series the query reads. With both, the answer keeps the `job` label so that they can be told apart. Empty
   * for indicators of a user's own that read neither's.
   */
  components: readonly Component[];
  /** `cluster`: the answer is one number for all of it. Otherwise each node is a subject, and the controller is one. */
  scope?: 'cluster' | undefined;
  /**
   * The metrics that it is about; those that only gate the query are not named. None of them present: `whenAbsent`
   * says what that means.
   */
  metrics: readonly string[];
  /**
   * PromQL of the range query. Placeholders: $agents, $controllers, $components (label matchers), $nodeLabel (the
   * label that holds the node's name, if any), $others (the cluster's own matchers without the job, for series of
   * other exporters; may be empty), $window (rate window), $span (gauge window, at least one step), $interval (scrape
   * interval) and $step (one step).
   * The result has one series per subject and, where given, per value of `splitBy`.
   */
  query: string;
  /**
   * The selector of the counter, for the reading `total`: its events are counted from its levels, one by one, since no
   * function of PromQL counts them alike on every server. `query` then shows people about the same.
   */
  counter?: string;
  /** Labels that tell several series of one subject apart, for instance ip_family. */
  splitBy?: readonly string[] | undefined;
  unit: Unit;
  /** Which number of the period becomes the reading. `total` counts the events of `counter`. */
  reading: 'maximum' | 'last' | 'total';
  thresholds: Thresholds;
  /**
   * The metrics are absent although the component was scraped: `not-exposed` by this Antrea version, `not-enabled`
   * because its feature is off, or `no-data` because every version exposes them.
   */
  whenAbsent: 'not-exposed' | 'not-enabled' | 'no-data';
  /** Other metrics of the same feature. One of them present proves the feature on, and absence is then `no-data`. */
  featureMetrics?: readonly string[];
  /**
   * The metrics are there but the query's answer is empty: nothing happened (`idle`), that is a fault (`no-data`), or
   * they stay 0 because a feature is off (`not-enabled`).
   */
  whenEmpty: 'idle' | 'no-data' | 'not-enabled';
  /**
   * Seconds after a process start whose points are left out of reading and judgement, because start-up work would
   * read as a fault.
   */
  settleSeconds?: number;
  /** What its level can run into. */
  capacity?: Capacity | undefined;
};

/** A check on the data itself rather than on Antrea: how well the period was seen. Words only; the rule is code. */
export type CoverageCheck = IndicatorWords & { id: CoverageCheckId };

export const COVERAGE_CHECK_IDS = ['scrape-coverage', 'process-restarts'] as const;
export type CoverageCheckId = (typeof COVERAGE_CHECK_IDS)[number];
