import type { Language } from '../../report/model/indicator.ts';
import type { Markup } from '../../report/render/kit/markup.ts';
import { name, type Phrase, plain, visible } from '../../report/render/kit/phrase.ts';
import { shorten } from '../../report/render/kit/place.ts';
import type { StatusView } from '../../report/render/kit/status.ts';
import { changeOf, changeText, type Standings, scoredPoints, scoreText } from './cluster-status.ts';
import {
  type ArchiveContext,
  courseDrawing,
  findingsOf,
  type Link,
  linksOf,
  remarkOf,
  statusOf,
  zoneNameOf,
} from './context.ts';
import type { ArchiveReport } from './page.ts';
import { ARCHIVE_WORDS } from './words.ts';

type CalledCluster = { text: Phrase; full: string; href: string };
type WhenView = { text: string; detail: string };

export type ClusterRow = {
  status: StatusView;
  remark: string;
  cluster: CalledCluster;
  /** Empty where there is no report. */
  score: string;
  change: { text: string; isWorse: boolean };
  course: Markup | null;
  when: WhenView;
  links: Link[];
};

export type ReportRow = {
  status: StatusView;
  remark: string;
  cluster: CalledCluster | null;
  when: WhenView;
  score: string;
  findings: string;
  language: string;
  languageCode: Language;
  links: Link[];
};

/** The width of a column, in Latin letters; two lines of it. */
export const NAME_WIDTH = 36;

/** As many as a cluster's latest reports can be, so that all courses have the same scale of time. */
const COURSE_ROOM = 30;

export function clusterRow(context: ArchiveContext, one: Standings): ClusterRow {
  const { cluster, standing, latest, points, links, behindSeconds } = one;
  const { words, periods } = context;
  const before = points.at(-2);
  const scored = scoredPoints(points);
  const change = latest && before ? changeOf(before, latest) : null;
  const behind =
    latest && behindSeconds > 0
      ? words.behind(periods.format(latest.timeZone).duration(behindSeconds))
      : undefined;
  return {
    status: statusOf(context, standing),
    remark: latest ? remarkOf(context, latest) : '',
    cluster: called(cluster.name, cluster.link),
    score: latest ? scoreText(latest) : '',
    change: { text: change === null ? '' : changeText(change), isWorse: change !== null && change < 0 },
    course: scored.length === 0 ? null : courseDrawing(context, scored, COURSE_ROOM),
    when: latest ? whenOf(context, latest, behind) : { text: '', detail: '' },
    links: linksOf(links),
  };
}

export function reportRow(context: ArchiveContext, report: ArchiveReport): ReportRow {
  const { page, pages } = context;
  return {
    status: statusOf(context, report.verdict),
    remark: remarkOf(context, report),
    cluster: page.cluster === null ? called(report.cluster, pages.get(report.cluster) ?? '') : null,
    when: whenOf(context, report),
    score: scoreText(report),
    findings: findingsOf(context, report),
    language: ARCHIVE_WORDS[report.language].language,
    languageCode: report.language,
    links: linksOf(report.links),
  };
}

function called(cluster: string, href: string): CalledCluster {
  const whole = visible(cluster);
  const short = shorten(whole, NAME_WIDTH);
  return { text: name(short), full: short === whole ? '' : plain(name(whole)), href };
}

/** The zone stands beside hours where the page has several zones; a day is the cluster's day. */
function whenOf(context: ArchiveContext, report: ArchiveReport, behind?: string): WhenView {
  const { periods } = context;
  const text = periods.text(report);
  const hasZone = context.zones.size > 1 && !periods.isWholeDays(report);
  return { text, detail: behind ?? (hasZone ? zoneNameOf(context, report) : '') };
}
