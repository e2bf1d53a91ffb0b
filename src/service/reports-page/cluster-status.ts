import type { Language } from '../../report/model/indicator.ts';
import { compareNames } from '../../report/model/names.ts';
import type { PageCluster, PageReport, UnfinishedReport } from './page.ts';

/**
 * The status of a cluster, worst first: the verdict of its latest report, `missing` without any report, or `outdated`
 * when the latest report is healthy but a schedule should have made another one since.
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
  /** The reports under way, and the failed ones that are news. */
  current: readonly UnfinishedReport[];
};

/**
 * Returns a summary of each cluster: worst status first, then those with failures, then healthy ones with silenced
 * critical findings, then lowest score, then name.
 */
export function rankClusters(clusters: readonly PageCluster[], language: Language): ClusterSummary[] {
  const failures = ({ current }: ClusterSummary) => current.filter(({ state }) => state === 'failed').length;
  return clusters
    .map((cluster) => summarizeCluster(cluster, language))
    .toSorted(
      (a, b) =>
        CLUSTER_STATUSES.indexOf(a.status) - CLUSTER_STATUSES.indexOf(b.status) ||
        Math.sign(failures(b)) - Math.sign(failures(a)) ||
        silencedCritical(b) - silencedCritical(a) ||
        (a.latest?.score ?? 0) - (b.latest?.score ?? 0) ||
        compareNames(a.cluster.name, b.cluster.name),
    );
}

/** 1 for a cluster that is only healthy because of its silences. */
function silencedCritical({ status, latest }: ClusterSummary): number {
  return status === 'healthy' && (latest?.silenced?.critical ?? 0) > 0 ? 1 : 0;
}

function summarizeCluster(cluster: PageCluster, language: Language): ClusterSummary {
  const periods = [...Map.groupBy(cluster.latest, ({ period }) => `${period.start} ${period.end}`).values()];
  const points = periods
    .flatMap((reports) => reports.find((report) => report.language === language) ?? reports[0] ?? [])
    .toReversed();
  const latest = points.at(-1) ?? null;
  const current = cluster.unfinished.filter((report) => isCurrent(report, cluster.latest));
  if (!latest) return { cluster, status: 'missing', latest, points, links: {}, current };

  // Two requests for the same period in different formats make two reports with one file each.
  const renditions = (periods[0] ?? []).filter((report) => report.language === latest.language);
  const isLate = cluster.missed.length > 0 || current.some((report) => report.isLate);
  return {
    cluster,
    status: latest.verdict === 'healthy' && isLate ? 'outdated' : latest.verdict,
    latest,
    points,
    links: Object.assign({}, ...renditions.map(({ links }) => links).toReversed()),
    current,
  };
}

/**
 * Whether a report that is not ready says something about the cluster now. A failure is old news once the same period, or
 * a later one, has a report.
 */
function isCurrent({ state, period, isLate }: UnfinishedReport, latest: readonly PageReport[]): boolean {
  if (state !== 'failed' || isLate) return true;
  return latest.every(
    (report) =>
      report.period.end < period.end ||
      (report.period.end === period.end && report.period.start !== period.start),
  );
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
