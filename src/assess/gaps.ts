import type { Grid } from '../model/series.ts';

/** A stretch without one successful scrape, in points of the grid, both ends included. */
export type Gap = {
  first: number;
  last: number;
  /** down: scraped without success; absent: not scraped at all. */
  kind: 'down' | 'absent';
  /** How long scrapes were missing, to the scrape: partly covered steps at the edges are counted by their part. */
  missingSeconds: number;
  /** What part of the step before and after was missing as well. */
  before?: number;
  after?: number;
};

/**
 * The gaps of a target that last at least `leastSeconds`, from when it was first seen on.
 * @param presence share of the expected scrapes that succeeded, a value per step; null where none was tried
 */
export function gapsOf(presence: readonly (number | null)[], grid: Grid, leastSeconds: number): Gap[] {
  const isSeen = (index: number) => (presence[index] ?? 0) > 0;
  const begin = presence.findIndex((share) => share !== null && share > 0);
  const gaps: Gap[] = [];
  // A target that never answered but was scraped is down for as long as it was tried.
  let index = begin < 0 ? presence.findIndex((share) => share !== null) : begin;
  if (index < 0) return [];
  for (; index < presence.length; index += 1) {
    if (isSeen(index)) continue;
    const first = index;
    while (index + 1 < presence.length && !isSeen(index + 1)) index += 1;
    gaps.push(makeGap(presence, first, index, grid));
  }
  return gaps.filter((gap) => gap.missingSeconds >= leastSeconds);
}

function makeGap(presence: readonly (number | null)[], first: number, last: number, grid: Grid): Gap {
  const missing = (index: number) => (index < 0 || index >= presence.length ? 0 : 1 - (presence[index] ?? 0));
  const before = missing(first - 1);
  const after = missing(last + 1);
  return {
    first,
    last,
    kind: presence.slice(first, last + 1).some((share) => share !== null) ? 'down' : 'absent',
    missingSeconds: Math.round((last - first + 1 + before + after) * grid.stepSeconds),
    before,
    after,
  };
}

/** The gaps that every target has in common: then nobody looked, and it is Prometheus that needs attention. */
export function overlapOfAll(gapsByTarget: readonly (readonly Gap[])[]): Gap[] {
  const [one, ...others] = gapsByTarget;
  // One target's gap alone says nothing of the others.
  if (!one || others.length === 0) return [];
  return one.flatMap((gap) => {
    const alike = others.map((gaps) => gaps.find((other) => overlaps(gap, other)));
    const found = alike.filter((other): other is Gap => other !== undefined);
    if (found.length < others.length) return [];
    const all = [gap, ...found];
    // The widest of them: targets are scraped at slightly different moments.
    return [
      {
        ...gap,
        first: Math.min(...all.map(({ first }) => first)),
        last: Math.max(...all.map(({ last }) => last)),
        kind: all.every(({ kind }) => kind === 'down') ? ('down' as const) : ('absent' as const),
        missingSeconds: Math.max(...all.map(({ missingSeconds }) => missingSeconds)),
      },
    ];
  });
}

/** Whether two gaps are the same event: most of each lies within the other. */
function overlaps(a: Gap, b: Gap): boolean {
  const shared = Math.min(a.last, b.last) - Math.max(a.first, b.first) + 1;
  return shared * 2 > Math.max(a.last - a.first, b.last - b.first) + 1;
}
