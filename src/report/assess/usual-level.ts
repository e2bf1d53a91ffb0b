import { bisectRight, quantileSorted } from 'd3-array';

/** So many values tell a median well enough; of more, every so manieth is learnt. */
const MOST_LEARNT = 300;

/** So long a subject is watched before anything is called unusual for it: an hour of it, … */
const LEARNING_SECONDS = 3600;

/** … or in short reports an eighth of them, … */
const LEARNING_SHARE = 1 / 8;

/** … and never fewer points than a median can tell an odd one among. */
const LEAST_POINTS = 3;

/**
 * The period before tells what is usual where the subject was known for so much of it: a node that had only just joined
 * was still empty then.
 */
const LEAST_KNOWN_BEFORE = 1 / 2;

/** What a subject's values have usually been so far. */
export type Usual = {
  /** Their median; `null` while too few are known. */
  level(): number | null;
  /** Adds a value that was not found unusual itself. */
  learn(value: number): void;
};

/**
 * Values are compared with what was usual *before* them, and what is found unusual does not become usual: a change
 * that stays is a change until the end of the period, however early it came. The median of the whole period would
 * take the new level for the usual one as soon as it lasts longer than the old.
 * @param count how many points the period has
 * @param before the values of the period before: where enough of them is known, nothing has to be learnt first
 */
export function watchUsual(
  count: number,
  stepSeconds: number,
  before: readonly (number | null)[] = [],
): Usual {
  const every = Math.ceil(count / MOST_LEARNT);
  const share = Math.floor(count * LEARNING_SHARE);
  const enough = Math.max(LEAST_POINTS, Math.min(Math.ceil(LEARNING_SECONDS / stepSeconds), share));
  const known = before.filter((value) => value !== null);
  const isKnown = known.length >= Math.max(enough, LEAST_KNOWN_BEFORE * before.length);
  const learnt = isKnown ? known.filter((_, index) => index % every === 0) : [];
  const sorted = Array.from(Float64Array.from(learnt).sort());
  let heard = sorted.length * every;
  return {
    level: () => (heard < enough ? null : (quantileSorted(sorted, 0.5) ?? null)),
    learn: (value) => {
      if (heard % every === 0) sorted.splice(bisectRight(sorted, value), 0, value);
      heard += 1;
    },
  };
}
