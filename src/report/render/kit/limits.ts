import { SEVERITIES, type Unit } from '../../model/indicator.ts';
import type { ReportIndicator } from '../../model/report.ts';
import type { Context } from './context.ts';

type Thresholds = ReportIndicator['thresholds'];
type Threshold = NonNullable<Thresholds['warning']>;

/** "Warning above 100 ms for 15 min; critical above 1 s for 10 min." */
export function limitsSentence(context: Context, { thresholds, unit }: ReportIndicator): string | null {
  const { words, format } = context;
  const limits = SEVERITIES.flatMap((severity) => {
    const threshold = thresholds[severity];
    if (threshold === undefined) return [];
    const conditions = words.limits.and(conditionsOf(context, threshold, unit));
    const counted =
      threshold.times !== undefined && threshold.times > 1
        ? words.limits.times(conditions, threshold.times)
        : conditions;
    const lasting =
      threshold.forSeconds > 0
        ? words.limits.lasting(counted, format.duration(threshold.forSeconds))
        : counted;
    return [words.limits.severity(severity, lasting)];
  });
  return limits.length === 0 ? null : words.limits.join(limits);
}

function conditionsOf({ words, format }: Context, threshold: Threshold, unit: Unit): string[] {
  const { above, atLeast, below, change, rise } = threshold;
  return [
    above === undefined ? null : words.limits.above(format.value(above, unit)),
    atLeast === undefined ? null : words.limits.atLeast(format.value(atLeast, unit)),
    below === undefined ? null : words.limits.below(format.value(below, unit)),
    change === undefined ? null : words.limits.change(format.percent(change)),
    rise === undefined ? null : words.limits.rise(format.percent(rise)),
  ].filter((condition) => condition !== null);
}

/** For the table: "> 100 ms / 1 s", "> 215 / ≥ 240", "±50% / < 1". Null where there are none. */
export function limitSymbols(context: Context, { thresholds, unit }: ReportIndicator): string | null {
  const [first, second] = SEVERITIES.flatMap((severity) => {
    const threshold = thresholds[severity];
    return threshold === undefined ? [] : [symbolsOf(context, threshold, unit)];
  });
  if (first === undefined) return null;
  if (second === undefined) return first;
  // The sign is said once where both have the same.
  const sign = /^[>≥<] /.exec(first)?.[0];
  return `${first} / ${sign !== undefined && second.startsWith(sign) ? second.slice(sign.length) : second}`;
}

function symbolsOf({ format }: Context, threshold: Threshold, unit: Unit): string {
  const { above, atLeast, below, change, rise, times } = threshold;
  const conditions = [
    above === undefined ? null : `> ${format.value(above, unit)}`,
    atLeast === undefined ? null : `≥ ${format.value(atLeast, unit)}`,
    below === undefined ? null : `< ${format.value(below, unit)}`,
    change === undefined ? null : `±${format.percent(change)}`,
    rise === undefined ? null : `+${format.percent(rise)}`,
  ].filter((condition) => condition !== null);
  return `${times !== undefined && times > 1 ? `${times}× ` : ''}${conditions.join(', ')}`;
}

export type LimitLine = { severity: 'warning' | 'critical'; value: number; isBelow: boolean };

/** The limits that are one number for every subject, and so can be drawn as a line. */
export function limitLines(thresholds: Thresholds): LimitLine[] {
  return SEVERITIES.flatMap((severity) => {
    const threshold = thresholds[severity];
    // With a condition on the median beside it, the number alone is no limit; nor is one that only counts steps.
    if (threshold === undefined || threshold.change !== undefined || threshold.rise !== undefined) return [];
    const upper = threshold.above ?? threshold.atLeast;
    const value = upper ?? threshold.below;
    return value === undefined || value === 0 ? [] : [{ severity, value, isBelow: upper === undefined }];
  });
}
