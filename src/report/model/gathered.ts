import type { Component } from './indicator.ts';
import type { Period } from './period.ts';
import type { Answer, Grid, Sample, Series, TargetData, Windows } from './series.ts';
import type { ReportSurvey } from './survey.ts';

/**
 * What `gather` hands to `assess`: first the facts about the cluster, then one answer after the other. The series of a
 * large cluster would fill the memory if all of them had to be held at once.
 */
export type Gathering = {
  facts: Facts;
  /**
   * The metrics; the scrapes of the earlier periods and of this one; the series of each indicator in this period, in the
   * one before and a week before, and that nothing more comes about its periods; the images of the containers, if there
   * is kube-state-metrics; the alerts that fired; then the history of each indicator.
   * @throws GatherError if no indicator has an answer about the period
   */
  answers: AsyncIterable<GatheredAnswer>;
  /**
   * Gives the memory of series back at once, which the garbage collector would do later. They must not be read any more.
   */
  letGo(series: readonly Series[]): void;
  /** Returns the warnings of Prometheus so far, each text once, with the first query that had it. */
  warnings(): { text: string; query: string }[];
};

export type GatheredAnswer =
  | ({ about: 'metrics' } & GatheredMetrics)
  | ({ about: 'scrapes' } & PeriodScrapes)
  | ({ about: 'indicator' } & IndicatorSeries)
  /** There are no more series of this indicator's periods. */
  | { about: 'indicator-end'; id: string }
  | ({ about: 'images' } & GatheredImages)
  | ({ about: 'alerts' } & GatheredAlerts)
  | ({ about: 'history' } & IndicatorHistory);

/** A period with the points at which it is queried. */
export type PeriodGrid = { period: Period; grid: Grid; windows: Windows };

/** The periods that a period is compared with: the one before, and the same one a week before. */
export type EarlierKind = 'before' | 'week-before';

/** What is known of the cluster before any series is read. */
export type Facts = PeriodGrid & {
  cluster: string;
  timeZone: string;
  /** The points of the history, one per hour over weeks. The last one is the end of the period. */
  history: { grid: Grid; windows: Windows };
  source: { kind: 'prometheus' | 'capture'; recordedAt?: string };
  survey: ReportSurvey;
  /** Why queries of the survey failed: targets, their nodes or other clusters may be missing. */
  unanswered: readonly string[];
  /** The names of metrics of other exporters that the server has; `null` if it did not answer. */
  exporterMetrics: ReadonlySet<string> | null;
  /** The Pods by component and node, the newest last. */
  pods: Readonly<Record<Component, Readonly<Record<string, readonly string[]>>>>;
};

/** The metrics that were present in the period, with their values at its end. */
export type GatheredMetrics = { metrics: Answer<readonly MetricData[]> };

/** The number of Pods by image over the period, in series with the labels of `kube_pod_container_info`. */
export type GatheredImages = { grid: Grid; counts: Answer<readonly Series[]> };

/** An alert about Antrea at the points of its grid: known values where it fired in the step before. */
export type FiringAlert = {
  /** The labels `alertname` and `severity`. */
  name: string;
  severity: string | null;
  /** The subject in its labels; both `null`: the cluster. */
  component: Component | null;
  node: string | null;
  values: Float64Array;
};

/** The alerts of Prometheus; `anyAlert` has values where there was an alert of any rule in this cluster. */
export type GatheredAlerts = {
  grid: Grid;
  /** The PromQL that was sent. */
  query: string;
  alerts: Answer<{ firing: readonly FiringAlert[]; anyAlert: Float64Array | null }>;
};

/** The scrapes of one period. */
export type PeriodScrapes = PeriodGrid & { kind: 'present' | EarlierKind; targets: Answer<TargetData> };

/** The series of one indicator in one period; for the reading `total`, the events of each step. */
export type IndicatorSeries = {
  /** The indicator's id. */
  id: string;
  kind: 'present' | EarlierKind;
  /** The PromQL with all placeholders filled in. */
  query: string;
  answer: Answer<readonly Series[]>;
};

/** Levels of one indicator over weeks, in which slow changes show. */
export type IndicatorHistory = {
  /** The indicator's id. */
  id: string;
  /** `null` for an indicator that counts events. */
  levels: Answer<readonly Series[]> | null;
  /** The level of its capacity: `levels` itself if it is the same; `null` without a capacity. */
  capacity: Answer<readonly Series[]> | null;
  /** By the id of the limit: the limits that have a query. */
  limits: Readonly<Record<string, Answer<readonly Sample[]>>>;
};

/** One metric at the end of the period, over all its series. */
export type MetricData = {
  name: string;
  /** The former name under which the server has it, if it is not `name`. */
  exposedAs?: string;
  series: number;
  /** Gauges: lowest, highest and sum of the values at the end of the period. */
  low?: number;
  high?: number;
  sum?: number;
  /** Counters and monotonic gauges: the increase over the period, all series together. */
  increase?: number;
  /** Histograms: the number of observations in the period, and their mean. */
  observations?: number;
  mean?: number;
};
