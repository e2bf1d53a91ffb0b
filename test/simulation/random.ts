/**
 * Reproducible random numbers. Generators are seeded with words ("12/worker-03/cpu"), so that a series does not depend
 * on the others.
 */

export type Random = () => number;

/** Returns a 32-bit hash: FNV-1a, then the finaliser of MurmurHash3, because FNV mixes its last words badly. */
export function hash(...words: readonly (string | number)[]): number {
  let value = 0x811c9dc5;
  for (const character of words.join('\u0000')) {
    value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  }
  return scramble(value);
}

function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** mulberry32: numbers from 0 (included) to 1 (excluded). */
export function random(...words: readonly (string | number)[]): Random {
  let state = hash(...words);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Returns a fixed number between `low` and `high` for some words. */
export function pick(low: number, high: number, ...words: readonly (string | number)[]): number {
  return low + (high - low) * (hash(...words) / 2 ** 32);
}

/**
 * A smooth curve between -1 and 1 that turns about once per `period` seconds. It is a function of the time only, so it
 * does not depend on the times of the scrapes.
 */
export function drift(key: number, seconds: number, period: number): number {
  const position = seconds / period;
  const left = Math.floor(position);
  const fraction = position - left;
  const weight = fraction * fraction * (3 - 2 * fraction);
  return lattice(key, left) * (1 - weight) + lattice(key, left + 1) * weight;
}

function lattice(key: number, index: number): number {
  return scramble(key ^ Math.imul(index, 0x9e3779b1)) / 2 ** 31 - 1;
}

/** Returns the daily activity: 1 at 15:00 UTC, -1 at 03:00 UTC. */
export function daytime(seconds: number): number {
  return Math.cos(((seconds / 3600 - 15) / 24) * 2 * Math.PI);
}

const DAY_SECONDS = 86_400;

/** Returns 0 from Monday to Friday and 1 at weekends (UTC), with a smooth transition of twelve hours. */
export function weekend(seconds: number): number {
  // 1970-01-01 was a Thursday, so Saturday began two days later.
  const day = (seconds / DAY_SECONDS - 2) % 7;
  const rise = (from: number) => {
    const share = Math.min(1, Math.max(0, (day - from + 0.25) * 2));
    return share * share * (3 - 2 * share);
  };
  // Saturday is day 0, and day 7 as seen from the Friday before.
  return rise(0) - rise(2) + rise(7);
}
