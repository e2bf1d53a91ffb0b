import { compareNames } from '../../model/names.ts';
import { CLUSTER_SUBJECT, type Finding, PROMETHEUS_SUBJECT } from '../../model/report.ts';
import { toUnixSeconds } from '../../model/time.ts';
import { compareWorst, severityRank } from '../severity.ts';

export type OccurrenceEpisode = { start: number; end: number; value: number };

/** A finding with its times in Unix seconds. */
export type Occurrence = {
  /** Its index in report.findings. */
  index: number;
  finding: Finding;
  start: number;
  end: number;
  episodes: readonly OccurrenceEpisode[];
};

export function toOccurrence(finding: Finding, index: number): Occurrence {
  const episodes = finding.episodes.map(({ start, end, value }) => ({
    start: toUnixSeconds(start),
    end: toUnixSeconds(end),
    value,
  }));
  return { index, finding, start: toUnixSeconds(finding.start), end: toUnixSeconds(finding.end), episodes };
}

/** Returns a key for where it occurred. A custom indicator of a node belongs to the node, like the agent's. */
export function placeOf({ finding: { component, subject } }: Occurrence): string {
  return component === 'controller' ? 'controller' : `subject ${subject}`;
}

export function isOnNode(occurrence: Occurrence): boolean {
  const { component, subject } = occurrence.finding;
  if (component === null) return !isOfCluster(occurrence) && subject !== PROMETHEUS_SUBJECT;
  return component === 'agent';
}

export function isOfCluster({ finding: { component, subject } }: Occurrence): boolean {
  return component === null && subject === CLUSTER_SUBJECT;
}

/** Whether its episodes are moments without length: restarts. */
export function isMoment({ episodes }: Occurrence): boolean {
  return episodes.every(({ start, end }) => start === end);
}

/** Orders occurrences worst first, and equally bad ones by start. */
export function compareBadness(a: Occurrence, b: Occurrence): number {
  return compareWorst(a.finding, b.finding) || compareStarts(a, b);
}

/** Orders occurrences by start. No two compare as equal, so the result does not depend on the order before. */
export function compareStarts(a: Occurrence, b: Occurrence): number {
  return (
    a.start - b.start ||
    severityRank(b.finding.severity) - severityRank(a.finding.severity) ||
    compareNames(a.finding.indicator, b.finding.indicator) ||
    compareNames(placeOf(a), placeOf(b)) ||
    a.index - b.index
  );
}
