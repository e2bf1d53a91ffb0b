import { max, min } from 'd3-array';
import { allFindings, allTargets } from '../../../model/all-rows.ts';
import { compareNames } from '../../../model/names.ts';
import { CLUSTER_SUBJECT, type Finding, PROMETHEUS_SUBJECT, type Report } from '../../../model/report.ts';
import { explainedFindings } from '../../../model/report-analysis.ts';
import { type Group, groupBy } from '../../kit/group.ts';

/** A finding that needs attention, and the incident that it is part of. */
export type Alarm = { finding: Finding; incident: number };

/** What needs attention on a node, on the controller, or on most nodes at once; the worst alarm first. */
export type AffectedPlace = { alarms: Group<Alarm>; nodes: ReadonlySet<string> };

/**
 * A group of findings that affects at least this share of the nodes is one row for all of them, such as the restarts of
 * an upgrade: its nodes have nothing in common with those that are bad. Nodes that were added during the upgrade have
 * no restart. Our choice.
 */
const MOST_SHARE = 0.9;

/** With fewer nodes, each one is a row. */
const FEWEST_NODES = 3;

export type AffectedPlaces = {
  /** What affects most of the nodes at once. */
  common: AffectedPlace[];
  /** Each node, and the controller, with further alarms; worst first. */
  single: AffectedPlace[];
  /** The number of nodes with an agent. */
  agents: number;
};

export function affectedPlaces(report: Report): AffectedPlaces {
  const agents = countNodes(report);
  const alarms = alarmsOf(report);
  const groups = groupBy(alarms.filter(isOnNode), ({ incident, finding }) => [incident, finding.indicator]);
  const common = groups.filter((group) => {
    const nodes = nodesOf(group).size;
    return nodes >= FEWEST_NODES && nodes >= agents * MOST_SHARE;
  });
  const inCommon = new Set(common.flat());
  const others = alarms.filter((alarm) => !inCommon.has(alarm));
  return {
    common: groupBy(common, (group) => [...nodesOf(group)].sort(compareNames)).map(
      ([[first, ...rest], ...further]) => placeOf([first, ...rest, ...further.flat()]),
    ),
    // A custom indicator of a node has no component, but is about the same node as the agent.
    single: groupBy(others, ({ finding }) => [finding.component === 'controller', finding.subject]).map(
      placeOf,
    ),
    agents,
  };
}

function placeOf(alarms: Group<Alarm>): AffectedPlace {
  return { alarms, nodes: nodesOf(alarms) };
}

/**
 * Returns the alarms of nodes and of the controller, worst first. What was counted for the whole cluster is an alarm of
 * the places that caused it: an agent that is not scraped is the one that is missing. Without a cause it has no place.
 */
function alarmsOf(report: Report): Alarm[] {
  const findings = allFindings(report);
  const explained = explainedFindings(report.incidents);
  const incidentOf = new Map(
    report.incidents.flatMap((incident, index) =>
      incident.findings.map((finding) => [finding, index] as const),
    ),
  );
  const linksTo = Map.groupBy(
    report.incidents.flatMap(({ links }) => links),
    ({ effect }) => effect,
  );
  return findings.flatMap((finding, index) => {
    const incident = incidentOf.get(index);
    if (incident === undefined || explained.has(index)) return [];
    if (hasPlace(finding)) return [{ finding, incident }];
    const causes = (linksTo.get(index) ?? []).flatMap(({ cause }) => findings[cause] ?? []);
    const places = groupBy(causes.filter(hasPlace), ({ subject, component }) => [subject, component]);
    return places.map((own) => ({ finding: partOf(finding, own), incident }));
  });
}

function hasPlace({ component, subject }: Finding): boolean {
  return component !== null || (subject !== CLUSTER_SUBJECT && subject !== PROMETHEUS_SUBJECT);
}

/** Returns the part of a finding of the cluster that comes from one place: the times at which its causes were there. */
function partOf(finding: Finding, causes: Group<Finding>): Finding {
  const [{ subject, component }] = causes;
  const shared = finding.episodes.flatMap((episode) =>
    causes
      .flatMap(({ episodes }) => episodes)
      .filter(({ start, end }) => start <= episode.end && episode.start <= end)
      .map(({ start, end }) => ({
        ...episode,
        start: max([start, episode.start]) ?? start,
        end: min([end, episode.end]) ?? end,
      })),
  );
  return {
    ...finding,
    subject,
    component,
    // An effect may also begin after its cause is over.
    episodes: shared.length > 0 ? shared : finding.episodes,
    ongoing: finding.ongoing && (shared.length === 0 || causes.some(({ ongoing }) => ongoing)),
  };
}

function isOnNode({ finding }: Alarm): boolean {
  return finding.component !== 'controller';
}

function nodesOf(alarms: readonly Alarm[]): Set<string> {
  return new Set(alarms.filter(isOnNode).map(({ finding }) => finding.subject));
}

function countNodes(report: Report): number {
  const agents = allTargets(report).filter(({ component }) => component === 'agent');
  return new Set(agents.map(({ subject }) => subject)).size;
}
