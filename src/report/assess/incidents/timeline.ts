import type { Unit } from '../../model/indicator.ts';
import type { Incident } from '../../model/report-analysis.ts';
import { toInstant, toUnixSeconds } from '../../model/time.ts';
import { severityRank } from '../severity.ts';
import type { Group } from './groups.ts';
import { isMoment, isOnNode, type Occurrence, placeOf } from './occurrence.ts';

type Entry = Incident['timeline'][number];

/** With more nodes than this, the timeline has no entries of nodes: they would be a list, not a story. */
const MOST_NODES = 3;

/** Upper bound on the entries, so that a timeline fits next to a chart. */
const MOST_ENTRIES = 12;

/** Units of what happens rather than lasts: their episodes show how often, not how long. */
const EVENT_UNITS: ReadonlySet<Unit> = new Set(['failed-bundles', 'retries', 'packets', 'evictions']);

/** The order of entries with the same time. */
const KIND_ORDER: readonly Entry['kind'][] = ['restart', 'start', 'events', 'end'];

/** The entries of one episode, which are kept or dropped together. */
type EpisodeEntries = { entries: Entry[]; occurrence: Occurrence; isFirst: boolean; isOver: boolean };

/**
 * Returns the timeline of a group with several occurrences, in the order of time. With many nodes, it has only entries
 * that belong to no node: the restart of the controller, but not its effects on each of 300 nodes.
 */
export function timelineOf(
  { occurrences, links }: Group,
  explained: ReadonlySet<Occurrence>,
  stepSeconds: number,
): Entry[] {
  const nodes = new Set(occurrences.filter(isOnNode).map(placeOf));
  const shown = nodes.size > MOST_NODES ? occurrences.filter((one) => !isOnNode(one)) : occurrences;
  if (shown.length < 2) return [];
  const weight = ({ occurrence, isFirst, isOver }: EpisodeEntries) =>
    (isFirst ? 8 : 0) +
    (isOver ? 0 : 4) +
    (explained.has(occurrence) ? 0 : 2) +
    severityRank(occurrence.finding.severity);
  const mostImportantFirst = shown
    .flatMap((occurrence) =>
      entriesOf(occurrence, (start) => likelyStart(occurrence, start, links, stepSeconds)),
    )
    .sort((a, b) => weight(b) - weight(a));
  const kept: Entry[] = [];
  for (const { entries } of mostImportantFirst)
    if (kept.length + entries.length <= MOST_ENTRIES) kept.push(...entries);
  const order = new Map(occurrences.map(({ index }, position) => [index, position]));
  return kept.sort(
    (a, b) =>
      toUnixSeconds(a.at) - toUnixSeconds(b.at) ||
      KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind) ||
      (order.get(a.finding) ?? 0) - (order.get(b.finding) ?? 0),
  );
}

/**
 * Returns when an episode of an effect began, in Unix seconds. That was at some time in its first step, and not before
 * its cause if that is a moment in the same step.
 */
function likelyStart(effect: Occurrence, start: number, links: Group['links'], stepSeconds: number): number {
  const moments = links
    .filter((link) => link.effect === effect && isMoment(link.cause))
    .flatMap(({ cause }) => cause.episodes.map((episode) => episode.start));
  return Math.max(start, ...moments.filter((moment) => moment < start + stepSeconds));
}

/** @param shownStart returns the time to show for the start of an episode */
function entriesOf(occurrence: Occurrence, shownStart: (start: number) => number): EpisodeEntries[] {
  const { index, finding, episodes } = occurrence;
  const isEvent = EVENT_UNITS.has(finding.unit);
  const entry = (time: number, kind: Entry['kind'], value: number | null): Entry => ({
    finding: index,
    subject: finding.subject,
    at: toInstant(time),
    kind,
    value,
  });
  return episodes.map(({ start, end, value }, position) => {
    const isOver = !(finding.ongoing && position === episodes.length - 1);
    const entries = isMoment(occurrence)
      ? [entry(start, 'restart', null)]
      : [entry(shownStart(start), isEvent ? 'events' : 'start', value)];
    if (isOver && !isEvent && !isMoment(occurrence)) entries.push(entry(end, 'end', null));
    return { entries, occurrence, isFirst: position === 0, isOver };
  });
}
