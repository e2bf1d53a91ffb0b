import type { ReportIndicator } from '../../../model/report.ts';
import { anchorOf, type Context, titleOf } from '../../kit/context.ts';
import { type Phrase, withCode } from '../../kit/phrase.ts';
import { type StatusView, statusView } from '../../kit/status.ts';
import { isAbsent } from '../indicators/view.ts';
import { DETAILS_WORDS } from '../indicators/words.ts';

type Item = { anchor: string; title: string };

/** In a sentence below the table of indicators: a row each would say nothing but that. */
export type AbsentLine = { label: string; items: Item[]; separator: string; stop: string };

/** What this cluster does not measure, and why: what is absent for the same reason together. */
export type AbsentView = {
  heading: string;
  groups: {
    status: StatusView;
    why: Phrase;
    items: (Item & { explanation: Phrase })[];
  }[];
};

const STATUSES = ['not-enabled', 'not-exposed'] as const;

export function absentLines(context: Context): AbsentLine[] {
  const { report, language } = context;
  const said = DETAILS_WORDS[language].absent;
  const labels = { 'not-enabled': said.notEnabled, 'not-exposed': said.notExposed };
  return STATUSES.map((status) => ({
    label: labels[status],
    items: report.indicators
      .filter((one) => one.status === status)
      .map(({ id }) => ({ anchor: anchorOf(context, id), title: titleOf(context, id) })),
    separator: said.separator,
    stop: said.stop,
  })).filter(({ items }) => items.length > 0);
}

export function absentView(context: Context): AbsentView | null {
  const { report, catalog, language } = context;
  const absent = report.indicators.filter(isAbsent);
  if (absent.length === 0) return null;
  const groups = STATUSES.flatMap((status) => {
    const own = absent.filter((one) => one.status === status);
    return [...Map.groupBy(own, (indicator) => whyOf(context, indicator))].map(([why, indicators]) => ({
      status: statusView(context, status),
      why: withCode(why),
      items: indicators.map(({ id }) => ({
        anchor: anchorOf(context, id),
        title: titleOf(context, id),
        explanation: withCode(catalog.get(id)?.explanation[language] ?? ''),
      })),
    }));
  });
  return { heading: DETAILS_WORDS[language].absent.heading, groups };
}

/** What its metrics require, or since when there are any. */
function whyOf(
  { indicators, metrics, words, language }: Context,
  { id, status, own }: ReportIndicator,
): string {
  const said = DETAILS_WORDS[language].absent;
  if (own !== null) return said.unknown;
  const names = indicators.get(id)?.metrics ?? [];
  const known = metrics.filter(({ name }) => names.includes(name));
  if (status === 'not-exposed') {
    const since = known[0]?.since;
    return since === undefined ? words.indicator.notExposed : said.since(since);
  }
  return known.flatMap(({ requires }) => requires?.[language] ?? [])[0] ?? said.off;
}
