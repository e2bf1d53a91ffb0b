import type { Finding } from '../../model/report.ts';
import type { Incident } from '../../model/report-analysis.ts';
import { toUnixSeconds } from '../../model/time.ts';
import { isOnNode, type Occurrence, toOccurrence } from '../incidents/occurrence.ts';
import type { AlertEpisode, SubjectAlert } from './fired.ts';

/**
 * How long after the end of a finding its alert may begin, in seconds. The alerts of kubernetes-mixin about Pods and
 * DaemonSets wait for 15 minutes (`for: 15m`), and what they look back on outlasts a fault, so that they may fire when
 * all is well again. Our own wait no longer than a finding must last.
 */
export const LATE_SECONDS = 900;

/** What fired for an incident: an alert by its place, and since when. */
export type Match = { alert: number; from: number };

export type MatchOptions = {
  /** By the name of an alert of our own rules: the indicator or check that it is about. */
  indicators: ReadonlyMap<string, string>;
  /** The step of the alerts, which may have begun at any time in their first one. */
  stepSeconds: number;
};

type Candidate = { incident: number; isOfIndicator: boolean };

/** Returns, by the place of the incident, the alerts that fired for it: same subject, and overlapping in time. */
export function matchAlerts(
  alerts: readonly SubjectAlert[],
  incidents: readonly Pick<Incident, 'findings'>[],
  findings: readonly Finding[],
  options: MatchOptions,
): Match[][] {
  const occurrences = incidents.map((incident) =>
    incident.findings.flatMap((index) => {
      const finding = findings[index];
      return finding === undefined ? [] : [toOccurrence(finding, index)];
    }),
  );
  const matches: Match[][] = incidents.map(() => []);
  for (const [place, alert] of alerts.entries()) {
    const indicator = options.indicators.get(alert.name);
    const possible = occurrences.map((own) => own.filter((one) => isSameSubject(alert, one)));
    for (const episode of alert.episodes) {
      const candidates = possible.flatMap((own, incident): Candidate[] => {
        const matching = own.filter((one) => overlaps(alert, episode, one, options.stepSeconds));
        const isOfIndicator = matching.some(({ finding }) => finding.indicator === indicator);
        return matching.length === 0 ? [] : [{ incident, isOfIndicator }];
      });
      // An alert of our own rules is about one indicator: with an incident of it, it belongs to no other.
      const isAny = !candidates.some(({ isOfIndicator }) => isOfIndicator);
      for (const { incident, isOfIndicator } of candidates)
        if (isAny || isOfIndicator) addMatch(matches[incident], { alert: place, from: episode.start });
    }
  }
  return matches;
}

/** Adds an alert once, with the first of its episodes. */
function addMatch(matches: Match[] | undefined, match: Match): void {
  if (matches?.some(({ alert }) => alert === match.alert)) return;
  matches?.push(match);
}

/** Whether an alert whose labels name no subject is about the whole cluster. */
function isClusterWide({ component, node }: SubjectAlert): boolean {
  return component !== 'controller' && node === null;
}

function isSameSubject(alert: SubjectAlert, occurrence: Occurrence): boolean {
  const { finding } = occurrence;
  // What concerns the whole cluster concerns each of its parts, and the reverse.
  if (finding.component === null && !isOnNode(occurrence)) return true;
  if (isClusterWide(alert)) return alert.component !== 'agent' || isOnNode(occurrence);
  if (alert.component === 'controller') return finding.component === 'controller';
  return isOnNode(occurrence) && finding.subject === alert.node;
}

/**
 * Whether an alert fired during an episode of a finding or soon after. Both last from the start of their first step to
 * the end of the last one, so that what touches may have overlapped. One about the whole cluster must also have begun
 * then: if it had fired for hours, nobody was paged for this.
 */
function overlaps(
  alert: SubjectAlert,
  { start, end }: AlertEpisode,
  one: Occurrence,
  stepSeconds: number,
): boolean {
  return one.episodes.some((episode) => {
    const isInTime = start <= episode.end + LATE_SECONDS && end >= episode.start;
    return isInTime && (!isClusterWide(alert) || start + stepSeconds >= episode.start - LATE_SECONDS);
  });
}

/**
 * Whether it can be said that no alert fired for an incident: rules were evaluated before it was over, and one that has
 * just begun could have fired.
 */
export function isAlertExpected(
  { start, end, ongoing }: Pick<Incident, 'start' | 'end' | 'ongoing'>,
  evaluatedFrom: number,
  periodEnd: number,
): boolean {
  if (evaluatedFrom > toUnixSeconds(end) + LATE_SECONDS) return false;
  return !ongoing || toUnixSeconds(start) + LATE_SECONDS <= periodEnd;
}
