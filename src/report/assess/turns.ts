import { setImmediate } from 'node:timers/promises';

/** Series that are judged in one turn of the event loop: about 0.1 s of the slowest search. */
const SERIES_IN_A_TURN = 100;

/**
 * Ends the turn of the event loop. The history of 5,000 nodes takes seconds for each indicator, and signals, deadlines and
 * the answers of the server must get through meanwhile.
 */
export async function nextTurn(): Promise<void> {
  await setImmediate();
}

/** Returns what `find` finds in each of many series, one turn of the event loop after the other. */
export async function findInTurns<S, T>(all: readonly S[], find: (series: S) => readonly T[]): Promise<T[]> {
  const found: T[] = [];
  for (let start = 0; start < all.length; start += SERIES_IN_A_TURN) {
    await nextTurn();
    for (const series of all.slice(start, start + SERIES_IN_A_TURN)) found.push(...find(series));
  }
  return found;
}
