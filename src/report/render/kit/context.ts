import type { KnownDefect } from '../../model/defect.ts';
import type { Exporter, Indicator, IndicatorWords, Language } from '../../model/indicator.ts';
import type { Metric } from '../../model/metric.ts';
import type { Report } from '../../model/report.ts';
import type { Formatter } from './formatter.ts';
import { name, plain } from './phrase.ts';
import { stableId } from './stable-id.ts';
import type { PeriodBefore } from './words/facts.ts';
import type { Words } from './words/words.ts';

/** What every section is made from. */
export type Context = {
  report: Report;
  language: Language;
  /** The words that several sections share. */
  words: Words;
  format: Formatter;
  indicators: ReadonlyMap<string, Indicator>;
  /** Words of whatever a finding can be about: indicators and coverage checks. Custom ones may have empty texts. */
  catalog: ReadonlyMap<string, IndicatorWords>;
  metrics: readonly Metric[];
  /** The known defects of Antrea by id. */
  defects: ReadonlyMap<string, KnownDefect>;
  /** The other programs whose metrics indicators read. */
  exporters: readonly Exporter[];
  /** The ids of the page's own elements, which no indicator may take as its anchor. */
  reservedIds: ReadonlySet<string>;
  /** The anchor of each incident of the report. */
  incidentAnchors: readonly string[];
  /** The place of each node in the list of names that the page has for its filter. */
  nodePlaces: ReadonlyMap<string, number>;
  /** Returns a node's name without the domain, unless that would make two nodes look alike. */
  hostName(node: string): string;
};

/**
 * Returns the heading of an indicator or a coverage check; its id where this version does not know it. The title of a
 * custom indicator may be written right to left, so it is isolated from the text around it.
 */
export function titleOf({ catalog, language, report }: Context, id: string): string {
  const title = catalog.get(id)?.title[language];
  const isCustom = report.indicators.some((indicator) => indicator.id === id && indicator.own !== null);
  return title === undefined || isCustom ? plain(name(title ?? id)) : title;
}

/**
 * Returns the anchor that explains an indicator or a check, which is the same in all reports. Only well-formed, free ids
 * become anchors themselves.
 */
export function anchorOf({ report, reservedIds }: Context, id: string): string {
  if (!report.indicators.some((indicator) => indicator.id === id)) return 'coverage';
  return /^[a-z][a-z0-9-]{0,80}$/.test(id) && !reservedIds.has(id) ? id : `indicator_${stableId(id)}`;
}

/** Returns the anchor of an incident by its place in the report. */
export function incidentAnchor({ incidentAnchors }: Context, index: number): string {
  return incidentAnchors[index] ?? '';
}

/** Returns the length of the report's period in seconds. */
export function periodSeconds({ report: { period } }: Context): number {
  return (Date.parse(period.end) - Date.parse(period.start)) / 1000;
}

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Returns what people call the period before. Where clocks change, a day has 23 or 25 hours. */
export function periodBefore(context: Context): PeriodBefore {
  const seconds = periodSeconds(context);
  const lasts = (shortest: number, longest: number) =>
    seconds >= shortest * DAY - HOUR && seconds <= longest * DAY + HOUR;
  if (lasts(1, 1)) return 'day';
  if (lasts(7, 7)) return 'week';
  return lasts(28, 31) ? 'month' : 'period';
}

/** Returns the position of a time in the period, from 0 to 1; times outside count as its start or end. */
export function shareOfPeriod(context: Context, instant: string): number {
  const { start } = context.report.period;
  const seconds = (Date.parse(instant) - Date.parse(start)) / 1000;
  return Math.min(1, Math.max(0, seconds / periodSeconds(context)));
}
