import { FORMATS, OUTPUT_FORMATS } from '../../report/formats.ts';
import type { Language } from '../../report/model/indicator.ts';
import { mark } from '../../report/render/kit/charts/mark.ts';
import { scoreHistory } from '../../report/render/kit/charts/score-history.ts';
import { type Markup, markup } from '../../report/render/kit/markup.ts';
import { visible } from '../../report/render/kit/phrase.ts';
import type { StatusView } from '../../report/render/kit/status.ts';
import type { ShownStatus } from '../../report/render/kit/words/facts.ts';
import { WORDS, type Words } from '../../report/render/kit/words/words.ts';
import { NOTHING_SEEN_WORDS } from '../../report/render/sections/nothing-seen/words.ts';
import { SILENCED_WORDS } from '../../report/render/sections/silenced/words.ts';
import type { Link } from '../page-frame/frame.ts';
import { type ClusterStatus, scoreHistoryFacts } from './cluster-status.ts';
import type { PageReport, ReportsPage } from './page.ts';
import { createPeriodFormatter, type PeriodFormatter } from './period.ts';
import { REPORTS_PAGE_WORDS, type ReportsPageWords } from './words.ts';

/** The input of every part of the reports page. */
export type PageContext = {
  page: ReportsPage;
  language: Language;
  words: ReportsPageWords;
  /** The words of the report, some of which the page shares. */
  reportWords: Words;
  periods: PeriodFormatter;
  /** The time zones of all times on the page. */
  zones: ReadonlySet<string>;
};

export function createPageContext(page: ReportsPage, language: Language): PageContext {
  const periods = createPeriodFormatter(language);
  const shown = [
    ...page.clusters.flatMap(({ latest, unfinished, missed }) => [
      ...latest.slice(0, 1),
      ...unfinished,
      ...missed,
    ]),
    ...(page.reports ?? []),
  ];
  return {
    page,
    language,
    words: REPORTS_PAGE_WORDS[language],
    reportWords: WORDS[language],
    periods,
    zones: new Set(shown.map(({ timeZone }) => periods.inZone(timeZone).timeZone)),
  };
}

const MARKS: Readonly<Record<ClusterStatus, ShownStatus>> = {
  critical: 'critical',
  warning: 'warning',
  missing: 'no-data',
  outdated: 'no-data',
  unknown: 'no-data',
  healthy: 'healthy',
};

export function clusterStatusView({ words }: PageContext, status: ClusterStatus): StatusView {
  const kind = MARKS[status];
  return { kind, mark: mark(kind), word: words.statuses[status] };
}

/** Returns "incomplete" for an incomplete report, unless its verdict `unknown` implies that. */
export function incompleteRemark({ words }: PageContext, { complete, verdict }: PageReport): string {
  return complete || verdict === 'unknown' ? '' : words.incomplete;
}

export function incidentsText(
  { words, language }: PageContext,
  { critical, warning, complete, nothingSeen }: PageReport,
): string {
  if (nothingSeen) return NOTHING_SEEN_WORDS[language].title;
  if (critical + warning > 0) return words.incidents(critical, warning);
  return complete ? words.noIncidents : words.noIncidentsFound;
}

/** Returns how many findings of a report do not count; empty without any. */
export function silencedText({ language }: PageContext, { silenced }: PageReport): string {
  return silenced === undefined ? '' : SILENCED_WORDS[language].count(silenced);
}

export function fileLinks(links: PageReport['links']): Link[] {
  return OUTPUT_FORMATS.flatMap((format) => {
    const href = links[format];
    return href === undefined ? [] : [{ text: FORMATS[format].label, href }];
  });
}

export function zoneName({ periods }: PageContext, { timeZone, period }: PageReport): string {
  return visible(periods.inZone(timeZone).zoneName(new Date(period.end * 1000).toISOString()));
}

/**
 * Draws the score history of a cluster.
 * @param points oldest first
 * @param room number of reports that the full width has room for
 */
export function drawScoreHistory(
  { words }: PageContext,
  points: readonly PageReport[],
  room: number,
): Markup {
  return markup(
    scoreHistory({ title: words.scoreHistoryDescription(scoreHistoryFacts(points)), points, room }),
  );
}
