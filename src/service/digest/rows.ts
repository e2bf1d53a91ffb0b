import { runsOut } from '../../report/model/capacity.ts';
import { isEmptyReport } from '../../report/model/nothing-seen.ts';
import { countSilenced } from '../../report/model/silence.ts';
import { createContext } from '../../report/render/create-context.ts';
import { join, type Phrase, phrase, plain } from '../../report/render/kit/phrase.ts';
import type { IncidentView } from '../../report/render/sections/incidents/incident-view.ts';
import { incidentViews } from '../../report/render/sections/incidents/view.ts';
import { mastheadView } from '../../report/render/sections/masthead/view.ts';
import { type NothingSeenView, nothingSeenView } from '../../report/render/sections/nothing-seen/view.ts';
import { SILENCED_WORDS } from '../../report/render/sections/silenced/words.ts';
import { scoreHistoryFacts } from '../reports-page/cluster-status.ts';
import { hasSilenced, type RankedCluster, type StatusMark, statusMark } from './cluster-status.ts';
import {
  type ClusterLabel,
  clusterLabel,
  createLink,
  type DigestContext,
  type DigestLink,
  differingPeriod,
  scoreChangeText,
} from './context.ts';
import type { ReportedCluster } from './digest.ts';
import { findHighlights, type Highlight } from './highlights.ts';
import { allMailSafe, cut, mailSafe, shortNames } from './mail-safe.ts';
import { drawScoreHistory } from './score-history.ts';

export type ScoreView = { value: string; change: string; isWorse: boolean };

/** A cluster on one line. */
export type ClusterLine = {
  status: StatusMark;
  cluster: ClusterLabel;
  score: ScoreView | null;
  period: string;
  /** How many findings do not count; empty if all do. */
  silenced: string;
};

export type ClusterRow = ClusterLine & {
  /** The headline of the worst incident, or why there is no report. */
  headline: Phrase | null;
  details: Phrase[];
  scoreHistory: { drawing: string; description: string } | null;
  links: DigestLink[];
};

/** A row with all incidents of its report, worst first, and its highlights. */
export type DetailedCluster = { row: ClusterRow; entries: IncidentView[]; highlights: Highlight[] };

/** Characters; a reason can be as long as a log. */
const LONGEST_REASON = 240;

export function clusterLine(context: DigestContext, { cluster, status }: RankedCluster): ClusterLine {
  const isHealthy = status === 'healthy';
  return {
    // The heading of the healthy clusters names their status, so their lines leave it out, and a change of 0 too.
    status: statusMark(status, isHealthy ? '' : context.words.statuses[status]),
    cluster: clusterLabel(cluster),
    score:
      cluster.state === 'reported' && !isEmptyReport(cluster.report)
        ? {
            value: String(cluster.report.score),
            change: isHealthy && cluster.change === 0 ? '' : scoreChangeText(context, cluster.change),
            isWorse: (cluster.change ?? 0) < 0,
          }
        : null,
    period: differingPeriod(context, cluster),
    silenced: hasSilenced(cluster)
      ? SILENCED_WORDS[context.language].count(countSilenced(cluster.report))
      : '',
  };
}

export function detailedCluster(context: DigestContext, ranked: RankedCluster): DetailedCluster {
  const { cluster } = ranked;
  const line = clusterLine(context, ranked);
  if (cluster.state === 'reported') return reportedCluster(context, cluster, line);
  const { words, reportWords } = context;
  const { state, link } = cluster;
  const reason = reportWords.reason(cluster.reason);
  const details = reason
    ? [words.reason(cut(mailSafe(reason), LONGEST_REASON))]
    : state === 'failed'
      ? [phrase`${words.reasonUnknown}`]
      : [];
  return {
    row: {
      ...line,
      headline: phrase`${words.noReport[state]}`,
      details,
      scoreHistory: null,
      links: link === null ? [] : [createLink(words.details, link)],
    },
    entries: [],
    highlights: [],
  };
}

/** Returns the highlights of a healthy cluster. Hundreds of them have none, so their reports are not processed. */
export function healthyHighlights({ language }: DigestContext, { cluster }: RankedCluster): Highlight[] {
  if (cluster.state !== 'reported') return [];
  const { changes, capacity } = cluster.report;
  if (changes.length === 0 && !capacity.some(runsOut)) return [];
  return findHighlights(createContext(allMailSafe(cluster.report), language));
}

function reportedCluster(
  context: DigestContext,
  cluster: ReportedCluster,
  line: ClusterLine,
): DetailedCluster {
  const report = createContext(allMailSafe(cluster.report), context.language);
  const entries = incidentViews(report);
  const { missing } = mastheadView(report);
  const nothingSeen = nothingSeenView(report);
  return {
    row: {
      ...line,
      headline: findHeadline(context, cluster, entries, nothingSeen),
      details: [
        ...incidentDetails(context, entries),
        ...(missing === null ? [] : [context.words.incomplete(cut(missing.text, LONGEST_REASON))]),
        ...(nothingSeen?.elsewhere ? [listJobs(context, nothingSeen.elsewhere)] : []),
      ],
      scoreHistory: line.score === null ? null : scoreHistoryView(context, cluster),
      links: fileLinks(context, cluster),
    },
    entries,
    highlights: findHighlights(report),
  };
}

function findHeadline(
  { words, reportWords }: DigestContext,
  { report: { verdict } }: ReportedCluster,
  [worst]: readonly IncidentView[],
  nothingSeen: NothingSeenView | null,
): Phrase | null {
  if (worst) return shortNames(worst.headline);
  if (nothingSeen) return phrase`${nothingSeen.heading}${words.colon}${nothingSeen.sentence}`;
  const isIncomplete = verdict === 'healthy' || verdict === 'unknown';
  return isIncomplete ? phrase`${reportWords.verdictDetail('unknown', 0, 0)}` : null;
}

/** Returns the time of the worst incident and the number of the others. */
function incidentDetails(context: DigestContext, entries: readonly IncidentView[]): Phrase[] {
  const [worst, ...others] = entries;
  if (!worst) return [];
  const { words, reportWords } = context;
  const facts = [newLabel(worst), whenText(context, worst)].filter((fact) => fact !== '');
  return [
    phrase`${facts.join(reportWords.comma)}`,
    ...(others.length > 0 ? [phrase`${words.moreIncidents(others.length)}`] : []),
  ];
}

/** Number of scrape jobs that a row names; the report has the others. */
const MOST_JOBS = 4;

/** Names the scrape jobs in which Prometheus has the metrics that the report did not find. */
function listJobs(
  { words, reportWords }: DigestContext,
  { heading, rows }: NonNullable<NothingSeenView['elsewhere']>,
): Phrase {
  const jobs = [...new Map(rows.map(({ job }) => [plain(job), job])).values()];
  const named = join(jobs.slice(0, MOST_JOBS), reportWords.comma);
  return phrase`${heading}${words.colon}${named}${jobs.length > MOST_JOBS ? '…' : ''}`;
}

/** Returns how an incident compares with earlier periods (unless it is new), its time and duration, and if it is ongoing. */
export function whenText({ reportWords }: DigestContext, { compared, when, ongoing }: IncidentView): string {
  const known = compared.filter(({ isNew }) => !isNew).map(({ text }) => text);
  return [...known, ...when, ongoing].filter((text) => text !== '').join(reportWords.comma);
}

/** Returns "new" in words if earlier periods did not have the incident, else an empty text. */
export function newLabel({ compared }: IncidentView): string {
  return compared.find(({ isNew }) => isNew)?.text ?? '';
}

/** Returns null for fewer than two reports, which are no history. */
function scoreHistoryView(
  { pageWords }: DigestContext,
  { scoreHistory }: ReportedCluster,
): ClusterRow['scoreHistory'] {
  if (scoreHistory.length < 2) return null;
  return {
    drawing: drawScoreHistory(scoreHistory),
    description: pageWords.scoreHistoryDescription(scoreHistoryFacts(scoreHistory.toReversed())),
  };
}

/** Links to the formats for people, or to any other if there are none of them. */
function fileLinks(
  { words }: DigestContext,
  { links: { html, pdf, ...others } }: ReportedCluster,
): DigestLink[] {
  const forPeople = [
    ...(html === undefined ? [] : [createLink(words.report, html)]),
    ...(pdf === undefined ? [] : [createLink('PDF', pdf)]),
  ];
  if (forPeople.length > 0) return forPeople;
  return Object.entries(others).map(([format, url]) => createLink(format.toUpperCase(), url));
}
