import type { Language } from '../../report/model/indicator.ts';
import type { Markup } from '../../report/render/kit/markup.ts';
import { name, type Phrase, plain, visible } from '../../report/render/kit/phrase.ts';
import { shorten } from '../../report/render/kit/place.ts';
import type { StatusView } from '../../report/render/kit/status.ts';
import { type ClusterSummary, changeText, scoreChange, scoredPoints, scoreText } from './cluster-status.ts';
import {
  clusterStatusView,
  drawScoreHistory,
  fileLinks,
  incidentsText,
  incompleteRemark,
  type Link,
  type PageContext,
  zoneName,
} from './context.ts';
import type { PageReport } from './page.ts';
import { REPORTS_PAGE_WORDS } from './words.ts';

/** `full`: the whole name when `text` is shortened. */
type ClusterLabel = { text: Phrase; full: string; href: string };
type PeriodView = { text: string; detail: string };

export type ClusterRow = {
  status: StatusView;
  remark: string;
  cluster: ClusterLabel;
  /** Empty without a report. */
  score: string;
  change: { text: string; isWorse: boolean };
  scoreHistory: Markup | null;
  period: PeriodView;
  links: Link[];
};

export type ReportRow = {
  status: StatusView;
  remark: string;
  cluster: ClusterLabel | null;
  period: PeriodView;
  score: string;
  incidents: string;
  language: string;
  languageCode: Language;
  links: Link[];
};

/** Two lines of the table's column, in Latin letters. */
export const NAME_WIDTH = 36;

/** Number of reports in a full score history; the same for every row, so that all have the same time scale. */
const HISTORY_ROOM = 30;

export function clusterRow(context: PageContext, summary: ClusterSummary): ClusterRow {
  const { cluster, status, latest, points, links, behindSeconds } = summary;
  const { words, periods } = context;
  const before = points.at(-2);
  const scored = scoredPoints(points);
  const change = latest && before ? scoreChange(before, latest) : null;
  const behind =
    latest && behindSeconds > 0
      ? words.behind(periods.inZone(latest.timeZone).duration(behindSeconds))
      : undefined;
  return {
    status: clusterStatusView(context, status),
    remark: latest ? incompleteRemark(context, latest) : '',
    cluster: clusterLabel(cluster.name, cluster.link),
    score: latest ? scoreText(latest) : '',
    change: { text: change === null ? '' : changeText(change), isWorse: change !== null && change < 0 },
    scoreHistory: scored.length === 0 ? null : drawScoreHistory(context, scored, HISTORY_ROOM),
    period: latest ? periodView(context, latest, behind) : { text: '', detail: '' },
    links: fileLinks(links),
  };
}

export function reportRow(context: PageContext, report: PageReport): ReportRow {
  const { page, clusterLinks } = context;
  return {
    status: clusterStatusView(context, report.verdict),
    remark: incompleteRemark(context, report),
    cluster:
      page.cluster === null ? clusterLabel(report.cluster, clusterLinks.get(report.cluster) ?? '') : null,
    period: periodView(context, report),
    score: scoreText(report),
    incidents: incidentsText(context, report),
    language: REPORTS_PAGE_WORDS[report.language].languageName,
    languageCode: report.language,
    links: fileLinks(report.links),
  };
}

function clusterLabel(cluster: string, href: string): ClusterLabel {
  const full = visible(cluster);
  const short = shorten(full, NAME_WIDTH);
  return { text: name(short), full: short === full ? '' : plain(name(full)), href };
}

/** Names the time zone of a period with hours if the page shows several zones; whole days need none. */
function periodView(context: PageContext, report: PageReport, behind?: string): PeriodView {
  const { periods, zones } = context;
  const needsZone = zones.size > 1 && !periods.isWholeDays(report);
  return { text: periods.text(report), detail: behind ?? (needsZone ? zoneName(context, report) : '') };
}
