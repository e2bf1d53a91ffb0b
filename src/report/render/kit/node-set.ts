import { allFindings, allResolved, allTargets } from '../../model/all-rows.ts';
import { compareNames } from '../../model/names.ts';
import type { Report, Target } from '../../model/report.ts';
import type { Context } from './context.ts';
import { kindOf, type Located } from './place.ts';

/**
 * Which nodes an incident, an indicator or a row of a table is about. The page names them only in part, so each has the
 * places of its nodes in one list of names, and the filter of the page finds them there.
 */

/**
 * Returns the place of each node that something on the page is about, in the order of their names.
 * @param shownReadings the readings that have rows
 */
export function nodePlaces(report: Report, shownReadings: readonly Located[]): ReadonlyMap<string, number> {
  const located: Located[] = [
    ...allFindings(report),
    ...allResolved(report),
    ...report.silenced.map(({ finding }) => finding),
    ...report.changes,
    ...report.capacity,
    ...allTargets(report).filter(isEventful),
    ...(report.alerts?.fired ?? []),
    ...report.indicators.flatMap(({ series }) => series),
    ...shownReadings,
  ];
  const names = new Set(located.filter(isNode).map(({ subject }) => subject));
  return new Map([...names].sort(compareNames).map((name, index) => [name, index]));
}

/** Only such targets have rows. */
const isEventful = ({ restarts, gaps, seenRatio }: Target) =>
  restarts.length + gaps.length > 0 || seenRatio === null || seenRatio < 1;

const isNode = (located: Located) => kindOf(located) === 'node';

/** Places are written in base 36. */
const BASE = 36;

/** Returns the places of nodes, with ranges as their first and last one: "0-b d". Empty where there are none. */
export function nodeSet({ nodePlaces: places }: Context, located: readonly Located[]): string {
  const all = new Set(located.filter(isNode).flatMap(({ subject }) => places.get(subject) ?? []));
  const ranges: { first: number; last: number }[] = [];
  for (const place of [...all].sort((a, b) => a - b)) {
    const current = ranges.at(-1);
    if (current?.last === place - 1) current.last = place;
    else ranges.push({ first: place, last: place });
  }
  return ranges
    .map(({ first, last }) =>
      first === last ? first.toString(BASE) : `${first.toString(BASE)}-${last.toString(BASE)}`,
    )
    .join(' ');
}
