import { isEmptyReport } from '../../report/model/nothing-seen.ts';
import { createContext } from '../../report/render/create-context.ts';
import { join, type Phrase, phrase, plain } from '../../report/render/kit/phrase.ts';
import { runsOut } from '../../report/render/sections/capacity/view.ts';
import type { IncidentView } from '../../report/render/sections/incidents/incident-view.ts';
import { incidentViews } from '../../report/render/sections/incidents/view.ts';
import { mastheadView } from '../../report/render/sections/masthead/view.ts';
import { type NothingSeenView, nothingSeenView } from '../../report/render/sections/nothing-seen/view.ts';
import {
  type CalledCluster,
  called,
  changeOf,
  type DigestContext,
  type DigestLink,
  type DigestStatus,
  linkOf,
  ownPeriod,
  type Reported,
  type StandingCluster,
  statusOf,
} from './context.ts';
import type { DigestPoint } from './digest.ts';
import { type NewsLine, newsOf } from './highlights.ts';
import { allMailSafe, cut, mailSafe, shortNames } from './mail-safe.ts';
import { courseDrawing } from './score-history.ts';

export type ScoreView = { value: string; change: string; isWorse: boolean };

/** A cluster in a line. */
export type ClusterLine = {
  status: DigestStatus;
  cluster: CalledCluster;
  score: ScoreView | null;
  period: string;
};

export type ClusterRow = ClusterLine & {
  /** The worst of it in words. */
  said: Phrase | null;
  details: Phrase[];
  course: { drawing: string; description: string } | null;
  links: DigestLink[];
};

/** A row, all incidents of its report, worst first, and what is told beside them. */
export type DetailedCluster = { row: ClusterRow; entries: IncidentView[]; news: NewsLine[] };

/** Reasons may be whole logs. */
const REASON_LENGTH = 240;

export function clusterLine(context: DigestContext, { cluster, standing }: StandingCluster): ClusterLine {
  const isHealthy = standing === 'healthy';
  return {
    // The heading above says what all of them are; and of what is fine only a change is told.
    status: statusOf(standing, isHealthy ? '' : context.words.standings[standing]),
    cluster: called(cluster),
    score:
      cluster.state === 'reported' && !isEmptyReport(cluster.report)
        ? {
            value: String(cluster.report.score),
            change: isHealthy && cluster.change === 0 ? '' : changeOf(context, cluster.change),
            isWorse: (cluster.change ?? 0) < 0,
          }
        : null,
    period: ownPeriod(context, cluster),
  };
}

export function detailedCluster(context: DigestContext, standing: StandingCluster): DetailedCluster {
  const { cluster } = standing;
  const line = clusterLine(context, standing);
  if (cluster.state === 'reported') return reportedCluster(context, cluster, line);
  const { words } = context;
  const { reason, state, link } = cluster;
  const told = reason?.trim() ? words.reason(cut(mailSafe(reason), REASON_LENGTH)) : null;
  return {
    row: {
      ...line,
      said: phrase`${words.absent[state]}`,
      details: told ? [told] : state === 'failed' ? [phrase`${words.reasonUnknown}`] : [],
      course: null,
      links: link === null ? [] : [linkOf(words.details, link)],
    },
    entries: [],
    news: [],
  };
}

/** Of a cluster that is fine. Its report is only read where there may be any. */
export function newsOfHealthy({ language }: DigestContext, { cluster }: StandingCluster): NewsLine[] {
  if (cluster.state !== 'reported') return [];
  const { changes, capacity } = cluster.report;
  if (changes.length === 0 && !capacity.some(runsOut)) return [];
  return newsOf(createContext(allMailSafe(cluster.report), language));
}

function reportedCluster(context: DigestContext, cluster: Reported, line: ClusterLine): DetailedCluster {
  const { words, reportWords, digest } = context;
  const report = createContext(allMailSafe(cluster.report), digest.language);
  const entries = incidentViews(report);
  const [worst] = entries;
  const { missing } = mastheadView(report);
  const nothingSeen = nothingSeenView(report);
  return {
    row: {
      ...line,
      said: worst
        ? shortNames(worst.headline)
        : nothingSeen
          ? phrase`${nothingSeen.heading}${words.colon}${nothingSeen.sentence}`
          : cluster.report.verdict === 'healthy' || cluster.report.verdict === 'unknown'
            ? phrase`${reportWords.verdictDetail('unknown', 0, 0)}`
            : null,
      details: [
        ...(worst
          ? [
              phrase`${[freshnessOf(worst), whenOf(context, worst)].filter((part) => part !== '').join(reportWords.comma)}`,
            ]
          : []),
        ...(entries.length > 1 ? [phrase`${words.moreFindings(entries.length - 1)}`] : []),
        ...(missing === null ? [] : [words.incomplete(cut(missing.text, REASON_LENGTH))]),
        ...(nothingSeen?.elsewhere ? [jobsOf(context, nothingSeen.elsewhere)] : []),
      ],
      course: line.score === null ? null : courseOf(context, cluster.course),
      links: fileLinks(context, cluster),
    },
    entries,
    news: newsOf(report),
  };
}

/** Jobs that are named; the report has the others. */
const JOBS = 4;

/** Where Prometheus has what the report did not find, in a line. */
function jobsOf(
  { words, reportWords }: DigestContext,
  { heading, rows }: NonNullable<NothingSeenView['elsewhere']>,
): Phrase {
  const jobs = [...new Map(rows.map(({ job }) => [plain(job), job])).values()];
  const shown = join(jobs.slice(0, JOBS), reportWords.comma);
  return phrase`${heading}${words.colon}${shown}${jobs.length > JOBS ? '…' : ''}`;
}

/** When it was, how long, and whether it still is; before that, unless it is new, what it is to what was before. */
export function whenOf({ reportWords }: DigestContext, { compared, when, ongoing }: IncidentView): string {
  const known = compared.filter(({ isNew }) => !isNew).map(({ text }) => text);
  return [...known, ...when, ongoing].filter((text) => text !== '').join(reportWords.comma);
}

/** What makes an incident stand out. */
export function freshnessOf({ compared }: IncidentView): string {
  return compared.find(({ isNew }) => isNew)?.text ?? '';
}

/** One report is no course. */
function courseOf({ listWords }: DigestContext, course: readonly DigestPoint[]): ClusterRow['course'] {
  const first = course.at(-1);
  const [latest] = course;
  if (!first || !latest || course.length < 2) return null;
  return {
    drawing: courseDrawing(course),
    description: listWords.courseDescription({
      reports: course.length,
      first: first.score,
      latest: latest.score,
      lowest: Math.min(...course.map(({ score }) => score)),
      incomplete: course.filter(({ complete }) => !complete).length,
    }),
  };
}

/** JSON is for programs, unless there is nothing else. */
function fileLinks({ words }: DigestContext, { links: { html, pdf, json } }: Reported): DigestLink[] {
  return [
    ...(html === undefined ? [] : [linkOf(words.report, html)]),
    ...(pdf === undefined ? [] : [linkOf('PDF', pdf)]),
    ...(html === undefined && pdf === undefined && json !== undefined ? [linkOf('JSON', json)] : []),
  ];
}
