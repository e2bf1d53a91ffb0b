import type { Reading, ReportIndicator } from '../../../model/report.ts';
import { type Context, periodSeconds } from '../../kit/context.ts';
import type { Phrase } from '../../kit/phrase.ts';
import { shortPlace } from '../../kit/place.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import { DETAILS_WORDS, type PeriodBefore } from './words.ts';

export type ReadingsTable = {
  caption: string;
  /** `isExtra`: left out where there is little room. */
  columns: { heading: string; isExtra: boolean }[];
  subject: string;
  rows: {
    place: Phrase;
    status: StatusView | null;
    cells: { text: string; isExtra: boolean }[];
  }[];
  more: string;
};

const ROWS = 5;

/** In Latin letters; two lines of the table. */
const NAME_WIDTH = 44;

type Column = { heading: string; isExtra?: boolean; cell: (reading: Reading) => string };

/** Of each subject which number it reached, when, and what it was before. */
export function readingsTable(context: Context, indicator: ReportIndicator): ReadingsTable | null {
  const { words, format } = context;
  const said = words.indicator;
  const { readings, aggregation, unit } = indicator;
  // One reading is already said in the sentence.
  if (readings.length < 2 || isAllZero(indicator)) return null;
  const value = (amount: number | null) => (amount === null ? '–' : format.value(amount, unit));
  // What it usually is, one way or the other.
  const earlier = earlierColumns(context, readings, value);
  const columns: Column[] = [
    {
      heading: said.readingsValue[aggregation],
      cell: (reading) => (reading.value === null ? said.noActivity : value(reading.value)),
    },
    ...(aggregation === 'maximum'
      ? [{ heading: said.time, cell: ({ at }: Reading) => (at === null ? '–' : format.time(at)) }]
      : []),
    ...(earlier.length > 0
      ? earlier
      : aggregation === 'total'
        ? []
        : [{ heading: said.median, cell: ({ median }: Reading) => value(median) }]),
  ];
  // Of events, those who had none are only counted.
  const worth = aggregation === 'total' ? readings.filter((reading) => reading.value !== 0) : readings;
  const shown = worth.slice(0, ROWS);
  const hidden = readings.slice(shown.length);
  const isCalm = indicator.judged && hidden.every(({ status }) => status === 'healthy');
  return {
    // A level, and what has no limits, have no worst.
    caption: aggregation === 'last' || !indicator.judged ? said.readings : said.worstReadings,
    subject: words.overview.where,
    columns: columns.map(({ heading, isExtra = false }) => ({ heading, isExtra })),
    rows: shown.map((reading) => ({
      place: shortPlace(context, reading, NAME_WIDTH),
      status: reading.status === 'healthy' ? null : statusView(context, reading.status),
      cells: columns.map(({ cell, isExtra = false }) => ({ text: cell(reading), isExtra })),
    })),
    more: hidden.length === 0 ? '' : isCalm ? said.moreWithinLimits(hidden.length) : said.more(hidden.length),
  };
}

/** What it was before, for the sentence about the only reading there is. */
export function earlierSentence(
  context: Context,
  { readings: [reading, ...others], unit }: ReportIndicator,
): string {
  const { format, language } = context;
  if (reading === undefined || others.length > 0) return '';
  // That it was the same is no news.
  if (
    [reading.before ?? reading.value, reading.weekBefore ?? reading.value].every(
      (one) => one === reading.value,
    )
  )
    return '';
  const value = (amount: number | null) => (amount === null ? '' : format.value(amount, unit));
  return DETAILS_WORDS[language].earlier(
    periodBefore(context),
    value(reading.before),
    isShort(context) ? value(reading.weekBefore) : '',
  );
}

function earlierColumns(
  context: Context,
  readings: readonly Reading[],
  value: (amount: number | null) => string,
): Column[] {
  const said = DETAILS_WORDS[context.language];
  const columns: Column[] = [];
  if (readings.some(({ before }) => before !== null))
    columns.push({ heading: said.before[periodBefore(context)], cell: ({ before }) => value(before) });
  if (isShort(context) && readings.some(({ weekBefore }) => weekBefore !== null))
    columns.push({ heading: said.weekBefore, isExtra: true, cell: ({ weekBefore }) => value(weekBefore) });
  return columns;
}

const DAY = 86_400;

/** A day and a month have no one length. */
function periodBefore(context: Context): PeriodBefore {
  const days = periodSeconds(context) / DAY;
  if (days > 0.9 && days < 1.1) return 'day';
  if (days > 6.9 && days < 7.1) return 'week';
  return days > 27.5 && days < 31.5 ? 'month' : 'other';
}

/** From a week on, a week before is the period before, or within this one. */
function isShort(context: Context): boolean {
  return periodSeconds(context) < 6.9 * DAY;
}

/** The same number for everybody at all times is said in words. */
export function isFlat({ series, envelope }: ReportIndicator): boolean {
  const values = [
    ...series.flatMap((one) => one.values),
    ...(envelope?.low ?? []),
    ...(envelope?.high ?? []),
  ];
  return new Set(values.filter((value) => value !== null)).size <= 1;
}

/** What there was none of needs neither a chart nor a table, unless that is what is wrong. */
export function isAllZero({ aggregation, status, readings, series, envelope }: ReportIndicator): boolean {
  return (
    (aggregation === 'total' || status === 'healthy') &&
    readings.length > 0 &&
    readings.every(({ value }) => value === 0) &&
    [...series.map(({ values }) => values), envelope?.high ?? []].every((values) =>
      values.every((value) => !value),
    )
  );
}
