import { sum } from 'd3-array';
import type { Threshold } from '../model/indicator.ts';
import { isKnown } from '../model/series.ts';
import { findEpisodes, type GridEpisode, type Sampling } from './episodes.ts';

/**
 * Indicators that count events over the whole period. The bound of a threshold applies to the total. The points, each
 * with the events of its step, show when they happened and at how many separate moments.
 */
export type EventCounts = {
  /** Events in the period. */
  total: number;
  /** Events in each step. */
  events: Float64Array;
};

export function countEvents(events: Float64Array): EventCounts {
  // Counters contain whole numbers, but differences of floating-point numbers may be slightly off.
  const rounded = isWhole(events) ? events : events.map(Math.round);
  return { total: sum(rounded), events: rounded };
}

/** Whether all known values are whole numbers, so that no copy is needed. */
function isWhole(events: Float64Array): boolean {
  for (const value of events) if (value !== Math.round(value) && isKnown(value)) return false;
  return true;
}

/** Finds the episodes with events if the total breaches a threshold; `worst` is the number of events in each. */
export function findEventEpisodes(
  { total, events }: EventCounts,
  threshold: Threshold,
  sampling: Sampling,
): GridEpisode[] {
  const [crossed] = findEpisodes(Float64Array.of(total), { ...threshold, forSeconds: 0, times: 1 }, sampling);
  if (!crossed) return [];
  const { bound, condition } = crossed;
  const { forSeconds, times } = threshold;
  return findEpisodes(events, { above: 0, forSeconds, times }, sampling).map((episode) => {
    const count = sum(events.subarray(episode.first, episode.last + 1));
    return { ...episode, worst: count, beyond: count, bound, condition };
  });
}
