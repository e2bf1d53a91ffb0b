import type { Unit } from '../../model/indicator.ts';
import type { Incident } from '../../model/report-analysis.ts';
import { toIso } from '../../model/time.ts';
import type { Cluster } from './clusters.ts';
import { type Found, isMoment, isOnNode, placeOf, severityRank } from './occurrence.ts';

type Entry = Incident['timeline'][number];

/** A timeline is read in order; of more nodes than these the order is that of a list and no story. */
const NODES = 3;

/** What fits beside a chart and into a glance. */
const ENTRIES = 12;

/** Units of what happens rather than lasts: their stretches say how often, and not how long. */
const EVENT_UNITS: ReadonlySet<Unit> = new Set(['failed-bundles', 'retries', 'packets', 'evictions']);

const ORDER: readonly Entry['kind'][] = ['restart', 'start', 'events', 'end'];

/** What is told together: the start of a stretch and its end, or a moment. */
type Passage = { entries: Entry[]; found: Found; isFirst: boolean; isOver: boolean };

/**
 * The story of a cluster of several findings, in order of time. On many nodes, only what belongs to none of them: a
 * restart of the controller is told, what each of 300 nodes made of it is not.
 */
export function timelineOf(
  { found, links }: Cluster,
  explained: ReadonlySet<Found>,
  stepSeconds: number,
): Entry[] {
  const nodes = new Set(found.filter(isOnNode).map(placeOf));
  const told = nodes.size > NODES ? found.filter((one) => !isOnNode(one)) : found;
  if (told.length < 2) return [];
  const order = new Map(found.map((one, index) => [one.index, index]));
  const passages = told.flatMap((one) =>
    passagesOf(one, (start) => momentWithin(one, start, links, stepSeconds)),
  );
  const ranked = passages.toSorted((a, b) => weightOf(b, explained) - weightOf(a, explained));
  const kept: Entry[] = [];
  for (const { entries } of ranked) if (kept.length + entries.length <= ENTRIES) kept.push(...entries);
  return kept.sort(
    (a, b) =>
      Date.parse(a.at) - Date.parse(b.at) ||
      ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
      (order.get(a.finding) ?? 0) - (order.get(b.finding) ?? 0),
  );
}

/**
 * When a stretch is told to have begun. It did so somewhere within its first step; where what caused it is known to the
 * second and lies in that step, it was not before that.
 */
function momentWithin(effect: Found, start: number, links: Cluster['links'], stepSeconds: number): number {
  const moments = links
    .filter((link) => link.effect === effect && isMoment(link.cause))
    .flatMap(({ cause }) => cause.stretches.map((stretch) => stretch.start));
  return Math.max(start, ...moments.filter((moment) => moment < start + stepSeconds));
}

function passagesOf(found: Found, toldStart: (start: number) => number): Passage[] {
  const { index, finding, stretches } = found;
  const base = { finding: index, subject: finding.subject };
  return stretches.map(({ start, end, value }, at) => {
    const isLast = at === stretches.length - 1;
    const isOver = !(isLast && finding.ongoing);
    const passage = { found, isFirst: at === 0, isOver };
    if (isMoment(found))
      return { ...passage, entries: [{ ...base, at: toIso(start), kind: 'restart', value: null }] };
    if (EVENT_UNITS.has(finding.unit))
      return { ...passage, entries: [{ ...base, at: toIso(toldStart(start)), kind: 'events', value }] };
    const ended: Entry[] = isOver ? [{ ...base, at: toIso(end), kind: 'end', value: null }] : [];
    return {
      ...passage,
      entries: [{ ...base, at: toIso(toldStart(start)), kind: 'start', value }, ...ended],
    };
  });
}

/** The most telling first: how each finding began, what goes on, what nothing explains, what is critical. */
function weightOf({ found, isFirst, isOver }: Passage, explained: ReadonlySet<Found>): number {
  return (isFirst ? 8 : 0) + (isOver ? 0 : 4) + (explained.has(found) ? 0 : 2) + severityRank(found);
}
