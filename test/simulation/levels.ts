/**
 * What a process usually has of something, before noise and rhythm: what both the samples and the truth about a trend
 * start from.
 */
import { pick } from './random.ts';

export const MEBIBYTE = 1024 ** 2;
export const DAY_SECONDS = 86_400;

export function usualPods(key: number): number {
  return pick(26, 76, key, 'pods');
}

export function usualMemoryBytes(key: number): number {
  // Half of what the garbage collector's saw-tooth adds is part of what is usual.
  return (pick(138, 198, key, 'memory') + 4.5) * MEBIBYTE;
}

export function usualDescriptors(key: number): number {
  return pick(38, 70, key, 'descriptors');
}

/** How much of a daily amount has come together since something began. */
export function grown(perDay: number, since: number, seconds: number): number {
  return (perDay * Math.max(0, seconds - since)) / DAY_SECONDS;
}
