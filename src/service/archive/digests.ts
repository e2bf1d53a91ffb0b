import * as z from 'zod';
import { instant } from '../../report/model/report-values.ts';
import { MOST_COLLISIONS, readDocument, type Versioned, writeDocument } from './document.ts';
import type { Store } from './store.ts';

/**
 * How each digest is sent once, although schedules are delivered more than once and senders die. A sender first claims
 * the digest for a limited time and notes after every few recipients who has received it. When a sender dies before a
 * server accepted anything, its claim expires and the next sender sends the digest. Duplicates are possible in two cases
 * only: a sender dies between acceptance and note, or the server's response is lost (docs/decisions/0008-digest.md).
 */

const stateSchema = z.object({
  schemaVersion: z.literal('1'),
  digest: z.string(),
  period: z.strictObject({ start: instant, end: instant }),
  state: z.enum(['sending', 'sent', 'failed']),
  messageToken: z.string().describe('part of the Message-ID; the same for every try'),
  claim: z.strictObject({ token: z.string(), until: instant }).nullable(),
  accepted: z
    .array(z.string())
    .describe('addresses and channels, such as slack:ops, that have got the digest'),
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

/** One key per digest and period, in UTC. */
export function digestKey({ digest, period }: DigestSubject): string {
  return `digests/${digest}/${period.start.replace(/[-:]/g, '')}-${period.end.replace(/[-:]/g, '')}.json`;
}

export function readDigestState(store: Store, subject: DigestSubject): Promise<ClaimedDigest | null> {
  return readDocument(store, digestKey(subject), stateSchema, 'delete it to have the digest sent again');
}

function write(store: Store, state: DigestState, over: string | null): Promise<ClaimedDigest | null> {
  return writeDocument(store, digestKey(state), state, over);
}

/** Claims a digest for `seconds`, unless it was sent or another sender has claimed it. */
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
      // Those who have received it do not receive it again.
      accepted: known?.state.accepted ?? [],
      refused: [],
      startedAt: now.toISOString(),
      finishedAt: null,
      reason: null,
    };
    const claimed = await write(store, state, known?.tag ?? null);
    if (claimed !== null) return { outcome: 'claimed', claimed };
  }
  throw new Error(`digest ${subject.digest}: too many senders claim it at the same time`);
}

/**
 * Notes the progress of sending.
 * @throws Error when another sender has claimed the digest meanwhile
 */
export async function noteDigest(
  store: Store,
  claimed: ClaimedDigest,
  change: Partial<Pick<DigestState, 'state' | 'claim' | 'accepted' | 'refused' | 'finishedAt' | 'reason'>>,
): Promise<ClaimedDigest> {
  const written = await write(store, { ...claimed.state, ...change }, claimed.tag);
  if (written === null) throw new Error(`digest ${claimed.state.digest}: another sender has claimed it`);
  return written;
}
