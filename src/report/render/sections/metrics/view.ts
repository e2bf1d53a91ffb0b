import type { Component, Unit } from '../../../model/indicator.ts';
import type { Metric } from '../../../model/metric.ts';
import type { MetricValue } from '../../../model/report.ts';
import type { Context } from '../../kit/context.ts';
import { type Phrase, phrase, withCode } from '../../kit/phrase.ts';
import { METRICS_WORDS, type MetricsWords } from './words.ts';

export type MetricRow = {
  /** The name in pieces between which it may be broken. */
  name: string[];
  former: Phrase[];
  value: string;
  detail: string;
  isAbsent: boolean;
  explanation: Phrase;
  requires: Phrase | null;
  /** The row above has the same requirement. */
  isRequiredAgain: boolean;
};

export type MetricsView = {
  heading: string;
  summary: string;
  introduction: string;
  unknown: Phrase | null;
  columns: MetricsWords['columns'];
  requires: string;
  groups: { title: string; rows: MetricRow[] }[];
};

const GROUPS = ['controller', 'agent', 'both'] as const;

type Values = ReadonlyMap<string, MetricValue>;

/** Returns all metrics of Antrea with their values in the period. */
export function metricsView(context: Context): MetricsView {
  const { words: shared, report, metrics, language } = context;
  const words = METRICS_WORDS[language];
  const values = new Map((report.metrics ?? []).map((value) => [value.name, value]));
  return {
    heading: words.heading,
    summary: words.summary(metrics.length),
    introduction: words.introduction,
    unknown: report.metrics === null ? phrase`${shared.metricsUnknown(report.metricsReason ?? '')}` : null,
    columns: words.columns,
    requires: words.requires,
    groups: GROUPS.map((group) => ({
      title: group === 'both' ? words.bothComponents : shared.components[group],
      rows: metrics
        .filter((metric) => groupOf(metric) === group)
        .map((metric, index, all) => ({
          ...rowOf(context, metric, values),
          isRequiredAgain:
            metric.requires !== undefined &&
            all[index - 1]?.requires?.[language] === metric.requires[language],
        })),
    })).filter(({ rows }) => rows.length > 0),
  };
}

function groupOf({ components }: Metric): Component | 'both' {
  return components.length > 1 ? 'both' : (components[0] ?? 'agent');
}

function rowOf(context: Context, metric: Metric, values: Values): Omit<MetricRow, 'isRequiredAgain'> {
  const { report, language } = context;
  const words = METRICS_WORDS[language];
  const hasValue = values.has(metric.name);
  return {
    name: metric.name.split(/(?<=_)/),
    former: (metric.formerNames ?? []).map(({ name, until }) => words.former(name, until)),
    ...shownValue(context, metric, values),
    isAbsent: hasValue ? isOff(metric, values) : report.metrics !== null,
    explanation: withCode(metric.explanation[language]),
    requires: metric.requires === undefined ? null : withCode(metric.requires[language]),
  };
}

/** Whether a 0 only says that the feature of a metric is off. */
function isOff({ onlyWith }: Metric, values: Values): boolean {
  return onlyWith !== undefined && !values.get(onlyWith)?.high;
}

function shownValue(context: Context, metric: Metric, values: Values): { value: string; detail: string } {
  const { words: shared, report, language } = context;
  const words = METRICS_WORDS[language];
  const value = values.get(metric.name);
  if (value !== undefined)
    return isOff(metric, values)
      ? { value: words.featureOff, detail: '' }
      : measuredValue(context, metric, value);
  if (report.metrics === null) return { value: '', detail: '' };
  return { value: words.notExposed, detail: words.since(shared.list(metric.since)) };
}

/** The catalog's names of units whose values can be formatted. */
const UNITS: ReadonlyMap<string, Unit> = new Map([
  ['bytes', 'bytes'],
  ['milliseconds', 'milliseconds'],
  ['seconds', 'seconds'],
  ['ratio', 'ratio'],
]);

/** The latest time that a Date can have (https://tc39.es/ecma262/#sec-time-values-and-time-range). */
const LATEST_SECONDS = 8.64e12;

function measuredValue(
  { format, language }: Context,
  metric: Metric,
  { observations, mean, increase, low, high }: MetricValue,
): { value: string; detail: string } {
  const words = METRICS_WORDS[language];
  const unit = UNITS.get(metric.unit.en);
  const isTime = metric.unit.en === 'seconds since 1970';
  const write = (amount: number) => {
    if (isTime && Math.abs(amount) < LATEST_SECONDS)
      return format.dateTime(new Date(amount * 1000).toISOString());
    return unit === undefined ? format.number(amount) : format.value(amount, unit);
  };
  if (metric.type === 'histogram') {
    if (observations === undefined) return { value: '–', detail: '' };
    if (observations < 0.5) return { value: words.noObservations, detail: '' };
    const count = words.observations(format.count(observations));
    return { value: count, detail: mean === undefined ? '' : words.mean(write(mean)) };
  }
  if (metric.type !== 'gauge')
    return { value: increase === undefined ? '–' : words.increase(write(increase)), detail: '' };
  if (low === undefined || high === undefined) return { value: '–', detail: '' };
  const [from, to] = [write(low), write(high)];
  return { value: from === to ? from : words.range(from, to), detail: '' };
}
