import { SECTIONS } from '../../../model/indicator.ts';
import type { ReportIndicator } from '../../../model/report.ts';
import { anchorOf, type Context, titleOf } from '../../kit/context.ts';
import { limitSymbols } from '../../kit/limits.ts';
import type { Markup } from '../../kit/markup.ts';
import type { Phrase } from '../../kit/phrase.ts';
import { shortPlace } from '../../kit/place.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import { type AbsentLine, absentLines } from '../absent/view.ts';
import { statusOf } from '../attention/explained.ts';
import { sparklineView } from '../indicators/chart.ts';
import { isFlat } from '../indicators/readings.ts';
import { isAbsent } from '../indicators/view.ts';

export type OverviewRow = {
  anchor: string;
  title: string;
  status: StatusView;
  value: string;
  place: Phrase | null;
  limits: string;
  sparkline: Markup | null;
};

export type Overview = {
  heading: string;
  columns: {
    section: string;
    status: string;
    indicator: string;
    worst: string;
    where: string;
    limits: string;
    course: string;
  };
  groups: { title: string; rows: OverviewRow[] }[];
  absent: AbsentLine[];
};

/** In Latin letters, in a column of a wide table. */
const NAME_WIDTH = 18;

/** All indicators on one page, to be run over with the eye. */
export function overviewView(context: Context): Overview {
  const { words, report } = context;
  const { heading, section: sectionWord, status, indicator, worst, where, limits, course } = words.overview;
  return {
    heading,
    columns: { section: sectionWord, status, indicator, worst, where, limits, course },
    groups: SECTIONS.map((section) => ({
      title: words.sections[section],
      rows: report.indicators
        .filter((one) => one.section === section && !isAbsent(one))
        .map((one) => {
          const [reading] = one.readings;
          return {
            anchor: anchorOf(context, one.id),
            title: titleOf(context, one.id),
            status: statusView(context, statusOf(context, one)),
            value: worstValue(context, one),
            place:
              isNowhere(one) || reading === undefined
                ? null
                : shortPlace(context, { ...reading, labels: {} }, NAME_WIDTH),
            limits: limitSymbols(context, one) ?? words.overview.noLimits,
            sparkline: isFlat(one) && one.status === 'healthy' ? null : sparklineView(context, one),
          };
        }),
    })).filter(({ rows }) => rows.length > 0),
    absent: absentLines(context),
  };
}

/** Where there was nothing it was nowhere. */
function isNowhere({ aggregation, status, readings: [reading] }: ReportIndicator): boolean {
  if (reading?.value == null) return true;
  return reading.value === 0 && (aggregation === 'total' || status === 'healthy');
}

/** The number of the worst finding, where there is one: of a level that fell, the last value would say nothing. */
function worstValue({ report, format }: Context, { id, unit, readings }: ReportIndicator): string {
  const [reading] = readings;
  if (reading?.value == null) return '–';
  const finding = report.findings.find(
    ({ indicator, subject, component }) =>
      indicator === id && subject === reading.subject && component === reading.component,
  );
  return format.value(finding?.value ?? reading.value, unit);
}
