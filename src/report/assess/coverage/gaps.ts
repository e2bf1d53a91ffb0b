import type { PeriodGrid } from '../../model/gathered.ts';
import { hasValues, isKnown } from '../../model/series.ts';
import { pointAt, stepStart } from '../../model/time.ts';

/** The share of the expected scrapes of a target that succeeded, one value per step; NaN if none was attempted. */
export type Presence = Float64Array;

/** A time without a successful scrape. */
export type Gap = {
  /** First and last point of the grid; steps at the edges that are only partly covered are not included. */
  first: number;
  last: number;
  /** down: scraped without success; absent: not scraped at all. */
  kind: 'down' | 'absent';
  /** Unix seconds, exact to the scrape if steps at the edges are partly covered. */
  start: number;
  end: number;
  /** How long scrapes were missing, exact to the scrape. */
  missingSeconds: number;
  /** Whether no scrape after it succeeded in the period. */
  toEnd: boolean;
};

/**
 * Returns the gaps of a target that last at least `leastSeconds`. At its first and after its last scrape, being absent
 * is a separate gap from being down, because absent may mean that it did not exist yet or was removed.
 * @param isExpected whether the target should have been scraped at a point
 */
export function findGaps(
  presence: Presence,
  data: Pick<PeriodGrid, 'grid' | 'period'>,
  leastSeconds: number,
  isExpected: (index: number) => boolean,
): Gap[] {
  const { stepSeconds } = data.grid;
  const isSeen = (index: number) => (presence[index] as number) > 0;
  const isUnseen = (index: number) =>
    index >= 0 && index < presence.length && !isSeen(index) && isExpected(index);
  const missingIn = (index: number) => (isSeen(index) ? (1 - (presence[index] as number)) * stepSeconds : 0);
  const isLongEnough = (points: number) => points * stepSeconds >= leastSeconds;
  const added = firstAttempt(presence);
  const removed = presence.findLastIndex(isKnown) + 1;
  const cuts = [isLongEnough(added) ? added : 0, isLongEnough(presence.length - removed) ? removed : 0];

  const gaps: Gap[] = [];
  const add = (first: number, last: number, times: Pick<Gap, 'start' | 'end' | 'missingSeconds'>) => {
    const isAttempted = hasValues(presence.subarray(first, last + 1));
    const toEnd = last === presence.length - 1 && !isSeen(last);
    gaps.push({ first, last, kind: isAttempted ? 'down' : 'absent', ...times, toEnd });
  };
  for (let index = 0; index < presence.length; index += 1) {
    const first = index;
    if (isUnseen(first)) {
      while (isUnseen(index + 1) && !cuts.includes(index + 1)) index += 1;
      const begin = pointAt(data.grid, first) - stepSeconds - missingIn(first - 1);
      const start = Math.max(data.period.start, begin);
      const end = pointAt(data.grid, index) + missingIn(index + 1);
      add(first, index, { start, end, missingSeconds: Math.round(end - start) });
    } else if (isSeen(first) && !isUnseen(first - 1) && !isUnseen(first + 1)) {
      // A gap may lie within one long step or across two. Its exact position in them is unknown.
      const [missing, missingNext] = [missingIn(first), isUnseen(first + 2) ? 0 : missingIn(first + 1)];
      const isAcross =
        missing < leastSeconds && missingNext < leastSeconds && missing + missingNext >= leastSeconds;
      if (isAcross) index += 1;
      const [start, end] = [stepStart(data, first), pointAt(data.grid, index)];
      const seconds = Math.min(isAcross ? missing + missingNext : missing, end - start);
      add(first, index, { start, end, missingSeconds: Math.round(seconds) });
    }
  }
  return gaps.filter((gap) => gap.missingSeconds >= leastSeconds);
}

/** Returns the first point at which a target was scraped, with or without success, or -1. */
export function firstAttempt(presence: Presence): number {
  return presence.findIndex(isKnown);
}

/** Whether a gap of a target is its share in a gap of all targets. */
export function isPartOf(gap: Gap, common: Gap): boolean {
  // Targets are scraped at different moments, so an edge may lie in the neighbouring step.
  return gap.first >= common.first - 1 && gap.last <= common.last + 1;
}

/** Returns the shares from the first attempt on; where none was attempted later, the share is 0. */
export function fromFirstAttempt(presence: Presence): Float64Array {
  const first = firstAttempt(presence);
  return first < 0
    ? new Float64Array(0)
    : presence.subarray(first).map((share) => (isKnown(share) ? share : 0));
}
