import { count, list, PERIODS_BEFORE, plural, upperFirst } from '../../kit/languages/english.ts';
import { type Phrase, phrase } from '../../kit/phrase.ts';
import type { PeriodBefore } from '../../kit/words/facts.ts';

type Aggregation = 'maximum' | 'last' | 'total';
type Severity = 'warning' | 'critical';

export const en = {
  /** `place` is null for an indicator with one subject. */
  highest: (value: string, place: Phrase | null, time: string | null) =>
    phrase`Highest reading: ${value}${place === null ? '' : phrase` on ${place}`}${time === null ? '' : `, ${time}`}.`,
  highestTotal: (value: string, place: Phrase | null) =>
    phrase`Highest total: ${value}${place === null ? '' : phrase` on ${place}`}.`,
  /** For levels, which have no good direction: the lowest and the highest of all subjects. */
  rangeAtEnd: (low: string, high: string) => `${low} to ${high} at the end of the period.`,
  valueAtEnd: (value: string) => `${value} at the end of the period.`,
  worstLevel: (place: Phrase | null, value: string, range: string) =>
    phrase`${place === null ? '' : phrase`${place} had `}${value}, ${range}.`,
  none: 'None in the period.',
  information: 'For information only; this indicator has no thresholds.',
  idle: 'No activity in this period: the metric exists, but it recorded nothing.',
  noData: 'No data, although every Antrea version exposes this metric. The indicator could not be evaluated.',
  notCaptured:
    'The capture was recorded without the query of this indicator, so it could not be evaluated. Record the capture again.',
  failed: 'The query failed, so the indicator could not be evaluated:',
  customNoData: 'No data: the query returned nothing, so the indicator could not be evaluated.',
  customIdle: 'No activity in this period: the query returned nothing.',
  unknown:
    'This version of antrea-health-report does not know the indicator, so it shows the numbers without explanation.',

  readings: 'Readings',
  worstReadings: 'Worst readings',
  where: 'Where',
  value: { maximum: 'Highest', last: 'Last', total: 'Total' } satisfies Record<Aggregation, string>,
  time: 'When',
  median: 'Median',
  before: (before: PeriodBefore) => upperFirst(PERIODS_BEFORE[before]),
  weekBefore: 'A week before',
  moreWithinThresholds: (value: number) => `and ${count(value)} more within thresholds`,
  noActivity: 'no activity',
  /** The columns of earlier periods in a sentence, for a single reading. Either value may be empty. */
  earlier: (period: PeriodBefore, before: string, weekBefore: string) => {
    const values = [
      before === '' ? '' : `${before} the ${PERIODS_BEFORE[period]}`,
      weekBefore === '' ? '' : `${weekBefore} a week before`,
    ].filter((value) => value !== '');
    return values.length === 0 ? '' : `${values.join(', ')}.`;
  },
  query: 'PromQL',
  /** Opens the rest of an explanation, the readings and the query. */
  details: 'Details',

  chart: {
    description: ({
      lines,
      highest,
      lowest,
      from,
      to,
    }: Record<'highest' | 'lowest' | 'from' | 'to', string> & {
      lines: number;
    }) => `${plural(lines, 'line', 'lines')} from ${from} to ${to}, between ${lowest} and ${highest}.`,
    threshold: (severity: Severity, value: string) => `${upperFirst(severity)} ${value}`,
    thresholdsAbove: (thresholds: readonly string[]) =>
      `${thresholds.length === 1 ? 'One threshold is' : 'The thresholds are'} above the scale: ${thresholds.join(', ')}.`,
    settling: (duration: string) =>
      `The first ${duration} after a process start are shown, but not evaluated.`,
    noData: 'no data',
    noDataFrom: (subject: string) => `no data: ${subject}`,
    /** `subjects` is empty for a gap of all subjects. */
    hatched: (subjects: readonly string[]) =>
      `Hatched: no data${subjects.length > 0 ? ` from ${list(subjects)}` : ''}.`,
    others: (value: number) => `Grey: ${plural(value, 'other line', 'other lines')}.`,
    band: (value: number) => `Grey band: range of all ${count(value)} lines; grey line: their median.`,
    bandWithoutCount: 'Grey band: range of all lines; grey line: their median.',
    /** Explains all small charts. */
    small: 'Dark line: the subject with the worst reading. Grey: all others.',
  },
};
