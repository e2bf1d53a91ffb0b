import { bisectRight, quantileSorted } from 'd3-array';
import { knownValues } from '../model/series.ts';

/** Upper bound on the values kept for the median; beyond it, every n-th is kept. */
const MOST_KEPT = 300;

/** How long a subject is watched before anything is unusual for it: an hour, … */
const LEARNING_SECONDS = 3600;

/** … or this share of the period if that is shorter, … */
const LEARNING_SHARE = 1 / 8;

/** … and at least this many points, because a median of fewer is not robust. */
const LEAST_POINTS = 3;

/**
 * The period before provides the usual level only if the subject was known for this share of it. A node that had just
 * joined was still empty then.
 */
const LEAST_KNOWN_BEFORE = 1 / 2;

const NONE = new Float64Array(0);

/** The usual level of a subject so far. */
export type UsualLevel = {
  /** Returns the median of the values so far, or `null` while they are too few. */
  level(): number | null;
  /** Adds a value that was not unusual itself. */
  learn(value: number): void;
};

/**
 * Tracks the median of the values so far, without unusual ones. A lasting change thus stays unusual until
 * the end of the period. The median of the whole period would adopt the new level as soon as it lasts longer
 * than the old one.
 * @param count the number of points of the period
 * @param before the values of the period before; if enough of them are known, they are the first usual level
 */
export function watchUsualLevel(count: number, stepSeconds: number, before: Float64Array = NONE): UsualLevel {
  const every = Math.ceil(count / MOST_KEPT);
  const share = Math.floor(count * LEARNING_SHARE);
  const enough = Math.max(LEAST_POINTS, Math.min(Math.ceil(LEARNING_SECONDS / stepSeconds), share));
  const known = knownValues(before);
  const isKnown = known.length >= Math.max(enough, LEAST_KNOWN_BEFORE * before.length);
  const kept = isKnown ? known.filter((_, index) => index % every === 0) : NONE;
  const sorted = Array.from(kept.toSorted());
  let seen = sorted.length * every;
  return {
    level: () => (seen < enough ? null : (quantileSorted(sorted, 0.5) ?? null)),
    learn: (value) => {
      if (seen % every === 0) sorted.splice(bisectRight(sorted, value), 0, value);
      seen += 1;
    },
  };
}
