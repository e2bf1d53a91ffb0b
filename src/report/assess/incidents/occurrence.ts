import { SEVERITIES } from '../../model/indicator.ts';
import { CLUSTER_SUBJECT, type Finding, PROMETHEUS_SUBJECT } from '../../model/report.ts';
import { compareTexts } from '../subjects.ts';

/** A finding as incidents see it: when and where. Times are Unix seconds. */
export type Found = {
  /** Its place in report.findings. */
  index: number;
  finding: Finding;
  start: number;
  end: number;
  stretches: readonly { start: number; end: number; value: number }[];
};

export function foundOf(findings: readonly Finding[]): Found[] {
  const seconds = (time: string) => Date.parse(time) / 1000;
  return findings.map((finding, index) => ({
    index,
    finding,
    start: seconds(finding.start),
    end: seconds(finding.end),
    stretches: finding.episodes.map(({ start, end, value }) => ({
      start: seconds(start),
      end: seconds(end),
      value,
    })),
  }));
}

/** Where it was found. A user's own indicator of a node belongs to that node, as the agent's do. */
export function placeOf({ finding: { component, subject } }: Found): string {
  return component === 'controller' ? 'controller' : `of ${subject}`;
}

export function isOnNode({ finding: { component, subject } }: Found): boolean {
  if (component === null) return subject !== CLUSTER_SUBJECT && subject !== PROMETHEUS_SUBJECT;
  return component === 'agent';
}

/** Moments rather than stretches of time: restarts. */
export function isMoment({ stretches }: Found): boolean {
  return stretches.every(({ start, end }) => start === end);
}

/** Worst first; as far as two are equally bad, in an order of their own, whatever order they came in. */
export function compareWorst(a: Found, b: Found): number {
  return (
    severityRank(b) - severityRank(a) ||
    Number(b.finding.ongoing) - Number(a.finding.ongoing) ||
    b.finding.durationSeconds - a.finding.durationSeconds ||
    compareStarts(a, b)
  );
}

export function compareStarts(a: Found, b: Found): number {
  return (
    a.start - b.start ||
    severityRank(b) - severityRank(a) ||
    compareTexts(a.finding.indicator, b.finding.indicator) ||
    compareTexts(placeOf(a), placeOf(b)) ||
    a.index - b.index
  );
}

export function severityRank({ finding }: Pick<Found, 'finding'>): number {
  return SEVERITIES.indexOf(finding.severity);
}
