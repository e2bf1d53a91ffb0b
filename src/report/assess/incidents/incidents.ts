import type { CauseRule } from '../../model/cause.ts';
import type { Finding } from '../../model/report.ts';
import type { Incident } from '../../model/report-analysis.ts';
import { toIso } from '../../model/time.ts';
import { type Cluster, clustersOf } from './clusters.ts';
import { explainedBy, linksOf } from './links.ts';
import { compareWorst, type Found, foundOf } from './occurrence.ts';
import { timelineOf } from './timeline.ts';

export type IncidentOptions = {
  /** What usually causes what, in order of precedence. */
  rules: readonly CauseRule[];
  /** Distance of the points that were judged. */
  stepSeconds: number;
  /** What a point shows of the time before it: the rate window. */
  lookBackSeconds: number;
  /** Unix seconds. What was there then has begun at a time that nobody knows. */
  periodStart: number;
};

/**
 * Findings as incidents: one story and one thing to do each, worst first. Every finding is in exactly one.
 * docs/decisions/0009-incidents.md says why they are grouped like that.
 */
export function incidentsOf(findings: readonly Finding[], options: IncidentOptions): Incident[] {
  const found = foundOf(findings);
  const links = linksOf(found, options.rules, options);
  const explained = explainedBy(links);
  return clustersOf(found, links, explained, options)
    .sort(compareClusters)
    .map((cluster) => incidentOf(cluster, explained, options.stepSeconds));
}

/** Indices of the findings that others explain in full, and that are therefore no alarms of their own. */
export function explainedFindings(incidents: readonly Pick<Incident, 'links'>[]): Set<number> {
  const links = incidents.flatMap((incident) => incident.links);
  return new Set(links.flatMap(({ effect, explained }) => (explained ? [effect] : [])));
}

function incidentOf(cluster: Cluster, explained: ReadonlySet<Found>, stepSeconds: number): Incident {
  const { found, links, severity } = cluster;
  return {
    severity,
    start: toIso(Math.min(...found.map(({ start }) => start))),
    end: toIso(Math.max(...found.map(({ end }) => end))),
    ongoing: found.some(({ finding }) => finding.ongoing),
    findings: found.map(({ index }) => index),
    links: links.map(({ rule, cause, effect, settled }) => ({
      cause: cause.index,
      effect: effect.index,
      rule: rule.id,
      explained: explained.has(effect) && settled.length > 0,
    })),
    timeline: timelineOf(cluster, explained, stepSeconds),
  };
}

/** Critical before warning, what goes on before what is over, then the longest. */
function compareClusters(a: Cluster, b: Cluster): number {
  const rank = ({ severity, found }: Cluster) =>
    (severity === 'critical' ? 2 : 0) + (found.some(({ finding }) => finding.ongoing) ? 1 : 0);
  const longest = ({ found }: Cluster) => Math.max(...found.map(({ finding }) => finding.durationSeconds));
  const [headA, headB] = [a.found[0], b.found[0]];
  return rank(b) - rank(a) || longest(b) - longest(a) || (headA && headB ? compareWorst(headA, headB) : 0);
}
