import { allFindings } from '../../../model/all-rows.ts';
import { SECTIONS } from '../../../model/indicator.ts';
import type { ReportIndicator } from '../../../model/report.ts';
import { anchorOf, type Context, titleOf } from '../../kit/context.ts';
import type { Markup } from '../../kit/markup.ts';
import type { Phrase } from '../../kit/phrase.ts';
import { shortPlace } from '../../kit/place.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import { thresholdSymbols } from '../../kit/thresholds.ts';
import { type AbsentLine, absentLines, isAbsent } from '../absent/view.ts';
import { statusOf } from '../incidents/explained.ts';
import { isFlat } from '../indicators/readings.ts';
import { sparklineOf } from '../indicators/sparkline.ts';
import { OVERVIEW_WORDS, type OverviewWords } from './words.ts';

export type OverviewRow = {
  anchor: string;
  title: string;
  status: StatusView;
  value: string;
  place: Phrase | null;
  thresholds: string;
  sparkline: Markup | null;
};

export type OverviewView = {
  heading: string;
  columns: OverviewWords['columns'];
  groups: { title: string; rows: OverviewRow[] }[];
  absent: AbsentLine[];
};

/** Returns all indicators as one table, with the absent ones below it. */
export function overviewView(context: Context): OverviewView {
  const { words: shared, report, language } = context;
  const words = OVERVIEW_WORDS[language];
  return {
    heading: words.heading,
    columns: words.columns,
    groups: SECTIONS.map((section) => ({
      title: shared.chapters[section],
      rows: report.indicators
        .filter((indicator) => indicator.section === section && !isAbsent(indicator))
        .map((indicator) => rowOf(context, indicator)),
    })).filter(({ rows }) => rows.length > 0),
    absent: absentLines(context),
  };
}

/** Width of a subject in this table, in Latin letters. */
const NAME_WIDTH = 18;

function rowOf(context: Context, indicator: ReportIndicator): OverviewRow {
  const words = OVERVIEW_WORDS[context.language];
  const [reading] = indicator.readings;
  const title = titleOf(context, indicator.id);
  return {
    anchor: anchorOf(context, indicator.id),
    title,
    status: statusView(context, statusOf(context, indicator)),
    value: worstValue(context, indicator),
    place:
      hasNoPlace(indicator) || reading === undefined
        ? null
        : shortPlace(context, { ...reading, labels: {} }, NAME_WIDTH),
    thresholds: thresholdSymbols(context, indicator) ?? words.noThresholds,
    sparkline:
      isFlat(indicator) && indicator.status === 'healthy'
        ? null
        : sparklineOf(context, indicator, words.trendDescription(title)),
  };
}

/** Something that did not happen has no place. */
function hasNoPlace({ aggregation, status, readings: [reading] }: ReportIndicator): boolean {
  if (reading?.value == null) return true;
  return reading.value === 0 && (aggregation === 'total' || status === 'healthy');
}

/** Returns the value of the worst finding if there is one, because a level that fell may have recovered since. */
function worstValue({ report, format }: Context, { id, unit, readings }: ReportIndicator): string {
  const [reading] = readings;
  if (reading?.value == null) return '–';
  const finding = allFindings(report).find(
    ({ indicator, subject, component }) =>
      indicator === id && subject === reading.subject && component === reading.component,
  );
  return format.value(finding?.value ?? reading.value, unit);
}
