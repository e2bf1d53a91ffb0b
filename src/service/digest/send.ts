import { setTimeout as sleep } from 'node:timers/promises';
import { toInstant } from '../../report/model/time.ts';
import { type ClaimedDigest, claimDigest, type DigestState, noteDigest } from '../archive/digests.ts';
import type { Store } from '../archive/store.ts';
import { collectDigest, type DigestRequest, digestPeriod } from './collect.ts';
import type { Delivery, DigestMaterial, OpenDelivery } from './delivery.ts';
import type { Refusal, SendOutcome } from './outcome.ts';
import { digestSubject } from './view.ts';

/** Sends a digest once: docs/decisions/0008-digest.md. */

export type SendingContext = DigestRequest & {
  /** One after the other; the failure of one does not stop the next. */
  deliveries: readonly Delivery[];
  /** Identifies this sender in its claim; must be unique. */
  token: string;
  /** How long the claim lasts, which is the most time that this sender can take. */
  seconds: number;
  clock: () => Date;
  /** Called for every recipient that was refused. */
  onRefused: (refusal: Refusal) => void;
};

export type SendingOutcome =
  | { outcome: 'sent'; accepted: number; refused: number; subject: string }
  | { outcome: 'sent-before' }
  /** Another sender has claimed this digest until this time. */
  | { outcome: 'busy'; until: string };

/** Time limit for one batch of recipients; a throttled SES takes some seconds. */
const PATIENCE_MILLISECONDS = 30_000;

/** Attempts to write the last state, for a store that fails only now and then. */
const RELEASE_ATTEMPTS = 3;
const RELEASE_PAUSE_MILLISECONDS = 500;

/**
 * Sends a digest to its recipients, except for those that an earlier attempt has reached.
 * @throws Error, in one line, if it reached nobody or some recipients must be tried again; the claim is then released
 */
export async function sendDigest(context: SendingContext): Promise<SendingOutcome> {
  const { store, token, seconds, clock, deliveries } = context;
  const claim = await claimDigest(store, digestIdentity(context), { token, seconds, now: clock() });
  if (claim.outcome === 'sent') return { outcome: 'sent-before' };
  if (claim.outcome === 'busy') return claim;
  const { claimed } = claim;
  const sending: Sending = {
    ...{ claimed, accepted: [...claimed.state.accepted], refused: [], failures: [] },
    end: clock().getTime() + seconds * 1000,
  };
  try {
    const collected = await collectDigest(context);
    const material = { ...collected, request: context, messageToken: claimed.state.messageToken };
    for (const delivery of deliveries) await deliver(delivery, material, sending, context);
    const { accepted, refused, failures } = sending;
    const [failure] = failures;
    if (failure) throw failure;
    if (refused.some(({ retry }) => retry) || accepted.length === 0) throw new Error(failureReason(refused));
    const finishedAt = clock().toISOString();
    await noteDigest(store, sending.claimed, { state: 'sent', claim: null, finishedAt });
    return {
      outcome: 'sent',
      ...{ accepted: accepted.length, refused: refused.length, subject: digestSubject(collected.digest) },
    };
  } catch (error) {
    await releaseClaim(store, sending, error, clock);
    throw error;
  }
}

type Sending = {
  claimed: ClaimedDigest;
  accepted: string[];
  refused: Refusal[];
  /** Of deliveries that could not begin or that nobody got. */
  failures: Error[];
  /** When the claim ends, Unix milliseconds. */
  end: number;
};

/** Sends to one batch of recipients after the other and stores after each who has got the digest. */
async function deliver(
  delivery: Delivery,
  material: DigestMaterial,
  sending: Sending,
  context: SendingContext,
): Promise<void> {
  const waiting = delivery.recipients.filter((recipient) => !sending.accepted.includes(recipient));
  if (waiting.length === 0) return;
  const opened = await attempt(() => delivery.open(material), sending);
  if (opened === null) return;
  try {
    for (let start = 0; start < waiting.length; start += delivery.batch) {
      // When the claim ends, another sender may start; this one must have stopped by then.
      if (context.clock().getTime() > sending.end - PATIENCE_MILLISECONDS)
        throw new Error(`no time left to send the digest to ${waiting.length - start} of its recipients`);
      const isSent = await sendBatch(opened, waiting.slice(start, start + delivery.batch), sending, context);
      if (!isSent) return;
    }
  } finally {
    await opened.close();
  }
}

/** Returns whether the batch has an outcome; if not, the next batch would fail for the same reason. */
async function sendBatch(
  opened: OpenDelivery,
  recipients: readonly string[],
  sending: Sending,
  { store, onRefused }: SendingContext,
): Promise<boolean> {
  const outcome = await attempt<SendOutcome>(() => opened.send(recipients, PATIENCE_MILLISECONDS), sending);
  if (outcome === null) return false;
  outcome.refused.forEach(onRefused);
  sending.refused.push(...outcome.refused);
  sending.accepted.push(...outcome.accepted);
  // Stored at once: if this sender dies, the next one must know who has got the digest.
  sending.claimed = await noteDigest(store, sending.claimed, {
    accepted: [...sending.accepted],
    refused: sending.refused.map(({ recipient, reason }) => ({ recipient, reason })),
  });
  return true;
}

/** Returns null if the work fails. The next deliveries do not depend on it, so the error is kept for later. */
async function attempt<T>(work: () => Promise<T>, { failures }: Sending): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    failures.push(error instanceof Error ? error : new Error(String(error)));
    return null;
  }
}

function failureReason(refused: readonly Refusal[]): string {
  const again = refused.filter(({ retry }) => retry);
  const [first] = again.length > 0 ? again : refused;
  const failure =
    again.length > 0 ? `${again.length} of the recipients must be tried again` : 'no recipient was accepted';
  return `${failure}: ${first?.reason}`;
}

/** Stores the failure and releases the claim, so that the next sender need not wait until the claim expires. */
async function releaseClaim(
  store: Store,
  { claimed, accepted }: Sending,
  error: unknown,
  clock: () => Date,
): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  const change = {
    state: 'failed',
    claim: null,
    accepted,
    finishedAt: clock().toISOString(),
    reason,
  } as const;
  for (let attempt = 1; attempt <= RELEASE_ATTEMPTS; attempt += 1) {
    try {
      await noteDigest(store, claimed, change);
      return;
    } catch {
      // If the last attempt fails too, the claim expires by itself.
      if (attempt < RELEASE_ATTEMPTS) await sleep(RELEASE_PAUSE_MILLISECONDS);
    }
  }
}

function digestIdentity({
  digest,
  at,
}: Pick<DigestRequest, 'digest' | 'at'>): Pick<DigestState, 'digest' | 'period'> {
  const { start, end } = digestPeriod(digest, at);
  return { digest: digest.name, period: { start: toInstant(start), end: toInstant(end) } };
}
