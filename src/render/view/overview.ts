import { SECTIONS } from '../../model/indicator.ts';
import type { ReportIndicator } from '../../model/report.ts';
import type { Markup } from '../markup.ts';
import type { Phrase } from '../phrase.ts';
import { sparklineView } from './chart.ts';
import { anchorOf, type Context, titleOf } from './context.ts';
import { limitSymbols } from './limits.ts';
import { shortPlace } from './place.ts';
import { type StatusView, shownStatus, statusView } from './status.ts';

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
};

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
        .filter((one) => one.section === section)
        .map((one) => {
          const [reading] = one.readings;
          return {
            anchor: anchorOf(context, one.id),
            title: titleOf(context, one.id),
            status: statusView(context, shownStatus(one)),
            value: worstValue(context, one),
            // Where there was nothing it was nowhere.
            place:
              reading?.value == null || (one.aggregation === 'total' && reading.value === 0)
                ? null
                : shortPlace(context, reading),
            limits: limitSymbols(context, one) ?? words.overview.noLimits,
            sparkline: sparklineView(context, one),
          };
        }),
    })).filter(({ rows }) => rows.length > 0),
  };
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
