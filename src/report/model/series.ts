import type { Component } from './indicator.ts';
import type { ReportSurvey } from './survey.ts';

/**
 * The evaluation times of a period. Point i (0-based) lies at `start + (i + 1) * step` and speaks for the step that
 * ends there; the last point lies at the period's end. Where the step does not divide the period, the grid starts
 * that much before it.
 */
export type Grid = {
  /** Unix time in seconds at which the first point's step begins. */
  start: number;
  stepSeconds: number;
  count: number;
};

/** A text for a set of labels, the same in whatever order they come. */
export function labelKey(labels: Series['labels']): string {
  return JSON.stringify(Object.entries(labels).sort());
}

/** One time series on the grid. `null` where Prometheus had no value, or one that is not a finite number. */
export type Series = { labels: Readonly<Record<string, string>>; values: readonly (number | null)[] };

/** One value of an instant query. */
export type Sample = { labels: Readonly<Record<string, string>>; value: number };

/** The look-backs that queries of this period use, in seconds; how they follow from each other is in gather/plan. */
export type Windows = {
  scrapeIntervalSeconds: number;
  /** Whether the interval was measured from `up` (or set by the user) rather than assumed. */
  scrapeIntervalKnown: boolean;
  /** `$window`: what rate() looks back over. */
  rateSeconds: number;
  /** `$span`: what max_over_time() and its like look back over. */
  spanSeconds: number;
};

/** The answer to one question, or why there is none. */
export type Answer<T> = { ok: true; value: T } | { ok: false; reason: string };

export type IndicatorData = {
  /** The PromQL, with everything filled in. */
  query: string;
  /** Where events are counted, those of each step. */
  answer: Answer<readonly Series[]>;
};

/** What is known of the scrapes themselves; all series have the labels `component`, `job`, `instance` and `node`. */
export type TargetData = {
  /** How many scrapes of the target were tried in the step. */
  attempts: readonly Series[];
  /** How many of these succeeded. */
  successes: readonly Series[];
  /** When the process that answered had been started, Unix seconds. */
  startTimes: readonly Series[];
  /** How many agents the DaemonSet wants at the period's end; `null` without kube-state-metrics. */
  desiredAgents: number | null;
};

/** What one metric says at the end of the period, over all its series. */
export type MetricData = {
  name: string;
  /** The former name that it had here, where it is not `name`. */
  exposedAs?: string;
  series: number;
  /** Gauges: lowest, highest and sum of the values at the period's end. */
  low?: number;
  high?: number;
  sum?: number;
  /** Counters and monotonic gauges: how much they rose over the period, all series together. */
  increase?: number;
  /** Histograms: how many observations the period had, and their mean. */
  observations?: number;
  mean?: number;
};

/** What is judged of one period. */
export type PeriodData = {
  /** Unix seconds. */
  period: { start: number; end: number };
  grid: Grid;
  windows: Windows;
  indicators: Readonly<Record<string, IndicatorData>>;
  targets: Answer<TargetData>;
};

/** An earlier period of the same length, asked the same questions. */
export type EarlierData = PeriodData & { kind: 'before' | 'week-before' };

/** Levels over weeks, an hour to a point, for what only shows in the long run. The last point is the period's end. */
export type History = {
  grid: Grid;
  windows: Windows;
  /** By indicator id. Indicators that count events have none. */
  indicators: Readonly<Record<string, Answer<readonly Series[]>>>;
  /** By indicator id: the level that its capacity is about. */
  capacity: Readonly<Record<string, Answer<readonly Series[]>>>;
};

/** Everything that Prometheus said about a period: what `gather` hands to `assess`. */
export type Gathered = PeriodData & {
  cluster: string;
  timeZone: string;
  earlier: readonly EarlierData[];
  history: History;
  /** By indicator id and limit id: the limits that had to be asked for. */
  limits: Readonly<Record<string, Readonly<Record<string, Answer<readonly Sample[]>>>>>;
  source: { kind: 'prometheus' | 'capture'; recordedAt?: string };
  survey: ReportSurvey;
  /** The Pods of each node, the newest last, by component and node. */
  pods: Readonly<Record<Component, Readonly<Record<string, readonly string[]>>>>;
  /** Names of the metrics seen in the period, and their values at its end. */
  metrics: Answer<readonly MetricData[]>;
  /** What Prometheus warned of, each text once, with the first query it came with. */
  warnings: readonly { text: string; query: string }[];
};
