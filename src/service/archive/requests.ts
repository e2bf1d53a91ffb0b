import { requestsFolder } from './address.ts';
import type { Store } from './store.ts';
import { readStoredId } from './stored-id.ts';

/**
 * The requests of servers that work without a queue: for each an empty object whose key has the time and the id of the
 * report. A server that starts again, and others that share the store, find there what is still to be made.
 */

export type ReportRequested = { id: string; at: Date };

const ENTRY = /^(\d{10})_([a-z0-9-]+)$/;

const countTo = (time: Date): string => String(Math.floor(time.getTime() / 1000)).padStart(10, '0');

export async function noteRequest(store: Store, id: string, now: Date): Promise<void> {
  const kind = { contentType: 'application/octet-stream' };
  await store.put(`${requestsFolder}${countTo(now)}_${id}`, new Uint8Array(), kind);
}

/** Returns the requests after a time, the earliest first. */
export async function requestsSince(store: Store, since: Date): Promise<ReportRequested[]> {
  const requests: ReportRequested[] = [];
  for (let startAfter = `${requestsFolder}${countTo(since)}`; ; ) {
    const { keys, more } = await store.list(requestsFolder, { startAfter });
    for (const key of keys) {
      const [, seconds, id = ''] = ENTRY.exec(key.slice(requestsFolder.length)) ?? [];
      // Other keys are those of other programs, or of later versions.
      if (readStoredId(id) !== null) requests.push({ id, at: new Date(Number(seconds) * 1000) });
    }
    const last = keys.at(-1);
    if (!more || last === undefined) return requests;
    startAfter = last;
  }
}
