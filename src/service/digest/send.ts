import { setTimeout as sleep } from 'node:timers/promises';
import type { MailConfig } from '../../config/schema/mail.ts';
import { toInstant } from '../../report/model/time.ts';
import { type ClaimedDigest, claimDigest, type DigestState, noteDigest } from '../archive/digests.ts';
import type { Store } from '../archive/store.ts';
import { collectDigest, type DigestRequest, digestPeriod, type StoredPdf } from './collect.ts';
import type { RenderedDigest } from './digest.ts';
import { composeMessage } from './mail/message.ts';
import { sendMail } from './mail/send.ts';
import type { MailTransport, Refusal } from './mail/transport.ts';

/** Sends a digest once: docs/decisions/0008-digest.md. */

export type SendingContext = DigestRequest & {
  mail: MailConfig;
  openTransport: () => Promise<MailTransport>;
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

/** Recipients per envelope: the limit of SES (SendEmail, 50 recipients per message). */
const ENVELOPE = 50;

/** Time limit for one envelope; a throttled SES takes some seconds. */
const PATIENCE_MILLISECONDS = 30_000;

/** Attempts to write the last state, for a store that fails only now and then. */
const RELEASE_ATTEMPTS = 3;
const RELEASE_PAUSE_MILLISECONDS = 500;

/**
 * Sends a digest to its recipients, except for those that an earlier attempt has reached.
 * @throws Error, in one line, if it reached nobody or some recipients must be tried again; the claim is then released
 */
export async function sendDigest(context: SendingContext): Promise<SendingOutcome> {
  const { store, token, seconds, clock } = context;
  const claim = await claimDigest(store, digestIdentity(context), { token, seconds, now: clock() });
  if (claim.outcome === 'sent') return { outcome: 'sent-before' };
  if (claim.outcome === 'busy') return claim;
  const sending = { claimed: claim.claimed, accepted: [...claim.claimed.state.accepted] };
  const end = clock().getTime() + seconds * 1000;
  try {
    const { raw, subject } = await makeMessage(context, sending.claimed.state.messageToken);
    const refused = await sendToAll(raw, sending, end, context);
    if (refused.some(({ retry }) => retry) || sending.accepted.length === 0)
      throw new Error(failureReason(refused));
    const finishedAt = clock().toISOString();
    await noteDigest(store, sending.claimed, { state: 'sent', claim: null, finishedAt });
    return { outcome: 'sent', accepted: sending.accepted.length, refused: refused.length, subject };
  } catch (error) {
    await releaseClaim(store, sending, error, clock);
    throw error;
  }
}

type Sending = { claimed: ClaimedDigest; accepted: string[] };

/** Sends one envelope after the other and stores after each who has got it. Returns who was refused. */
async function sendToAll(
  raw: Uint8Array,
  sending: Sending,
  end: number,
  { digest, mail, store, clock, openTransport, onRefused }: SendingContext,
): Promise<Refusal[]> {
  const refused: Refusal[] = [];
  const transport = await openTransport();
  try {
    const waiting = digest.to.filter((recipient) => !sending.accepted.includes(recipient));
    for (let start = 0; start < waiting.length; start += ENVELOPE) {
      // When the claim ends, another sender may start; this one must have stopped by then.
      if (clock().getTime() > end - PATIENCE_MILLISECONDS)
        throw new Error(`no time left to send the digest to ${waiting.length - start} of its recipients`);
      const recipients = waiting.slice(start, start + ENVELOPE);
      const outcome = await sendMail(transport, { from: mail.from, raw }, recipients, {
        patienceMilliseconds: PATIENCE_MILLISECONDS,
      });
      outcome.refused.forEach(onRefused);
      refused.push(...outcome.refused);
      sending.accepted.push(...outcome.accepted);
      // Stored at once: if this sender dies, the next one must know who has got the digest.
      sending.claimed = await noteDigest(store, sending.claimed, {
        accepted: [...sending.accepted],
        refused: refused.map(({ recipient, reason }) => ({ recipient, reason })),
      });
    }
    return refused;
  } finally {
    await transport.close();
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

/**
 * Returns the digest as one message for all its recipients.
 * @param messageToken becomes part of the Message-ID; the same for every attempt, so that mail systems find duplicates
 */
export async function makeMessage(
  context: DigestRequest & { mail: MailConfig },
  messageToken: string,
): Promise<{ raw: Uint8Array; subject: string; rendered: RenderedDigest }> {
  const { digest: settings, store, mail, now } = context;
  const { digest, pdfs } = await collectDigest(context);
  const { attached, leftOut } = pickAttachments(pdfs, settings.attachBytes);
  // Loaded late: the libraries that inline the styles and draw the charts are large.
  const { renderDigest } = await import('./render.ts');
  const rendered = await renderDigest({
    ...digest,
    attached,
    leftOut: settings.attachBytes > 0 ? leftOut : [],
  });
  const attachments = await Promise.all(
    attached.map(async ({ name, key }) => {
      const object = await store.get(key);
      if (object === null) throw new Error(`${name} is no longer in the store`);
      return { name, contentType: 'application/pdf', bytes: object.bytes };
    }),
  );
  const domain = mail.from.slice(mail.from.lastIndexOf('@') + 1);
  const raw = await composeMessage({
    from: { address: mail.from, name: mail.fromName },
    // With several recipients none is shown, so that they do not learn of each other.
    to: settings.to.length === 1 ? settings.to : [],
    replyTo: settings.replyTo,
    subject: rendered.subject,
    html: rendered.html,
    text: rendered.text,
    images: rendered.images,
    attachments,
    date: now,
    messageId: `<${settings.name}.${digest.period.end}.${messageToken}@${domain}>`,
    listId: `${settings.name}.antrea-health-report.${domain}`,
    language: settings.language,
  });
  return { raw, subject: rendered.subject, rendered };
}

/** Takes the PDFs in order, leaving out each that no longer fits into `limit` bytes. */
function pickAttachments(
  pdfs: readonly StoredPdf[],
  limit: number,
): { attached: StoredPdf[]; leftOut: StoredPdf[] } {
  let left = limit;
  const attached: StoredPdf[] = [];
  const leftOut: StoredPdf[] = [];
  for (const pdf of pdfs) {
    if (pdf.bytes <= left) {
      left -= pdf.bytes;
      attached.push(pdf);
    } else leftOut.push(pdf);
  }
  return { attached, leftOut };
}
