import { allFindings } from '../../../model/all-rows.ts';
import { COVERAGE_CHECK_IDS, SECTIONS, SEVERITIES, type Section } from '../../../model/indicator.ts';
import type { Report, Status } from '../../../model/report.ts';
import type { ReportDay } from '../../../model/report-analysis.ts';
import { titledMark } from '../../kit/charts/mark.ts';
import { type Context, titleOf } from '../../kit/context.ts';
import type { Markup } from '../../kit/markup.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import { localDay, startsDay } from '../../kit/time-ticks.ts';
import { areExplained } from '../incidents/explained.ts';
import { DAYS_WORDS } from './words.ts';

export type DayRow = {
  day: string;
  isWeekend: boolean;
  /** Whether a line above separates it from the week after it. */
  endsWeek: boolean;
  /** A mark per column; null where nothing was measured. */
  cells: { column: string; mark: Markup | null }[];
  /** New findings: what the day before did not have, worst first. */
  findings: { mark: Markup; title: string }[];
  more: string;
  /** The hours of a day that is only partly in the period; else empty. */
  hours: string;
};

export type DaysView = {
  heading: string;
  summary: string;
  /** Of the control path; empty if it was not computed. */
  availability: string;
  dayHeading: string;
  findingsHeading: string;
  columns: string[];
  /** The latest day first. */
  rows: DayRow[];
  /** The marks of the table, worst first. */
  legend: StatusView[];
};

/** A status as readers see it: findings that another finding explains are not alarms. */
type DayStatus = Status | 'explained';
type Day = Omit<ReportDay, 'statuses'> & { statuses: ReadonlyMap<string, DayStatus> };

/** Worst first. A day without measurements ranks below a healthy one. */
const ORDER: readonly DayStatus[] = [
  'critical',
  'warning',
  'failed',
  'no-data',
  'not-captured',
  'explained',
  'healthy',
  'not-enabled',
  'not-exposed',
];
const ABSENT: readonly DayStatus[] = ['not-enabled', 'not-exposed'];

/** Maximum number of new findings of a day that are named. */
const NAMED = 3;

type Column = { id: Section | 'coverage'; indicators: readonly string[] };

/** Returns the worst status of each day and section; null for a report without a calendar. */
export function daysView(context: Context): DaysView | null {
  const { report, language } = context;
  const words = DAYS_WORDS[language];
  if (report.calendar === null || report.calendar.length === 0) return null;
  const days = report.calendar.map((day) => withExplained(context, day));
  const columns = columnsOf(report, days);
  const worst = days.map((day) => worstOf([...day.statuses.values()]));
  const findings = days.map((_, index) => newFindings(days, index, columns));
  const shown = new Set<DayStatus | undefined>([
    ...days.flatMap((day) => columns.map((column) => worstIn(day, column))),
    ...findings.flatMap((ofDay) => ofDay.slice(0, NAMED).map(({ status }) => status)),
  ]);
  return {
    heading: words.heading,
    summary: words.summary({
      days: days.length,
      critical: worst.filter((status) => status === 'critical').length,
      warning: worst.filter((status) => status === 'warning').length,
    }),
    availability: availabilityText(context),
    dayHeading: words.day,
    findingsHeading: words.newFindings,
    columns: columns.map(({ id }) => words.columns[id]),
    rows: days
      .map((day, index) =>
        rowOf(context, { day, isLatest: index === days.length - 1 }, columns, findings[index] ?? []),
      )
      .toReversed(),
    legend: ORDER.filter((status) => shown.has(status)).map((status) => statusView(context, status)),
  };
}

/** Returns for how long the control path was available, and for how long and why it was not. */
function availabilityText({ report, words: shared, format, language }: Context): string {
  const words = DAYS_WORDS[language].availability;
  const { availability } = report;
  if (availability === undefined) return '';
  const { availableSeconds, noControllerSeconds, unconnectedSeconds, unknownSeconds, maintenanceSeconds } =
    availability;
  const all = availableSeconds + noControllerSeconds + unconnectedSeconds + unknownSeconds;
  const time = (seconds: number, text: (duration: string, share: string) => string) =>
    seconds > 0 ? [text(format.duration(seconds), format.percent(seconds / all))] : [];
  const facts = [
    ...time(noControllerSeconds, words.noController),
    ...time(unconnectedSeconds, words.unconnected),
    ...time(unknownSeconds, words.unknown),
  ];
  return [
    all === 0
      ? words.onlyMaintenance
      : unknownSeconds === all
        ? words.allUnknown
        : words.sentence(format.percent(availableSeconds / all), facts),
    ...(all > 0 && maintenanceSeconds > 0 ? [words.maintenance(format.duration(maintenanceSeconds))] : []),
  ].join(shared.sentenceSpace);
}

/** Returns a day where explained findings have the status `explained`. */
function withExplained(context: Context, { start, end, statuses }: ReportDay): Day {
  const [from, to] = [Date.parse(start), Date.parse(end)];
  const findings = allFindings(context.report).filter(({ episodes }) =>
    episodes.some((episode) => Date.parse(episode.start) < to && Date.parse(episode.end) >= from),
  );
  const shown = Object.entries(statuses).map(([id, status]): [string, DayStatus] => {
    const about = findings.filter(({ indicator }) => indicator === id);
    return [id, isSeverity(status) && areExplained(context, about) ? 'explained' : status];
  });
  return { start, end, statuses: new Map(shown) };
}

const isSeverity = (status: DayStatus) => SEVERITIES.some((severity) => severity === status);

/** Returns the sections with a measured indicator on any day. */
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
      return status !== undefined && !ABSENT.includes(status);
    }),
  );
}

function worstOf(statuses: readonly DayStatus[]): DayStatus | undefined {
  return ORDER.find((status) => statuses.includes(status));
}

function worstIn({ statuses }: Day, { indicators }: Column): DayStatus | undefined {
  return worstOf(indicators.flatMap((id) => statuses.get(id) ?? []));
}

function rowOf(
  context: Context,
  { day, isLatest }: { day: Day; isLatest: boolean },
  columns: readonly Column[],
  findings: readonly NewFinding[],
): DayRow {
  const { words: shared, format } = context;
  const label = format.weekday(new Date(day.start));
  // 1 January 1970 was a Thursday.
  const weekday = (localDay(Date.parse(day.start), format.timeZone) + 4) % 7;
  return {
    day: label,
    isWeekend: weekday === 0 || weekday === 6,
    endsWeek: weekday === 0 && !isLatest,
    cells: columns.map((column) => cellOf(context, day, label, column)),
    findings: findings.slice(0, NAMED).map(({ id, status }) => ({
      mark: titledMark(status, shared.statuses[status]),
      title: titleOf(context, id),
    })),
    more: findings.length > NAMED ? shared.more(findings.length - NAMED) : '',
    hours: hoursOf(context, day),
  };
}

function cellOf(context: Context, day: Day, label: string, column: Column): DayRow['cells'][number] {
  const words = DAYS_WORDS[context.language];
  const name = words.columns[column.id];
  const status = worstIn(day, column);
  if (status === undefined) return { column: name, mark: null };
  const titles =
    status === 'healthy'
      ? []
      : column.indicators.filter((id) => day.statuses.get(id) === status).map((id) => titleOf(context, id));
  const word = context.words.statuses[status];
  return {
    column: name,
    mark: titledMark(status, words.cell({ day: label, column: name, status: word, titles })),
  };
}

function hoursOf(context: Context, { start, end }: Day): string {
  const { format, language } = context;
  const words = DAYS_WORDS[language];
  const [first, last] = [new Date(start), new Date(end)];
  if (!startsDay(first.getTime(), format.timeZone)) return words.from(format.clock(first));
  return startsDay(last.getTime(), format.timeZone) ? '' : words.until(format.clock(last));
}

type NewFinding = { id: string; status: DayStatus };

/** Returns what had another status the day before, worst first. The columns show what went on. */
function newFindings(days: readonly Day[], index: number, columns: readonly Column[]): NewFinding[] {
  const [day, before] = [days[index], days[index - 1]];
  return columns
    .flatMap(({ indicators }) => indicators)
    .flatMap((id): NewFinding[] => {
      const status = day?.statuses.get(id);
      return status === undefined || before?.statuses.get(id) === status ? [] : [{ id, status }];
    })
    .filter(({ status }) => ORDER.indexOf(status) < ORDER.indexOf('explained'))
    .filter(({ id, status }) => isSeverity(status) || !isAlways(days, id, status))
    .sort((a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status));
}

/** Whether an indicator had the same status on all days, such as a query that always failed. */
function isAlways(days: readonly Day[], id: string, status: DayStatus): boolean {
  return days.every(({ statuses }) => statuses.get(id) === status);
}
