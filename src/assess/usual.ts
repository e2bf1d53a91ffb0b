import { bisectRight, quantileSorted } from 'd3-array';

/** So long a subject is watched before anything is called unusual for it: an hour of it, … */
const LEARNING_SECONDS = 3600;

/** … or in short reports an eighth of them, … */
const LEARNING_SHARE = 1 / 8;

/** … and never fewer points than a median can tell an odd one among. */
const LEAST_POINTS = 3;

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
 */
export function watchUsual(count: number, stepSeconds: number): Usual {
  const share = Math.floor(count * LEARNING_SHARE);
  const enough = Math.max(LEAST_POINTS, Math.min(Math.ceil(LEARNING_SECONDS / stepSeconds), share));
  const sorted: number[] = [];
  return {
    level: () => (sorted.length < enough ? null : (quantileSorted(sorted, 0.5) ?? null)),
    learn: (value) => {
      sorted.splice(bisectRight(sorted, value), 0, value);
    },
  };
}
