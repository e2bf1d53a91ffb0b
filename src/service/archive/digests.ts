import * as z from 'zod';
import { instant } from '../jobs/job.ts';
import { MOST_COLLISIONS, readDocument, type Versioned, writeDocument } from './document.ts';
import type { Store } from './store.ts';

/**
 * How a digest comes to be sent once, although schedules are delivered more than once and senders die: whoever wants to
 * send it claims it first, for a while, and notes after every handful of recipients who has it. A sender that dies
 * before the mail server has accepted anything loses nothing, since the claim runs out and the next one sends it. One
 * that dies between the acceptance and the note is the only way to a duplicate, beside an answer of the server that gets
 * lost (docs/decisions/0008-digest.md).
 */

const stateSchema = z.object({
  schemaVersion: z.literal('1'),
  digest: z.string(),
  period: z.strictObject({ start: instant, end: instant }),
  state: z.enum(['sending', 'sent', 'failed']),
  messageToken: z.string().describe('part of its Message-ID, the same however often it is tried'),
  claim: z.strictObject({ token: z.string(), until: instant }).nullable(),
  accepted: z.array(z.string()).describe('addresses that the mail server has taken it for'),
  refused: z.array(z.strictObject({ recipient: z.string(), reason: z.string() })),
  startedAt: instant,
  finishedAt: instant.nullable(),
  reason: z.string().nullable().describe('failed: why'),
});
export type DigestState = z.infer<typeof stateSchema>;

export type ClaimedDigest = Versioned<DigestState>;

export type DigestClaim =
  | { outcome: 'claimed'; claimed: ClaimedDigest }
  | { outcome: 'sent' }
  | { outcome: 'busy'; until: string };

type DigestSubject = { digest: string; period: { start: string; end: string } };

/** One for each digest and period; the day in it is the end of the period in UTC. */
export function digestKey({ digest, period }: DigestSubject): string {
  return `digests/${digest}/${period.start.replace(/[-:]/g, '')}-${period.end.replace(/[-:]/g, '')}.json`;
}

export function readDigestState(store: Store, subject: DigestSubject): Promise<ClaimedDigest | null> {
  return readDocument(store, digestKey(subject), stateSchema, 'delete it to have the digest sent again');
}

function write(store: Store, state: DigestState, over: string | null): Promise<ClaimedDigest | null> {
  return writeDocument(store, digestKey(state), state, over);
}

/** Takes a digest for `seconds`, unless it was sent or somebody else is sending it. */
export async function claimDigest(
  store: Store,
  subject: DigestSubject,
  { token, seconds, now }: { token: string; seconds: number; now: Date },
): Promise<DigestClaim> {
  for (let collision = 0; collision < MOST_COLLISIONS; collision += 1) {
    const known = await readDigestState(store, subject);
    if (known?.state.state === 'sent') return { outcome: 'sent' };
    const claim = known?.state.claim;
    if (claim && Date.parse(claim.until) > now.getTime()) return { outcome: 'busy', until: claim.until };
    const state: DigestState = {
      schemaVersion: '1',
      ...subject,
      state: 'sending',
      messageToken: known?.state.messageToken ?? token,
      claim: { token, until: new Date(now.getTime() + seconds * 1000).toISOString() },
      // Whoever has it already does not get it again.
      accepted: known?.state.accepted ?? [],
      refused: [],
      startedAt: now.toISOString(),
      finishedAt: null,
      reason: null,
    };
    const claimed = await write(store, state, known?.tag ?? null);
    if (claimed !== null) return { outcome: 'claimed', claimed };
  }
  throw new Error(`digest ${subject.digest}: too many others want to send it at the same time`);
}

/**
 * Notes how far the sending has come.
 * @throws Error when somebody else has taken it over meanwhile
 */
export async function noteDigest(
  store: Store,
  claimed: ClaimedDigest,
  change: Partial<Pick<DigestState, 'state' | 'claim' | 'accepted' | 'refused' | 'finishedAt' | 'reason'>>,
): Promise<ClaimedDigest> {
  const written = await write(store, { ...claimed.state, ...change }, claimed.tag);
  if (written === null) throw new Error(`digest ${claimed.state.digest}: another sender has taken it over`);
  return written;
}
