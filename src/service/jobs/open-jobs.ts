import { readState } from '../archive/claims.ts';
import { requestsSince } from '../archive/requests.ts';
import { attemptsOf, effectiveState, type ReportState } from '../archive/state.ts';
import type { Store } from '../archive/store.ts';
import type { Job } from './job.ts';

/** After a longer absence, a report must be requested again. */
const LOOK_BACK_MILLISECONDS = 86_400_000;

/** Between two attempts: the pause after which SQS delivers a job again is of the same order. */
const RETRY_PAUSE_MILLISECONDS = 60_000;

export type OpenJobs = (now: Date) => Promise<Job[]>;

/**
 * Finds the jobs that nobody works on, among the requests of the last day.
 * @param onError receives what is wrong with the state of one report; the others are found nevertheless
 */
export function findOpenJobs(store: Store, onError: (error: unknown) => void): OpenJobs {
  /** Reports that are ready or failed, with the time of their request. Another request is another entry. */
  const settled = new Map<string, number>();
  return async (now) => {
    const since = now.getTime() - LOOK_BACK_MILLISECONDS;
    for (const [key, at] of settled) if (at < since) settled.delete(key);
    const jobs = new Map<string, Job>();
    for (const { id, at } of await requestsSince(store, new Date(since))) {
      const key = `${at.getTime()} ${id}`;
      if (settled.has(key) || jobs.has(id)) continue;
      const state = await stateOf(store, id, onError);
      const status = state === null ? 'failed' : effectiveState(state, now).state;
      if (status === 'ready' || status === 'failed') settled.set(key, at.getTime());
      else if (state !== null && status === 'queued' && !isPausing(state, now)) jobs.set(id, jobOf(state));
    }
    return [...jobs.values()];
  };
}

async function stateOf(
  store: Store,
  id: string,
  onError: (error: unknown) => void,
): Promise<ReportState | null> {
  try {
    return (await readState(store, id))?.state ?? null;
  } catch (error) {
    onError(error);
    return null;
  }
}

/** Whether the last attempt failed just now. */
function isPausing(state: ReportState, now: Date): boolean {
  if (attemptsOf(state) === 0 || state.startedAt === null) return false;
  // A start in the future is that of a wrong clock.
  return Math.abs(now.getTime() - Date.parse(state.startedAt)) < RETRY_PAUSE_MILLISECONDS;
}

function jobOf(state: ReportState): Job {
  const { id, cluster, period, language, formats, pageSize, trigger, requestedAt } = state;
  return { version: 1, id, cluster, period, language, formats, pageSize, trigger, requestedAt };
}
