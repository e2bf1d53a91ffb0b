import type { Language } from '../../report/model/indicator.ts';
import type { Markup } from '../../report/render/kit/markup.ts';
import { name, type Phrase, plain, visible } from '../../report/render/kit/phrase.ts';
import { shorten } from '../../report/render/kit/place.ts';
import type { StatusView } from '../../report/render/kit/status.ts';
import type { Link } from '../page-frame/frame.ts';
import { FRAME_WORDS } from '../page-frame/words.ts';
import { type ActivityLine, activityLines } from './activity.ts';
import { type ClusterSummary, changeText, scoreChange, scoredPoints, scoreText } from './cluster-status.ts';
import {
  clusterStatusView,
  drawScoreHistory,
  fileLinks,
  incidentsText,
  incompleteRemark,
  type PageContext,
  silencedText,
  zoneName,
} from './context.ts';
import type { PageReport } from './page.ts';

/** `full`: the whole name when `text` is shortened. */
type ClusterLabel = { text: Phrase; full: string; href: string };
type PeriodView = { text: string; detail: string };

export type ClusterRow = {
  status: StatusView;
  remark: string;
  cluster: ClusterLabel;
  /** How many findings of the latest report do not count; empty without any. */
  silenced: string;
  /** Empty without a report. */
  score: string;
  change: { text: string; isWorse: boolean };
  scoreHistory: Markup | null;
  period: PeriodView;
  links: Link[];
  activity: ActivityLine[];
};

export type ReportRow = {
  status: StatusView;
  remark: string;
  cluster: ClusterLabel | null;
  period: PeriodView;
  score: string;
  incidents: string;
  /** How many findings do not count; empty without any. */
  silenced: string;
  language: string;
  languageCode: Language;
  links: Link[];
  /** URL of the comparison with the report before. */
  comparison: string;
};

/** Two lines of the table's column, in Latin letters. */
export const NAME_WIDTH = 36;

/** Number of reports in a full score history; the same for every row, so that all have the same time scale. */
const HISTORY_ROOM = 30;

export function clusterRow(context: PageContext, summary: ClusterSummary): ClusterRow {
  const { cluster, status, latest, points, links, current } = summary;
  const before = points.at(-2);
  const scored = scoredPoints(points);
  const change = latest && before ? scoreChange(before, latest) : null;
  return {
    status: clusterStatusView(context, status),
    remark: latest ? incompleteRemark(context, latest) : '',
    cluster: clusterLabel(cluster.name, cluster.link),
    silenced: latest ? silencedText(context, latest) : '',
    score: latest ? scoreText(latest) : '',
    change: { text: change === null ? '' : changeText(change), isWorse: change !== null && change < 0 },
    scoreHistory: scored.length === 0 ? null : drawScoreHistory(context, scored, HISTORY_ROOM),
    period: latest ? agedPeriod(context, latest) : { text: '', detail: '' },
    links: fileLinks(links),
    activity: activityLines(context, cluster, current),
  };
}

export function reportRow(context: PageContext, report: PageReport): ReportRow {
  const { page } = context;
  return {
    status: clusterStatusView(context, report.verdict),
    remark: incompleteRemark(context, report),
    cluster: page.cluster === null ? clusterLabel(report.cluster, report.clusterLink) : null,
    period: periodView(context, report),
    score: scoreText(report),
    incidents: incidentsText(context, report),
    silenced: silencedText(context, report),
    language: FRAME_WORDS[report.language].languageName,
    languageCode: report.language,
    links: fileLinks(report.links),
    comparison: report.comparison,
  };
}

function clusterLabel(cluster: string, href: string): ClusterLabel {
  const full = visible(cluster);
  const short = shorten(full, NAME_WIDTH);
  return { text: name(short), full: short === full ? '' : plain(name(full)), href };
}

/** Names the time zone of a period with hours if the page shows several zones; whole days need none. */
function periodView(context: PageContext, report: PageReport): PeriodView {
  const { periods, zones } = context;
  const needsZone = zones.size > 1 && !periods.isWholeDays(report);
  return { text: periods.text(report), detail: needsZone ? zoneName(context, report) : '' };
}

/** Adds how long ago the period ended. */
function agedPeriod(context: PageContext, report: PageReport): PeriodView {
  const { page, words, periods } = context;
  const { text, detail } = periodView(context, report);
  const seconds = roundAge(page.now - report.period.end);
  const age = words.age(periods.inZone(report.timeZone).duration(seconds));
  return { text, detail: [detail, age].filter((part) => part !== '').join(context.reportWords.comma) };
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Rounds down to whole minutes, hours or days, so that an age has one unit. */
function roundAge(seconds: number): number {
  const unit = seconds < 2 * HOUR ? MINUTE : seconds < 2 * DAY ? HOUR : DAY;
  return Math.max(MINUTE, Math.floor(seconds / unit) * unit);
}
