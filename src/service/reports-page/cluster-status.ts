import type { Language } from '../../report/model/indicator.ts';
import { compareNames } from '../../report/model/names.ts';
import { DAY_SECONDS } from '../../report/model/time.ts';
import type { PageCluster, PageReport } from './page.ts';

/**
 * The status of a cluster, worst first: the verdict of its latest report, `missing` without any report, or `outdated`
 * when the latest report is healthy but newer ones should exist.
 */
export const CLUSTER_STATUSES = ['critical', 'warning', 'missing', 'outdated', 'unknown', 'healthy'] as const;
export type ClusterStatus = (typeof CLUSTER_STATUSES)[number];

export type ClusterSummary = {
  cluster: PageCluster;
  status: ClusterStatus;
  /** The last of the points. */
  latest: PageReport | null;
  /** One report per period, oldest first, in the page's language if available. */
  points: readonly PageReport[];
  /** URLs of the latest report's files. */
  links: PageReport['links'];
  /** Whole days, in seconds, from the latest report to the newest one on the page; 0 unless reports are overdue. */
  behindSeconds: number;
};

/** Returns a summary of each cluster, worst status first, then lowest score, then name. */
export function rankClusters(clusters: readonly PageCluster[], language: Language): ClusterSummary[] {
  const newest = Math.max(...clusters.map(({ latest }) => latest[0]?.period.end ?? Number.NEGATIVE_INFINITY));
  return clusters
    .map((cluster) => summarizeCluster(cluster, language, newest))
    .toSorted(
      (a, b) =>
        CLUSTER_STATUSES.indexOf(a.status) - CLUSTER_STATUSES.indexOf(b.status) ||
        (a.latest?.score ?? 0) - (b.latest?.score ?? 0) ||
        compareNames(a.cluster.name, b.cluster.name),
    );
}

function summarizeCluster(cluster: PageCluster, language: Language, newest: number): ClusterSummary {
  const periods = [...Map.groupBy(cluster.latest, ({ period }) => `${period.start} ${period.end}`).values()];
  const points = periods
    .flatMap((reports) => reports.find((report) => report.language === language) ?? reports[0] ?? [])
    .toReversed();
  const latest = points.at(-1) ?? null;
  if (!latest) return { cluster, status: 'missing', latest, points, links: {}, behindSeconds: 0 };

  // Two requests for the same period in different formats make two reports with one file each.
  const renditions = (periods[0] ?? []).filter((report) => report.language === latest.language);
  const behindSeconds = overdueSeconds(cluster.latest, newest);
  return {
    cluster,
    status: latest.verdict === 'healthy' && behindSeconds > 0 ? 'outdated' : latest.verdict,
    latest,
    points,
    links: Object.assign({}, ...renditions.map(({ links }) => links).toReversed()),
    behindSeconds,
  };
}

/**
 * Returns how far the cluster's latest report ends before the newest report of all, or 0 if that is usual. A weekly
 * report can end up to a week before a daily one, and the same day ends up to a day apart between time zones. Only a
 * gap of twice the cluster's longest period means that a report is missing.
 */
function overdueSeconds(latest: readonly PageReport[], newest: number): number {
  const behind = newest - (latest[0]?.period.end ?? newest);
  const longest = Math.max(DAY_SECONDS, ...latest.map(({ period }) => period.end - period.start));
  return behind >= 2 * longest ? Math.floor(behind / DAY_SECONDS) * DAY_SECONDS : 0;
}

/** Returns the points of the score history: reports that saw nothing have no meaningful score. */
export function scoredPoints(points: readonly PageReport[]): PageReport[] {
  return points.filter(({ nothingSeen }) => !nothingSeen);
}

/** Returns the score, or a dash for a report that saw nothing. */
export function scoreText({ score, nothingSeen }: PageReport): string {
  return nothingSeen ? '–' : String(score);
}

/** Returns the change of the score, or null if one of the reports saw nothing. */
export function scoreChange(before: PageReport, latest: PageReport): number | null {
  return before.nothingSeen || latest.nothingSeen ? null : latest.score - before.score;
}

/** The content of a score history in words. */
export type ScoreHistoryFacts = {
  reports: number;
  first: number;
  latest: number;
  lowest: number;
  incomplete: number;
};

/** @param points oldest first, at least one */
export function scoreHistoryFacts(
  points: readonly { score: number; complete: boolean }[],
): ScoreHistoryFacts {
  const scores = points.map(({ score }) => score);
  return {
    reports: points.length,
    first: scores[0] ?? 0,
    latest: scores.at(-1) ?? 0,
    lowest: Math.min(...scores),
    incomplete: points.filter(({ complete }) => !complete).length,
  };
}

const MINUS = '\u2212';

/** Returns a change of the score with its sign. */
export function changeText(change: number): string {
  if (change === 0) return '±0';
  return change > 0 ? `+${change}` : `${MINUS}${-change}`;
}
