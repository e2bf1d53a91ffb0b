import { max, min } from 'd3-array';
import type { CauseRule } from '../../model/cause.ts';
import type { Finding } from '../../model/report.ts';
import type { Incident } from '../../model/report-analysis.ts';
import { toInstant } from '../../model/time.ts';
import { compareWorst } from '../severity.ts';
import { type Group, type GroupOptions, groupOccurrences } from './groups.ts';
import { findExplained, findLinks, type Resolution } from './links.ts';
import { compareBadness, type Occurrence, toOccurrence } from './occurrence.ts';
import { timelineOf } from './timeline.ts';

export type IncidentOptions = Resolution &
  GroupOptions & {
    /** Which findings usually cause which, in order of precedence. */
    rules: readonly CauseRule[];
  };

/**
 * Groups findings into incidents, worst first. Every finding is in exactly one.
 * docs/decisions/0009-incidents.md has the reasons for the grouping.
 */
export function findIncidents(findings: readonly Finding[], options: IncidentOptions): Incident[] {
  const occurrences = findings.map(toOccurrence);
  const links = findLinks(occurrences, options.rules, options);
  const explained = findExplained(links);
  return groupOccurrences(occurrences, links, explained, options)
    .sort(compareGroups)
    .map((group) => toIncident(group, explained, options.stepSeconds));
}

function toIncident(group: Group, explained: ReadonlySet<Occurrence>, stepSeconds: number): Incident {
  const { occurrences, links, severity } = group;
  return {
    severity,
    start: toInstant(min(occurrences, ({ start }) => start) ?? 0),
    end: toInstant(max(occurrences, ({ end }) => end) ?? 0),
    ongoing: occurrences.some(({ finding }) => finding.ongoing),
    findings: occurrences.map(({ index }) => index),
    links: links.map(({ rule, cause, effect, explainedEpisodes }) => ({
      cause: cause.index,
      effect: effect.index,
      rule: rule.id,
      explained: explained.has(effect) && explainedEpisodes.length > 0,
    })),
    timeline: timelineOf(group, explained, stepSeconds),
  };
}

/** Orders groups worst first, by severity, whether ongoing, and the longest finding. */
function compareGroups(a: Group, b: Group): number {
  const summary = ({ severity, occurrences }: Group) => ({
    severity,
    ongoing: occurrences.some(({ finding }) => finding.ongoing),
    durationSeconds: max(occurrences, ({ finding }) => finding.durationSeconds) ?? 0,
  });
  const [firstA, firstB] = [a.occurrences[0], b.occurrences[0]];
  return compareWorst(summary(a), summary(b)) || (firstA && firstB ? compareBadness(firstA, firstB) : 0);
}
