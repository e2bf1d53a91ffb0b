import { allReadings, countReadings } from '../../../model/all-rows.ts';
import type { Reading, Report, ReportIndicator } from '../../../model/report.ts';
import { type Context, periodBefore, periodSeconds } from '../../kit/context.ts';
import { nodeSet } from '../../kit/node-set.ts';
import { sortValue } from '../../kit/numbers.ts';
import type { Phrase } from '../../kit/phrase.ts';
import { shortPlace } from '../../kit/place.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import { INDICATOR_WORDS } from './words.ts';

export type ReadingsTable = {
  caption: string;
  /** `isExtra`: left out where there is little room. */
  columns: { heading: string; isExtra: boolean }[];
  subject: string;
  rows: {
    place: Phrase;
    nodes: string;
    status: StatusView | null;
    cells: { text: string; value: string; isExtra: boolean }[];
  }[];
  more: string;
};

const ROWS = 5;

/** Width of a subject in two lines of the table, in Latin letters. */
const NAME_WIDTH = 44;

/** `sorted`: the number by which the column is sorted; null for a missing one. */
type Column = {
  heading: string;
  isExtra?: boolean;
  cell: (reading: Reading) => string;
  sorted: (reading: Reading) => number | null;
};

/** Returns the readings that have a row, worst first. */
export function shownReadings(report: Report, indicator: ReportIndicator): Reading[] {
  const readings = allReadings(report, indicator);
  // Subjects without events are only counted.
  const listed =
    indicator.aggregation === 'total' ? readings.filter((reading) => reading.value !== 0) : readings;
  return listed.slice(0, ROWS);
}

/** Returns the worst readings, when they were, and what was usual; null where one sentence says all of it. */
export function readingsTable(context: Context, indicator: ReportIndicator): ReadingsTable | null {
  const words = INDICATOR_WORDS[context.language];
  const { aggregation, judged } = indicator;
  const readings = allReadings(context.report, indicator);
  if (readings.length < 2 || isAllZero(indicator)) return null;
  const columns = columnsOf(context, indicator, readings);
  const shown = shownReadings(context.report, indicator);
  return {
    // A level, and an indicator without thresholds, have no worst reading.
    caption: aggregation === 'last' || !judged ? words.readings : words.worstReadings,
    subject: words.where,
    columns: columns.map(({ heading, isExtra = false }) => ({ heading, isExtra })),
    rows: shown.map((reading) => ({
      place: shortPlace(context, reading, NAME_WIDTH),
      nodes: nodeSet(context, [reading]),
      status: reading.status === 'healthy' ? null : statusView(context, reading.status),
      cells: columns.map(({ cell, sorted, isExtra = false }) => {
        const text = cell(reading);
        return { text, value: sortValue(sorted(reading), text), isExtra };
      }),
    })),
    more: moreText(context, indicator, readings.slice(shown.length)),
  };
}

function moreText(context: Context, { judged }: ReportIndicator, hidden: readonly Reading[]): string {
  if (hidden.length === 0) return '';
  return judged && hidden.every(({ status }) => status === 'healthy')
    ? INDICATOR_WORDS[context.language].moreWithinThresholds(hidden.length)
    : context.words.more(hidden.length);
}

function columnsOf(
  context: Context,
  { aggregation, unit }: ReportIndicator,
  readings: readonly Reading[],
): Column[] {
  const { format, language } = context;
  const words = INDICATOR_WORDS[language];
  const value = (amount: number | null) => (amount === null ? '–' : format.value(amount, unit));
  const time: Column = {
    heading: words.time,
    cell: ({ at }) => (at === null ? '–' : format.time(at)),
    sorted: ({ at }) =>
      at === null ? null : (Date.parse(at) - Date.parse(context.report.period.start)) / 1000,
  };
  const median: Column = {
    heading: words.median,
    cell: (reading) => value(reading.median),
    sorted: (reading) => reading.median,
  };
  const earlier = earlierColumns(context, readings, value);
  return [
    {
      heading: words.value[aggregation],
      cell: (reading) => (reading.value === null ? words.noActivity : value(reading.value)),
      sorted: (reading) => reading.value,
    },
    ...(aggregation === 'maximum' ? [time] : []),
    ...(earlier.length > 0 ? earlier : aggregation === 'total' ? [] : [median]),
  ];
}

function earlierColumns(
  context: Context,
  readings: readonly Reading[],
  value: (amount: number | null) => string,
): Column[] {
  const words = INDICATOR_WORDS[context.language];
  const columns: Column[] = [];
  if (readings.some(({ before }) => before !== null))
    columns.push({
      heading: words.before(periodBefore(context)),
      cell: ({ before }) => value(before),
      sorted: ({ before }) => before,
    });
  if (isShorterThanWeek(context) && readings.some(({ weekBefore }) => weekBefore !== null))
    columns.push({
      heading: words.weekBefore,
      isExtra: true,
      cell: ({ weekBefore }) => value(weekBefore),
      sorted: ({ weekBefore }) => weekBefore,
    });
  return columns;
}

/** Returns earlier values in a sentence, for an indicator with one reading; empty where nothing changed. */
export function earlierSentence(context: Context, indicator: ReportIndicator): string {
  const { format, language } = context;
  const { readings, unit } = indicator;
  const [reading] = readings;
  if (reading === undefined || countReadings(indicator) > 1) return '';
  const earlier = [reading.before, reading.weekBefore];
  if (earlier.every((amount) => amount === null || amount === reading.value)) return '';
  const [before = '', weekBefore = ''] = earlier.map((amount) =>
    amount === null ? '' : format.value(amount, unit),
  );
  return INDICATOR_WORDS[language].earlier(
    periodBefore(context),
    before,
    isShorterThanWeek(context) ? weekBefore : '',
  );
}

/** Six days and nine tenths, because clocks may change within a week. */
const WEEK_SECONDS = 6.9 * 86_400;

/** In longer periods, a week before is the period before, or part of this one. */
function isShorterThanWeek(context: Context): boolean {
  return periodSeconds(context) < WEEK_SECONDS;
}

/** Returns whether all subjects had the same value all the time, so that a chart would show nothing. */
export function isFlat({ series, envelope }: ReportIndicator): boolean {
  const values = [
    ...series.flatMap((one) => one.values),
    ...(envelope?.low ?? []),
    ...(envelope?.high ?? []),
  ];
  return new Set(values.filter((value) => value !== null)).size <= 1;
}

/** Returns whether nothing happened anywhere, so that neither a chart nor a table is needed. */
export function isAllZero({ aggregation, status, series, envelope, ...indicator }: ReportIndicator): boolean {
  const { readings, otherReadings } = indicator;
  return (
    (aggregation === 'total' || status === 'healthy') &&
    readings.length > 0 &&
    readings.every(({ value }) => value === 0) &&
    otherReadings.every(({ value }) => value.every((amount) => amount === 0)) &&
    [...series.map(({ values }) => values), envelope?.high ?? []].every((values) =>
      values.every((value) => !value),
    )
  );
}
