import type { ReportIndicator } from '../../../model/report.ts';
import { anchorOf, type Context, titleOf } from '../../kit/context.ts';
import { groupBy } from '../../kit/group.ts';
import { type Phrase, withCode } from '../../kit/phrase.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import { ABSENT_WORDS } from './words.ts';

type Item = { anchor: string; title: string };

/** The absent indicators of one status as a line of text, below the table of all indicators. */
export type AbsentLine = { label: string; items: Item[]; separator: string; stop: string };

/** What the cluster does not measure, grouped by reason. */
export type AbsentView = {
  heading: string;
  groups: {
    status: StatusView;
    why: Phrase;
    items: (Item & { explanation: Phrase })[];
  }[];
};

const STATUSES = ['not-enabled', 'not-exposed'] as const;

/** Whether an indicator has nothing to show but the reason for its absence. */
export function isAbsent({ status }: ReportIndicator): boolean {
  return STATUSES.some((absent) => absent === status);
}

export function absentLines(context: Context): AbsentLine[] {
  const { report, language } = context;
  const { labels, separator, stop } = ABSENT_WORDS[language];
  return STATUSES.map((status) => ({
    label: labels[status],
    items: report.indicators
      .filter((indicator) => indicator.status === status)
      .map((indicator) => itemOf(context, indicator)),
    separator,
    stop,
  })).filter(({ items }) => items.length > 0);
}

export function absentView(context: Context): AbsentView | null {
  const { report, catalog, language } = context;
  if (!report.indicators.some(isAbsent)) return null;
  const groups = STATUSES.flatMap((status) => {
    const absent = report.indicators.filter((indicator) => indicator.status === status);
    return groupBy(absent, (indicator) => reasonOf(context, indicator)).map((indicators) => ({
      status: statusView(context, status),
      why: withCode(reasonOf(context, indicators[0])),
      items: indicators.map((indicator) => ({
        ...itemOf(context, indicator),
        explanation: withCode(catalog.get(indicator.id)?.explanation[language] ?? ''),
      })),
    }));
  });
  return { heading: ABSENT_WORDS[language].heading, groups };
}

function itemOf(context: Context, { id }: ReportIndicator): Item {
  return { anchor: anchorOf(context, id), title: titleOf(context, id) };
}

/** Returns what the metrics of an indicator require, or since which releases they exist. */
export function reasonOf(
  { indicators, metrics, language }: Context,
  { id, status, own }: ReportIndicator,
): string {
  const words = ABSENT_WORDS[language];
  if (own !== null) return words.unknown;
  const names = indicators.get(id)?.metrics ?? [];
  const known = metrics.filter(({ name }) => names.includes(name));
  if (status === 'not-exposed') {
    const since = known[0]?.since;
    return since === undefined ? words.notExposed : words.since(since);
  }
  return known.flatMap(({ requires }) => requires?.[language] ?? [])[0] ?? words.off;
}
