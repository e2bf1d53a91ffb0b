import { COVERAGE_CHECK_IDS, SECTIONS, SEVERITIES, type Section } from '../../../model/indicator.ts';
import type { Report, Status } from '../../../model/report.ts';
import type { ReportDay } from '../../../model/report-analysis.ts';
import { titledMark } from '../../kit/charts/mark.ts';
import { type Context, titleOf } from '../../kit/context.ts';
import type { Markup } from '../../kit/markup.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import { localDay } from '../../kit/time-ticks.ts';
import { areExplained } from '../attention/explained.ts';
import { DAYS_WORDS } from './words.ts';

export type DayRow = {
  day: string;
  isWeekend: boolean;
  /** The first of a week: a line above it keeps the weeks apart. */
  startsWeek: boolean;
  /** A mark for each column; null where nothing of it was measured. */
  cells: { column: string; mark: Markup | null }[];
  /** What needed attention and had not the day before, worst first. */
  about: { mark: Markup; title: string }[];
  more: string;
  /** Of a day that the period has only a part of, which. */
  part: string;
};

export type DaysView = {
  heading: string;
  summary: string;
  dayHeading: string;
  aboutHeading: string;
  columns: string[];
  rows: DayRow[];
  legend: StatusView[];
};

/** As a reader is told it: what something else explains is no alarm of its own. */
type DayStatus = Status | 'explained';
type Day = Omit<ReportDay, 'statuses'> & { statuses: Readonly<Record<string, DayStatus>> };

/** Worst first; what is not measured is worth less than what is well. */
const ORDER: readonly DayStatus[] = [
  'critical',
  'warning',
  'failed',
  'no-data',
  'explained',
  'healthy',
  'not-enabled',
  'not-exposed',
];
const UNMEASURED: readonly DayStatus[] = ['not-enabled', 'not-exposed'];

/** So many things of one day are named. */
const NAMED = 3;

type Column = { id: Section | 'coverage'; indicators: readonly string[] };

/** A longer period day by day: the worst of every section, and what it was. */
export function daysView(context: Context): DaysView | null {
  const { report, language } = context;
  const said = DAYS_WORDS[language];
  if (report.calendar === null || report.calendar.length === 0) return null;
  const days = report.calendar.map((day) => withExplained(context, day));
  const columns = columnsOf(report, days);
  const rows = days.map((day, index) => rowOf(context, { day, before: days[index - 1], days }, columns));
  const worst = days.map((day) => worstOf(Object.values(day.statuses)));
  const shown = new Set(days.flatMap((day) => columns.map((column) => worstIn(day, column))));
  return {
    heading: said.heading,
    summary: said.summary({
      days: days.length,
      critical: worst.filter((status) => status === 'critical').length,
      warning: worst.filter((status) => status === 'warning').length,
    }),
    dayHeading: said.day,
    aboutHeading: said.about,
    columns: columns.map(({ id }) => said.columns[id]),
    rows,
    legend: ORDER.filter((status) => shown.has(status)).map((status) => statusView(context, status)),
  };
}

function withExplained(context: Context, { start, end, statuses }: ReportDay): Day {
  const [from, to] = [Date.parse(start), Date.parse(end)];
  const own = context.report.findings.filter(({ episodes }) =>
    episodes.some((one) => Date.parse(one.start) < to && Date.parse(one.end) >= from),
  );
  const told = Object.entries(statuses).map(([id, status]): [string, DayStatus] => [
    id,
    SEVERITIES.some((severity) => severity === status) &&
    areExplained(
      context,
      own.filter(({ indicator }) => indicator === id),
    )
      ? 'explained'
      : status,
  ]);
  return { start, end, statuses: Object.fromEntries(told) };
}

/** Sections of which anything was measured on any day. */
function columnsOf(report: Report, days: readonly Day[]): Column[] {
  const all: Column[] = [
    ...SECTIONS.map((id) => ({
      id,
      indicators: report.indicators.filter(({ section }) => section === id).map((indicator) => indicator.id),
    })),
    { id: 'coverage', indicators: COVERAGE_CHECK_IDS },
  ];
  return all.filter((column) =>
    days.some((day) => {
      const status = worstIn(day, column);
      return status !== undefined && !UNMEASURED.includes(status);
    }),
  );
}

function worstOf(statuses: readonly DayStatus[]): DayStatus | undefined {
  return ORDER.find((status) => statuses.includes(status));
}

function worstIn({ statuses }: Day, { indicators }: Column): DayStatus | undefined {
  return worstOf(indicators.flatMap((id) => statuses[id] ?? []));
}

function rowOf(
  context: Context,
  { day, before, days }: { day: Day; before: Day | undefined; days: readonly Day[] },
  columns: readonly Column[],
): DayRow {
  const { words, format, language } = context;
  const said = DAYS_WORDS[language];
  const label = format.weekday(new Date(day.start));
  // 1 January 1970 was a Thursday.
  const weekday = (localDay(Date.parse(day.start), format.timeZone) + 4) % 7;
  const about = aboutOf(day, before, columns, days);
  return {
    day: label,
    isWeekend: weekday === 0 || weekday === 6,
    startsWeek: weekday === 1 && before !== undefined,
    cells: columns.map((column) => {
      const status = worstIn(day, column);
      const name = said.columns[column.id];
      if (status === undefined) return { column: name, mark: null };
      const titles =
        status === 'healthy'
          ? []
          : column.indicators.filter((id) => day.statuses[id] === status).map((id) => titleOf(context, id));
      const title = said.cell({ day: label, column: name, status: words.statuses[status], titles });
      return { column: name, mark: titledMark(status, title) };
    }),
    about: about.slice(0, NAMED).map(({ id, status }) => ({
      mark: titledMark(status, words.statuses[status]),
      title: titleOf(context, id),
    })),
    more: about.length > NAMED ? said.more(about.length - NAMED) : '',
    part: startsDay(context, day.start)
      ? startsDay(context, day.end)
        ? ''
        : said.until(format.clock(new Date(day.end)))
      : said.from(format.clock(new Date(day.start))),
  };
}

/** Not by its clock: where clocks are set forward at midnight, a day starts at one. */
function startsDay({ format: { timeZone } }: Context, instant: string): boolean {
  const at = Date.parse(instant);
  return localDay(at - 1, timeZone) !== localDay(at, timeZone);
}

/** What was not so the day before, worst first; that it went on is in the columns. */
function aboutOf(
  { statuses }: Day,
  before: Day | undefined,
  columns: readonly Column[],
  days: readonly Day[],
): { id: string; status: DayStatus }[] {
  return columns
    .flatMap(({ indicators }) => indicators)
    .flatMap((id) => {
      const status = statuses[id];
      return status === undefined || before?.statuses[id] === status ? [] : [{ id, status }];
    })
    .filter(({ status }) => ORDER.indexOf(status) < ORDER.indexOf('explained'))
    .filter(({ id, status }) => SEVERITIES.some((one) => one === status) || !isAlways(days, id, status))
    .sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
}

/** What could not be judged on any day is told elsewhere. */
function isAlways(days: readonly Day[], id: string, status: DayStatus): boolean {
  return days.every(({ statuses }) => statuses[id] === status);
}
