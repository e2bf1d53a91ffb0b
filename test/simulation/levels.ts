/**
 * The usual levels of a process without noise and rhythm, from which both the samples and the truth about trends are
 * derived.
 */
import { pick } from './random.ts';

export const MEBIBYTE = 1024 ** 2;
export const DAY_SECONDS = 86_400;

export function usualPods(key: number): number {
  return pick(26, 76, key, 'pods');
}

export function usualMemoryBytes(key: number): number {
  // Half the height of the garbage collector's sawtooth is part of the usual level.
  return (pick(138, 198, key, 'memory') + 4.5) * MEBIBYTE;
}

export function usualDescriptors(key: number): number {
  return pick(38, 70, key, 'descriptors');
}

/** Returns how much of a daily amount has accumulated since a time. */
export function grown(perDay: number, since: number, seconds: number): number {
  return (perDay * Math.max(0, seconds - since)) / DAY_SECONDS;
}
