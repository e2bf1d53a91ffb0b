import type { Component, Unit } from '../../../model/indicator.ts';
import type { Metric } from '../../../model/metric.ts';
import type { MetricValue } from '../../../model/report.ts';
import type { Context } from '../../kit/context.ts';
import { type Phrase, withCode } from '../../kit/phrase.ts';
import { DETAILS_WORDS } from '../indicators/words.ts';

export type MetricRow = {
  /** The name in pieces between which it may be broken. */
  name: string[];
  former: Phrase[];
  value: string;
  detail: string;
  isAbsent: boolean;
  explanation: Phrase;
  requires: Phrase | null;
  /** The same as of the row above. */
  isRequiredAgain: boolean;
};

export type MetricsView = {
  heading: string;
  introduction: string;
  unknown: Phrase | null;
  columns: { name: string; value: string; explanation: string };
  requires: string;
  groups: { title: string; rows: MetricRow[] }[];
};

const GROUPS = ['controller', 'agent', 'both'] as const;

export function metricsView(context: Context): MetricsView {
  const { words, report, metrics, language } = context;
  const said = words.metrics;
  const values = new Map((report.metrics ?? []).map((value) => [value.name, value]));
  return {
    heading: said.heading,
    introduction: said.introduction,
    unknown: report.metrics === null ? said.unknown(report.metricsReason ?? '') : null,
    columns: { name: said.name, value: said.value, explanation: said.explanation },
    requires: said.requires,
    groups: GROUPS.map((group) => ({
      title: said.groups[group],
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

function rowOf(
  context: Context,
  metric: Metric,
  values: ReadonlyMap<string, MetricValue>,
): Omit<MetricRow, 'isRequiredAgain'> {
  const { words, report, language } = context;
  const said = words.metrics;
  const value = values.get(metric.name);
  const isAbsent = report.metrics !== null && value === undefined;
  const shown =
    value === undefined
      ? { value: '', detail: '' }
      : isOff(metric, values)
        ? { value: DETAILS_WORDS[language].featureOff, detail: '' }
        : writtenValue(context, metric, value);
  return {
    name: metric.name.split(/(?<=_)/),
    former: (metric.formerNames ?? []).map(({ name, until }) => said.former(name, until)),
    value: isAbsent ? said.notExposed : shown.value,
    detail: isAbsent ? said.since(words.list(metric.since)) : shown.detail,
    isAbsent: isAbsent || (value !== undefined && isOff(metric, values)),
    explanation: withCode(metric.explanation[language]),
    requires: metric.requires === undefined ? null : withCode(metric.requires[language]),
  };
}

/** A 0 that comes of nobody counting says nothing. */
function isOff({ onlyWith }: Metric, values: ReadonlyMap<string, MetricValue>): boolean {
  return onlyWith !== undefined && !values.get(onlyWith)?.high;
}

/** Units of metrics are words of the catalog; of these we know how to write the values. */
const UNITS: Readonly<Record<string, Unit>> = {
  bytes: 'bytes',
  milliseconds: 'milliseconds',
  seconds: 'seconds',
  ratio: 'ratio',
};

function writtenValue(
  { words, format }: Context,
  metric: Metric,
  value: MetricValue,
): { value: string; detail: string } {
  const said = words.metrics;
  const unit = UNITS[metric.unit.en];
  const isTime = metric.unit.en === 'seconds since 1970';
  const write = (amount: number) => {
    if (isTime) return format.dateTime(new Date(amount * 1000).toISOString());
    return unit === undefined ? format.number(amount) : format.value(amount, unit);
  };
  if (metric.type === 'histogram') {
    if (value.observations === undefined) return { value: '–', detail: '' };
    if (value.observations < 0.5) return { value: said.noObservations, detail: '' };
    return {
      value: said.observations(format.count(value.observations)),
      detail: value.mean === undefined ? '' : said.mean(write(value.mean)),
    };
  }
  if (metric.type !== 'gauge')
    return { value: value.increase === undefined ? '–' : said.rise(write(value.increase)), detail: '' };
  if (value.low === undefined || value.high === undefined) return { value: '–', detail: '' };
  const [low, high] = [write(value.low), write(value.high)];
  return { value: low === high ? low : said.range(low, high), detail: '' };
}
