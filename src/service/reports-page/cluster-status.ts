import type { Language } from '../../report/model/indicator.ts';
import type { ArchiveCluster, ArchiveReport } from './page.ts';
import { STANDINGS, type Standing } from './words.ts';

/** How a cluster stands among the others. */
export type Standings = {
  cluster: ArchiveCluster;
  standing: Standing;
  /** The last of the points. */
  latest: ArchiveReport | null;
  /** One report of each period, oldest first, in the page's language where there is one: two languages are one point. */
  points: readonly ArchiveReport[];
  /** The latest report's files. */
  links: ArchiveReport['links'];
  /** How long before the newest report of the page the latest ends; 0 where that is nothing unusual. */
  behindSeconds: number;
};

const DAY = 86_400;

/** Worst first. Whose reports stopped coming is not among the healthy: silence is not health. */
export function standingsOf(clusters: readonly ArchiveCluster[], language: Language): Standings[] {
  const newest = Math.max(...clusters.map(({ latest }) => latest[0]?.period.end ?? Number.NEGATIVE_INFINITY));
  return clusters
    .map((cluster) => standingOf(cluster, language, newest))
    .toSorted(
      (a, b) =>
        STANDINGS.indexOf(a.standing) - STANDINGS.indexOf(b.standing) ||
        (a.latest?.score ?? 0) - (b.latest?.score ?? 0) ||
        compare(a.cluster.name, b.cluster.name),
    );
}

/** The same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function standingOf(cluster: ArchiveCluster, language: Language, newest: number): Standings {
  const periods = Map.groupBy(cluster.latest, ({ period }) => `${period.start} ${period.end}`);
  const readable = (same: readonly ArchiveReport[]) =>
    same.find((one) => one.language === language) ?? same[0];
  const points = [...periods.values()].flatMap((same) => readable(same) ?? []).toReversed();
  const latest = points.at(-1) ?? null;
  if (!latest) return { cluster, standing: 'missing', latest, points, links: {}, behindSeconds: 0 };

  // An id of its own has what was asked for in one format only.
  const [same = []] = periods.values();
  const renditions = same.filter((report) => report.language === latest.language);
  const behindSeconds = behindOf(cluster.latest, newest);
  return {
    cluster,
    standing: latest.verdict === 'healthy' && behindSeconds > 0 ? 'outdated' : latest.verdict,
    latest,
    points,
    links: Object.assign({}, ...renditions.map(({ links }) => links).toReversed()),
    behindSeconds,
  };
}

/**
 * Weekly reports end up to a week before somebody's daily ones, and time zones a day apart; a report that is twice as
 * far behind as the cluster's own longest period should have been followed by another one. In whole days.
 */
function behindOf(latest: readonly ArchiveReport[], newest: number): number {
  const behind = newest - (latest[0]?.period.end ?? newest);
  const longest = Math.max(DAY, ...latest.map(({ period }) => period.end - period.start));
  return behind >= 2 * longest ? Math.floor(behind / DAY) * DAY : 0;
}

/** The points of a course: a score of nothing is none. */
export function scoredPoints(points: readonly ArchiveReport[]): ArchiveReport[] {
  return points.filter(({ nothingSeen }) => !nothingSeen);
}

/** A report that saw nothing has a score, but none to go by. */
export function scoreText({ score, nothingSeen }: ArchiveReport): string {
  return nothingSeen ? '–' : String(score);
}

/** Null where one of the two says nothing. */
export function changeOf(before: ArchiveReport, latest: ArchiveReport): number | null {
  return before.nothingSeen || latest.nothingSeen ? null : latest.score - before.score;
}

const MINUS = '\u2212';

export function changeText(change: number): string {
  if (change === 0) return '±0';
  return change > 0 ? `+${change}` : `${MINUS}${-change}`;
}
