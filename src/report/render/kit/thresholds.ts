import { SEVERITIES, type Severity, type Unit } from '../../model/indicator.ts';
import type { ReportIndicator } from '../../model/report.ts';
import type { Context } from './context.ts';
import type { NumberFormatter } from './numbers.ts';
import type { Words } from './words/words.ts';

type Thresholds = ReportIndicator['thresholds'];
type Threshold = NonNullable<Thresholds['warning']>;

/** The words and numbers of a language, of a report or of an alert. */
export type ThresholdContext = { words: Pick<Words, 'thresholds'>; format: NumberFormatter };

/** Returns "Warning above 100 ms for 15 min; critical above 1 s for 10 min.", or null without thresholds. */
export function thresholdsSentence(
  context: ThresholdContext,
  { thresholds, unit }: Pick<ReportIndicator, 'thresholds' | 'unit'>,
): string | null {
  const texts = SEVERITIES.flatMap((severity) => {
    const threshold = thresholds[severity];
    return threshold === undefined ? [] : [thresholdText(context, severity, threshold, unit)];
  });
  return texts.length === 0 ? null : context.words.thresholds.join(texts);
}

function thresholdText(
  { words: { thresholds: words }, format }: ThresholdContext,
  severity: Severity,
  { above, atLeast, below, change, rise, times, forSeconds }: Threshold,
  unit: Unit,
): string {
  const conditions = [
    above === undefined ? null : words.above(format.value(above, unit)),
    atLeast === undefined ? null : words.atLeast(format.value(atLeast, unit)),
    below === undefined ? null : words.below(format.value(below, unit)),
    change === undefined ? null : words.change(format.percent(change)),
    rise === undefined ? null : words.rise(format.percent(rise)),
  ].filter((condition) => condition !== null);
  const condition = words.and(conditions);
  const counted = times !== undefined && times > 1 ? words.times(condition, times) : condition;
  return words.severity(
    severity,
    forSeconds > 0 ? words.lasting(counted, format.duration(forSeconds)) : counted,
  );
}

/** Returns "> 100 ms / 1 s", "±50% / < 1" or "– / ≥ 240" for a table, or null without thresholds. */
export function thresholdSymbols(
  context: Context,
  { thresholds, unit }: Pick<ReportIndicator, 'thresholds' | 'unit'>,
): string | null {
  const [warning, critical] = [thresholds.warning, thresholds.critical].map((threshold) =>
    threshold === undefined ? null : symbolsOf(context, threshold, unit),
  );
  if (warning == null && critical == null) return null;
  // A sign that both have is written once.
  const sign = /^[>≥<] /.exec(warning ?? '')?.[0];
  const second = sign !== undefined && critical?.startsWith(sign) ? critical.slice(sign.length) : critical;
  return `${warning ?? '–'} / ${second ?? '–'}`;
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
  return `${conditions.join(', ')}${times !== undefined && times > 1 ? ` (${times}×)` : ''}`;
}

export type ThresholdLine = { severity: Severity; value: number; isBelow: boolean };

/** Returns the thresholds that are one number for every subject, so that a chart can draw them as lines. */
export function thresholdLines(thresholds: Thresholds): ThresholdLine[] {
  return SEVERITIES.flatMap((severity) => {
    const threshold = thresholds[severity];
    // A threshold that depends on the usual level is not one number.
    if (threshold === undefined || threshold.change !== undefined || threshold.rise !== undefined) return [];
    const upper = threshold.above ?? threshold.atLeast;
    const value = upper ?? threshold.below;
    return value === undefined || value === 0 ? [] : [{ severity, value, isBelow: upper === undefined }];
  });
}
