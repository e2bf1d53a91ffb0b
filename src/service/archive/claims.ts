import type { Period } from '../../report/model/period.ts';
import { UserError } from '../../report/model/user-error.ts';
import type { Job } from '../jobs/job.ts';
import { dayFolder, stateKey } from './address.ts';
import {
  MOST_COLLISIONS,
  readDocument,
  type Versioned as VersionedDocument,
  writeDocument,
} from './document.ts';
import {
  attemptsOf,
  effectiveState,
  isExpired,
  MOST_ATTEMPTS,
  type ReportState,
  type StoredFile,
  stateSchema,
} from './state.ts';
import type { Store } from './store.ts';
import { readStoredId } from './stored-id.ts';

/**
 * How each report is made exactly once, although jobs are delivered more than once and workers die. A worker first
 * claims the report in its state document, for a limited time. A worker that has lost its claim cannot finish the
 * report.
 */

export type Versioned = VersionedDocument<ReportState>;

/** Another worker has changed the report meanwhile, so this attempt is void. */
export class ClaimLost extends UserError {
  override readonly name = 'ClaimLost';
}

export function readState(store: Store, id: string): Promise<Versioned | null> {
  return readDocument(store, stateKey(id), stateSchema, 'delete it and ask for the report again');
}

/** Returns the states of a cluster's reports of a period, whatever their ids; the one requested last comes first. */
export async function statesOfPeriod(store: Store, cluster: string, period: Period): Promise<ReportState[]> {
  const folder = `${dayFolder(cluster, period.end)}/`;
  const { keys } = await store.list(folder);
  const ids = new Set(keys.map((key) => key.slice(folder.length).split('/')[0] ?? ''));
  const states: ReportState[] = [];
  for (const id of ids) {
    if (readStoredId(id)?.end !== period.end) continue;
    const known = await readState(store, id);
    if (known && Date.parse(known.state.period.start) / 1000 === period.start) states.push(known.state);
  }
  return states.sort((a, b) => Date.parse(b.requestedAt) - Date.parse(a.requestedAt));
}

function write(store: Store, state: ReportState, over: string | null): Promise<Versioned | null> {
  return writeDocument(store, stateKey(state.id), state, over);
}

/** Decides on the stored state and writes the decision; when another writer was faster, decides again. */
async function decide<T>(
  store: Store,
  id: string,
  choose: (
    known: Versioned | null,
  ) => { done: T } | { write: ReportState; answer: (written: Versioned) => T },
): Promise<T> {
  for (let collision = 0; collision < MOST_COLLISIONS; collision += 1) {
    const known = await readState(store, id);
    const choice = choose(known);
    if ('done' in choice) return choice.done;
    const written = await write(store, choice.write, known?.tag ?? null);
    if (written !== null) return choice.answer(written);
  }
  throw new ClaimLost(`${id}: too many workers change its state at the same time`);
}

function requested({ version: _, ...fields }: Job, attempt: number): ReportState {
  return {
    schemaVersion: '1',
    ...fields,
    state: 'queued',
    attempt,
    attemptsBefore: attempt,
    claim: null,
    startedAt: null,
    finishedAt: null,
    reason: null,
    files: [],
    missing: [],
    result: null,
  };
}

/** After this time a queued report's job is sent again: it may have been lost before it was sent, and twice does no harm. */
const RESEND_AFTER_MILLISECONDS = 15 * 60_000;

export type Requested = { state: ReportState; tag: string; send: boolean };

/** Requests a report. `send`: its job must be put on the queue, since the report is neither under way nor done. */
export function requestReport(store: Store, job: Job, now: Date): Promise<Requested> {
  return decide<Requested>(store, job.id, (known) => {
    const answer = (written: Versioned) => ({ ...written, send: true });
    if (known === null) return { write: requested(job, 0), answer };
    const { state } = effectiveState(known.state, now);
    if (state === 'failed') return { write: requested(job, known.state.attempt), answer };
    // A time in the future is that of a wrong clock.
    const age = Math.abs(now.getTime() - Date.parse(known.state.requestedAt));
    const isForgotten = state === 'queued' && age > RESEND_AFTER_MILLISECONDS;
    if (!isForgotten) return { done: { ...known, send: false } };
    return { write: { ...known.state, requestedAt: job.requestedAt }, answer };
  });
}

export type ClaimOutcome =
  | { outcome: 'claimed'; claimed: Versioned }
  /** The report was made before. */
  | { outcome: 'ready'; state: ReportState }
  /** Another worker is making it. */
  | { outcome: 'busy'; until: string }
  /** Its last attempt ended without a result; the state now says so. */
  | { outcome: 'exhausted'; reason: string };

/**
 * Claims a report for `seconds`, unless another worker has claimed it or all attempts are used.
 * @param claim `isRetried`: whether a queue delivers the job again if the worker dies
 */
export function claimReport(
  store: Store,
  job: Job,
  { token, seconds, now, isRetried }: { token: string; seconds: number; now: Date; isRetried: boolean },
): Promise<ClaimOutcome> {
  return decide<ClaimOutcome>(store, job.id, (known) => {
    const before = begun(known?.state ?? requested(job, 0));
    if (before.state === 'ready') return { done: { outcome: 'ready', state: before } };
    if (before.claim && !isExpired(before, now))
      return { done: { outcome: 'busy', until: before.claim.until } };
    if (attemptsOf(before) >= MOST_ATTEMPTS) {
      const reason = effectiveState(before, now).reason ?? 'all attempts failed';
      return {
        write: { ...before, state: 'failed', claim: null, finishedAt: now.toISOString(), reason },
        answer: () => ({ outcome: 'exhausted', reason }),
      };
    }
    const until = untilOf(seconds, now);
    return {
      write: {
        ...before,
        state: 'running',
        attempt: before.attempt + 1,
        claim: { token, until, isRetried },
        startedAt: now.toISOString(),
      },
      answer: (claimed) => ({ outcome: 'claimed', claimed }),
    };
  });
}

/** Returns a failed report as requested anew: its job was moved back from the dead-letter queue. */
function begun(state: ReportState): ReportState {
  if (state.state !== 'failed') return state;
  return { ...state, state: 'queued', attemptsBefore: state.attempt, finishedAt: null, reason: null };
}

/**
 * Extends a claim, so that a worker that lives keeps its report and that of a dead one is soon free.
 * @throws ClaimLost when another worker has claimed the report
 */
export function renewClaim(
  store: Store,
  claimed: Versioned,
  { seconds, now }: { seconds: number; now: Date },
): Promise<Versioned> {
  const { claim } = claimed.state;
  return change(store, claimed, { claim: claim && { ...claim, until: untilOf(seconds, now) } });
}

const untilOf = (seconds: number, now: Date): string =>
  new Date(now.getTime() + seconds * 1000).toISOString();

/**
 * Changes the state of a claimed report. The answer to an earlier change may have been lost, so a state with this claim is
 * changed whatever its version.
 * @throws ClaimLost when another worker has claimed the report
 */
async function change(
  store: Store,
  { state, tag }: Versioned,
  changes: Partial<ReportState>,
): Promise<Versioned> {
  const changed = { ...state, ...changes };
  for (let over = tag, collision = 0; collision < MOST_COLLISIONS; collision += 1) {
    const written = await write(store, changed, over);
    if (written !== null) return written;
    const known = await readState(store, state.id);
    if (known === null || !hasSameClaim(known.state, state)) break;
    over = known.tag;
  }
  throw new ClaimLost(`${state.id}: another worker has claimed it`);
}

function hasSameClaim(known: ReportState, own: ReportState): boolean {
  return known.claim !== null && known.claim.token === own.claim?.token && known.attempt === own.attempt;
}

/**
 * Ends an attempt, with its files stored or with the reason why there are none.
 * @throws ClaimLost when another worker has claimed the report
 */
async function end(store: Store, claimed: Versioned, changes: Partial<ReportState>): Promise<ReportState> {
  return (await change(store, claimed, { claim: null, ...changes })).state;
}

export function finishReport(
  store: Store,
  claimed: Versioned,
  made: Pick<ReportState, 'missing' | 'result'> & { files: StoredFile[] },
  now: Date,
): Promise<ReportState> {
  return end(store, claimed, { ...made, state: 'ready', finishedAt: now.toISOString(), reason: null });
}

/** `final`: trying again cannot help. Returns the state, which is also `failed` after the last attempt. */
export function failReport(
  store: Store,
  claimed: Versioned,
  { reason, final, now }: { reason: string; final: boolean; now: Date },
): Promise<ReportState> {
  const isFinal = final || attemptsOf(claimed.state) >= MOST_ATTEMPTS;
  return end(store, claimed, {
    state: isFinal ? 'failed' : 'queued',
    finishedAt: isFinal ? now.toISOString() : null,
    reason,
  });
}
