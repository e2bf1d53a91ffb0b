import type { Language } from '../../report/model/indicator.ts';
import type { Markup } from '../../report/render/kit/markup.ts';
import { name, plain, visible } from '../../report/render/kit/phrase.ts';
import { shorten } from '../../report/render/kit/place.ts';
import type { Link } from '../page-frame/frame.ts';
import { buildForm, type FormView } from '../page-frame/report-form.ts';
import { FRAME_WORDS } from '../page-frame/words.ts';
import { type ActivityLine, activityLines } from './activity.ts';
import { type ClusterSummary, rankClusters, scoredPoints } from './cluster-status.ts';
import { buildComparisonForm, type ComparisonForm } from './comparison-form.ts';
import { createPageContext, drawScoreHistory, type PageContext } from './context.ts';
import { buildMasthead, type Masthead } from './masthead.ts';
import type { ReportsPage } from './page.ts';
import { timeZoneNote } from './period.ts';
import { type ClusterRow, clusterRow, NAME_WIDTH, type ReportRow, reportRow } from './rows.ts';
import type { ReportsPageWords } from './words.ts';

/** All content of the page, in the words of one language. */
export type ReportsPageView = {
  title: string;
  masthead: Masthead;
  /** Only on the page of all clusters. */
  clusters: { heading: string; words: ReportsPageWords; rows: ClusterRow[]; note: string } | null;
  /** Only on the page of one cluster. */
  activity: { heading: string; lines: ActivityLine[] } | null;
  scoreHistory: { heading: string; drawing: Markup; first: string; last: string; note: string } | null;
  comparison: ComparisonForm | null;
  /** Null on the page of all clusters. */
  reports: ReportsView | null;
  paging: { next: Link | null; first: Link | null };
  form: FormView | null;
  times: string;
};

type ReportsView = {
  heading: string;
  words: ReportsPageWords;
  hasClusters: boolean;
  rows: ReportRow[];
  /** Shown when there are no rows. */
  nothing: string;
};

export function reportsPageView(page: ReportsPage, language: Language): ReportsPageView {
  const context = createPageContext(page, language);
  const { words } = context;
  const clusters = rankClusters(page.clusters, language);
  return {
    title: titleOf(context),
    masthead: buildMasthead(context, clusters),
    clusters: page.reports === null ? clustersView(context, clusters) : null,
    activity: page.cluster === null ? null : activityView(context),
    scoreHistory: page.cluster === null ? null : scoreHistoryView(context, clusters),
    comparison: buildComparisonForm(context),
    reports: page.reports === null ? null : reportsView(context, page.reports),
    paging: {
      next: page.next === null ? null : { text: words.next, href: page.next },
      first: page.first === null ? null : { text: words.first, href: page.first },
    },
    form: page.form === null ? null : buildForm(page.form, language),
    times: timeZoneNote(words, context.zones),
  };
}

function titleOf({ page, words, language }: PageContext): string {
  if (page.cluster === null) return words.title;
  return FRAME_WORDS[language].titleOf(plain(name(shorten(visible(page.cluster), NAME_WIDTH))));
}

function clustersView(
  context: PageContext,
  clusters: readonly ClusterSummary[],
): ReportsPageView['clusters'] {
  const { words } = context;
  return {
    heading: words.latestOfEach,
    words,
    rows: clusters.map((summary) => clusterRow(context, summary)),
    note: context.page.hasNoCluster
      ? words.noClusters
      : clusters.some(({ latest }) => latest !== null)
        ? words.scoreHistoryNote
        : '',
  };
}

function activityView(context: PageContext): ReportsPageView['activity'] {
  const [cluster] = context.page.clusters;
  const lines = cluster ? activityLines(context, cluster, cluster.unfinished) : [];
  return lines.length === 0 ? null : { heading: context.words.activity, lines };
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

function reportsView(context: PageContext, reports: NonNullable<ReportsPage['reports']>): ReportsView {
  const { page, words } = context;
  const isFirst = page.first === null;
  return {
    heading: !isFirst ? words.olderReports : page.cluster === null ? words.newestReports : words.reports,
    words,
    hasClusters: page.cluster === null,
    rows: reports.map((report) => reportRow(context, report)),
    nothing: reports.length > 0 ? '' : nothingText(context, isFirst),
  };
}

function nothingText({ page, words }: PageContext, isFirst: boolean): string {
  if (page.hasNoCluster) return words.noClusters;
  return isFirst ? words.nothingYet : words.nothingOlder;
}
