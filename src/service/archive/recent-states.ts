import pLimit from 'p-limit';
import { clusterFolder, dayFolder, idOfStateKey } from './address.ts';
import { readState } from './claims.ts';
import type { ListedReport } from './listing.ts';
import type { ReportState } from './state.ts';
import type { Store } from './store.ts';

/**
 * Days between the end of a period and now. A month's report is the last one for up to 31 days, and its time zone may be
 * a day behind.
 */
const LOOK_BACK_DAYS = 35;

/** Upper bound on states to read per cluster, those of the latest periods first. */
const MOST_STATES = 30;

/** Bounds the open sockets. */
const READS_AT_ONCE = 8;

/**
 * Returns the states of a cluster's reports that are not on its list: queued, running and failed ones, and one that a
 * worker finished and then died. The one requested last comes first. Only periods of the last weeks are looked for.
 * @param listed the cluster's list, newest first; `isWhole`: no others follow
 * @param onError receives what is wrong with the state of one report; the others are returned nevertheless
 */
export async function unlistedStates(
  store: Store,
  cluster: string,
  {
    listed,
    isWhole,
    now,
    onError,
  }: { listed: readonly ListedReport[]; isWhole: boolean; now: Date; onError: (error: unknown) => void },
): Promise<ReportState[]> {
  const weeksAgo = now.getTime() / 1000 - LOOK_BACK_DAYS * 86_400;
  // Older reports may be on the part of the list that was not read.
  const since = isWhole ? weeksAgo : Math.max(weeksAgo, listed.at(-1)?.period.end ?? 0);
  const known = new Set(listed.map(({ id }) => id));
  const ids = await idsSince(store, cluster, since);
  const unlisted = ids.filter((id) => !known.has(id)).slice(-MOST_STATES);
  const states = await pLimit(READS_AT_ONCE).map(unlisted, async (id) => {
    try {
      return (await readState(store, id))?.state ?? null;
    } catch (error) {
      onError(error);
      return null;
    }
  });
  return states
    .filter((state) => state !== null)
    .sort((a, b) => Date.parse(b.requestedAt) - Date.parse(a.requestedAt));
}

/** Returns the ids of a cluster's reports whose periods end on the day of `since` (Unix seconds) or later. */
async function idsSince(store: Store, cluster: string, since: number): Promise<string[]> {
  const ids: string[] = [];
  for (let startAfter = dayFolder(cluster, since); ; ) {
    const { keys, more } = await store.list(clusterFolder(cluster), { startAfter });
    ids.push(...keys.flatMap((key) => idOfStateKey(key) ?? []));
    const last = keys.at(-1);
    if (!more || last === undefined) return ids;
    startAfter = last;
  }
}
