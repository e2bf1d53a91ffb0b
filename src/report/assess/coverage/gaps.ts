import type { Gathered } from '../../model/series.ts';
import { pointAt, stepStart } from '../../model/time.ts';

/** Share of the expected scrapes of a target that succeeded, a value per step; null where none was tried. */
export type Presence = readonly (number | null)[];

/** A stretch without one successful scrape. */
export type Gap = {
  /** In points of the grid, both ends included; partly covered steps at its edges are not counted among them. */
  first: number;
  last: number;
  /** down: scraped without success; absent: not scraped at all. */
  kind: 'down' | 'absent';
  /** Unix seconds, to the scrape where steps at its edges are partly covered. */
  start: number;
  end: number;
  /** How long scrapes were missing, to the scrape. */
  missingSeconds: number;
  /** Whether no scrape succeeded after it in the period. */
  toEnd: boolean;
};

/**
 * The gaps of a target that last at least `leastSeconds`. Being down and being absent are two gaps where its scrapes
 * began or ended for good, since absent may mean that it was not there yet, or was removed.
 * @param isExpected whether the target should have been seen at a point
 */
export function gapsOf(
  presence: Presence,
  gathered: Pick<Gathered, 'grid' | 'period'>,
  leastSeconds: number,
  isExpected: (index: number) => boolean,
): Gap[] {
  const { stepSeconds } = gathered.grid;
  const isSeen = (index: number) => (presence[index] ?? 0) > 0;
  const isUnseen = (index: number) =>
    index >= 0 && index < presence.length && !isSeen(index) && isExpected(index);
  const missingOf = (index: number) => (isSeen(index) ? (1 - (presence[index] ?? 0)) * stepSeconds : 0);
  const longEnough = (points: number) => points * stepSeconds >= leastSeconds;
  const added = firstTried(presence);
  const gone = presence.findLastIndex((share) => share !== null) + 1;
  const cuts = [longEnough(added) ? added : 0, longEnough(presence.length - gone) ? gone : 0];

  const gaps: Gap[] = [];
  const add = (first: number, last: number, times: Pick<Gap, 'start' | 'end' | 'missingSeconds'>) => {
    const isTried = presence.slice(first, last + 1).some((share) => share !== null);
    const toEnd = last === presence.length - 1 && !isSeen(last);
    gaps.push({ first, last, kind: isTried ? 'down' : 'absent', ...times, toEnd });
  };
  for (let index = 0; index < presence.length; index += 1) {
    const first = index;
    if (isUnseen(first)) {
      while (isUnseen(index + 1) && !cuts.includes(index + 1)) index += 1;
      const begin = pointAt(gathered.grid, first) - stepSeconds - missingOf(first - 1);
      const start = Math.max(gathered.period.start, begin);
      const end = pointAt(gathered.grid, index) + missingOf(index + 1);
      add(first, index, { start, end, missingSeconds: Math.round(end - start) });
    } else if (isSeen(first) && !isUnseen(first - 1) && !isUnseen(first + 1)) {
      // A gap can hide in a step that is longer than it, or in two of them; where within them is not known.
      const [one, next] = [missingOf(first), isUnseen(first + 2) ? 0 : missingOf(first + 1)];
      const isAcross = one < leastSeconds && next < leastSeconds && one + next >= leastSeconds;
      if (isAcross) index += 1;
      const [start, end] = [stepStart(gathered, first), pointAt(gathered.grid, index)];
      const missing = Math.min(isAcross ? one + next : one, end - start);
      add(first, index, { start, end, missingSeconds: Math.round(missing) });
    }
  }
  return gaps.filter((gap) => gap.missingSeconds >= leastSeconds);
}

/** The first point at which a target was scraped, with or without success; -1 when it never was. */
export function firstTried(presence: Presence): number {
  return presence.findIndex((share) => share !== null);
}

/** Whether a target's own gap is what a gap of all targets looks like from where it stands. */
export function isPartOf(own: Gap, shared: Gap): boolean {
  // Targets are scraped at different moments, so an edge may fall into the next step.
  return own.first >= shared.first - 1 && own.last <= shared.last + 1;
}

/** The shares from when the target was first tried on; where it was not tried later, nothing succeeded. */
export function fromFirstTried(presence: Presence): number[] {
  const first = firstTried(presence);
  return first < 0 ? [] : presence.slice(first).map((share) => share ?? 0);
}
