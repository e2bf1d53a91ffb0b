import type { Language } from '../../report/model/indicator.ts';
import type { Markup } from '../../report/render/kit/markup.ts';
import { name, plain, visible } from '../../report/render/kit/phrase.ts';
import { shorten } from '../../report/render/kit/place.ts';
import { type ClusterSummary, rankClusters, scoredPoints } from './cluster-status.ts';
import { createPageContext, drawScoreHistory, type Link, type PageContext } from './context.ts';
import { buildMasthead, type Masthead } from './masthead.ts';
import type { ReportsPage } from './page.ts';
import { timeZoneNote } from './period.ts';
import { type ClusterRow, clusterRow, NAME_WIDTH, type ReportRow, reportRow } from './rows.ts';
import type { ReportsPageWords } from './words.ts';

/** All content of the reports page, in the words of one language. */
export type ReportsPageView = {
  title: string;
  masthead: Masthead;
  /** Null on a page about one cluster and on every page of the list except the first. */
  clusters: { heading: string; words: ReportsPageWords; rows: ClusterRow[]; note: string } | null;
  /** Only on a page about one cluster. */
  scoreHistory: { heading: string; drawing: Markup; first: string; last: string; note: string } | null;
  reports: ReportsView;
  paging: { next: Link | null; first: Link | null };
  times: string;
};

type ReportsView = {
  heading: string;
  words: ReportsPageWords;
  hasClusters: boolean;
  rows: ReportRow[];
  /** Shown when there are no rows. */
  nothing: string;
  request: { introduction: string; cluster: string; more: string } | null;
};

export function reportsPageView(page: ReportsPage, language: Language): ReportsPageView {
  const context = createPageContext(page, language);
  const { words } = context;
  const clusters = rankClusters(page.clusters, language);
  return {
    title:
      page.cluster === null
        ? words.title
        : words.titleOfCluster(plain(name(shorten(visible(page.cluster), NAME_WIDTH)))),
    masthead: buildMasthead(context, clusters),
    clusters:
      page.cluster !== null || clusters.length === 0
        ? null
        : {
            heading: words.latestOfEach,
            words,
            rows: clusters.map((summary) => clusterRow(context, summary)),
            note: clusters.some(({ latest }) => latest !== null) ? words.scoreHistoryNote : '',
          },
    scoreHistory: page.cluster === null ? null : scoreHistoryView(context, clusters),
    reports: reportsView(context),
    paging: {
      next: page.next === null ? null : { text: words.next, href: page.next },
      first: page.first === null ? null : { text: words.first, href: page.first },
    },
    times: timeZoneNote(words, context.zones),
  };
}

/** Returns null for fewer than two points, which are no history. */
function scoreHistoryView(
  context: PageContext,
  [only]: readonly ClusterSummary[],
): ReportsPageView['scoreHistory'] {
  const { words, periods } = context;
  const points = scoredPoints(only?.points ?? []);
  const [first, ...later] = points;
  const last = later.at(-1);
  if (!first || !last) return null;
  return {
    heading: words.scoreHistoryHeading(points.length),
    drawing: drawScoreHistory(context, points, points.length),
    first: periods.text(first),
    last: periods.text(last),
    note: words.scoreHistoryNote,
  };
}

function reportsView(context: PageContext): ReportsView {
  const { page, words } = context;
  const isFirst = page.first === null;
  const isEmpty = page.reports.length === 0;
  const hasNone = isFirst && page.cluster === null && page.clusters.length === 0;
  const example = page.cluster ?? page.clusters[0]?.name ?? '';
  return {
    heading: isFirst ? words.reports : words.olderReports,
    words,
    hasClusters: page.cluster === null,
    rows: page.reports.map((report) => reportRow(context, report)),
    nothing: isEmpty && !isFirst ? words.nothingOlder : hasNone ? words.noClusters : '',
    request:
      isEmpty && isFirst && !hasNone
        ? {
            introduction: words.howToRequest,
            cluster: visible(JSON.stringify(example)),
            more: words.howToRequestMore,
          }
        : null,
  };
}
