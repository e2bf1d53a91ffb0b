import type { Exporter } from '../../../model/indicator.ts';
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
  /** The other exporters that are missing, with what the report would also see with them; null without any. */
  exporters: { heading: string; items: { name: string; titles: string }[]; colon: string } | null;
  groups: {
    status: StatusView;
    why: Phrase;
    items: (Item & { explanation: Phrase })[];
  }[];
};

const STATUSES = ['not-enabled', 'not-exposed'] as const;
type AbsentStatus = (typeof STATUSES)[number];

/** The indicators of an exporter that Prometheus does not have. */
type MissingExporter = { exporter: Exporter; indicators: ReportIndicator[] };

/** Returns the exporters without any measured indicator. */
function missingExporters({ report, indicators, exporters }: Context): MissingExporter[] {
  return exporters.flatMap((exporter) => {
    const own = report.indicators.filter(({ id }) => indicators.get(id)?.exporter === exporter.id);
    const isMissing = own.length > 0 && own.every(({ status }) => status === 'not-enabled');
    return isMissing ? [{ exporter, indicators: own }] : [];
  });
}

/** Returns the absent indicators of a status, except those for which an exporter is missing. */
function absentOf(context: Context, status: AbsentStatus): ReportIndicator[] {
  const ofExporters = new Set(missingExporters(context).flatMap(({ indicators }) => indicators));
  return context.report.indicators.filter(
    (indicator) => indicator.status === status && !ofExporters.has(indicator),
  );
}

/** Whether an indicator has nothing to show but the reason for its absence. */
export function isAbsent({ status }: ReportIndicator): boolean {
  return STATUSES.some((absent) => absent === status);
}

export function absentLines(context: Context): AbsentLine[] {
  const { labels, separator, stop } = ABSENT_WORDS[context.language];
  return STATUSES.map((status) => ({
    label: labels[status],
    items: absentOf(context, status).map((indicator) => itemOf(context, indicator)),
    separator,
    stop,
  })).filter(({ items }) => items.length > 0);
}

export function absentView(context: Context): AbsentView | null {
  const { report, catalog, language } = context;
  if (!report.indicators.some(isAbsent)) return null;
  const groups = STATUSES.flatMap((status) => {
    return groupBy(absentOf(context, status), (indicator) => reasonOf(context, indicator)).map(
      (indicators) => ({
        status: statusView(context, status),
        why: withCode(reasonOf(context, indicators[0])),
        items: indicators.map((indicator) => ({
          ...itemOf(context, indicator),
          explanation: withCode(catalog.get(indicator.id)?.explanation[language] ?? ''),
        })),
      }),
    );
  });
  const words = ABSENT_WORDS[language];
  const items = missingExporters(context).map(({ exporter, indicators }) => ({
    name: exporter.name[language],
    titles: words.titles(indicators.map(({ id }) => titleOf(context, id))),
  }));
  const exporters =
    items.length === 0 ? null : { heading: words.exporters, items, colon: context.words.colon };
  return { heading: words.heading, exporters, groups };
}

function itemOf(context: Context, { id }: ReportIndicator): Item {
  return { anchor: anchorOf(context, id), title: titleOf(context, id) };
}

/** Returns what the metrics of an indicator require, or since which releases they exist. */
export function reasonOf(
  { indicators, metrics, exporters, language }: Context,
  { id, status, own }: ReportIndicator,
): string {
  const words = ABSENT_WORDS[language];
  if (own !== null) return words.unknown;
  const names = indicators.get(id)?.metrics ?? [];
  const exporter = exporters.find((one) => one.id === indicators.get(id)?.exporter);
  if (exporter !== undefined) {
    const requires = exporter.metrics.flatMap(({ name, requires: needed }) =>
      names.includes(name) && needed !== undefined ? [needed[language]] : [],
    );
    return [words.noMetric(exporter.name[language], names), ...new Set(requires)].join(words.sentenceSpace);
  }
  const known = metrics.filter(({ name }) => names.includes(name));
  if (status === 'not-exposed') {
    const since = known[0]?.since;
    return since === undefined ? words.notExposed : words.since(since);
  }
  return known.flatMap(({ requires }) => requires?.[language] ?? [])[0] ?? words.off;
}
