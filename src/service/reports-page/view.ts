import type { Language } from '../../report/model/indicator.ts';
import type { Markup } from '../../report/render/kit/markup.ts';
import { name, plain, visible } from '../../report/render/kit/phrase.ts';
import { shorten } from '../../report/render/kit/place.ts';
import { type Standings, scoredPoints, standingsOf } from './cluster-status.ts';
import { type ArchiveContext, courseDrawing, createArchiveContext, type Link } from './context.ts';
import { type ArchiveMasthead, archiveMasthead } from './masthead.ts';
import type { ArchivePage } from './page.ts';
import { type ClusterRow, clusterRow, NAME_WIDTH, type ReportRow, reportRow } from './rows.ts';
import type { ArchiveWords } from './words.ts';

/** Everything that the page of the reports says, in the words of its language. */
export type ArchiveView = {
  title: string;
  masthead: ArchiveMasthead;
  /** Null where the page is about one cluster, or not the first. */
  clusters: { heading: string; words: ArchiveWords; rows: ClusterRow[]; note: string } | null;
  /** Of the one cluster that the page is about. */
  course: { heading: string; drawing: Markup; first: string; last: string; note: string } | null;
  reports: ReportsView;
  paging: { next: Link | null; first: Link | null };
  times: string;
};

type ReportsView = {
  heading: string;
  words: ArchiveWords;
  hasClusters: boolean;
  rows: ReportRow[];
  /** Instead of rows. */
  nothing: string;
  ask: { introduction: string; cluster: string; more: string } | null;
};

export function archiveView(page: ArchivePage, language: Language): ArchiveView {
  const context = createArchiveContext(page, language);
  const { words } = context;
  const standings = standingsOf(page.clusters, language);
  return {
    title:
      page.cluster === null
        ? words.title
        : words.titleOfCluster(plain(name(shorten(visible(page.cluster), NAME_WIDTH)))),
    masthead: archiveMasthead(context, standings),
    clusters:
      page.cluster !== null || standings.length === 0
        ? null
        : {
            heading: words.latestOfEach,
            words,
            rows: standings.map((one) => clusterRow(context, one)),
            note: standings.some(({ latest }) => latest !== null) ? words.courseNote : '',
          },
    course: page.cluster === null ? null : courseOf(context, standings),
    reports: reportsOf(context),
    paging: {
      next: page.next === null ? null : { text: words.next, href: page.next },
      first: page.first === null ? null : { text: words.first, href: page.first },
    },
    times: timesOf(context),
  };
}

function courseOf(context: ArchiveContext, [only]: readonly Standings[]): ArchiveView['course'] {
  const { words, periods } = context;
  const points = scoredPoints(only?.points ?? []);
  const [first, ...others] = points;
  const last = others.at(-1);
  // One point is no course.
  if (!first || !last) return null;
  return {
    heading: words.courseHeading(points.length),
    drawing: courseDrawing(context, points, points.length),
    first: periods.text(first),
    last: periods.text(last),
    note: words.courseNote,
  };
}

function reportsOf(context: ArchiveContext): ReportsView {
  const { page, words } = context;
  const isFirst = page.first === null;
  const isEmpty = page.reports.length === 0;
  const example = page.cluster ?? page.clusters[0]?.name ?? '';
  return {
    heading: isFirst ? words.reports : words.olderReports,
    words,
    hasClusters: page.cluster === null,
    rows: page.reports.map((report) => reportRow(context, report)),
    nothing: isEmpty && !isFirst ? words.nothingOlder : '',
    ask:
      isEmpty && isFirst
        ? {
            introduction: words.howToAsk,
            cluster: visible(JSON.stringify(example)),
            more: words.howToAskMore,
          }
        : null,
  };
}

function timesOf({ words, zones }: ArchiveContext): string {
  const [first, ...others] = zones;
  if (first === undefined) return '';
  return others.length > 0 ? words.timesOfEach : words.times(visible(first));
}
