/**
 * Chance that always turns out the same: everything is drawn from generators seeded with words ("12/worker-03/cpu"),
 * so that one series does not change when another one is added, and any of them can be made without the others.
 */

export type Random = () => number;

/** A 32-bit hash of some words: FNV-1a, then the finaliser of MurmurHash3, since FNV mixes its last words badly. */
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

/** One fixed number between `low` and `high` for some words. */
export function pick(low: number, high: number, ...words: readonly (string | number)[]): number {
  return low + (high - low) * (hash(...words) / 2 ** 32);
}

/**
 * A smooth curve between -1 and 1 that turns about once per `period` seconds. A function of the time alone, so that it
 * does not depend on when somebody looks.
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

/** How busy people keep a cluster: 1 at 15:00 UTC, -1 at 03:00 UTC. */
export function daytime(seconds: number): number {
  return Math.cos(((seconds / 3600 - 15) / 24) * 2 * Math.PI);
}

const DAY_SECONDS = 86_400;

/** 0 from Monday to Friday, 1 at weekends, UTC, and between the two a smooth night of twelve hours, at 00:00. */
export function weekend(seconds: number): number {
  // 1970-01-01 was a Thursday, so that Saturday began two days later.
  const day = (seconds / DAY_SECONDS - 2) % 7;
  const rise = (from: number) => {
    const share = Math.min(1, Math.max(0, (day - from + 0.25) * 2));
    return share * share * (3 - 2 * share);
  };
  // Saturday is day 0; seen from the Friday before it is day 7.
  return rise(0) - rise(2) + rise(7);
}
