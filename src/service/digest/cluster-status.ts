import { compareNames } from '../../report/model/names.ts';
import { countSilenced } from '../../report/model/silence.ts';
import type { DigestCluster, ReportedCluster } from './digest.ts';

/** The status of a cluster in the digest, worst first. Every status except the last needs attention. */
export const DIGEST_CLUSTER_STATUSES = [
  'critical',
  'warning',
  'failed',
  'missing',
  'under-way',
  'unknown',
  'healthy',
] as const;
export type DigestClusterStatus = (typeof DIGEST_CLUSTER_STATUSES)[number];

export type RankedCluster = { cluster: DigestCluster; status: DigestClusterStatus };

/** Returns the clusters worst status first, then with ongoing incidents, then lowest score, then by name. */
export function rankClusters(clusters: readonly DigestCluster[]): RankedCluster[] {
  return clusters
    .map((cluster) => ({ cluster, status: findStatus(cluster) }))
    .sort(
      (a, b) =>
        DIGEST_CLUSTER_STATUSES.indexOf(a.status) - DIGEST_CLUSTER_STATUSES.indexOf(b.status) ||
        urgencyOf(b.cluster) - urgencyOf(a.cluster) ||
        silencedRank(b.cluster) - silencedRank(a.cluster) ||
        scoreOf(a.cluster) - scoreOf(b.cluster) ||
        compareNames(a.cluster.name, b.cluster.name),
    );
}

/** An incomplete report cannot call its cluster healthy. */
function findStatus(cluster: DigestCluster): DigestClusterStatus {
  if (cluster.state !== 'reported') return cluster.state;
  const { verdict, complete } = cluster.report;
  return verdict === 'healthy' && !complete ? 'unknown' : verdict;
}

/** 2: a critical incident is ongoing; 1: another incident is ongoing; 0: none is. */
function urgencyOf(cluster: DigestCluster): number {
  if (cluster.state !== 'reported') return 0;
  const ongoing = cluster.report.incidents.filter((incident) => incident.ongoing);
  return ongoing.some(({ severity }) => severity === 'critical') ? 2 : ongoing.length > 0 ? 1 : 0;
}

/** Whether a cluster has findings that do not count, so that it is not simply healthy. */
export function hasSilenced(cluster: DigestCluster): cluster is ReportedCluster {
  return cluster.state === 'reported' && cluster.report.silences.some(({ findings }) => findings > 0);
}

/** Among healthy clusters, those with silenced findings come first: 2 with critical ones, 1 with warnings. */
function silencedRank(cluster: DigestCluster): number {
  if (!hasSilenced(cluster) || cluster.report.verdict !== 'healthy') return 0;
  return countSilenced(cluster.report).critical > 0 ? 2 : 1;
}

const scoreOf = (cluster: DigestCluster) => (cluster.state === 'reported' ? cluster.report.score : 0);

/** A status as the message shows it; `kind` is the CSS class of its colour. */
export type StatusMark = {
  kind: 'critical' | 'warning' | 'absent' | 'unknown' | 'healthy';
  glyph: string;
  word: string;
};

/** The report's shapes as characters that the fonts of all systems have, because mail programs show no SVG. */
const MARKS: Readonly<Record<DigestClusterStatus, Omit<StatusMark, 'word'>>> = {
  critical: { kind: 'critical', glyph: '\u25c6' },
  warning: { kind: 'warning', glyph: '\u25b2' },
  failed: { kind: 'absent', glyph: '\u00d7' },
  missing: { kind: 'absent', glyph: '\u25a1' },
  'under-way': { kind: 'absent', glyph: '\u25a1' },
  unknown: { kind: 'unknown', glyph: '\u25a1' },
  healthy: { kind: 'healthy', glyph: '\u25cf' },
};

export function statusMark(status: DigestClusterStatus, word: string): StatusMark {
  return { ...MARKS[status], word };
}
